"""Heat maps with a number in every cell, readable at any width."""

from typing import Any

import numpy as np
from jaxtyping import Float

from dlfa.figures.frame import Settings
from dlfa.figures.palette import Look

__all__ = ["fewer_to_more", "numbered", "rising", "share_span", "worse_to_better"]

REACH = 0.8  # of the way to the palette's next colour
LEAST_SPAN = 0.1  # of the colours of shares: ten points, or noise would look like an effect


def numbered(
    values: Float[np.ndarray, "row column"],
    texts: list[list[str]],
    notes: list[list[list[Any]]],
    hover: str,
    look: Look,
) -> Settings:
    """Return a trace of cells placed by index, which has no colours yet; NaN: an empty cell.

    Plotly makes the letters as large as they fit, at most as usual; it counts the characters of
    a text, so that ``texts`` must hold no markup but ``<br>``.

    Args:
        values: what is coloured.
        texts: what stands in the cells.
        notes: what pointing at a cell tells, for the template.
        hover: plotly's template.
        look: whose ink; the colours must be some of those below, which bear it.
    """
    return {
        "type": "heatmap",
        "z": values,
        "x0": 0,
        "dx": 1,
        "y0": 0,
        "dy": 1,
        "text": texts,
        "texttemplate": "%{text}",
        "textfont": {"color": look.text},
        "customdata": notes,
        "hovertemplate": hover,
        "hoverongaps": False,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }


def rising(look: Look) -> list[str]:
    """Return colours from low to high: those of the palette on which text is readable."""
    return fewer_to_more(look)[2::-1]


def worse_to_better(look: Look) -> list[str]:
    """Return colours around no difference, the better end in the colour of high shares."""
    return fewer_to_more(look)[::-1]


def fewer_to_more(look: Look) -> list[str]:
    """Return colours around no difference, where neither end is the better one."""
    first, second, *middle, last = look.diverging[2:7]
    return [_towards(second, first), second, *middle, _towards(middle[-1], last)]


def _towards(one: str, other: str) -> str:
    """Return a colour nearly as far as another: the palette's own bears too little contrast."""
    channels = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + REACH * (b - a)):02X}" for a, b in channels)


def share_span(values: Float[np.ndarray, "..."]) -> tuple[float, float]:
    """Return the ends of a scale of shares: multiples of 5 % around the finite values."""
    finite = values[np.isfinite(values)]
    low = min(1 - LEAST_SPAN, float(np.floor(20 * finite.min(initial=1)) / 20))
    return low, max(low + LEAST_SPAN, float(np.ceil(20 * finite.max(initial=0)) / 20))
