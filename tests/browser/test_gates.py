"""The page Gates in a real browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ARABIC = "&example=pnli-02&lang=en&view=translation&to=ar"
CELLS = """figure => {
    const plot = figure.querySelector('.js-plotly-plot');
    return Array.from(plot.calcdata[0][0].z, row => Array.from(row).reduce((a, b) => a + b, 0));
}"""


def test_the_heat_map_changes_with_the_layer(visit):
    visitor = visit("/gates")
    before = visitor.figure("gate").evaluate(CELLS)
    assert len(before) > 5
    alt = visitor.alt("gate")
    visitor.page.locator('.st-key-layer input[type="range"]').focus()
    visitor.page.keyboard.press("ArrowLeft")
    expect(visitor.figure("gate")).not_to_have_attribute("aria-label", alt)
    visitor.wait()
    after = visitor.figure("gate").evaluate(CELLS)
    assert len(after) == len(before)
    assert after != before


def test_pointing_at_a_cell_shows_its_numbers(visit):
    visitor = visit("/gates")
    picture = visitor.figure("gate").locator(".nsewdrag").first
    picture.scroll_into_view_if_needed()
    picture.hover()
    label = visitor.figure("gate").locator(".hoverlayer .hovertext").first
    expect(label).to_contain_text("0.")


def test_alignment_is_drawn_each_language_in_its_own_direction(visit):
    from dlfa.data.parallel import own_items

    visitor = visit(f"/gates?v=1{ARABIC}")
    figure = visitor.figure("alignment")
    expect(figure).to_be_visible()
    links = figure.locator("path.js-line")
    assert links.count() >= 5
    item = next(item for item in own_items("xnli") if item.id == "pnli-02")
    for code, rightwards in (("en", True), ("ar", False)):
        words = item.text[code][0].rstrip(".").split()
        places = [left(figure, word) for word in (words[0], words[-1])]
        assert (places[0] < places[1]) == rightwards, code


def left(figure, word: str) -> float:
    """Where a word stands in a figure, in px from the left."""
    box = figure.locator("text", has_text=word).first.bounding_box()
    assert box is not None
    return float(box["x"])


@pytest.mark.slow
def test_a_phone_shows_every_view_without_scrolling_sideways(visit):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    for view in ("source", "layers", "translation", "effect"):
        visitor = visit(f"/gates?v=1&view={view}", **phone)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390, view
