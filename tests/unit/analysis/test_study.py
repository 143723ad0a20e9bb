"""A study of a set: sums over batches equal the definitions over everything at once."""

import numpy as np
import pytest

TEXTS = {
    "en": ["a man runs in the old red house", "no one sleeps", "the dog eats"],
    "sw": ["the house is not red", "a cat", "the old man is in the house"],
}


@pytest.fixture(scope="module")
def examples():
    from dlfa.analysis.examples import Labelled

    return [
        Labelled(f"{at}", language, at, (text, "a woman runs"), f"{at}")
        for language, texts in TEXTS.items()
        for at, text in enumerate(texts)
    ]


@pytest.fixture(scope="module")
def study(tiny_predictor, examples):
    from dlfa.analysis.study import gate_study

    return gate_study(tiny_predictor, examples)


@pytest.fixture(scope="module")
def sweeps(tiny_predictor, examples):
    from dlfa.analysis.gates import gate_sweep

    return [gate_sweep(tiny_predictor, example.pair) for example in examples]


def test_shares_are_the_means_of_every_sweeps_tokens(study, sweeps) -> None:
    from dlfa.results import PARTS

    for pair, sweep in enumerate(sweeps):
        segment = np.array(sweep.tokens.segment)
        for at, head in enumerate(study.heads):
            np.testing.assert_allclose(study.whole[pair, at], sweep[head].share.mean(), atol=1e-4)
            np.testing.assert_allclose(
                study.noise_whole[pair, at], sweep[head].noise_share.mean(), atol=1e-4
            )
            for part, name in enumerate(PARTS):
                expected = sweep[head].share[segment == name].mean()
                np.testing.assert_allclose(study.share[pair, at, part], expected, atol=1e-4)
                expected = sweep[head].noise_share[segment == name].mean()
                np.testing.assert_allclose(study.noise_share[pair, at, part], expected, atol=1e-4)


@pytest.mark.parametrize("kind", ["paper", "aff"])
@pytest.mark.parametrize("state", ["trained", "noise"])
def test_explained_variance_is_eta_squared_over_all_cells(study, sweeps, kind, state) -> None:
    what = "attention" if state == "trained" else "noise"
    heads = [head for head in study.heads if head.endswith("_aff") == (kind == "aff")]
    cells = np.array(  # (layer token dim)
        [np.concatenate([getattr(sweep[head], what) for sweep in sweeps]) for head in heads]
    ).astype(float)
    language = np.repeat(study.language, [len(sweep.tokens) for sweep in sweeps])
    total, centre = cells.var(), cells.mean()

    def between(means: np.ndarray) -> float:
        return float(((means - centre) ** 2).mean() / total)

    by_language = np.array([cells[:, language == code].mean() for code in range(2)])
    expected = {
        "channel": between(cells.mean((0, 1))),
        "token": between(cells.mean((0, 2))),
        "layer": between(cells.mean((1, 2))),
        "language": between(by_language[language]),
        "layer-channel": between(cells.mean(1)),
        "layer-token": between(cells.mean(2)),
    }
    found = study.explained[kind][state]
    np.testing.assert_allclose(found["total"], total, rtol=1e-3)
    for factor, share in expected.items():
        np.testing.assert_allclose(found[factor], share, atol=1e-3, err_msg=factor)


def test_statistics_that_are_a_languages_own_have_not_drifted(tiny_predictor, examples) -> None:
    """Calibrate on the very set that is then studied: distance 0, no change of variance."""
    import copy

    import torch

    from dlfa.analysis.controls import calibrated
    from dlfa.analysis.moments import drift, drift_sums
    from dlfa.data.collation import collate
    from dlfa.model.fusion import masked_mean

    encoded = tiny_predictor.encode([example.pair for example in examples])
    batch = collate(encoded, tiny_predictor.tokenizer.pad_token_id)
    states = tuple(state.float() for state in tiny_predictor.states(batch))
    mask = batch["attention_mask"].bool()
    heads = copy.deepcopy(tiny_predictor.model.heads)
    calibrated(heads, states, mask)
    for name in ("D_1", "D_3_aff"):
        head = heads[name]
        inputs = states[head.layer].lerp(states[-1], 0.5)
        with torch.inference_mode():
            one = drift_sums(head.fusion.aif.global_branch, masked_mean(inputs, mask))
            other = drift_sums(head.fusion.aif.local_branch, inputs[mask])
        # The running variance is unbiased: with six sentences a fifth more than their own.
        distance, spread = drift([one])
        assert distance < 0.1
        assert -0.6 < spread < 0
        np.testing.assert_allclose(drift([other]), 0, atol=0.05)


def test_steps_may_come_in_any_order(tiny_predictor, examples, study, monkeypatch) -> None:
    from dlfa.analysis import study as module

    monkeypatch.setattr(module, "STEP_TOKENS", 20)
    other = module.Study(tiny_predictor, examples)
    steps = other.steps()
    assert len(steps) > 2
    found = other.result([step() for step in reversed(steps)])
    np.testing.assert_allclose(found.share, study.share, atol=1e-4)
    np.testing.assert_allclose(found.drift, study.drift, atol=1e-4)
    assert found.passes == len(steps)
