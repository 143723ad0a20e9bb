"""Which head is right how often in which language: a heat map, complete or growing."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.accuracy_cells import Cells, Grid, Subject, accuracy_grid, difference_grid
from dlfa.figures.frame import Settings, draw, origin
from dlfa.figures.headrows import head_axis, head_headings, head_rows
from dlfa.figures.numbered import numbered
from dlfa.figures.palette import Look
from dlfa.figures.scores import (
    Order,
    count,
    language_order,
    language_word,
    measured,
    reference_word,
)
from dlfa.figures.words import escape, head_word
from dlfa.messages import _
from dlfa.results import Accuracies, Differences, Provenance

__all__ = ["accuracy_heatmap"]

APART = 0.35  # columns between the languages and what stands apart from them
WIDE = 2.2  # columns: how wide these are, for a decimal even on a phone
COARSE = 100  # examples of a language: no difference is smaller than a point
FINE = 500  # examples of a language: a decimal of an accuracy says something
MOST = 15  # languages: as many cells with a decimal as a desk has room for
LETTER = 0.56  # of a font's height: the width of a usual letter

Edges = tuple[float, float]


def accuracy_heatmap(
    accuracies: Accuracies,
    look: Look,
    *,
    names: Mapping[str, str],
    subject: Subject = "accuracy",
    differences: Differences | None = None,
    partial: tuple[int, int] | None = None,
    published: Mapping[str, float] | None = None,
    order: Order = "baseline",
    digits: int | None = None,
    wide: bool = False,
    made: Provenance | None = None,
) -> go.Figure:
    """Draw every head's accuracy, or its difference to a reference, in every language.

    Args:
        accuracies: of at least one head and language.
        look: light or dark, desk or projector.
        names: language code -> name; a code without one stands for itself.
        subject: ``"accuracy"`` or ``"difference"``.
        differences: on the same examples; needed for their own picture.
        partial: examples answered so far, and all of them; None: the evaluation is complete.
        published: mBERT's published accuracy in percent by head (Chen et al. 2022, mean over the
            languages); in a column of its own and not on our colour scale.
        order: of the languages, see `language_order`.
        digits: decimals in the languages' cells; None: as many as the pairs bear: none, but one
            for differences on more than 100 pairs, and where it is wide for accuracies on 500.
        wide: there is room as on a desk: all cells have letters of one size. Else, and where there
            are more than 15 languages, they shrink to fit: on a phone, 15 leave room for two
            digits, and more for none.
        made: named in small print where given.

    Returns:
        a row per head, a column per language, their average apart (left out for one language);
        pointed at, each cell tells its 95 % interval. In the averages' column of differences a
        star marks what stands after Holm's correction.

    Raises:
        ValueError: differences are to be drawn and there are none.
    """
    if subject == "difference" and differences is None:
        raise ValueError("a picture of differences needs differences")
    at = language_order(accuracies, order, names)
    held = differences if subject == "difference" else None
    digits = _digits(accuracies, subject, wide=wide) if digits is None else digits
    grid = _grid(accuracies, held, at, digits, look)
    rows = head_rows(grid.heads)
    places = [grid.heads.index(rows[row]) if row in rows else -1 for row in range(max(rows) + 1)]
    theirs = published if subject == "accuracy" else None
    apart = _apart(len(at), bool(theirs))
    many = len(at) > MOST
    letters = {"size": look.small - 1} if wide else {}
    traces = [_ours(grid.languages, places, look, {} if many else letters)]
    if many and not wide:
        traces[0] |= {"texttemplate": ""}  # no letters so small can be read
    if "average" in apart:
        average = _ours(grid.average, places, look, letters)
        traces.append(_aside(average, apart["average"], look))
    if theirs:
        traces.append(_aside(_theirs(theirs, rows, look), apart["published"], look))
    columns = _columns([language_word(accuracies.languages[one], names) for one in at], apart)
    return draw(
        traces,
        look,
        title=_title(accuracies.metric, subject, differences, partial),
        subtitle="<br>".join(_subtitle(accuracies, subject, made)),
        height=len(places) * (look.small + 10),
        top=look.small * (0.8 + LETTER * _longest(columns)),
        bottom=4.6 * look.small,
        axes={"xaxis": _across(columns, _end(len(at), apart)), "yaxis": _down(rows)},
        annotations=head_headings(rows, look),
        coloraxis=grid.colours,
    )


def _grid(
    accuracies: Accuracies,
    differences: Differences | None,
    at: list[int],
    digits: int,
    look: Look,
) -> Grid:
    """Return the cells of differences where there are any, else of accuracies."""
    if differences is None:
        return accuracy_grid(accuracies, at, digits, look)
    codes = [accuracies.languages[one] for one in at]
    return difference_grid(differences, codes, digits, look)


def _digits(found: Accuracies, subject: Subject, *, wide: bool) -> int:
    """Return how many decimals the languages' cells have by default."""
    least = int(found.n.min())
    if subject == "difference":
        return int(least > COARSE)
    return int(wide and least >= FINE and len(found.languages) <= MOST)


