"""Take the pictures of the app that the README and the docs show: ``make screenshots``.

Starts the app on a free port, opens every page in a real Chromium, light, dark and as wide
as a phone, and writes ``docs/screenshots/<page>-<look>.png``; ``docs/screenshot.png`` is the one on
the README's first screen. Nothing is asked from outside this machine.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, Route, sync_playwright
from playwright.sync_api import TimeoutError as PatienceOver

from tests.serving import CHROMIUM_FLAGS, chromium_path, running_app

FOLDER = Path(__file__).parent / "screenshots"
FIRST_SCREEN = Path(__file__).parent / "screenshot.png"
RUNS = "my-runs"  # no such folder: none of this computer's own runs or paths in the pictures
PAGES = {  # Predict is what the address alone opens
    "predict": "",
    "gates": "gates",
    "gates-translation": "gates?v=1&view=translation&to=ar",
    "gates-effect": "gates?v=1&view=effect",
    "attribution": "attribution",
    "attribution-translation": "attribution?v=1&why=translation&to=ar",
    "whatif": "whatif",
    "whatif-layers": "whatif?v=1&if_view=layers",
    "robustness": "robustness",
    "evaluate": "evaluate",
    "evaluate-differences": "evaluate?v=1&result=differences",
    "results": "results",
    "results-layers": "results?v=1&table=layers",
    "results-choice": "results?v=1&table=choice",
    "claims": "claims",
    "claims-gain": "claims?v=1&claim=6",
    "embeddings": "embeddings",
    "embeddings-measures": "embeddings?v=1&spaces=measures",
    "embeddings-languages": "embeddings?v=1&spaces=languages",
    "tag": "tag",
    "tag-arabic": "tag?v=1&lang=ar&tagged=gates",
    "train": "train",
}
PATIENCE = 120_000  # ms until the first figures are there: the model loads


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the app is looked at."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    scale: float = 1.0
    """Pixels of the picture per pixel of the page."""


LOOKS = (
    Look(name="light", width=1280, height=900),
    Look(name="dark", width=1280, height=900, scheme="dark"),
    Look(name="phone", width=390, height=844, scale=2.0),
)


def main() -> int:
    """Take every picture; return the exit status."""
    browser_path = chromium_path()
    if browser_path is None:
        sys.stderr.write("No Chromium found. Install it, or name one in BROWSER_PATH.\n")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with running_app(DLFA_RUNS=RUNS) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=list(CHROMIUM_FLAGS)
        )
        for look in LOOKS:
            for name, path in PAGES.items():
                target = FOLDER / f"{name}-{look.name}.png"
                take(browser, f"{address}/{path}", look, target)
                sys.stdout.write(f"{target.relative_to(FOLDER.parents[1])}\n")
        browser.close()
    shutil.copyfile(FOLDER / "predict-light.png", FIRST_SCREEN)
    return 0


def take(browser: Browser, address: str, look: Look, target: Path) -> None:
    """Open one page with one look, wait until it is still, and take its picture."""
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,
        device_scale_factor=look.scale,
        reduced_motion="reduce",
    )
    context.route("**/*", only_here)
    page = context.new_page()
    page.goto(address)
    try:
        wait_until_still(page)
    except PatienceOver:
        sys.stderr.write(f"{address} showed no figure. It says:\n{page.inner_text('body')}\n")
        raise
    page.screenshot(path=target)
    context.close()


def only_here(route: Route) -> None:
    """Let requests to this machine through and refuse all others."""
    if "://127.0.0.1:" in route.request.url or route.request.url.startswith(("data:", "blob:")):
        route.continue_()
    else:
        route.abort()


def wait_until_still(page: Page) -> None:
    """Wait for a figure, a table or Train's form, then until no script runs, nothing is stale."""
    shown = (
        '[data-testid="stPlotlyChart"], [data-testid="stDataFrame"], .st-key-start-training button'
    )
    page.locator(shown).first.wait_for(timeout=PATIENCE)
    page.wait_for_function(
        """() => {
            const app = document.querySelector('[data-testid="stApp"]');
            return app && app.dataset.testScriptState !== "running"
                && !document.querySelector('[data-stale="true"]');
        }""",
        timeout=PATIENCE,
    )
    page.wait_for_timeout(1_000)  # plotly draws after the script has ended


if __name__ == "__main__":
    sys.exit(main())
