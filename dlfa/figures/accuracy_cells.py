"""What stands in the cells of the heat map of accuracies, or of differences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Shaped

from dlfa.figures.frame import Settings, colour_bar
from dlfa.figures.numbered import rising, share_span, worse_to_better
from dlfa.figures.palette import Look
from dlfa.figures.scores import measured, p_word, twin
from dlfa.figures.words import decimals, head_word, hundredths, tenths
from dlfa.messages import _, of_task
from dlfa.results import Accuracies, Differences

__all__ = ["Cells", "Grid", "Subject", "accuracy_grid", "difference_grid"]

Subject = Literal["accuracy", "difference"]
Column = Shaped[np.ndarray, "head column"]

LEAST_REACH = 0.5  # points: of the colours of differences


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells:
    """Some columns, a line per head."""

    values: Float[np.ndarray, "head column"]
    """Shares in [0, 1], or differences in points: the colour. NaN: an empty cell."""
    texts: list[list[str]]
    notes: list[list[list[Any]]]
    """What pointing at a cell tells: the head's name, then what the template names."""
    hover: str
    """Plotly's template for it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Grid:
    """All heads, in every language and on average, on one scale."""

    heads: tuple[str, ...]
    languages: Cells
    average: Cells
    colours: Settings
    """Plotly's colour axis."""


def accuracy_grid(accuracies: Accuracies, at: Sequence[int], digits: int, look: Look) -> Grid:
    """Return the cells of accuracies, in percent.

    Args:
        accuracies: of at least one head and language.
        at: the languages' indices, in the order of the columns.
        digits: decimals in the languages' cells; averages have one.
        look: light or dark, desk or projector.
    """
    found, heads = accuracies, accuracies.heads
    values = found.share
    n = np.broadcast_to(found.n, found.right.shape)
    told = [column[:, at] for column in (found.low, found.high, found.right, n)]
    average = found.average[:, None]
    return Grid(
        heads=heads,
        languages=Cells(
            values=values[:, at],
            texts=_texts(values[:, at], lambda value: decimals(100 * value, digits)),
            notes=_notes(heads, told),
            hover=of_task("figure.accuracy.hover", twin(found.metric)),
        ),
        average=Cells(
            values=average,
            texts=_texts(average, tenths),
            notes=_notes(heads, [found.average_low[:, None], found.average_high[:, None]]),
            hover=_("figure.accuracy.hover.average"),
        ),
        colours=_accuracy_colours(np.append(values, average), found.metric, look),
    )


def difference_grid(
    differences: Differences, codes: Sequence[str], digits: int, look: Look
) -> Grid:
    """Return the cells of differences, in points; a star marks what stands after Holm.

    Args:
        differences: of at least one head and language.
        codes: the languages, in the order of the columns.
        digits: decimals in the languages' cells; averages have two.
        look: light or dark, desk or projector.

    Raises:
        ValueError: a language without differences.
    """
    found, heads = differences, differences.heads
    at = [found.languages.index(code) for code in codes]
    ends = 100 * found.language_low, 100 * found.language_high
    told = (*ends, found.only_head, found.only_reference, found.mcnemar)
    average, values = 100 * found.average[:, None], 100 * found.by_language
    p = np.array([[p_word(float(one))] for one in found.p_holm], dtype=object)
    texts = _texts(average, lambda value: hundredths(value / 100))
    return Grid(
        heads=heads,
        languages=Cells(
            values=values[:, at],
            texts=_texts(values[:, at], lambda value: _short(value, digits)),
            notes=_notes(heads, [column[:, at] for column in told]),
            hover=of_task("figure.accuracy.hover.difference", twin(found.metric)),
        ),
        average=Cells(
            values=average,
            texts=_starred(texts, [head in found.claimed() for head in heads]),
            notes=_notes(heads, [100 * found.low[:, None], 100 * found.high[:, None], p]),
            hover=_("figure.accuracy.hover.difference.average"),
        ),
        colours=_difference_colours(np.append(values, average), look),
    )


def _texts(values: Float[np.ndarray, "head column"], write: Callable[[float], str]) -> list[Any]:
    return [[write(one) if np.isfinite(one) else "" for one in row] for row in values.tolist()]


def _notes(heads: Sequence[str], told: Sequence[Column]) -> list[list[list[Any]]]:
    """Return each cell's notes: the head's name, then its place in each array."""
    words = map(head_word, heads)
    lines = zip(*(column.tolist() for column in told), strict=True)
    return [
        [[word, *cell] for cell in zip(*line, strict=True)]
        for word, line in zip(words, lines, strict=True)
    ]


def _short(points: float, digits: int) -> str:
    """Return a difference without a leading zero, for which a phone has no room: ``+.3``."""
    written = decimals(points, digits, signed=True)
    sign, number = written[0], written[1:]
    return sign + number.removeprefix("0") if number.strip("0.") else "0"


def _starred(texts: list[list[str]], claimed: Sequence[bool]) -> list[list[str]]:
    return [
        [f"{text}*" if one else text for text in row]
        for row, one in zip(texts, claimed, strict=True)
    ]


def _accuracy_colours(values: Float[np.ndarray, " cell"], metric: str, look: Look) -> Settings:
    low, high = share_span(values)
    bar = colour_bar(look, measured("figure.accuracy.scale", metric))
    bar |= {"tickformat": ".0%", "nticks": 5}
    return {"colorscale": rising(look), "cmin": low, "cmax": high, "colorbar": bar}


def _difference_colours(values: Float[np.ndarray, " cell"], look: Look) -> Settings:
    finite = np.abs(values[np.isfinite(values)])
    reach = max(LEAST_REACH, float(np.ceil(2 * finite.max(initial=0)) / 2))
    bar = colour_bar(look, _("figure.accuracy.scale.difference")) | {"nticks": 5}
    return {"colorscale": worse_to_better(look), "cmin": -reach, "cmax": reach, "colorbar": bar}
