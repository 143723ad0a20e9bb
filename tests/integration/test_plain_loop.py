"""The engine's numbers are those of a plain loop, digit by digit."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.integration.plain_loop import plain_loop

RECORD = Path(__file__).parents[2] / "assets" / "results" / "e5-small-xnli"
TIE = 1e-4  # two labels this close may change places


@pytest.fixture(scope="module")
def exact(checkpoint: Path):
    """The shipped model, computing in float32 wherever the tests run."""
    from dlfa.analysis.predict import load

    predictor = load(checkpoint)
    predictor.hardware = replace(predictor.hardware, bf16=False)
    return predictor


def plain(checkpoint: Path, run) -> np.ndarray:
    from dlfa.model.backbones import load_encoder

    encoder = load_encoder("e5-small")
    pairs = [one.pair for one in run.examples]
    return plain_loop(encoder.model, encoder.tokenizer, checkpoint, pairs, run.heads).numpy()


def answers_alike(found: np.ndarray, answers: np.ndarray) -> None:
    """Return only if the likeliest labels are the same but for ties."""
    ordered = np.sort(found, axis=-1)
    ties = ordered[..., -1] - ordered[..., -2] < TIE
    assert (ties | (found.argmax(-1) == answers)).all()
    assert ties.mean() < 0.01


@pytest.mark.parametrize("each", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_the_engine_equals_the_plain_loop(exact, checkpoint, data_dir, each) -> None:
    """30 pairs in the quick tests, 300 in all of them; 15 languages, 23 heads."""
    from dlfa.analysis.evaluation import begin

    run = begin(exact, split="test", limit=each, seed=7, store=False)
    for _ in run.go():
        pass
    engine, loop = run.evaluation(), plain(checkpoint, run)
    assert engine.answers.shape == (15 * each, 23)
    np.testing.assert_allclose(engine.probabilities, loop, atol=1e-4)
    answers_alike(loop, engine.answers)


@pytest.mark.parametrize("each", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_the_shipped_record_equals_the_plain_loop(exact, checkpoint, data_dir, each) -> None:
    from dlfa.analysis import records
    from dlfa.analysis.evaluation import begin

    record = records.read(RECORD)
    place = {key: at for at, key in enumerate(zip(record.ids, record.languages, strict=True))}
    run = begin(exact, split="test", limit=each, seed=8, store=False)
    rows = [place[one.id, one.language] for one in run.examples]
    answers_alike(plain(checkpoint, run), record.answers[rows])
