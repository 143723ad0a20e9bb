"""The page Claims in a real browser: from the row of a claim to its figure and its record."""

import pytest
from playwright.sync_api import expect

from dlfa.claims.listed import CLAIMS
from tests.pages.visitor import word

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_row_opens_its_claim_its_figure_its_record_and_the_page_that_shows_it(visit):
    visitor = visit("/claims")
    page = visitor.page
    visitor.open_row(5)
    expect(page.get_by_role("heading", name=str(CLAIMS[6].sentence))).to_be_visible()
    page.wait_for_url("**/claims?*claim=6*")
    expect(visitor.figure("claim-parts")).to_be_visible()
    page.get_by_text(word("ui.reproduce")).click()
    expect(page.get_by_text("python -m dlfa claims").first).to_be_visible()
    for record in ("e5-small-xnli", "e5-small-paws-x", "e5-small-ner", "e5-small-pos"):
        shown = page.locator('[data-testid="stTable"]').get_by_text(record, exact=True)
        expect(shown.first).to_be_visible()
    page.locator(".st-key-claim-page button").click()
    expect(page.get_by_role("heading", name=word("results.title"), level=1)).to_be_visible()
    page.wait_for_url("**/results?*table=choice*")


@pytest.mark.parametrize("claim", [0, 1, 4, 9, 13])
def test_a_phone_shows_every_kind_of_claim_without_scrolling_sideways(visit, claim):
    visitor = visit(f"/claims?claim={claim}", **PHONE)
    heading = visitor.page.get_by_role("heading", name=str(CLAIMS[claim].sentence))
    expect(heading).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
