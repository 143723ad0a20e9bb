"""Evaluation and its records."""

import json
from dataclasses import replace

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


class TestRecords:
    def test_a_record_reads_back_as_it_was_written(self, evaluation, tmp_path) -> None:
        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        back = records.read(tmp_path / "run")
        for name in ("ids", "languages", "gold", "tokens"):
            np.testing.assert_array_equal(getattr(back, name), getattr(evaluation, name))
        np.testing.assert_array_equal(back.probabilities, evaluation.probabilities)
        assert back.provenance == evaluation.provenance
        assert back.heads == evaluation.heads

    def test_the_summary_is_what_the_examples_say(self, evaluation, tmp_path) -> None:
        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        summary = records.read_summary(tmp_path / "run")["summary"]
        right = evaluation.right[evaluation.languages == "sw", 1].mean()
        assert summary["sw"]["D_1"]["accuracy"] == pytest.approx(right, abs=1e-6)
        assert summary["sw"]["D_1"]["n"] == 12

    def test_a_record_never_holds_the_texts(self, evaluation, tmp_path) -> None:
        import pyarrow.parquet as parquet

        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        table = parquet.read_table(tmp_path / "run" / records.EXAMPLES)
        expected = {"id", "language", "head", "label", "probabilities", "tokens"}
        assert set(table.column_names) == expected

    def test_a_failed_write_leaves_the_old_record_whole(
        self, evaluation, tmp_path, monkeypatch
    ) -> None:
        import pyarrow.parquet as parquet

        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        before = (tmp_path / "run" / records.RUN).read_text()

        def fail(*_, **__):
            raise OSError("disk full")

        monkeypatch.setattr(parquet, "write_table", fail)
        with pytest.raises(OSError, match="disk full"):
            records.write(replace(evaluation, settings={"other": 1}), tmp_path / "run")
        assert (tmp_path / "run" / records.RUN).read_text() == before
        assert [path.name for path in tmp_path.glob("*run*")] == ["run"]

    @pytest.mark.parametrize("damage", ["missing", "broken", "newer"])
    def test_a_damaged_record_is_told_in_one_sentence(self, evaluation, tmp_path, damage) -> None:
        from dlfa.analysis import records
        from dlfa.errors import RunError

        records.write(evaluation, tmp_path / "run")
        file = tmp_path / "run" / records.RUN
        content = json.loads(file.read_text())
        if damage == "missing":
            file.unlink()
        elif damage == "broken":
            file.write_text('{"schema": 1,')
        else:
            file.write_text(json.dumps(content | {"schema": 99}))
        with pytest.raises(RunError):
            records.read(tmp_path / "run")
