"""The page Tag in a real browser: directions, contrast, phones, and what a text cannot do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.test_access import WCAG
from tests.browser.visitor import PATIENCE, Visitor
from tests.integration.tagger import save_tagger
from tests.serving import running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
EVIL = '<img src=x onerror="window.hit=1"> <b>x</b> ![y](http://example.com/y.png)'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, checkpoint: Path) -> Iterator[str]:
    """The app with two tiny models that tag."""
    folder = tmp_path_factory.mktemp("taggers")
    listed = ",".join(str(save_tagger(folder, task)) for task in ("ner", "pos"))
    with running_app(DLFA_CHECKPOINTS=listed, DLFA_CACHE_DIR=str(folder / "cache")) as found:
        yield found


@pytest.fixture
def come(browser_here: Browser, address: str) -> Iterator:
    """Come as a new visitor; at the end nothing may have failed or left this machine."""
    visitors: list[Visitor] = []

    def visit(query: str, **settings: object) -> Visitor:
        visitors.append(Visitor(browser_here, address, **settings))
        visitors[-1].page.goto(f"{address}/tag?{query}&tagged=certainty")
        visitors[-1].page.locator(".tagged p").first.wait_for(timeout=PATIENCE)
        return visitors[-1].wait()

    yield visit
    assert [complaint for visitor in visitors for complaint in visitor.leave()] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("model", ["tiny-ner", "tiny-pos"])
def test_marks_and_tags_keep_wcag_aa(come, model, scheme):
    visitor = come(f"model={model}&sample=every", color_scheme=scheme)
    found = Axe().run(visitor.page, options={"runOnly": WCAG}).response["violations"]
    assert [rule["id"] for rule in found] == []


@pytest.mark.parametrize("code", ["ar", "th", "zh"])
@pytest.mark.parametrize("model", ["tiny-ner", "tiny-pos"])
def test_a_phone_wraps_and_never_scrolls_sideways(come, model, code):
    visitor = come(f"model={model}&lang={code}&sample=every", **PHONE)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = visitor.page.locator(".tagged p").first
    assert wide.evaluate("text => text.scrollWidth <= text.clientWidth + 1")


def test_words_stand_from_right_to_left_and_latin_ones_in_their_order(come):
    visitor = come(
        "model=tiny-pos&sample=own&text=" + "سافرت مع Air France إلى باريس".replace(" ", "%20")
    )
    places = {
        word: box["x"]
        for word in ("سافرت", "Air", "France", "باريس")
        if (box := visitor.page.locator(".tagged .word", has_text=word).first.bounding_box())
    }
    assert places["سافرت"] > places["France"] > places["Air"] > places["باريس"]


@pytest.mark.parametrize("model", ["tiny-ner", "tiny-pos"])
def test_a_text_is_never_taken_for_a_page(come, model):
    visitor = come(f"model={model}")
    visitor.field("text").fill(EVIL)
    visitor.page.keyboard.press("Control+Enter")
    visitor.page.locator(".tagged p", has_text="onerror").first.wait_for()
    visitor.wait()
    assert visitor.page.evaluate("window.hit") is None
    assert visitor.page.locator('img[src="x"], img[src*="example.com"], .tagged p b').count() == 0
    shown = visitor.page.locator(".tagged p").first
    said = shown.evaluate(
        "text => { text.querySelectorAll('.kind, small').forEach((one) => one.remove());"
        " return text.textContent; }"
    )
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", EVIL)
