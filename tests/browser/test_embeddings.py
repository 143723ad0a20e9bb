"""The page Embeddings in a real browser: slider, play, lasso, upload, a phone."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from tests.browser.test_access import WCAG
from tests.browser.visitor import PATIENCE, Visitor
from tests.pages.visitor import word

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MOST = ("ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi")
SWITCH = 0.3  # seconds from one layer to another
FILE = "\n".join(
    [
        "id,lang,text",
        *(
            f"{at},{code},{text} {at}"
            for at in range(6)
            for code, text in (
                ("en", "The cat sleeps on day"),
                ("de", "Die Katze schläft am Tag"),
                ("fr", "Le chat dort le jour"),
            )
        ),
    ]
)


@pytest.fixture
def come(browser_here: Browser, app_url: str, checkpoint: Any) -> Iterator:
    """Come as a new visitor; at the end nothing may have failed or left this machine."""
    visitors: list[Visitor] = []

    def visit(query: str = "", **settings: Any) -> Visitor:
        visitors.append(Visitor(browser_here, app_url, **settings))
        visitors[-1].page.goto(f"{app_url}/embeddings{query}")
        visitors[-1].figure().first.wait_for(timeout=PATIENCE)
        return visitors[-1].wait()

    yield visit
    complaints = [complaint for visitor in visitors for complaint in visitor.leave()]
    # Plotly rejects, with nothing, the promise of a movement that another one ends.
    assert [told for told in complaints if told != "error: undefined"] == []


def plot(visitor: Visitor) -> Locator:
    return visitor.page.locator(".st-key-figure-map .js-plotly-plot").first


def title(visitor: Visitor) -> str:
    return str(plot(visitor).evaluate("plot => plot.layout.title.text")).partition("</b>")[0]


def places(visitor: Visitor) -> list[float]:
    return list(plot(visitor).evaluate("plot => Array.from(plot.calcdata[1], point => point.x)"))


def until_said(visitor: Visitor, words: str) -> None:
    visitor.page.wait_for_function(
        "words => document.querySelector('.st-key-figure-map .js-plotly-plot')"
        ".layout.title.text.includes(words)",
        arg=words,
    )


def slide(visitor: Visitor, share: float) -> None:
    """Click on the slider."""
    rail = plot(visitor).locator(".slider-rail-touch-rect").first
    rail.scroll_into_view_if_needed()
    box = rail.bounding_box()
    assert box is not None
    visitor.page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def test_the_slider_moves_every_point_within_a_moment(come):
    visitor = come()
    before = places(visitor)
    began = time.monotonic()
    slide(visitor, 0.3)
    visitor.page.wait_for_function(
        "() => !document.querySelector('.st-key-figure-map .js-plotly-plot')"
        ".layout.title.text.includes(' 0</b>')"
    )
    assert time.monotonic() - began < SWITCH + 0.7  # the click itself, and a busy machine
    visitor.page.wait_for_timeout(600)
    assert places(visitor) != before


def test_play_goes_through_the_layers_and_pause_stops_it(come):
    visitor = come("?encoder=raw")
    play, pause = (plot(visitor).locator(".updatemenu-button").nth(at) for at in (0, 1))
    play.click()
    until_said(visitor, "layer 2<")
    pause.click()
    visitor.page.wait_for_timeout(1000)
    paused = title(visitor)
    visitor.page.wait_for_timeout(2500)
    assert title(visitor) == paused


def test_the_lasso_fills_the_table_and_the_map_stays_in_its_layer(come):
    visitor = come("?spoken=de&spoken=en")
    slide(visitor, 0.5)
    visitor.page.wait_for_timeout(800)
    layer = title(visitor)
    plot(visitor).hover()
    plot(visitor).locator('.modebar-btn[data-val="lasso"]').click()
    box = plot(visitor).locator(".nsewdrag").first.bounding_box()
    assert box is not None
    corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98), (0.02, 0.02)]
    ways = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    visitor.page.mouse.move(*ways[0])
    visitor.page.mouse.down()
    for x, y in ways[1:]:
        visitor.page.mouse.move(x, y, steps=8)
    visitor.page.mouse.up()
    visitor.page.locator('[data-testid="stDataFrame"]').first.wait_for(timeout=PATIENCE)
    visitor.wait()
    assert title(visitor) == layer


def test_a_cancelled_umap_stays_cancelled_until_it_is_wanted_again(come):
    visitor = come()
    most = "&".join(f"spoken={code}" for code in MOST)  # a fit that is not over before the click
    visitor.page.goto(f"{visitor.address}/embeddings?method=umap&centred=1&{most}")
    cancel, again = (
        visitor.page.locator(f".st-key-{what}-map-umap button") for what in ("cancel", "again")
    )
    umap = visitor.page.get_by_role("figure", name=word("figure.map.method.umap")).first
    cancel.click(timeout=PATIENCE)
    again.wait_for(timeout=PATIENCE)
    visitor.page.wait_for_timeout(8_000)  # ms: longer than the fit takes
    expect(umap).not_to_be_visible()
    again.click(timeout=PATIENCE)
    expect(umap).to_be_visible()


def test_a_file_in_three_languages_becomes_a_map_and_measures(come):
    visitor = come()
    visitor.page.goto(f"{visitor.address}/embeddings?sents=own")
    field = visitor.page.locator('.stMain input[type="file"]').first
    field.wait_for(state="attached", timeout=PATIENCE)
    mine = {"name": "mine.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    field.set_input_files([mine])
    visitor.figure("map").wait_for(timeout=PATIENCE)
    visitor.wait()
    assert "18" in title(visitor)
    visitor.page.locator(".st-key-spaces button").nth(2).click()
    visitor.figure("measure").wait_for(timeout=PATIENCE)
    visitor.wait()
    assert visitor.alt("measure")


@pytest.mark.parametrize("query", ["", "?method=umap&dims=3", "?spaces=measures"])
def test_a_phone_never_scrolls_sideways(come, query):
    visitor = come(query, **PHONE)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("level", ["family", "branch"])
def test_on_a_phone_no_key_lies_on_the_scale_below_it(come, level):
    visitor = come(f"?spaces=languages&level={level}", **PHONE)
    tree = visitor.page.locator(".st-key-figure-tree .js-plotly-plot").first
    key, scale = (tree.locator(f"g.{name}").first.bounding_box() for name in ("legend", "colorbar"))
    assert key is not None
    assert scale is not None
    assert key["y"] + key["height"] <= scale["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["?typed=A+dog+runs.", "?spaces=languages"])
def test_the_page_keeps_wcag_aa(come, scheme, query):
    visitor = come(query, color_scheme=scheme)
    found = Axe().run(visitor.page, options={"runOnly": WCAG}).response["violations"]
    assert [rule["id"] for rule in found] == []
