"""The page Results in a real browser: a number of table 1 leads to its record."""

import pytest
from playwright.sync_api import expect

from tests.pages.visitor import word

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_row_of_table_1_leads_to_its_record(visit):
    visitor = visit("/results")
    visitor.open_row(2)  # D_10
    title = word("results.behind", task="XNLI", head="D_10")
    expect(visitor.page.get_by_role("heading", name=title)).to_be_visible()
    assert "head=D_10" in visitor.page.url
    visitor.page.locator(".st-key-record-e5-small-xnli button").click()
    heading = visitor.page.get_by_role("heading", name=word("evaluate.title"), level=1)
    expect(heading).to_be_visible()
    expect(visitor.figure("accuracy")).to_be_visible()
    assert "/evaluate" in visitor.page.url


@pytest.mark.parametrize("view", ["table1", "table4", "layers", "choice", "cost"])
def test_a_phone_shows_every_view_without_scrolling_sideways(visit, view):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    visitor = visit(f"/results?table={view}", **phone)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
