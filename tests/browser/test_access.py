"""Everybody can use every page: contrast, names and roles (axe-core), keyboard, narrow screens."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
# Rules that Streamlit's own parts break, each with its reason; none at present.
STREAMLITS_OWN: dict[str, str] = {}
START = "predict"  # the page at the address without a path
PAGES = {
    path.stem: "/" if path.stem == START else f"/{path.stem}"
    for path in sorted((Path(__file__).parents[2] / "pages").glob("*.py"))
}
LONGEST_WAY = 250  # presses of the Tab key through a page
ALIKE = 12  # places in a row that tell a second round: the links to the pages all look the same
OTHER_VIEWS = (
    *(f"/gates?view={view}" for view in ("source", "layers", "translation", "effect", "set")),
    *(f"/?part={part}" for part in ("many", "compare")),
    *(f"/attribution?why={view}" for view in ("doors", "heads", "translation")),
    *(f"/whatif?if_view={view}" for view in ("layers", "set")),
    "/robustness?robust=set",
    *(f"/evaluate?result={view}" for view in ("differences", "translations", "mistakes", "kinds")),
    *(f"/results?table={view}" for view in ("table4", "layers", "choice", "cost")),
)
OTHER_KINDS = ("svg", "html", "tex")  # of a file with a figure or its numbers
QUICK = ("predict", "gates", "evaluate")  # pages that every run looks at; the others are slow
on_every_page = pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=name, marks=() if name in QUICK else pytest.mark.slow)
        for name, path in PAGES.items()
    ],
)
in_both_themes = pytest.mark.parametrize(
    "scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)]
)


def complaints(visitor: Visitor) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA."""
    visitor.wait()
    options = {"runOnly": WCAG, "rules": {rule: {"enabled": False} for rule in STREAMLITS_OWN}}
    found = Axe().run(visitor.page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
        for rule in found
        for node in rule["nodes"]
    ]


def open_everything(visitor: Visitor) -> None:
    """Open the side bar and all that is folded."""
    side_bar = visitor.page.locator('[data-testid="stExpandSidebarButton"]')
    if side_bar.is_visible():
        side_bar.click()
    for summary in visitor.page.locator("summary").all():
        summary.evaluate("summary => summary.click()")
    visitor.page.wait_for_timeout(500)  # ms: what unfolds fades in


@in_both_themes
@on_every_page
@pytest.mark.parametrize("size", ["desk", pytest.param("phone", marks=pytest.mark.slow)])
def test_a_page_keeps_wcag_aa(visit, path, scheme, size):
    visitor = visit(path, color_scheme=scheme, **SIZES[size])
    assert complaints(visitor) == []
    open_everything(visitor)
    assert complaints(visitor) == []


@pytest.mark.slow
@in_both_themes
@pytest.mark.parametrize("path", OTHER_VIEWS)
def test_every_other_view_keeps_wcag_aa_too(visit, path, scheme):
    visitor = visit(path, color_scheme=scheme)
    assert complaints(visitor) == []


@pytest.mark.slow
@in_both_themes
@on_every_page
def test_what_opens_over_a_page_keeps_it_too(visit, path, scheme):
    visitor = visit(path, color_scheme=scheme, **SIZES["desk"])
    for button in visitor.page.locator('[data-testid="stPopover"] button').all()[:4]:
        button.click()
        visitor.page.wait_for_timeout(500)  # ms: it fades in
        assert complaints(visitor) == []
        visitor.page.keyboard.press("Escape")


@on_every_page
def test_a_phone_never_scrolls_sideways(visit, path):
    visitor = visit(path, **SIZES["phone"])
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=() if name == START else pytest.mark.slow, id=name)
        for name, path in PAGES.items()
    ],
)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit, path):
    visitor = visit(path, **SIZES["desk"])
    reached: list[str] = []
    for _press in range(LONGEST_WAY):
        visitor.page.keyboard.press("Tab")
        visitor.page.wait_for_timeout(30)  # ms: some marks are drawn by scripts
        reached.append(visitor.page.evaluate(FOCUSED))
        if len(reached) > 2 * ALIKE and reached[-ALIKE:] == reached[:ALIKE]:
            break  # once around
    for tag in ("A", "BUTTON", "INPUT", "SUMMARY", "TEXTAREA"):
        there = visitor.page.locator(f"{tag}:visible").count()
        assert not there or any(where.startswith(tag) for where in reached), tag
    fields = ("premise", "hypothesis") if visitor.field("premise").count() else ()
    save = ("-save",) if visitor.figure().count() else ()
    for name in (*fields, "model", "kept", *save):
        assert any(re.search(rf"st-key-[\w-]*{name}", where) for where in reached), name
    visitor.page.evaluate("document.activeElement.blur()")
    visitor.page.wait_for_timeout(500)  # ms: marks fade out
    assert visitor.page.evaluate(UNMARKED) == []


