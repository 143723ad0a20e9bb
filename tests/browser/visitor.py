"""What a visitor does in a browser, and what they see."""

from typing import Any, Self

from playwright.sync_api import Browser, Locator, expect

TABLE = '[data-testid="stDataFrame"]'  # which the pages Results and Claims start with
TABLE_ROW = 35.5  # px of a row of a table, its head too
FORM = '[data-testid="stExpander"] summary'  # of the page Train, which has no figure at first
PATIENCE = 90_000  # ms: the first answer loads the model, on a machine that may be busy


class Visitor:
    """One browser context: its own session, its own complaints.

    Args:
        browser: shared by all visitors.
        address: of the app.
        settings: of the context, such as ``color_scheme`` or ``viewport``.
    """

    def __init__(self, browser: Browser, address: str, **settings: Any) -> None:
        self.address = address
        self.complaints: list[str] = []
        self.context = browser.new_context(**settings)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", self._watch)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("console", self._listen)

    def _watch(self, request: Any) -> None:
        here = self.address, self.address.replace("http", "ws", 1), "data:", "blob:"
        if not request.url.startswith(here):
            self.complaints.append(f"off-site: {request.url}")

    def _listen(self, message: Any) -> None:
        # Streamlit looks for its own server beside a page's address before it looks above it.
        looking = "/_stcore/" in message.location.get("url", "") and "404" in message.text
        if message.type == "error" and not looking:
            self.complaints.append(f"console: {message.text}")

    def go(self, path: str) -> Self:
        """Open an address and wait for the first figure."""
        self.page.goto(self.address + path)
        return self.wait()

    def wait(self) -> Self:
        """Wait until a figure, a table or a form is there, and no script runs."""
        form, table = self.page.locator(FORM), self.page.locator(TABLE)
        beside = {"/train": form, "/results": table.or_(self.figure()), "/claims": table}
        beside["/robustness"] = table.or_(form)
        here = next((one for path, one in beside.items() if path in self.page.url), self.figure())
        drawn = here.first
        expect(drawn).to_be_visible(timeout=PATIENCE)
        idle = '[data-testid="stApp"][data-test-script-state="notRunning"]'
        self.page.wait_for_selector(idle)
        self.page.wait_for_timeout(500)  # ms: what the script sent last is still being drawn
        self.page.wait_for_function("!document.querySelector('[data-stale=\"true\"]')")
        return self

    def open_row(self, row: int) -> Self:
        """Click on the box before a row of the page's first table, by its place from 0."""
        table = self.page.locator(TABLE).first
        table.evaluate("table => table.scrollIntoView({block: 'start'})")
        self.page.wait_for_timeout(1_000)  # ms: it draws itself, on a canvas
        box = table.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + TABLE_ROW / 2, box["y"] + (row + 1.5) * TABLE_ROW)
        return self

    def turn_to(self, page: str) -> Self:
        """Click on a page in the side bar, by its name."""
        from dlfa.ui.frame import PAGES

        place = list(PAGES).index(page)
        self.page.locator('[data-testid="stSidebarNavLink"]').nth(place).click()
        return self

    def write(self, premise: str, hypothesis: str) -> Self:
        """Type both texts and wait until they have been answered: the address then holds them."""
        from dlfa.ui.address import encode

        for name, text in (("premise", premise), ("hypothesis", hypothesis)):
            self.field(name).fill(text)
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            "code => new URLSearchParams(location.search).get('t') === code",
            arg=encode((premise, hypothesis)),
        )
        return self.wait()

    def field(self, name: str) -> Locator:
        """The text area of one sentence."""
        return self.page.locator(f".st-key-{name} textarea")

    def figure(self, key: str = "") -> Locator:
        """A figure with its words; every figure without a key.

        Streamlit keeps an outdated one for a moment, after the new one.
        """
        every = '[role="figure"]'
        return (
            self.page.locator(f".st-key-figure-{key} {every}").first
            if key
            else (self.page.locator(every))
        )

    def alt(self, key: str) -> str:
        """What a figure says to those who do not see it."""
        return self.figure(key).get_attribute("aria-label") or ""

    def style(self, name: str, what: str) -> str:
        """A property of a text area as the browser computes it."""
        found = self.field(name).evaluate(f"field => getComputedStyle(field).{what}")
        return str(found)

    def leave(self) -> list[str]:
        """Close the session and return what went wrong in it."""
        self.context.close()
        return self.complaints
