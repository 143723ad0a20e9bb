"""The page Claims: every verdict in a row, each claim in full, judged again by own data."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import Open, alt_texts, everything_said, figures, messages, word
from tests.unit.claims.evaluations import run, stored
from tests.unit.figures.report_samples import finding

PLENTY = 60.0  # seconds that the page waits by itself: no bar in between
VERDICTS = ("supported", "contradicted", "undecided")


def made_up(number: int):
    """A finding for any claim: numbers, checks, or nothing yet."""
    from dlfa.claims.listed import CLAIMS
    from dlfa.results.claims import Part, Saying

    about = CLAIMS[number].about
    if about == "module":
        check = Part(name="c", kind="check", title=Saying(key="claims.part.half"), estimate=1.0)
        checks = (replace(check, passes=True), replace(check, name="d", passes=False))
        return replace(finding(0), claim=number, verdict="structural", unit="checks", parts=checks)
    if about == "question":
        return replace(finding(0), claim=number, verdict="not_run", unit="none")
    verdict = VERDICTS[number % 3]
    why = (Saying(key="claims.why.nothing"),)
    told = replace(finding(3, 0.0), claim=number, verdict=verdict, backbone="e5-small", why=why)
    if number == 7:  # about tasks, each with a note
        return replace(told, parts=tuple(replace(one, kind="task") for one in told.parts))
    return told


@pytest.fixture
def judged(monkeypatch) -> list[int]:
    """Judge by made-up findings; gives the claims that were judged."""
    from dlfa.claims import verdicts
    from dlfa.claims.listed import CLAIMS
    from dlfa.ui import waiting
    from dlfa.ui.store import SPACES

    asked: list[int] = []

    def examine(evidence, numbers=(), tell=lambda number: None):
        found = []
        for number in numbers or CLAIMS:
            tell(number)
            asked.append(number)
            told = made_up(number)
            found.append(replace(told, command=CLAIMS[number].command(evidence)))
        return tuple(found)

    monkeypatch.setattr(verdicts, "examine", examine)
    monkeypatch.setattr(waiting, "SOON", PLENTY)
    SPACES.clear()
    yield asked
    SPACES.clear()


@pytest.fixture
def open_claims(open_app: Open, judged) -> Open:
    return lambda **query: open_app("claims", **query)


def board(app: AppTest):
    (table,) = app.dataframe
    return table.value


def test_every_claim_has_a_row_with_its_verdict(open_claims):
    app = open_claims()
    assert messages(app) == []
    rows = board(app)
    assert list(rows.index) == [*map(str, range(1, 18)), "?"]
    assert word("claims.verdict.structural") in rows.loc["4", "verdict"]
    assert word("claims.verdict.not_run") in rows.loc["?", "verdict"]
    assert "−0.20 (−0.50 to +0.20)" in rows.loc["1", "estimate"]
    assert rows.loc["4", "estimate"] == ""


@pytest.mark.parametrize("number", range(18))
def test_each_opens_by_a_link_and_says_how_it_is_judged(open_claims, number):
    app = open_claims(claim=str(number))
    assert messages(app) == []
    from dlfa.claims.listed import CLAIMS

    about = CLAIMS[number]
    said = everything_said(app)
    for words in (about.must, about.statistic, about.rule):
        assert str(words) in said
    assert app.subheader[0].value == str(about.sentence)
    assert any("python -m dlfa claims" in code.value for code in app.code)
    with_numbers = about.about not in ("module", "question")
    assert ("claim-parts" in figures(app)) == with_numbers
    if with_numbers:
        assert "−0.20" in alt_texts(app)["claim-parts"]


def test_checks_are_listed_with_what_came_out(open_claims):
    said = everything_said(open_claims(claim="12"))
    assert said.count(":material/check:") == said.count(":material/close:") == 1


def test_the_page_that_shows_it_opens_with_its_view(open_claims):
    app = open_claims(claim="9")
    app.button(key="claim-page").click().run()
    assert messages(app) == []
    assert app.title[0].value == word("embeddings.title")
    assert app.session_state["encoder"] == "raw"
    assert app.session_state["spaces"] == "languages"


def test_a_second_visitor_finds_them_judged(open_claims, judged):
    open_claims()
    many = len(judged)
    open_claims()
    assert len(judged) == many


def test_an_unknown_claim_is_named_and_the_first_is_shown(open_claims):
    app = open_claims(claim="99")
    assert "claim" in everything_said(app)
    assert app.selectbox(key="claim").value == "1"


def test_a_claim_is_judged_again_by_a_run_of_the_visitors(
    open_claims, judged, tmp_path, monkeypatch
):
    from dlfa.analysis import store
    from dlfa.ui.claims import own

    folder: Path = stored(tmp_path / "mine", run((0.3, *(0.9,) * 11)), recipe="mine")
    one = replace(store.stored()[0], name="mine", folder=folder)
    monkeypatch.setattr(own, "stored", lambda: [one])
    app = open_claims(claim="2")
    assert "own-claim-parts" not in figures(app)
    app.selectbox(key="claims-own-run").set_value(str(folder)).run()
    assert messages(app) == []
    assert judged[-1] == 2
    assert "own-claim-parts" in figures(app)


def test_own_sentences_may_judge_what_is_about_the_encoder(open_claims):
    said = everything_said(open_claims(claim="1"))
    assert word("claims.own.sentences.about") in said


def test_a_public_instance_asks_for_no_folder(open_claims, monkeypatch):
    monkeypatch.setenv("DLFA_PUBLIC", "1")
    app = open_claims(claim="13")
    assert messages(app) == []
    assert not [one for one in app.text_input if one.key == "claims-own-folder"]


@pytest.mark.parametrize("name", ["none", "مجلد", "~nobody/none", "none" + 10_000 * "x"])
def test_a_folder_that_is_not_there_is_named_with_what_to_do(open_claims, name):
    app = open_claims(claim="13")
    app.text_input(key="claims-own-folder").set_value(name).run()
    (told,) = messages(app)
    assert name[:20] in told
    assert len(told) < 500
    assert "--out" in told


def test_what_own_sentences_cannot_judge_is_said(open_claims):
    assert word("claims.own.probe") in everything_said(open_claims(claim="1"))
    assert word("claims.own.probe") not in everything_said(open_claims(claim="9"))


def test_what_is_noted_of_a_task_is_read_without_pointing_at_it(open_claims):
    note = word("claims.note.best_in", share=1).rstrip(".")
    assert note in everything_said(open_claims(claim="7")).replace("\\", "")
    assert note not in everything_said(open_claims(claim="5")).replace("\\", "")
