"""A real Chromium in front of the running app."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.visitor import PATIENCE, Visitor
from tests.serving import CHROMIUM_FLAGS


@pytest.fixture(scope="session")
def playwright_here() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser_here(playwright_here: Playwright, chromium: str) -> Iterator[Browser]:
    browser = playwright_here.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def visit(browser_here: Browser, app_url: str, checkpoint: Any) -> Iterator[Any]:
    """Come as a new visitor; at the end nothing may have failed or left this machine."""
    visitors: list[Visitor] = []

    def come(path: str = "/", **settings: Any) -> Visitor:
        visitors.append(Visitor(browser_here, app_url, **settings))
        return visitors[-1].go(path)

    yield come
    complaints = [complaint for visitor in visitors for complaint in visitor.leave()]
    assert complaints == []
