"""The page Evaluate in a real browser: a run, a cancel, and a pair that opens elsewhere."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NEW = "/evaluate?v=1&source=new"
SOME = "&langs=en&langs=sw&group=paper"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def open_form(visit, query=""):
    """Open the settings of a new run: there is no figure to wait for."""
    visitor = visit("/evaluate")
    visitor.page.goto(visitor.address + NEW + query)
    expect(start(visitor)).to_be_visible()
    return visitor


def start(visitor):
    return visitor.page.locator(".st-key-start-run button")


def cancel(visitor):
    return visitor.page.locator(".st-key-cancel-run button")


def test_a_run_shows_what_it_takes_and_then_what_it_found(visit):
    visitor = open_form(visit, SOME)
    expect(visitor.page.get_by_text("48 ", exact=False).first).to_be_visible()
    start(visitor).click()
    expect(visitor.figure("accuracy")).to_be_visible()
    assert cancel(visitor).count() == 0
    assert "48" not in visitor.alt("accuracy").split(".")[0]  # all of it: no partial result


@pytest.mark.slow
def test_partial_results_come_early_and_a_cancel_keeps_them(visit):
    visitor = open_form(visit)
    start(visitor).click()
    expect(visitor.figure("partial")).to_be_visible()
    cancel(visitor).click()
    expect(start(visitor)).to_be_visible()
    expect(visitor.figure("accuracy")).to_be_visible()
    partial = visitor.alt("accuracy")
    start(visitor).click()
    expect(cancel(visitor)).to_be_visible()
    expect(cancel(visitor)).to_have_count(0)
    expect(visitor.figure("accuracy")).to_be_visible()
    visitor.wait()
    assert visitor.alt("accuracy") != partial


@pytest.mark.slow
def test_a_run_goes_on_while_another_page_is_looked_at(visit):
    visitor = open_form(visit)
    start(visitor).click()
    expect(cancel(visitor)).to_be_visible()
    visitor.turn_to("predict")
    expect(visitor.figure("probabilities")).to_be_visible()
    visitor.page.wait_for_timeout(2_000)
    visitor.turn_to("evaluate")
    expect(visitor.figure("accuracy")).to_be_visible()  # done meanwhile, or soon


@pytest.mark.slow
@pytest.mark.parametrize(("page", "figure"), [("predict", "probabilities"), ("gates", "gate")])
def test_a_pair_on_which_heads_disagree_opens_on_another_page(visit, page, figure):
    visitor = open_form(visit, "&result=examples")
    start(visitor).click()
    table = visitor.page.locator('[data-testid="stDataFrame"]')
    expect(table).to_be_visible()
    table.scroll_into_view_if_needed()
    visitor.page.wait_for_timeout(1_000)  # the table draws itself
    box = table.bounding_box()
    visitor.page.mouse.click(box["x"] + 18, box["y"] + 54)  # the box of the first row
    said = visitor.page.locator(".st-key-picked")
    expect(said).to_be_visible()
    premise = said.locator("em").first.inner_text()
    visitor.page.locator(f".st-key-open-{page} button").click()
    expect(visitor.figure(figure)).to_be_visible()
    expect(visitor.field("premise")).to_have_value(premise)


@pytest.mark.slow
@pytest.mark.parametrize(
    "view", ["accuracy", "differences", "translations", "mistakes", "kinds", "examples"]
)
def test_a_phone_shows_every_view_without_scrolling_sideways(visit, view):
    visitor = visit("/evaluate", **PHONE)
    visitor.page.goto(f"{visitor.address}/evaluate?v=1&result={view}")
    expect(visitor.page.locator(".st-key-take-csv")).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
