"""Attribution, What if and Robustness in a real browser: one click from a pair on Predict."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import TABLE
from tests.pages.visitor import word

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
VIEWS = (
    *(f"/attribution?why={view}" for view in ("words", "doors", "heads", "translation")),
    *(f"/whatif?if_view={view}" for view in ("pair", "layers", "set")),
    *(f"/robustness?robust={view}" for view in ("pair", "set")),
)


@pytest.mark.parametrize("page", ["attribution", "whatif", "robustness"])
def test_a_pair_on_predict_is_one_click_away_from_each_with_error_cost_and_command(visit, page):
    visitor = visit("/")
    visitor.write("The children sang 3 songs.", "Nobody sang.")
    visitor.wait()
    visitor.page.locator(f".st-key-further-{page} button").click()
    expect(visitor.page.get_by_role("heading", name=word(f"{page}.title"), level=1)).to_be_visible()
    visitor.wait()
    expect(visitor.field("premise")).to_have_value("The children sang 3 songs.")
    visitor.page.get_by_text(word("ui.reproduce")).click()
    command = {"attribution": "attribute", "whatif": "intervene", "robustness": "robustness"}[page]
    expect(visitor.page.get_by_text(f"python -m dlfa {command}").first).to_be_visible()
    assert visitor.leave() == []


@pytest.mark.parametrize("path", VIEWS)
def test_a_phone_shows_every_view_without_scrolling_sideways(visit, path):
    visitor = visit(path, **PHONE)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_set_is_perturbed_and_a_wrong_turn_opens_on_predict(visit):
    visitor = visit("/robustness?robust=set&across=en&perturb=typos&perturb=upper")
    visitor.page.locator(".st-key-start-robustness button").click()
    expect(visitor.figure("perturbations")).to_be_visible()
    expect(visitor.figure("perturbed-languages")).to_be_visible()
    expect(visitor.page.locator(TABLE).last).to_be_visible()
    visitor.page.locator(".st-key-open-predict button").click()
    expect(
        visitor.page.get_by_role("heading", name=word("predict.title.xnli"), level=1)
    ).to_be_visible()
    assert visitor.leave() == []
