"""What a visitor does on a page, and what the page then shows."""

import json
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]


def word(key: str, **params: object) -> str:
    """A message of the catalogue: tests select by key, never by English text."""
    from dlfa.messages import _

    return _(key, **params)


def go_to(app: AppTest, page: str) -> AppTest:
    return app.switch_page(f"pages/{page}.py").run()


def messages(app: AppTest) -> list[str]:
    """What error boxes say, without Markdown's escapes."""
    assert not app.exception
    return [box.value.replace("\\", "") for box in app.error]


def figures(app: AppTest) -> dict[str, dict[str, Any]]:
    """Every figure's specification, by the key it has on the page."""
    return {name_of(chart): json.loads(chart.proto.spec) for chart in app.get("plotly_chart")}


def alt_texts(app: AppTest) -> dict[str, str]:
    return {name_of(chart): chart.proto.alt for chart in app.get("plotly_chart")}


def name_of(chart: Any) -> str:
    return str(chart.proto.id).rpartition("figure-")[2]


def everything_said(app: AppTest) -> str:
    """All words outside figures."""
    parts = (*app.markdown, *app.caption, *app.info, *app.success, *app.warning)
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def write(app: AppTest, premise: str, hypothesis: str) -> AppTest:
    """Type both texts."""
    app.text_area(key="premise").set_value(premise)
    return app.text_area(key="hypothesis").set_value(hypothesis).run()
