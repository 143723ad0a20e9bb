"""How long does a visitor wait in the browser? ``python -m benchmarks.startup --json``.

``import_seconds``: ``import dlfa``. ``first_prediction_seconds``: from the app's process start to
the first figure of the start page, drawn in a Chromium that is already open.
``click_milliseconds``: from Ctrl+Enter on a pair nobody asked before to its new figure, all heads
computed. ``switch_milliseconds``: from a click in the side bar to the other page's first figure,
its numbers known. The last two are medians; ``_p90`` stands beside them. Needs Chromium (see
CONTRIBUTING.md) and the development requirements. The last line is the JSON object.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from benchmarks.output import machine, show
from tests.browser.visitor import Visitor
from tests.serving import CHROMIUM_FLAGS, chromium_path, running_app

IMPORT = "import time; t = time.perf_counter(); import dlfa; print(time.perf_counter() - t)"
FIGURE = '.st-key-figure-{} [role="figure"]'
# Starts a clock in the page and stops it once a figure is drawn with other words than before.
WATCH = """([selector, before]) => {
  const start = performance.now();
  window.waited = new Promise(done => {
    const look = () => {
      const drawn = [...document.querySelectorAll(selector)].some(
        one => one.getAttribute('aria-label') !== before && one.querySelector('.main-svg'));
      if (drawn) requestAnimationFrame(() => done(performance.now() - start));
      else requestAnimationFrame(look);
    };
    look();
  });
}"""
PAGES = {"predict": (0, "probabilities"), "gates": (1, "gate")}  # place in the side bar, figure


@contextmanager
def visitor(address: str) -> Iterator[Visitor]:
    """Open a browser window in front of an address, without going there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
        )
        yield Visitor(browser, address)
        browser.close()


def import_seconds(rounds: int) -> float:
    """Return the median time of ``import dlfa`` in a fresh process."""
    times = [
        float(subprocess.check_output([sys.executable, "-c", IMPORT], text=True))
        for _ in range(rounds)
    ]
    return statistics.median(times)


def first_prediction() -> float:
    """Start the app; return the seconds from the process's start to the first figure."""
    with visitor("") as waiting:
        start = time.perf_counter()
        with running_app() as address:
            waiting.page.goto(address)
            waiting.page.wait_for_selector(FIGURE.format("probabilities") + " .main-svg")
            return time.perf_counter() - start


def click(who: Visitor, number: int) -> float:
    """Ask about a pair nobody asked before; return milliseconds until its figure is drawn."""
    before = who.alt("probabilities")
    # One field only: leaving another one would already ask.
    who.field("hypothesis").fill(f"There were {number + 7} angry passengers on board.")
    who.page.evaluate(WATCH, [FIGURE.format("probabilities"), before])
    who.page.keyboard.press("Control+Enter")
    return float(who.page.evaluate("window.waited"))


def switch(who: Visitor, page: str) -> float:
    """Turn to a page; return milliseconds until its first figure is drawn."""
    place, figure = PAGES[page]
    who.page.evaluate(WATCH, [FIGURE.format(figure), ""])
    who.turn_to(place)
    return float(who.page.evaluate("window.waited"))


def warm(rounds: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of clicks and of page switches in a running app."""
    with running_app() as address, visitor(address) as who:
        who.go("/")
        clicks = []
        for number in range(rounds + 3):
            clicks.append(click(who, number))
            who.wait()
        switches = []
        for _ in range(rounds // 2 + 2):
            for page in ("gates", "predict"):
                switches.append(switch(who, page))
                who.wait()
    return clicks[3:], switches[4:]  # the first ones warm up


def p90(values: Sequence[float]) -> float:
    """Return the value that nine of ten stay below."""
    return statistics.quantiles(values, n=10)[-1] if len(values) > 1 else values[0]


def measure(starts: int, rounds: int) -> dict[str, object]:
    """Measure imports, cold starts and warm clicks."""
    clicks, switches = warm(rounds)
    return {
        "import_seconds": round(import_seconds(5), 3),
        "first_prediction_seconds": round(
            statistics.median(first_prediction() for _ in range(starts)), 2
        ),
        "click_milliseconds": round(statistics.median(clicks)),
        "click_milliseconds_p90": round(p90(clicks)),
        "switch_milliseconds": round(statistics.median(switches)),
        "switch_milliseconds_p90": round(p90(switches)),
        "starts": starts,
        "rounds": rounds,
        **machine(),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    if chromium_path() is None:
        sys.exit("This benchmark needs Chromium: sudo apt-get install chromium, or BROWSER_PATH.")
    found = measure(options.starts, options.rounds)
    show(found, as_json=options.json, name="startup")


if __name__ == "__main__":
    main()