# Where the focus is; and how everything close to it looks while it is there.
FOCUSED = """() => {
  let focused = document.activeElement;
  const owner = focused.closest('[class*="st-key-"]');
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const key = [...(owner?.classList ?? [])].find((name) => name.startsWith("st-key-")) ?? "";
  window.lookOf ??= (element) => {
    const { outlineStyle, boxShadow, borderColor, backgroundColor } = getComputedStyle(element);
    return [outlineStyle, boxShadow, borderColor, backgroundColor].join();
  };
  const near = [focused, ...focused.querySelectorAll("*")];
  for (let up = focused.parentElement; up && near.length < 12; up = up.parentElement) near.push(up);
  const where = `${focused.tagName} ${key}`;
  (window.visited ??= []).push({ where, focused, near, looks: near.map(lookOf) });
  return where;
}"""
# Where nothing looks different now that the focus is gone.
UNMARKED = """() => visited
  .filter(({ focused }) => focused !== document.body && focused.isConnected)
  .filter(({ near, looks }) => near.every((element, at) => lookOf(element) === looks[at]))
  .map(({ where }) => where)"""


@pytest.mark.parametrize(
    "kind", ["png", "csv", *(pytest.param(kind, marks=pytest.mark.slow) for kind in OTHER_KINDS)]
)
def test_a_figure_can_be_taken_along_with_one_click(visit, kind):
    visitor = visit()
    visitor.page.locator(".st-key-probabilities-save button").first.click()
    place = (
        f".st-key-probabilities-pictures #{kind}"
        if kind in ("png", "svg")
        else f".st-key-probabilities-{kind} button"
    )
    with visitor.page.expect_download() as coming:
        visitor.page.locator(place).click()
    assert coming.value.suggested_filename == f"probabilities.{kind}"
    data = Path(coming.value.path()).read_bytes()
    assert STARTS[kind].search(data)


STARTS = {
    "png": re.compile(rb"\A\x89PNG"),
    "svg": re.compile(rb"\A<svg.*fill: rgb\(255, 255, 255\); fill-opacity: 1", re.DOTALL),
    "html": re.compile(rb"\A<!doctype html>.*Plotly\.newPlot", re.DOTALL),
    "csv": re.compile(rb"baseline"),
    "tex": re.compile(rb"\A% .*\\toprule.*\\bottomrule", re.DOTALL),
}


@in_both_themes
def test_a_saved_picture_has_the_ground_of_its_theme(visit, scheme):
    visitor = visit(color_scheme=scheme)
    visitor.page.locator(".st-key-probabilities-save button").first.click()
    with visitor.page.expect_download() as coming:
        visitor.page.locator(".st-key-probabilities-pictures #svg").click()
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 21, 27)"}[scheme]
    assert f"fill: {ground}; fill-opacity: 1" in Path(coming.value.path()).read_text()
    shown = visitor.figure("probabilities").locator("svg .bg, .main-svg").first
    assert ground not in (shown.get_attribute("style") or "")  # on the page it stays see-through


def test_loading_shows_its_stages_and_never_an_empty_page(browser_here, checkpoint):
    from tests.serving import running_app

    with running_app() as address:
        visitor = Visitor(browser_here, address)
        visitor.page.goto(address)
        visitor.page.locator("h1").wait_for()
        visitor.page.locator("textarea").first.wait_for()
        signs = visitor.page.locator('[data-testid="stExpanderIconSpinner"], .stSpinner')
        expect(signs.or_(visitor.figure()).first).to_be_visible(timeout=3_000)
        visitor.wait()
        assert visitor.leave() == []
