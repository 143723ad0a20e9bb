"""The app in a real browser: what a visitor sees and what they do not."""

import os
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.serving import running_app

pytestmark = pytest.mark.browser

ARABIC = ("كل الطلاب نجحوا في الامتحان.", "رسب بعض الطلاب في الامتحان.")
FRENCH = ("Le train est arrivé en retard.", "Tout le monde mange une pomme.")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_an_arabic_pair_from_prediction_to_gates(visit):
    visitor = visit()
    visitor.write(*ARABIC)
    assert visitor.style("premise", "direction") == "rtl"

    visitor.turn_to("gates")
    expect(visitor.figure("gate")).to_be_visible()
    assert visitor.field("premise").input_value() == ARABIC[0]
    assert visitor.style("hypothesis", "direction") == "rtl"

    before = visitor.alt("gate")
    visitor.page.locator('.st-key-layer input[type="range"]').focus()
    visitor.page.keyboard.press("ArrowLeft")
    expect(visitor.figure("gate")).not_to_have_attribute("aria-label", before)
    assert "D_7" in visitor.alt("gate")


def test_the_direction_follows_the_letters_while_they_are_typed(visit):
    visitor = visit()
    assert visitor.style("premise", "direction") == "ltr"
    assert visitor.style("premise", "unicodeBidi") == "plaintext"


def test_two_visitors_at_once_get_their_own_answers(visit):
    one, two = visit(), visit()
    one.field("premise").fill(ARABIC[0])
    two.field("premise").fill(FRENCH[0])
    one.write(*ARABIC)
    two.write(*FRENCH)
    assert one.field("premise").input_value() == ARABIC[0]
    assert two.field("premise").input_value() == FRENCH[0]
    assert one.alt("probabilities") != two.alt("probabilities")


def test_a_text_is_never_taken_for_a_page(visit):
    visitor = visit()
    evil = '<img src=x onerror="window.hit=1"> <b>x</b> ![y](http://example.com/y.png)'
    visitor.write(evil, evil)
    visitor.turn_to("gates")
    expect(visitor.figure("gate")).to_be_visible()
    visitor.wait()
    assert visitor.page.evaluate("window.hit") is None
    assert visitor.page.locator('img[src="x"], img[src*="example.com"]').count() == 0


@pytest.mark.parametrize("page", [0, 1], ids=["predict", "gates"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, page):
    visitor = visit("/gates" if page else "/", **PHONE)
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    for figure in visitor.figure().all():
        box = figure.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 391


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_theme(visit, scheme):
    visitor = visit(color_scheme=scheme)
    ink = visitor.page.locator(".js-plotly-plot .gtitle").first.evaluate(
        "title => getComputedStyle(title).fill"
    )
    bright = sum(int(part) for part in ink[4:-1].split(",")) > 3 * 128
    assert bright == (scheme == "dark")


def test_a_link_brings_back_what_was_typed(visit):
    visitor = visit()
    visitor.write(*ARABIC)
    link = visitor.page.evaluate("location.pathname + location.search")
    other = visit(link)
    assert other.field("premise").input_value() == ARABIC[0]
    assert other.alt("probabilities") == visitor.alt("probabilities")


@pytest.mark.slow
def test_the_first_prediction_is_there_within_twelve_seconds(browser_here: Browser, checkpoint):
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        pytest.skip("this machine is busy with something else: a time says nothing")
    began = time.monotonic()
    with running_app() as address:
        visitor = Visitor(browser_here, address).go("/")
        seconds = time.monotonic() - began
        assert visitor.leave() == []
    assert seconds <= 12


@pytest.mark.slow
def test_the_first_visitor_of_all_may_come_by_a_link_to_any_page(browser_here, checkpoint, root):
    pages = list((root / "pages").glob("*.py"))
    with running_app() as address:
        visitor = Visitor(browser_here, address).go("/gates?layer=3")
        expect(visitor.page.locator('[data-testid="stSidebarNavLink"]')).to_have_count(len(pages))
        assert "D_3" in visitor.alt("gate")
        assert visitor.leave() == []
