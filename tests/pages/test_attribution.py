"""The page Attribution, as a visitor meets it: on a tiny model, whose scores are made at once."""

import re
import shlex
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.tagger import save_tagger
from tests.pages.tiny_models import save_model
from tests.pages.visitor import (
    alt_texts,
    everything_said,
    figures,
    go_to,
    messages,
    word,
    write,
)

VIEWS = {
    "words": {"word-scores", "faithfulness"},
    "doors": {"doors"},
    "heads": {"head-scores"},
    "translation": {"linked"},
}
PATIENCE = 60  # looks, of at most 0.8 s each, at work in the background


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_model(tmp_path_factory.mktemp("attribution"), "xnli"))


@pytest.fixture
def page(root: Path, model: str):
    """Open the page with a tiny model, as a new visitor, and wait until its work is done."""

    def open_page(of: str = model, **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
        app.query_params.update({"model": of, "head": "D_2", **query})
        app.run()
        return settled(go_to(app, "attribution"))

    return open_page


def settled(app: AppTest) -> AppTest:
    """Look again until nothing is under way any more."""
    for _ in range(PATIENCE):
        if not [one for one in app.button if str(one.key).startswith("cancel-")]:
            return app
        app.run()
    raise AssertionError("it never ends")


def shown(app: AppTest) -> str:
    """The running text in its colours, as HTML."""
    (found,) = (
        part.proto.body for part in app.get("html") if 'class="attributed"' in part.proto.body
    )
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_a_link_with_its_error_its_cost_and_its_command(page, view):
    app = page(why=view)
    assert messages(app) == []
    assert not app.toast
    assert set(figures(app)) == VIEWS[view]
    assert all(len(alt) > 40 for alt in alt_texts(app).values())
    said = everything_said(app)
    cost = re.escape(word("attribution.cost", passes="N", steps="N", time="T"))
    assert re.search(cost.replace("N", r"[\d,]+").replace("T", r"[\d.]+ m?s"), said)
    gap = word("figure.attribution.gap.aim", gap="N", aim="2")
    assert re.search(re.escape(gap).replace("N", r"[\d.]+"), said)
    assert app.code[-1].value.startswith("python -m dlfa attribute ")


@pytest.mark.parametrize("view", VIEWS)
def test_the_command_of_a_view_is_one_that_the_program_takes(page, view):
    from dlfa.__main__ import parser

    words = shlex.split(page(why=view).code[-1].value)
    options = parser().parse_args(words[3:])
    assert (options.command, options.json) == ("attribute", True)
    assert options.doors == (view == "doors")
    assert options.curves == (view == "words")
    assert bool(options.translation) == (view == "translation")
    assert len(options.heads) == (3 if view == "heads" else 1)


class TestWords:
    def test_both_texts_are_coloured_in_their_own_direction(self, page):
        assert shown(page(lang="ar")).count('dir="rtl"') == 2
        app = page(lang="en")
        assert shown(app).count('dir="ltr"') == 2
        assert shown(app).count("<mark") > 5

    def test_another_method_baseline_head_or_label_is_another_attribution(self, page):
        seen = set()
        for change in (
            {"label": "entailment"},
            {"label": "neutral"},
            {"label": "neutral", "scored": "layer_conductance"},
            {"label": "neutral", "blank": "mean"},
            {"label": "neutral", "head": "D_3_aff"},
        ):
            app = page(**change)
            assert messages(app) == []
            assert shown(app) not in seen, change
            seen.add(shown(app))

    def test_a_gap_beyond_five_percent_is_said_in_a_box(self, page):
        app = page(scored="gradient_x_input")
        told = [box.value.replace("\\", "") for box in app.warning]
        start = word("figure.attribution.gap.far", gap="N", aim="2").split("N")[1]
        assert any(start in box for box in told)
        assert not page(scored="integrated_gradients").warning

    def test_typed_markup_stays_text(self, page):
        app = settled(write(page(), "<img src=x onerror=1> man", "a **dog** $x$"))
        assert messages(app) == []
        assert "<img" not in shown(app)
        assert "&lt;" in shown(app)

    def test_an_empty_text_is_one_sentence(self, page):
        app = write(page(), " ", "a dog")
        assert len(messages(app)) == 1
        assert not figures(app)


class TestOtherViews:
    def test_the_baseline_has_one_door_and_the_page_says_so(self, page):
        app = page(why="doors", head="baseline")
        assert messages(app) == []
        assert word("attribution.doors.baseline") in everything_said(app)
        assert not figures(app)

    def test_the_heads_beside_can_be_chosen(self, page):
        app = page(why="heads", near=["D_1"])
        assert shown(app).count('class="who"') == 2
        assert "D_1" in alt_texts(app)["head-scores"]

    def test_a_translation_is_chosen_as_on_gates(self, page):
        app = page(why="translation", to="ar")
        assert 'dir="rtl"' in shown(app)
        assert 'dir="ltr"' in shown(app)
        own = page(why="translation", example="own")
        assert word("gates.translation.own") in everything_said(own)


class TestTheWayThere:
    def test_predict_leads_here_and_the_pair_comes_along(self, root, model):
        app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
        app.query_params["model"] = model
        app.run()
        write(app, "a man runs", "no one sleeps")
        app = settled(app.button(key="further-attribution").click().run())
        assert [title.value for title in app.title] == [word("attribution.title")]
        assert app.text_area(key="premise").value == "a man runs"
        assert "sleeps" in shown(app)

    def test_a_model_that_tags_is_sent_away_kindly(self, page, tmp_path):
        tagger = str(save_tagger(tmp_path))
        app = page(of=tagger)
        assert messages(app) == []
        assert not figures(app)
        assert word("wrong_task.pair", name=tagger) in everything_said(app)

    def test_what_is_cancelled_ends_and_can_be_begun_again(self, root, model, monkeypatch):
        from dlfa.analysis import attribution
        from dlfa.ui import background

        def endless(*_: object, tell: Callable[[int, int], object], **__: object) -> None:
            while True:
                tell(1, 10)
                time.sleep(0.01)

        before = background.under_way()
        app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
        app.query_params.update({"model": model, "head": "D_1", "label": "neutral", "lang": "sw"})
        with monkeypatch.context() as patched:
            patched.setattr(attribution, "attribute", endless)
            go_to(app.run(), "attribution")
            assert background.under_way() == before + 1
            button = next(one for one in app.button if str(one.key).startswith("cancel-"))
            button.click().run()
            told = word("ui.work.cancelled", what=word("attribution.work.words"))
            assert told in everything_said(app)
            until = time.monotonic() + 30
            while background.under_way() > before and time.monotonic() < until:
                time.sleep(0.05)
            assert background.under_way() == before
        next(one for one in app.button if str(one.key).startswith("again-")).click().run()
        assert "word-scores" in figures(settled(app))
