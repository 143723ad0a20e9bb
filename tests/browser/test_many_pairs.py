"""The table of many pairs in a real browser: typed into, and opened as the pair above."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ROW, HEAD = 35, 35  # px of the grid


def cell(grid, row: int, x: int) -> None:
    """Click into a grid, which is one picture to the browser."""
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": x, "y": HEAD + ROW * row + ROW // 2})


def test_what_is_typed_into_the_table_is_answered_and_stays(visit):
    visitor = visit("/?part=many")
    page = visitor.page
    cell(page.locator("[class*='st-key-pairs-table'] .dvn-scroller").first, 0, 150)
    page.keyboard.press("Enter")  # opens the cell
    page.locator("#portal textarea").fill("Nobody bought anything.")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # ms: the grid hands over what was typed
    visitor.wait()
    cell(page.locator(".st-key-answers .dvn-scroller").first, 0, 16)
    expect(visitor.field("premise")).to_have_value("Nobody bought anything.")


def test_a_phone_shows_the_table_without_scrolling_the_page_sideways(visit):
    visitor = visit("/?part=many", viewport={"width": 390, "height": 844})
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_under_a_figure_of_half_the_width_the_button_still_says_what_it_does(visit):
    from dlfa.messages import _

    visitor = visit("/?part=compare", viewport={"width": 1280, "height": 900})
    visitor.page.locator(".st-key-pin button").click()
    visitor.page.locator(".st-key-unpin").wait_for()
    visitor.write("Nobody came.", "Somebody came.")
    words = visitor.page.locator("[data-testid='stMain'] [data-testid='stPopover'] p")
    saving = words.filter(has_text=_("ui.save"))
    expect(saving).to_have_count(4)
    for word in saving.all():
        assert word.evaluate("word => word.scrollWidth <= word.clientWidth")
