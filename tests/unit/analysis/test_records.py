"""Run records: what is written is what is read, whole or not at all, and never a text."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest

COLUMNS = set(
    (
        "id premise language genre label tokens overlap negation head answer probabilities margin "
        "share attention spread"
    ).split()
)


@pytest.fixture
def evaluation(tiny_predictor, tiny_mirror):
    from dlfa.analysis.evaluation import evaluate

    return evaluate(tiny_predictor, ("en", "sw"), split="test")


class TestRecords:
    def test_a_record_reads_back_as_it_was_written(self, evaluation, tmp_path) -> None:
        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        back = records.read(tmp_path / "run")
        for field in fields(evaluation):
            if field.name not in ("settings", "provenance"):
                one, other = getattr(back, field.name), getattr(evaluation, field.name)
                np.testing.assert_array_equal(one, other)
        assert back.settings == evaluation.settings
        assert back.provenance == evaluation.provenance
        assert back.heads == evaluation.heads

    def test_is_written_in_parts_that_bound_the_memory(
        self, evaluation, tmp_path, monkeypatch
    ) -> None:
        import pyarrow.parquet as parquet

        from dlfa.analysis import records

        monkeypatch.setattr(records, "AT_ONCE", 5)
        records.write(evaluation, tmp_path / "run")
        kept = parquet.ParquetFile(tmp_path / "run" / records.EXAMPLES)
        assert kept.num_row_groups == -(-len(evaluation.ids) // 5)
        assert kept.metadata.row_group(0).num_rows == 5 * len(evaluation.heads)
        back = records.read(tmp_path / "run")
        for name in ("ids", "languages", "answers", "probabilities", "gates", "overlap"):
            np.testing.assert_array_equal(getattr(back, name), getattr(evaluation, name))

    def test_the_summary_is_what_the_examples_say(self, evaluation, tmp_path) -> None:
        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        summary = records.read_summary(tmp_path / "run")["summary"]
        right = evaluation.right[evaluation.languages == "sw", 1].mean()
        assert summary["sw"]["D_1"]["accuracy"] == pytest.approx(right, abs=1e-6)
        assert summary["sw"]["D_1"]["n"] == 12

    def test_a_report_brings_its_intervals_into_the_summary(self, evaluation, tmp_path) -> None:
        from dlfa.analysis import records
        from dlfa.analysis.reports import report

        told = report(evaluation)
        records.write(evaluation, tmp_path / "run", report=told)
        found = records.read_summary(tmp_path / "run")
        at = told.accuracies.languages.index("sw")
        row = found["summary"]["sw"]["D_1"]
        assert row["low"] == pytest.approx(told.accuracies.low[1, at], abs=1e-6)
        assert row["low"] <= row["accuracy"] <= row["high"]
        average = found["averages"]["D_1"]
        assert average["difference"] == pytest.approx(told.differences.average[0], abs=1e-6)
        assert average["difference_low"] <= average["difference"] <= average["difference_high"]
        assert "difference" not in found["averages"]["baseline"]

    def test_a_record_never_holds_the_texts(self, evaluation, tmp_path) -> None:
        import pyarrow.parquet as parquet

        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        table = parquet.read_table(tmp_path / "run" / records.EXAMPLES)
        assert set(table.column_names) == COLUMNS

    def test_a_small_record_knows_every_answer(self, evaluation, tmp_path) -> None:
        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run", numbers=False)
        back = records.read(tmp_path / "run")
        assert back.probabilities is None
        assert back.gates is None
        assert back.margins is None
        np.testing.assert_array_equal(back.answers, evaluation.answers)
        np.testing.assert_array_equal(back.right, evaluation.right)

    def test_a_record_from_before_the_later_columns_is_read(self, evaluation, tmp_path) -> None:
        import pyarrow.parquet as parquet

        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        file = tmp_path / "run" / records.EXAMPLES
        first = ["id", "language", "head", "label", "probabilities", "tokens"]
        parquet.write_table(parquet.read_table(file).select(first), file)
        back = records.read(tmp_path / "run")
        np.testing.assert_array_equal(back.answers, evaluation.answers)
        np.testing.assert_array_equal(back.premises, evaluation.ids)
        assert np.isnan(back.overlap).all()
        assert set(back.negation) == {-1}
        assert back.gates is None

    def test_a_table_of_something_else_is_told_in_one_sentence(self, evaluation, tmp_path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as parquet

        from dlfa.analysis import records
        from dlfa.errors import RunError

        records.write(evaluation, tmp_path / "run")
        parquet.write_table(pa.table({"id": [1, 2]}), tmp_path / "run" / records.EXAMPLES)
        with pytest.raises(RunError):
            records.read(tmp_path / "run")

    def test_margins_are_between_the_first_and_the_second_label(self, evaluation) -> None:
        ordered = np.sort(evaluation.probabilities, axis=-1)
        np.testing.assert_allclose(evaluation.margins, ordered[..., 2] - ordered[..., 1])

    def test_a_failed_write_leaves_the_old_record_whole(
        self, evaluation, tmp_path, monkeypatch
    ) -> None:
        import pyarrow.parquet as parquet

        from dlfa.analysis import records

        records.write(evaluation, tmp_path / "run")
        before = (tmp_path / "run" / records.RUN).read_text()

        def fail(*_, **__):
            raise OSError("disk full")

        monkeypatch.setattr(parquet.ParquetWriter, "write_table", fail)
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
