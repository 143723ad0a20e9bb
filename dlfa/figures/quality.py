"""How good a map is in every space: what it keeps of the neighbours, and what chance would."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.curves import values_axis
from dlfa.figures.frame import Settings, draw, key, origin
from dlfa.figures.palette import KIND_COLOURS, Look
from dlfa.figures.spaces import (
    fused_heading,
    fused_places,
    layers_of,
    space_axis,
    space_places,
    space_word,
)
from dlfa.figures.words import decimals, tenths
from dlfa.messages import _
from dlfa.results import LayerMap

__all__ = ["describe_quality_curves", "quality_curves"]

HEIGHT = 240  # px
SIGNS = {  # part -> plotly's symbol, and a sign that looks like it
    "trust": ("circle", "●"),
    "overlap": ("square", "■"),
    "stability": ("diamond", "◆"),
}


def quality_curves(mapped: LayerMap, look: Look) -> go.Figure:
    """Draw a map's trustworthiness, kept neighbours and agreement of two seeds by space.

    Args:
        mapped: of any spaces.
        look: light or dark, desk or projector.

    Returns:
        a curve each over the layers, the fused spaces apart; a dotted line at what random places
        would keep. No curve of seeds for PCA, which has none.
    """
    parts = _parts(mapped)
    colours = dict(zip(SIGNS, KIND_COLOURS, strict=False))
    signs = [(colours[part], SIGNS[part][1], _(f"figure.quality.{part}")) for part in parts]
    chance = f"{_('figure.quality.chance')} {tenths(mapped.chance)} %"
    spaces = mapped.spaces
    apart = bool(fused_places(spaces))
    return draw(
        [
            trace
            for part, values in parts.items()
            for trace in _curve(mapped, part, values, colours[part], look)
        ],
        look,
        title=_("figure.quality.title"),
        subtitle="<br>".join(
            [key(signs), key([(look.muted, "┈", chance)]), *origin(mapped.provenance)]
        ),
        height=HEIGHT,
        top=(1.6 if apart else 0.6) * look.font,
        bottom=(5 if apart else 3.2) * look.small,
        axes={
            "xaxis": space_axis(spaces),
            "yaxis": values_axis((0.0, 1.05), "", shares=False),
        },
        shapes=[_chance(mapped, look)],
        annotations=fused_heading(spaces, look),
    )


def _parts(mapped: LayerMap) -> dict[str, Float[np.ndarray, " space"]]:
    parts = {"trust": mapped.trustworthiness, "overlap": mapped.overlap}
    return parts if mapped.method == "pca" else parts | {"stability": mapped.stability}


def _curve(
    mapped: LayerMap, part: str, values: Float[np.ndarray, " space"], colour: str, look: Look
) -> list[Settings]:
    spaces = mapped.spaces
    styles = (layers_of(spaces), "lines+markers"), (fused_places(spaces), "markers")
    return [
        {
            "type": "scatter",
            "mode": mode,
            "x": space_places(spaces)[rows],
            "y": values[rows],
            "line": {"color": colour, "width": 2},
            "marker": {"symbol": SIGNS[part][0], "size": look.small - 4, "color": colour},
            "cliponaxis": False,
            "customdata": [[space_word(spaces[row]), _(f"figure.quality.{part}")] for row in rows],
            "hovertemplate": _("figure.quality.hover"),
        }
        for rows, mode in styles
        if rows
    ]


def _chance(mapped: LayerMap, look: Look) -> Settings:
    place = {"xref": "x domain", "x0": 0, "x1": 1, "y0": mapped.chance, "y1": mapped.chance}
    return {"type": "line", "line": {"color": look.muted, "width": 1.2, "dash": "dot"}} | place


def describe_quality_curves(mapped: LayerMap) -> str:
    """Return `quality_curves` in words: the range of each curve, and chance."""
    told: dict[str, object] = {
        "method": _(f"figure.map.method.{mapped.method}"),
        "spaces": len(mapped.spaces),
        "trust_low": decimals(_ends(mapped.trustworthiness)[0], 2),
        "trust_high": decimals(_ends(mapped.trustworthiness)[1], 2),
        "overlap_low": tenths(_ends(mapped.overlap)[0]),
        "overlap_high": tenths(_ends(mapped.overlap)[1]),
        "chance": tenths(mapped.chance),
    }
    if np.isnan(mapped.trustworthiness).all():
        return _("figure.verdict.map.same", number=len(mapped.spaces), spaces=len(mapped.spaces))
    if mapped.method == "pca":
        return _("figure.quality.alt.exact", **told)
    if np.isnan(mapped.stability).all():
        return _("figure.quality.alt.open", **told)
    ends = _ends(mapped.stability)
    seeds = {"stability_low": tenths(ends[0]), "stability_high": tenths(ends[1])}
    return _("figure.quality.alt", **told, **seeds)


def _ends(values: Float[np.ndarray, " space"]) -> tuple[float, float]:
    """Return the lowest and the highest of the values that are known; NaN where none is."""
    known = values[~np.isnan(values)]
    return (float(known.min()), float(known.max())) if len(known) else (np.nan, np.nan)
