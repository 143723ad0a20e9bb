"""Sentence vectors: laws of pooling, and equality with what the libraries and our model give."""

import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

TEXTS = [
    "a man runs",
    "the old red house",
    "dog",
    "a dog eats a cat in the old red house the dog runs the cat sleeps",
    "no one sleeps",
]
CLOSE = 1e-5
poolings = pytest.mark.parametrize("pooled_by", ["mean", "first"])


@pytest.fixture(scope="module", autouse=True)
def float32() -> Iterator[None]:
    """Equal in exact arithmetic: bfloat16 rounds by what stands beside."""
    from dlfa.model.device import hardware

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLFA_DTYPE", "float32")
        hardware.cache_clear()
        yield
    hardware.cache_clear()


@pytest.fixture(scope="module")
def tuned(tiny_checkpoint: Path):
    from dlfa.analysis.embedding import load_encoder

    return load_encoder(str(tiny_checkpoint))


@pytest.fixture(scope="module")
def raw(tiny_checkpoint: Path):
    from dlfa.analysis.embedding import load_encoder

    return load_encoder(str(tiny_checkpoint.parent / "encoder"))


@pytest.fixture(params=["raw", "tuned"])
def embedder(request: pytest.FixtureRequest):
    return request.getfixturevalue(request.param)


def plain(encoder, text: str, pooled_by: str) -> np.ndarray:
    """One sentence through transformers' own model, alone and unpadded: (layer dim)."""
    given = encoder.tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        states = encoder.model(**given, output_hidden_states=True).hidden_states
    return np.stack([(s[0].mean(0) if pooled_by == "mean" else s[0, 0]).numpy() for s in states])


class TestLaws:
    @poolings
    def test_layers_are_what_a_plain_loop_over_the_library_gives(self, embedder, pooled_by):
        from dlfa.analysis.embedding import embed

        found = embed(embedder, TEXTS, embedder.layers, pooled_by)
        wanted = np.stack([plain(embedder.encoder, text, pooled_by) for text in TEXTS], axis=1)
        assert found.vectors.shape == (5, len(TEXTS), 16)
        np.testing.assert_allclose(found.vectors, wanted, atol=CLOSE)

    @poolings
    def test_fused_spaces_are_what_the_model_fuses(self, tuned, tiny_predictor, pooled_by):
        from dlfa.analysis.embedding import embed

        found = embed(tuned, TEXTS, tuned.heads, pooled_by)
        for row, text in enumerate(TEXTS):
            given = tuned.tokenizer(text, return_tensors="pt")
            with torch.no_grad():
                fused = tiny_predictor.model(**given, return_states=True).fused
            assert fused.keys() == set(found.spaces)
            for name, one in fused.items():
                pooled = one.states[0].mean(0) if pooled_by == "mean" else one.states[0, 0]
                at = found.spaces.index(name)
                np.testing.assert_allclose(found.vectors[at, row], pooled.numpy(), atol=CLOSE)

    @poolings
    def test_batch_mates_and_padding_change_nothing(self, embedder, pooled_by):
        from dlfa.analysis.embedding import embed

        together = embed(embedder, TEXTS, pooled_by=pooled_by).vectors
        for row, text in enumerate(TEXTS):
            alone = embed(embedder, [text], pooled_by=pooled_by).vectors[:, 0]
            np.testing.assert_allclose(together[:, row], alone, atol=CLOSE)

    def test_sentences_keep_their_order(self, embedder):
        from dlfa.analysis.embedding import embed

        order = [3, 0, 4, 2, 1]
        one = embed(embedder, TEXTS)
        other = embed(embedder, [TEXTS[row] for row in order])
        np.testing.assert_allclose(other.vectors, one.vectors[:, order], atol=CLOSE)
        assert other.tokens.tolist() == one.tokens[order].tolist()

    def test_a_few_spaces_are_the_same_ones_in_the_order_asked_for(self, tuned):
        from dlfa.analysis.embedding import embed

        whole = embed(tuned, TEXTS)
        for asked in (("3",), ("2", "0"), ("D_1_aff", "4", "D_3"), ("D_2",)):
            found = embed(tuned, TEXTS, asked)
            assert found.spaces == asked
            at = [whole.spaces.index(name) for name in asked]
            np.testing.assert_allclose(found.vectors, whole.vectors[at], atol=CLOSE)

    def test_nothing_above_the_highest_layer_asked_for_is_computed(self, raw, monkeypatch):
        from dlfa.analysis.embedding import embed
        from dlfa.model.frozen_encoder import FrozenLayer

        ran: list[object] = []
        whole = FrozenLayer.__call__
        monkeypatch.setattr(
            FrozenLayer, "__call__", lambda self, *given: ran.append(self) or whole(self, *given)
        )
        embed(raw, TEXTS, ("0", "2"))
        assert len(ran) == 2

    def test_two_poolings_differ(self, embedder):
        from dlfa.analysis.embedding import embed

        mean, first = (embed(embedder, TEXTS, pooled_by=kind).vectors for kind in ("mean", "first"))
        assert np.abs(mean - first).max() > 0.1