def _apart(languages: int, published: bool) -> dict[str, Edges]:
    """Return the edges of the columns that stand apart."""
    wanted = [*["average"] * (languages > 1), *["published"] * published]
    starts = languages - 0.5 + APART + np.arange(len(wanted)) * (WIDE + APART)
    return {
        name: (start, start + WIDE) for name, start in zip(wanted, starts.tolist(), strict=True)
    }


def _aside(column: Settings, edges: Edges, look: Look) -> Settings:
    """Return a column where it stands; plotly does not fit the letters of a single one."""
    letters = {"size": look.small - 2} | column["textfont"]
    return column | {"x0": sum(edges) / 2, "dx": edges[1] - edges[0], "textfont": letters}


def _ours(cells: Cells, places: list[int], look: Look, letters: Settings) -> Settings:
    """Return our own numbers; ``places`` are the heads' indices by row, −1 for a heading."""
    width = cells.values.shape[1]
    values = np.append(cells.values, np.full((1, width), np.nan), 0)[places]
    texts, notes = [*cells.texts, [""] * width], [*cells.notes, [[""]] * width]
    rows = [texts[at] for at in places], [notes[at] for at in places]
    found = numbered(values, *rows, cells.hover, look)
    return found | {"coloraxis": "coloraxis", "textfont": found["textfont"] | letters}


def _theirs(published: Mapping[str, float], rows: Mapping[int, str], look: Look) -> Settings:
    """Return mBERT's column: on plain ground, in none of our colours."""
    heads = [rows.get(at, "") for at in range(max(rows) + 1)]
    percents = [published.get(head, np.nan) for head in heads]
    texts = [[f"{one:.2f}" if np.isfinite(one) else ""] for one in percents]  # as printed
    notes = [[[head_word(head) if head else ""]] for head in heads]
    hover = _("figure.accuracy.hover.published")
    return numbered(np.array(percents)[:, None], texts, notes, hover, look) | {
        "textfont": {"color": look.muted, "style": "italic"},
        "colorscale": [[0, look.grid], [1, look.grid]],
    }


def _columns(languages: list[str], apart: Mapping[str, Edges]) -> dict[float, str]:
    """Return what stands above each column, by its middle."""
    columns: dict[float, str] = {float(at): escape(word) for at, word in enumerate(languages)}
    words = {name: _(f"figure.accuracy.column.{name}") for name in apart}
    return columns | {sum(edges) / 2: words[name] for name, edges in apart.items()}


def _longest(columns: Mapping[float, str]) -> int:
    return max(len(line) for word in columns.values() for line in word.split("<br>"))


def _end(languages: int, apart: Mapping[str, Edges]) -> float:
    return max((right for _left, right in apart.values()), default=languages - 0.5)


def _across(columns: Mapping[float, str], end: float) -> Settings:
    return {
        "range": [-0.5, end],
        "tickvals": list(columns),
        "ticktext": list(columns.values()),
        "tickangle": -90,
        "side": "top",
        "showgrid": False,
        "fixedrange": True,
    }


def _down(rows: Mapping[int, str]) -> Settings:
    """Return the axis of the heads; the kind of their gate stands above them."""
    labels = [head_word(head.removesuffix("_aff")) for head in rows.values()]
    return head_axis(rows) | {"ticktext": labels}


def _title(
    metric: str, subject: Subject, differences: Differences | None, partial: tuple[int, int] | None
) -> str:
    if partial is not None:
        words = {"done": count(partial[0]), "total": count(partial[1])}
        return measured(f"figure.accuracy.title.{subject}.partial", metric, **words)
    if subject == "difference" and differences is not None:
        reference = escape(reference_word(differences.reference))
        return _("figure.accuracy.title.difference", reference=reference)
    return measured("figure.accuracy.title", metric)


def _subtitle(accuracies: Accuracies, subject: Subject, made: Provenance | None) -> list[str]:
    least, most = int(accuracies.n.min()), int(accuracies.n.max())
    size = count(least) if least == most else f"{count(least)}–{count(most)}"
    metric, languages = accuracies.metric, len(accuracies.languages)
    told = measured("figure.accuracy.subtitle", metric, n=size, languages=languages)
    return [told, measured(f"figure.accuracy.subtitle.{subject}", metric), *origin(made)]
