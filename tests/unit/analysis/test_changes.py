"""Changes of the gate: each does what its name says, and to nobody else."""

import numpy as np
import pytest
import torch

MASK = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])


class TestShuffles:
    def test_every_token_and_channel_is_there_once_and_padding_stays(self) -> None:
        from dlfa.analysis.changes import shuffles

        moved = shuffles(MASK, 8, ["a", "b"])
        for row, length in enumerate((5, 3)):
            assert sorted(moved.tokens[row, :length].tolist()) == list(range(length))
            assert moved.tokens[row, length:].tolist() == list(range(length, 5))
            assert sorted(moved.channels[row].tolist()) == list(range(8))

    def test_batch_mates_and_padding_change_nothing(self) -> None:
        from dlfa.analysis.changes import shuffles

        together = shuffles(MASK, 8, ["a", "b"])
        alone = shuffles(MASK[1:, :3], 8, ["b"])
        assert together.tokens[1, :3].tolist() == alone.tokens[0].tolist()
        assert together.channels[1].tolist() == alone.channels[0].tolist()

    def test_keys_and_seeds_make_other_draws(self) -> None:
        from dlfa.analysis.changes import shuffles

        mask = torch.ones(1, 40, dtype=torch.bool)
        draws = [shuffles(mask, 40, [key], seed).tokens for key in "ab" for seed in (0, 1)]
        assert len({tuple(draw[0].tolist()) for draw in draws}) == 4


class TestChoose:
    def test_all_means_every_change_and_the_trained_gate_comes_first(self) -> None:
        from dlfa.analysis.changes import choose
        from dlfa.results import CHANGES

        assert choose(["all"]) == CHANGES
        assert CHANGES[0] == "trained"
        assert choose(["shut", "half", "shut"]) == ("shut", "half")

    @pytest.mark.parametrize("names", [["open"], []])
    def test_an_unknown_change_is_refused_by_name(self, names) -> None:
        from dlfa.analysis.changes import choose
        from dlfa.errors import InputError

        with pytest.raises(InputError, match=names[0] if names else "-"):
            choose(names)


def test_a_sentence_answers_alike_alone_and_in_company(tiny_predictor) -> None:
    from dlfa.analysis.evaluation import Run
    from dlfa.analysis.examples import Labelled

    texts = ["a man runs", "the old red house is not in the house", "no one sleeps"]
    examples = [Labelled(text, "en", 0, (text, "a dog eats"), text) for text in texts]

    def run(examples: list[Labelled]) -> np.ndarray:
        made = Run(tiny_predictor, examples, changes=["all"])
        found = made.result([step() for step in made.steps()])
        return np.array([found[change].probabilities for change in made.changes])

    together = run(examples)
    for at, example in enumerate(examples):
        np.testing.assert_allclose(run([example])[:, 0], together[:, at], atol=1e-5)
