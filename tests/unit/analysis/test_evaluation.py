"""Evaluating a model on its own task."""

from types import SimpleNamespace

import numpy as np
import pytest


@pytest.fixture
def evaluation(tiny_predictor, tiny_mirror):
    from dlfa.analysis.evaluation import evaluate

    return evaluate(tiny_predictor, ("en", "sw"), split="test")


class TestStratified:
    def test_a_draw_has_the_same_number_of_each_label(self) -> None:
        from dlfa.analysis.examples import stratified

        labels = np.random.default_rng(0).integers(0, 3, size=900)
        rows = stratified(labels.tolist(), 300, seed=3)
        assert np.bincount(labels[rows]).tolist() == [100, 100, 100]
        assert len(set(rows)) == 300

    def test_the_same_seed_draws_the_same_rows_and_another_does_not(self) -> None:
        from dlfa.analysis.examples import stratified

        labels = [0, 1, 2] * 100
        assert stratified(labels, 50, seed=1) == stratified(labels, 50, seed=1)
        assert stratified(labels, 50, seed=1) != stratified(labels, 50, seed=2)

    @pytest.mark.parametrize("limit", [1, 2, 7, 50, 299])
    def test_a_draw_has_as_many_rows_as_asked_for(self, limit) -> None:
        from dlfa.analysis.examples import stratified

        assert len(stratified([0, 1, 2] * 100, limit, seed=0)) == limit

    @pytest.mark.parametrize("limit", [None, 300, 1000])
    def test_all_rows_are_taken_where_there_are_no_more(self, limit) -> None:
        from dlfa.analysis.examples import stratified

        assert stratified([0, 1, 2] * 100, limit, seed=0) == list(range(300))


def test_translations_share_their_ids(evaluation) -> None:
    of = {code: evaluation.ids[evaluation.languages == code].tolist() for code in ("en", "sw")}
    assert of["en"] == of["sw"]


def test_evaluation_agrees_with_asking_one_by_one(tiny_predictor, evaluation) -> None:
    from dlfa.data.sources import evaluation_pairs
    from dlfa.data.tasks import task

    pairs = evaluation_pairs(task("xnli"), "en", "test")
    answers = tiny_predictor.predict([(pair.first, pair.second) for pair in pairs])
    alone = np.array([[answer.probabilities for answer in row] for row in answers])
    english = evaluation.probabilities[evaluation.languages == "en"]
    np.testing.assert_allclose(english, alone, atol=1e-5)


def test_an_unknown_language_is_refused(tiny_predictor) -> None:
    from dlfa.analysis.evaluation import evaluate
    from dlfa.errors import UnknownLanguageError

    with pytest.raises(UnknownLanguageError, match="xx"):
        evaluate(tiny_predictor, ("xx",))


class TestOwnSentences:
    def test_a_limit_draws_the_same_pairs_in_every_language(self, tiny_predictor) -> None:
        from dlfa.analysis.examples import sample

        found = sample(tiny_predictor, ("de", "en"), "built-in", 6, seed=0)
        of = {code: [one.id for one in found if one.language == code] for code in ("de", "en")}
        assert len(of["de"]) == 6
        assert of["de"] == of["en"]

    def test_an_unknown_language_is_refused(self, tiny_predictor) -> None:
        from dlfa.analysis.examples import sample
        from dlfa.errors import UnknownLanguageError

        with pytest.raises(UnknownLanguageError, match="xx"):
            sample(tiny_predictor, ("xx",), "built-in", None, seed=0)


def test_a_forecast_is_near_what_the_run_takes(tiny_predictor, monkeypatch) -> None:
    """A clock that goes by sub-words: the machine's own stands still at times."""
    from dlfa.analysis.evaluation import begin, forecast
    from dlfa.analysis.passes import Passes

    now, answer = [0.0], Passes._answer

    def timed(self, rows, features, batch, model):
        now[0] += 0.001 * int(batch["attention_mask"].sum())
        return answer(self, rows, features, batch, model)

    monkeypatch.setattr(Passes, "_answer", timed)
    monkeypatch.setattr("dlfa.analysis.batched.time", SimpleNamespace(perf_counter=lambda: now[0]))
    run = begin(tiny_predictor, split="built-in", store=False)
    expected = forecast(tiny_predictor, run.examples)
    *_, last = run.go(tokens=512)
    assert last.seconds > 1
    assert expected == pytest.approx(last.seconds, rel=0.2)
