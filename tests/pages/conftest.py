"""The app without a browser: Streamlit's AppTest on the shipped model."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import Open, go_to

MODEL = "e5-small-xnli"


@pytest.fixture(scope="session")
def warm(checkpoint: Path) -> None:
    """Load the model before the first page asks for it, outside a page's time limit."""
    from dlfa.ui.loading import fetch

    fetch(MODEL)


@pytest.fixture
def open_app(root: Path, warm: None) -> Open:
    """Open a page of the app, as a new visitor."""

    def open_page(page: str = "predict", **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
        app.query_params.update(query)
        app.run()
        return app if page == "predict" else go_to(app, page)

    return open_page
