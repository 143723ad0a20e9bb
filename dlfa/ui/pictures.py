"""Buttons that save a figure as a picture, drawn by the visitor's own browser.

Streamlit gives no Python to a figure that is on the screen, so a small component runs in the page:
it finds the figure by its key and presses the camera that plotly has drawn there already.
"""

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from dlfa.messages import _

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["PICTURES", "picture_buttons"]

PICTURES = ("png", "svg")
SCALE = {"png": 3, "svg": 1}  # three dots per pixel: 300 dpi at a journal's column width

CSS = """
button {
  display: block; width: 100%; min-height: 2.5rem; padding: 0.25rem 0.75rem; margin: 0 0 1rem;
  font: inherit; font-size: 0.875rem;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.4rem);
  cursor: pointer;
}
button:last-child { margin: 0; }
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
"""

# The camera copies the figure's layout as soon as it is pressed: what is set on it before can be
# taken back right after. A figure's own ground is transparent, which no printed page is.
JS = """
export default function ({ data, parentElement }) {
  const save = ({ format, scale }) => {
    const figure = document.querySelector(`.st-key-${data.figure} .js-plotly-plot`);
    const buttons = figure?._fullLayout?._modeBar?.buttons?.flat() ?? [];
    const camera = buttons.find((button) => button.name === "toImage");
    if (!camera) return;
    const layout = figure.layout;
    figure.layout = { ...layout, paper_bgcolor: data.ground };
    figure._context.toImageButtonOptions = { format, scale, filename: data.name };
    try { camera.click(figure); } finally { figure.layout = layout; }
  };
  parentElement.querySelectorAll("button").forEach((button) => button.remove());
  for (const picture of data.pictures) {
    const button = document.createElement("button");
    button.type = "button";
    button.id = picture.format;
    button.textContent = picture.words;
    button.onclick = () => save(picture);
    parentElement.appendChild(button);
  }
}
"""


def picture_buttons(key: str, ground: str) -> None:
    """Show one button per format that saves the figure ``figure-{key}`` at once.

    Args:
        key: the figure's; also the file's name.
        ground: colour behind the figure, ``#RRGGBB``.
    """
    _component()(
        key=f"{key}-pictures",
        data={
            "figure": f"figure-{key}",
            "name": key,
            "ground": ground,
            "pictures": [
                {"format": name, "scale": SCALE[name], "words": _(f"ui.save.{name}")}
                for name in PICTURES
            ],
        },
    )


@cache
def _component() -> "ComponentRenderer":
    return st.components.v2.component("dlfa_pictures", css=CSS, js=JS)
