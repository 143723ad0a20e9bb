"""Overlap of two sets of texts: what is the same, what is nearly, and what only looks so."""

import numpy as np
import pytest

SENTENCE = "The old boat lies on the sand, and nobody has painted it for {} years."
OTHERS = [(f"Train number {at} leaves at {at % 24} from platform {at % 7}.",) for at in range(300)]


def counted(training, tested):
    pytest.importorskip("datasketch")
    from benchmarks.duplicates import overlap

    return overlap(training, tested)


def test_case_and_marks_make_no_other_text():
    found = counted([("Nobody came.", "It rains!")], [("nobody came", "It snows")])
    assert (found.texts, found.exact, found.near) == (2, 1, 0)
    assert (found.rows, found.same, found.examples) == (1, 0, 1)


def test_a_pair_is_the_same_as_a_whole_in_whatever_order():
    trained = [("Nobody came.", "It rains."), ("He sleeps.", "She sings.")]
    tested = [("It rains", "Nobody came"), ("He sleeps", "It rains"), ("…", "!")]
    found = counted(trained, tested)
    assert (found.rows, found.same) == (2, 1)
    assert found.texts == found.exact == 3


def test_nearly_the_same_is_found_among_many_and_checked():
    trained = [(SENTENCE.format(20),), *OTHERS]
    found = counted(trained, [(SENTENCE.format(25),), ("Nobody has painted the old boat.",)])
    assert (found.exact, found.near) == (0, 1)


def test_of_texts_just_near_enough_hardly_one_is_overlooked():
    draw = np.random.default_rng(0)

    def text(letters: int) -> str:
        return "".join(draw.choice(list("abcdefghijklmnop"), letters))

    trained = [text(160) for _one in range(200)]
    tested = [f"{one[:-14]}{text(14)}" for one in trained]  # 142 of 170 5-grams: 0.835
    assert counted(zip(trained), zip(tested)).near >= 198


def test_the_digest_is_of_what_stands_in_both_and_of_nothing_else():
    one = counted([("Nobody came.",)], [("nobody came",), ("It rains.",)])
    other = counted([("Nobody came.",), ("He sleeps.",)], [("Nobody came!",), ("It snows.",)])
    assert one.digest == other.digest
    assert one.digest != counted([("It rains.",)], [("It rains.",)]).digest


def test_a_card_tells_a_row_for_every_set():
    from dataclasses import asdict

    from dlfa.analysis.card_overlap import overlap_lines

    row = asdict(counted([("Nobody came.", "It rains.")], [("nobody came", "it snows")]))
    sets = [{"set": "test", "languages": code, **row} for code in ("en", "other")]
    about = {"examples": 1234, "sources": ["a corpus"], "command": "a command", "sets": sets}
    told = overlap_lines(about)
    assert "1,234 training examples (a corpus)" in told
    assert "| test, English | 2 | 1 | 0 | 1 | 1 | 0 |" in told
    assert "| test, the other languages | 2 | 1 | 0 | 1 | 1 | 0 |" in told
    assert "`a command`" in told


def test_a_model_is_held_against_its_task_in_all_languages_and_the_other_tasks_in_english(
    monkeypatch,
):
    from benchmarks import overlap
    from dlfa.data.tasks import task

    monkeypatch.setattr(overlap, "splits", lambda known: ("test",))
    monkeypatch.setattr(overlap, "offered", lambda known, split: ("de", "en"))
    monkeypatch.setattr(
        overlap, "tested", lambda known, split, code: [(f"{known.key} {split} {code}",)]
    )
    found = {(name, code): rows for name, code, rows in overlap.sets(task("xnli"), [])}
    assert found["test", "en"] == [("xnli test en",)]
    assert found["test", "other"] == [("xnli test de",)]
    assert found["paws-x test", "en"] == [("paws-x test en",)]
    assert ("paws-x test", "other") not in found
    assert found["ner test", "en"] == [("ner test en",)]
