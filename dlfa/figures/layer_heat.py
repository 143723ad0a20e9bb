"""Where does a fused layer help? Differences to its own baseline by layer and language.

What its interval cannot tell from 0 has no colour.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Bool, Float

from dlfa.figures.frame import Settings, colour_bar, draw
from dlfa.figures.headrows import head_axis, head_headings, head_rows
from dlfa.figures.heat import upright
from dlfa.figures.numbered import numbered, worse_to_better
from dlfa.figures.palette import Look
from dlfa.figures.scores import english_leads, interval, language_word
from dlfa.figures.table_words import seeds_word, way_word
from dlfa.figures.words import decimals, escape, head_word, hundredths
from dlfa.messages import _
from dlfa.results import Measured

__all__ = ["describe_layer_heatmap", "layer_heatmap"]

CELLS = ("difference", "low", "high")
LEAST_REACH = 0.5  # points: of the colours
MOST = 15  # languages: more leave no room for numbers
LETTER = 0.56  # of a font's height: the width of a usual letter

Cells = Float[np.ndarray, "head language"]


def layer_heatmap(found: Measured, look: Look, *, names: Mapping[str, str]) -> go.Figure:
    """Draw every fused head's difference to its own baseline in every language.

    Args:
        found: with at least one fused head.
        look: light or dark, desk or projector.
        names: language code -> name; a code without one stands for itself.

    Returns:
        a row per head, a column per language, in points; colours are centred on 0. Cells whose
        95 % interval holds 0 are grey.
    """
    rows = head_rows(found.fused)
    codes = [found.languages[at] for at in english_leads(found.languages)]
    words = [escape(language_word(code, names)) for code in codes]
    cells = [_cells(found, name, codes) for name in CELLS]
    apart = _apart(*cells[1:])
    texts, notes = _texts(cells[0]), _notes(found.fused, words, cells)
    place = {"y0": min(rows)}
    coloured = _some(apart, cells[0], texts, notes, look) | place | {"coloraxis": "coloraxis"}
    plain = _some(~apart, cells[0], texts, notes, look) | place
    plain |= {"colorscale": [[0, look.grid], [1, look.grid]]}
    plain["textfont"] = plain["textfont"] | {"color": look.muted}
    subtitle = [way_word(found.way), seeds_word(found), _("figure.table.heat.subtitle")]
    return draw(
        [coloured, plain],
        look,
        title=_("figure.table.heat.title"),
        subtitle="<br>".join(subtitle),
        height=(max(rows) + 1) * (look.small + 10),
        top=look.small * (0.8 + LETTER * max(map(len, words))),
        bottom=4.6 * look.small,
        axes={"xaxis": upright(words), "yaxis": head_axis(rows)},
        annotations=head_headings(rows, look),
        coloraxis=_colours(cells[0][apart], look),
    )


def _cells(found: Measured, name: str, codes: Sequence[str]) -> Cells:
    """Return one kind of numbers of every fused head and language, in points."""
    columns = [found.heads.index(head) for head in found.fused]
    groups = [found.groups.index(code) for code in codes]
    cells: np.ndarray = 100 * getattr(found, name)[groups][:, columns].T
    return cells


def _apart(low: Cells, high: Cells) -> Bool[np.ndarray, "head language"]:
    """Return which intervals do not hold 0."""
    return (low > 0) | (high < 0)


def _some(
    mask: Bool[np.ndarray, "head language"],
    points: Cells,
    texts: list[list[str]],
    notes: list[list[list[str]]],
    look: Look,
) -> Settings:
    """Return a trace of some of the cells; the others are empty."""
    written = [
        [text if there else "" for text, there in zip(*line, strict=True)]
        for line in zip(texts, mask.tolist(), strict=True)
    ]
    hover = _("figure.table.heat.hover")
    return numbered(np.where(mask, points, np.nan), written, notes, hover, look)


def _notes(
    heads: Sequence[str], words: Sequence[str], cells: Sequence[Cells]
) -> list[list[list[str]]]:
    """Return what pointing at a cell tells: head, language, difference, interval."""
    lines = zip(*((cell / 100).tolist() for cell in cells), strict=True)
    return [
        [
            [head_word(head), word, hundredths(value), interval(low, high, signed=True)]
            for word, value, low, high in zip(words, *line, strict=True)
        ]
        for head, line in zip(heads, lines, strict=True)
    ]


def _texts(points: Cells) -> list[list[str]]:
    """Return what stands in the cells: nothing where there is no room."""
    few = points.shape[1] <= MOST
    return [[_short(value) if few else "" for value in row] for row in points.tolist()]


def _short(points: float) -> str:
    """Return a difference without a leading zero, for which a phone has no room: ``+.3``."""
    if not np.isfinite(points):
        return ""
    written = decimals(points, 1, signed=True)
    sign, number = written[0], written[1:]
    return sign + number.removeprefix("0") if number.strip("0.") else "0"


def _colours(points: Float[np.ndarray, " cell"], look: Look) -> Settings:
    reach = max(LEAST_REACH, float(np.ceil(2 * np.abs(points).max(initial=0)) / 2))
    bar = colour_bar(look, _("figure.table.heat.scale")) | {"nticks": 5}
    return {"colorscale": worse_to_better(look), "cmin": -reach, "cmax": reach, "colorbar": bar}


def describe_layer_heatmap(found: Measured, *, names: Mapping[str, str]) -> str:
    """Return `layer_heatmap` in words: how many cells differ from 0, and the outermost ones."""
    cells = [_cells(found, name, found.languages) for name in CELLS]
    points, apart = cells[0], _apart(*cells[1:])
    high, low = np.nanargmax(points), np.nanargmin(points)
    return _(
        "figure.table.heat.alt",
        way=way_word(found.way),
        heads=len(found.fused),
        languages=len(found.languages),
        above=int((apart & (points > 0)).sum()),
        below=int((apart & (points < 0)).sum()),
        cells=points.size,
        high=_place(found, int(high), points, names),
        low=_place(found, int(low), points, names),
    )


def _place(found: Measured, at: int, points: Cells, names: Mapping[str, str]) -> str:
    head, language = np.unravel_index(at, points.shape)
    return _(
        "figure.table.heat.place",
        head=head_word(found.fused[int(head)]),
        language=language_word(found.languages[int(language)], names),
        points=hundredths(float(points[head, language]) / 100),
    )
