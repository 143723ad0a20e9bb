"""The frame of every figure: words above, room around, a key, headings and a colour bar.

Figures are put together as plain dictionaries and handed to plotly once: changing a finished
`plotly.graph_objects.Figure` step by step costs ten times as long.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dlfa.figures.palette import FONT, TRANSPARENT, Look
from dlfa.figures.words import escape
from dlfa.results import Provenance

__all__ = [
    "Pixels",
    "Settings",
    "colour_bar",
    "draw",
    "heading",
    "key",
    "made_by",
    "nothing",
    "origin",
    "title_text",
]

DIGITS = 8  # of a checkpoint's digest: enough to tell it from any other at hand
Pixels = int | float
Settings = dict[str, Any]  # a part of a figure in plotly's words


def draw(
    traces: Iterable[Settings],
    look: Look,
    *,
    title: str,
    subtitle: str = "",
    height: Pixels,
    top: Pixels = 0,
    bottom: Pixels = 0,
    left: Pixels = 8,
    right: Pixels = 12,
    axes: Mapping[str, Settings],
    frames: Sequence[Settings] = (),
    **more: Any,
) -> go.Figure:
    """Return a figure with the common look.

    Args:
        traces: the data.
        look: light or dark, desk or projector.
        title: one short line (a phone shows about 45 characters).
        subtitle: what is shown, in small print; ``<br>`` breaks it, a `key` may end it.
        height: of the data area, in px; at least half of ``bottom`` where there is a colour bar.
        top: room between the words and the data for headings, in px.
        bottom: room below the data for axis and colour bar, in px.
        left: least room for labels, in px; axes with ``automargin`` take what they need.
        right: room at the right, in px.
        axes: ``xaxis``, ``yaxis``, ``xaxis2`` ... by plotly's names.
        frames: states that the figure can move to, by plotly's rules.
        more: further parts of plotly's layout: ``shapes``, ``annotations``, ``coloraxis``.
    """
    words = look.font * 2.6 + look.small * 1.3 * (1 + subtitle.count("<br>"))
    # in paper units: plotly misplaces the title of a bar whose place is in container units
    place = {"y": (0.3 * look.small - bottom) / height, "yanchor": "bottom"}
    for name in (name for name in more if name.startswith("coloraxis")):
        more[name] = more[name] | {"colorbar": more[name]["colorbar"] | place}
    layout = {
        "template": {"layout": {}},  # none of plotly's own colours
        "height": round(height + words + top + bottom),
        "margin": {"t": words + top, "b": bottom, "l": left, "r": right, "pad": 3},
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "font": {"family": FONT, "size": look.font, "color": look.text},
        "title": _title(look, title, subtitle),
        "showlegend": False,
        "hoverlabel": _hover(look),
        # plotly would lay half of the paper's opposite, a grey box, behind its buttons
        "modebar": {"bgcolor": TRANSPARENT, "color": look.muted, "activecolor": look.text},
        **{name: _axis(look, settings) for name, settings in axes.items()},
        **more,
    }
    moving = {"frames": list(frames)} if frames else {}
    return go.Figure({"data": list(traces), "layout": layout, **moving})


def _title(look: Look, title: str, subtitle: str) -> Settings:
    return {
        "text": title_text(look, title, subtitle),
        "font": {"size": look.font + 2, "color": look.text},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"t": look.font + 2, "l": 4},
    }


def title_text(look: Look, title: str, subtitle: str) -> str:
    """Return a title over its small print, for a frame that changes both."""
    small = f'<span style="font-size:{look.small}px;color:{look.muted};font-weight:400">'
    return f"<b>{title}</b><br>{small}{subtitle}</span>"


def _hover(look: Look) -> Settings:
    font = {"family": FONT, "size": look.font, "color": look.text}
    return {"bgcolor": look.raised, "bordercolor": look.muted, "font": font, "align": "left"}


def _axis(look: Look, settings: Settings) -> Settings:
    """Return an axis in the common look; a ``title`` is its words alone."""
    small = {"size": look.small}
    axis = {"gridcolor": look.grid, "zeroline": False, "ticks": "", "tickfont": small} | settings
    if "title" in axis:
        axis["title"] = {"text": axis["title"], "font": small, "standoff": 4}
    return axis


def heading(look: Look, text: str, **place: Any) -> Settings:
    """Return an annotation: the name of a group or of a panel."""
    font = {"size": look.small, "color": look.muted}
    return {"text": f"<i>{text}</i>", "showarrow": False, "font": font, **place}


def key(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return a legend as one line of text, which a phone has room for.

    Args:
        entries: colour, sign and words (escaped) of each thing to tell apart.
    """
    signs = (f'<span style="color:{colour}">{sign}</span> {text}' for colour, sign, text in entries)
    return "\u2003".join(signs)


def colour_bar(look: Look, title: str) -> Settings:
    """Return a colour bar that lies along the lower edge (`draw` puts it there)."""
    small = {"size": look.small}
    return {
        "orientation": "h",
        "title": {"text": title, "side": "top", "font": small},
        "x": 0.5,
        "len": 1,
        "thickness": look.small,
        "tickfont": small,
        "outlinewidth": 0,
        "ypad": 0,
    }


def made_by(made: Provenance) -> str:
    """Return the encoder that answered and its state: it is named wherever it is shown."""
    return f"{escape(made.backbone)}, {escape(made.state)}"


def origin(made: Provenance | None) -> list[str]:
    """Return a line for a subtitle: the encoder, its state, its checkpoint; none if not known."""
    if made is None:
        return []
    digits = made.checkpoint[:DIGITS]
    return [f"{made_by(made)} · {escape(digits)}" if digits else made_by(made)]


def nothing(title: str, words: str, look: Look) -> go.Figure:
    """Return a figure that says why there is nothing to draw."""
    hidden = {"visible": False}
    place = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
    return draw(
        [],
        look,
        title=title,
        height=5 * look.font,
        axes={"xaxis": hidden, "yaxis": hidden},
        annotations=[heading(look, words, **place)],
    )
