"""The frame of every figure: words above, room around, a key and a colour bar."""

from collections.abc import Iterable

import plotly.graph_objects as go

from dlfa.figures.palette import FONT, TRANSPARENT, Look

__all__ = ["colour_bar", "key", "layout"]


def layout(
    figure: go.Figure,
    look: Look,
    *,
    title: str,
    subtitle: str = "",
    height: float,
    top: float = 0,
    bottom: float = 0,
    left: float = 8,
    right: float = 12,
) -> go.Figure:
    """Give a figure the common look and return it.

    Args:
        figure: changed in place.
        look: light or dark, desk or projector.
        title: one short line (a phone shows about 45 characters).
        subtitle: what is shown, in small print; ``<br>`` breaks it, a `key` may end it.
        height: of the data area, in px; at least half of ``bottom`` where there is a colour bar.
        top: room between the words and the data for headings, in px.
        bottom: room below the data for axis and colour bar, in px.
        left: least room for labels, in px; axes with ``automargin`` take what they need.
        right: room at the right, in px.
    """
    lines = 1 + subtitle.count("<br>")
    words = look.font * 2.6 + look.small * 1.3 * lines
    total = round(height + words + top + bottom)
    axis = {"gridcolor": look.grid, "zeroline": False, "showline": False, "ticks": ""}
    small = {"tickfont_size": look.small, "title_font_size": look.small, "title_standoff": 4}
    # in paper units: plotly misplaces the title of a bar whose place is in container units
    figure.update_coloraxes(
        colorbar_y=(0.3 * look.small - bottom) / height, colorbar_yanchor="bottom"
    )
    figure.update_layout(
        template=go.layout.Template(),
        height=total,
        margin={"t": words + top, "b": bottom, "l": left, "r": right, "pad": 3},
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        font={"family": FONT, "size": look.font, "color": look.text},
        title=_title(look, title, subtitle),
        showlegend=False,
        hoverlabel=_hover(look),
    )
    return figure.update_xaxes(**axis, **small).update_yaxes(**axis, **small)


def _title(look: Look, title: str, subtitle: str) -> dict[str, object]:
    small = f'<span style="font-size:{look.small}px;color:{look.muted};font-weight:400">'
    return {
        "text": f"<b>{title}</b><br>{small}{subtitle}</span>",
        "font": {"size": look.font + 2, "color": look.text},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"t": look.font + 2, "l": 4},
    }


def key(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return a legend as one line of text, which a phone has room for.

    Args:
        entries: colour, sign and words (escaped) of each thing to tell apart.
    """
    signs = (f'<span style="color:{colour}">{sign}</span> {text}' for colour, sign, text in entries)
    return "\u2003".join(signs)


def _hover(look: Look) -> dict[str, object]:
    font = {"family": FONT, "size": look.font, "color": look.text}
    return {"bgcolor": look.raised, "bordercolor": look.muted, "font": font, "align": "left"}


def colour_bar(look: Look, title: str) -> dict[str, object]:
    """Return a colour bar that lies along the lower edge (`layout` puts it there)."""
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
