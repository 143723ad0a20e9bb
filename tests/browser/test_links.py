"""Links, session files and the language of the app, in a real browser."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.visitor import Visitor
from tests.pages.visitor import word
from tests.serving import running_app

pytestmark = pytest.mark.browser

ARABIC = ("كل الطلاب نجحوا في الامتحان.", "رسب بعض الطلاب في الامتحان.")
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def said_in(language: str, key: str) -> str:
    from dlfa.messages import catalogue

    return catalogue(language)[key]


def button(place: Page | FrameLocator) -> Any:
    return place.locator(".st-key-copy-link").get_by_role("button")


def copied(visitor: Visitor) -> str:
    """Press the button, hear that it worked, and look into the clipboard."""
    button(visitor.page).click()
    expect(visitor.page.locator(".st-key-copy-link [aria-live]")).to_have_text(
        word("ui.link.copied")
    )
    return str(visitor.page.evaluate("navigator.clipboard.readText()"))


def query_of(visitor: Visitor) -> dict[str, list[str]]:
    return parse_qs(urlsplit(visitor.page.url).query)


class TestCopyLink:
    def test_a_second_browser_shows_the_same_view(self, visit, app_url):
        """Also what was chosen in a fragment, which runs without the rest of the page."""
        visitor = visit("/gates?gate=aff", **CLIPBOARD)
        visitor.write(*ARABIC)
        before = visitor.alt("gate")
        visitor.page.locator('.st-key-layer input[type="range"]').focus()
        visitor.page.keyboard.press("ArrowLeft")
        expect(visitor.figure("gate")).not_to_have_attribute("aria-label", before)
        visitor.wait()
        link = copied(visitor)
        assert link.startswith(app_url + "/gates?")
        assert parse_qs(urlsplit(link).query)["layer"] == ["7"]

        other = visit(link.removeprefix(app_url))
        assert other.field("premise").input_value() == ARABIC[0]
        assert other.alt("gate") == visitor.alt("gate")
        assert query_of(other) == query_of(visitor)

    def test_without_a_clipboard_the_link_stands_there_selected(self, visit):
        visitor = visit()
        visitor.page.evaluate(
            """() => {
                Object.defineProperty(navigator, "clipboard", {value: undefined});
                document.execCommand = () => false;
            }"""
        )
        button(visitor.page).click()
        field = visitor.page.locator(".st-key-copy-link input")
        expect(field).to_be_visible()
        assert field.input_value() == visitor.page.url
        selected = field.evaluate("field => field.selectionEnd - field.selectionStart")
        assert selected == len(visitor.page.url)
        expect(visitor.page.locator(".st-key-copy-link [aria-live]")).to_have_text(
            word("ui.link.failed")
        )

    def test_with_the_keyboard_alone(self, visit):
        visitor = visit(**CLIPBOARD)
        button(visitor.page).focus()
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(".st-key-copy-link [aria-live]")).to_have_text(
            word("ui.link.copied")
        )
        assert visitor.page.evaluate("navigator.clipboard.readText()") == visitor.page.url


@pytest.fixture
def outer(tmp_path: Path) -> Iterator[str]:
    """A page on another port, for an iframe: the address of its folder."""
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
def test_inside_an_iframe_the_outer_address_is_copied_and_opens_the_same_page(
    browser_here: Browser, outer: str, tmp_path: Path, checkpoint: Path
):
    home = f"{outer}/index.html"
    with running_app(DLFA_PUBLIC_URL=home) as address:
        # As on Hugging Face Spaces: the outer page passes its query on, not its path.
        (tmp_path / "index.html").write_text(
            f"<!doctype html><title>outer</title><script>document.write(`<iframe src="
            f'"{address}/${{location.search}}" width=1200 height=900></iframe>`)</script>'
        )
        context = browser_here.new_context(**CLIPBOARD)
        try:
            page = context.new_page()
            page.goto(f"{home}?page=gates&layer=3")
            app = page.frame_locator("iframe")
            figure = app.locator(".st-key-figure-gate [role=figure]").first
            expect(figure).to_be_visible()
            shown = figure.get_attribute("aria-label")
            assert "D_3" in (shown or "")
            button(app).click()
            expect(app.locator(".st-key-copy-link [aria-live]")).to_have_text(
                word("ui.link.copied")
            )
            link = page.evaluate("navigator.clipboard.readText()")
            assert urlsplit(link)[:3] == urlsplit(home)[:3]
            assert parse_qs(urlsplit(link).query) == {"v": ["1"], "layer": ["3"], "page": ["gates"]}

            other = context.new_page()
            other.goto(link)
            figure = other.frame_locator("iframe").locator(".st-key-figure-gate [role=figure]")
            expect(figure.first).to_have_attribute("aria-label", shown or "")
        finally:
            context.close()


@pytest.mark.slow
def test_a_session_file_is_saved_and_opened_by_another_visitor(visit, tmp_path):
    visitor = visit("/gates?example=pnli-02&layer=3")
    visitor.page.get_by_role("button", name=word("ui.session")).click()
    with visitor.page.expect_download() as coming:
        visitor.page.locator(".st-key-session-save button").click()
    assert coming.value.suggested_filename == "dlfa-session.json"
    file = tmp_path / "dlfa-session.json"
    coming.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["state"]["layer"] == ["3"]

    other = visit("/")
    other.page.get_by_role("button", name=word("ui.session")).click()
    other.page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(file)
    expect(other.figure("gate")).to_have_attribute("aria-label", visitor.alt("gate"))
    expect(other.page.get_by_text(word("ui.session.opened"))).to_be_visible()
    assert urlsplit(other.page.url).path == "/gates"


class TestLanguage:
    def test_the_switch_changes_words_figures_and_the_language_of_the_document(self, visit):
        visitor = visit("/gates?lang=fr&layer=3")
        assert visitor.page.evaluate("document.documentElement.lang") == "en"
        visitor.page.locator(".st-key-ui").get_by_text("Deutsch").click()
        heading = visitor.page.get_by_role("heading", name=said_in("de", "gates.title"))
        expect(heading).to_be_visible()
        visitor.wait()
        assert visitor.page.evaluate("document.documentElement.lang") == "de"
        assert query_of(visitor)["ui"] == ["de"]
        assert "D_3" in visitor.alt("gate")  # nothing that was chosen is lost
        assert query_of(visitor)["lang"] == ["fr"]

        # A fragment, which runs alone, speaks German too.
        visitor.page.locator('.st-key-layer input[type="range"]').focus()
        german = visitor.alt("gate").split()[-3:]
        visitor.page.keyboard.press("ArrowLeft")
        expect(visitor.page.locator(".st-key-layer")).to_contain_text(said_in("de", "ui.layer"))
        visitor.wait()
        assert "D_2" in visitor.alt("gate")
        assert visitor.alt("gate").split()[-3] == german[0]

    def test_a_german_browser_is_spoken_to_in_german(self, visit):
        visitor = visit("/", locale="de-DE")
        assert visitor.page.evaluate("document.documentElement.lang") == "de"
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text(
            said_in("de", "predict.title.xnli")
        )
