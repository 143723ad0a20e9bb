"""The claims on what ships, from end to end; the command's words and JSON."""

import json
import time

import pytest

from tests.unit.claims.evaluations import FLAT, run, stored

ENOUGH = 60.0  # seconds of the processor for all claims, from what ships


def command(*arguments):
    """Run ``python -m dlfa claims`` in this process; return its status."""
    from dlfa.__main__ import main

    return main(["claims", *arguments])


@pytest.mark.slow
def test_all_claims_from_what_ships_in_a_minute(capsys):
    began = time.process_time()
    assert command("--json") == 0
    assert time.process_time() - began < ENOUGH
    findings = json.loads(capsys.readouterr().out)["findings"]
    by_claim = {one["claim"]: one for one in findings}
    assert sorted(by_claim) == list(range(18))
    assert by_claim[0]["verdict"] == "not_run"
    assert {by_claim[at]["verdict"] for at in (4, 10, 11, 12, 14, 15, 16, 17)} == {"structural"}
    for number in (1, 2, 3, 5, 6, 7, 8, 9, 13):
        one = by_claim[number]
        assert one["verdict"] in ("supported", "contradicted", "undecided")
        assert one["p"] is not None
        assert one["family"] == 9
        assert one["parts"]
        assert all(why and not why.startswith("claims.") for why in one["why"])
        assert one["backbone"] == "e5-small"
        assert "e5-small" in one["worded"]
    assert all(one["split"] and one["command"] for one in by_claim[2]["records"])


def test_a_single_claim_in_words(capsys):
    assert command("--claim", "12", "0") == 0
    said = capsys.readouterr().out
    assert "AIF extracts global and local information" in said
    assert "verified by executing" in said
    assert "Not yet run" in said


def test_without_records_each_claim_says_what_makes_them(capsys, tmp_path):
    assert command("--claim", "2", "13", "--recipe", "paper", "--store", str(tmp_path)) == 0
    said = capsys.readouterr().out
    assert said.count("Cannot be decided in e5-small, recipe paper") == 2
    assert "python -m dlfa sweep" in said
    assert "XNLI, PAWS-X, NER, POS" in said


def test_an_own_record(capsys, tmp_path):
    folder = stored(tmp_path / "mine", run((0.3, *(0.9,) * 11)), recipe="mine")
    assert command("--claim", "2", "5", "--record", str(folder)) == 0
    said = capsys.readouterr().out
    assert "recipe mine" in said
    assert "PAWS-X, NER, POS" in said  # the tasks that it is not about


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--claim", "18"), "1 to 17"),
        (("--record", "nowhere"), "nowhere"),
        (("--sentences", "nowhere.tsv"), "nowhere.tsv"),
    ],
)
def test_bad_input_gets_one_sentence(arguments, said, capsys):
    assert command(*arguments) == 1
    told = capsys.readouterr().err.strip()
    assert said in told
    assert "\n" not in told


def test_a_record_without_a_baseline_gets_one_sentence(capsys, tmp_path):
    assert command("--record", str(stored(tmp_path / "mine", run(FLAT[:1])))) == 1
    assert "--heads all" in capsys.readouterr().err


@pytest.mark.slow
def test_own_sentences(capsys, tmp_path):
    """Two languages and five items are enough for the first claim and too few for the ninth."""
    items = ["A dog runs.", "The sun shines.", "He reads a book.", "It rains.", "She sings."]
    german = [
        "Ein Hund rennt.",
        "Die Sonne scheint.",
        "Er liest ein Buch.",
        "Es regnet.",
        "Sie singt.",
    ]
    rows = [
        f"{text}\t{code}\t{at}"
        for code, texts in (("en", items), ("de", german))
        for at, text in enumerate(texts)
    ]
    file = tmp_path / "mine.tsv"
    file.write_text("\n".join(["text\tlanguage\titem", *rows]), encoding="utf-8")
    assert command("--claim", "1", "9", "--sentences", str(file), "--json") == 0
    first, ninth = json.loads(capsys.readouterr().out)["findings"]
    assert first["parts"][0]["n"] == 5
    assert ninth["verdict"] == "undecided"
