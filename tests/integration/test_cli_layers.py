"""``python -m dlfa layers``: one measure, a line a space."""

import json
from pathlib import Path

import pytest

LANGUAGES = "en de fr"


@pytest.fixture
def encoder(tmp_path: Path) -> str:
    from tests.integration.tiny import save_encoder

    return str(save_encoder(tmp_path / "encoder"))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    from tests.integration.tiny import WORDS

    lines = ["text,language,item,topic"]
    for language in LANGUAGES.split():
        lines += [
            f"{first} {second} {language},{language},{first}-{second},{first}"
            for first in WORDS[:4]
            for second in WORDS[4:9]
        ]
    file = tmp_path / "sentences.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def table(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.split() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "measure", ["p_at_1", "cka", "silhouette --by topic", "language", "tree --level branch"]
)
def test_prints_a_line_a_space_and_writes_all_numbers(
    measure: str, encoder: str, sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dlfa.__main__ import main

    out = tmp_path / "found.json"
    given = ["layers", "--model", encoder, "--set", str(sheet), "--out", str(out)]
    assert main([*given, "--measure", *measure.split()]) == 0
    head, *lines = table(capsys)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [line[0] for line in lines] == found["spaces"] == ["0", "1", "2", "3", "4"]
    column = "agreement" if "tree" in measure else "average"
    assert column in head
    assert [float(line[1]) for line in lines] == pytest.approx(found[column], abs=1e-3)
    assert found["provenance"]["state"] == "raw"


def test_a_file_that_is_not_there_is_one_sentence(
    encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dlfa.__main__ import main

    gone = str(tmp_path / "gone.csv")
    assert main(["layers", "--model", encoder, "--set", gone, "--measure", "cka"]) == 1
    said = capsys.readouterr().err
    assert gone in said
    assert "Traceback" not in said


def test_what_cannot_be_written_is_one_sentence_below_the_table(
    encoder: str, sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dlfa.__main__ import main

    given = ["--model", encoder, "--set", str(sheet), "--measure", "tree"]
    assert main(["layers", *given, "--out", str(tmp_path / "no folder" / "x.json")]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 6
    assert "no folder" in said.err
    assert "Traceback" not in said.err


def test_what_undefined_is_becomes_null() -> None:
    import numpy as np

    from dlfa.cli.numbers import plain

    assert plain({"a": np.array([1.0, np.nan, np.inf])}) == {"a": [1.0, None, None]}


def test_columns_and_languages_that_are_named_are_those_that_are_measured(
    encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dlfa.__main__ import main

    file, out = tmp_path / "mine.csv", tmp_path / "found.json"
    rows = [
        f"{code},{at},a longer remark {at},word {at}"
        for at in range(6)
        for code in LANGUAGES.split()
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    given = ["layers", "--model", encoder, "--set", str(file), "--measure", "cka", "--no-header"]
    columns = ["--text=4", "--language=1", "--item=2", "--languages", "de", "en"]
    assert main([*given, *columns, "--out", str(out)]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [sorted(pair) for pair in found["pairs"]] == [["de", "en"]]
    assert found["n"] == [6]


def test_measures_offered_are_those_there_are() -> None:
    from dlfa.analysis.layer_measures import MEASURES
    from dlfa.cli.layers import PAIRS

    assert PAIRS == MEASURES