class TestWhatIsTold:
    def test_a_cut_sentence_is_flagged_and_one_that_just_fits_is_not(self, embedder):
        from dlfa.analysis.embedding import embed

        found = embed(embedder, ["man " * 62, "man " * 63, "a man"], ("0",))
        assert found.tokens.tolist() == [64, 64, 4]
        assert found.cut.tolist() == [False, True, False]

    def test_progress_ends_with_all_of_them(self, raw, monkeypatch):
        from dlfa.analysis import embedding

        monkeypatch.setattr(embedding, "STEP_TOKENS", 8)
        told: list[tuple[int, int]] = []
        embedding.embed(raw, TEXTS, on_progress=lambda done, total: told.append((done, total)))
        assert len(told) > 2
        assert told[-1] == (5, 5)
        assert [done for done, _ in told] == sorted({done for done, _ in told})

    def test_steps_in_any_order_give_the_same(self, tuned, monkeypatch):
        from dlfa.analysis import embedding

        whole = embedding.embed(tuned, TEXTS)
        monkeypatch.setattr(embedding, "STEP_TOKENS", 8)
        work = embedding.Embedding(tuned, TEXTS)
        parts = [step() for step in work.steps()]
        found = work.result(parts[::-1])
        np.testing.assert_allclose(found.vectors, whole.vectors, atol=CLOSE)

    def test_no_sentences_give_no_vectors(self, embedder):
        from dlfa.analysis.embedding import embed

        assert embed(embedder, []).vectors.shape == (len(embedder.spaces), 0, 16)

    def test_raw_and_tuned_are_never_called_by_each_others_name(self, raw, tuned):
        from dlfa.analysis.embedding import embed

        assert embed(raw, ["dog"]).provenance.state == "raw"
        assert raw.provenance.checkpoint == ""
        assert embed(tuned, ["dog"]).provenance.state == "tuned(xnli)"
        assert raw.digest != tuned.digest
        assert raw.heads == ()

    def test_other_weights_in_a_folder_of_the_same_name_have_another_digest(self, raw, tmp_path):
        from dlfa.analysis.embedding import Embedder
        from tests.integration.tiny import save_encoder

        same = Embedder.raw(str(save_encoder(tmp_path / "same" / "encoder")))
        other = Embedder.raw(str(save_encoder(tmp_path / "other" / "encoder", dim=8)))
        assert same.digest == raw.digest
        assert other.digest != raw.digest

    def test_an_unknown_space_names_the_known_ones(self, raw):
        from dlfa.analysis.embedding import embed
        from dlfa.errors import InputError

        for wrong in (("5",), ("D_1",), ()):
            with pytest.raises(InputError, match="0, 1, 2, 3, 4"):
                embed(raw, TEXTS, wrong)

    def test_an_empty_text_gets_its_own_sentence(self, raw):
        from dlfa.analysis.embedding import embed
        from dlfa.errors import TextError

        with pytest.raises(TextError):
            embed(raw, ["dog", " \n"])


class TestMemory:
    def test_a_full_memory_halves_the_batch_and_changes_nothing(self, tuned, monkeypatch):
        from dlfa.analysis.embedder import Embedder
        from dlfa.analysis.embedding import embed

        wanted = embed(tuned, TEXTS).vectors
        whole = Embedder.pooled

        def full(self, batch, *given):
            if len(batch["input_ids"]) > 1:
                raise torch.OutOfMemoryError
            return whole(self, batch, *given)

        monkeypatch.setattr(Embedder, "pooled", full)
        np.testing.assert_allclose(embed(tuned, TEXTS).vectors, wanted, atol=CLOSE)

    def test_a_sentence_that_does_not_fit_alone_is_named(self, raw, monkeypatch):
        from dlfa.analysis.embedder import Embedder
        from dlfa.analysis.embedding import embed
        from dlfa.errors import MemoryFullError

        def full(*_given):
            raise torch.OutOfMemoryError

        monkeypatch.setattr(Embedder, "pooled", full)
        with pytest.raises(MemoryFullError, match="1"):
            embed(raw, ["dog"])

    def test_states_are_gone_as_soon_as_they_are_pooled(self, raw, monkeypatch):
        """Of all layers' states two are there at a time: the last made and the one before."""
        from dlfa.analysis.embedding import embed
        from dlfa.model.frozen_encoder import FrozenEncoder

        alive: list[int] = []
        made: list[weakref.ref] = []
        whole = FrozenEncoder.each

        def watched(self, *given, **named):
            for states in whole(self, *given, **named):
                made.append(weakref.ref(states))
                alive.append(sum(one() is not None for one in made))
                yield states

        monkeypatch.setattr(FrozenEncoder, "each", watched)
        embed(raw, TEXTS)
        assert len(alive) == 5
        assert max(alive) <= 2
