"""The page Train in a real browser: a run goes on while the page is closed, and opens elsewhere."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.integration.tiny import save_encoder, save_mirror
from tests.serving import running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("train")
    save_encoder(root / "tiny")
    save_mirror(root / "hub", rows=20_000)
    return root


def test_a_run_survives_the_browser_and_its_model_opens_on_another_page(
    browser_here: Browser, place: Path
):
    own = {"DLFA_RUNS": place / "runs", "DLFA_DATA_DIR": place / "hub", "HF_HOME": place / "home"}
    with running_app(**{name: str(value) for name, value in own.items()}) as address:
        chosen = {"backbone": str(place / "tiny"), "examples": "20000", "kinds": "printed"}
        first = Visitor(browser_here, address)
        first.page.goto(f"{address}/train?{urlencode({'v': '1', **chosen})}")
        first.page.locator(".st-key-start-training button").click()
        stop = '[class*="st-key-stop-"] button'
        expect(first.page.locator(stop)).to_be_visible()
        assert first.leave() == []  # the browser is closed, the run goes on

        again = Visitor(browser_here, address)
        again.page.goto(f"{address}/train")
        expect(again.page.locator(stop)).to_be_visible()
        expect(again.figure().first).to_be_visible(timeout=240_000)
        again.page.locator(stop).click()
        expect(again.page.locator(".st-key-open-predict button")).to_be_visible(timeout=240_000)
        again.page.locator(".st-key-open-predict button").click()
        expect(again.figure("probabilities")).to_be_visible(timeout=240_000)
        # the address is written last, when the figure has been seen for a moment
        expect(again.page).to_have_url(re.compile(r"model=runs(%2F|/)"))
        assert again.leave() == []
