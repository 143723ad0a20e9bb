"""One matrix of answers by right label: a head's, or a head's minus another's."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from dlfa.figures.frame import Settings
from dlfa.figures.numbered import fewer_to_more, rising
from dlfa.figures.palette import Look
from dlfa.figures.scores import count, language_word
from dlfa.figures.words import escape, head_word, label_word, tenths
from dlfa.messages import _
from dlfa.results import Confusions

__all__ = ["Matrix", "confusion_counts", "confusion_place", "confusion_shares", "matrix", "minus"]

LEAST_REACH = 2.0  # points: of the colours of a difference


@dataclass(frozen=True, eq=False, kw_only=True)
class Matrix:
    """One picture: rows are right labels, columns answers."""

    name: str
    values: Float[np.ndarray, "label label"]
    texts: list[list[str]]
    notes: list[list[list[str]]]
    colours: Settings


def confusion_place(language: str | None, names: Mapping[str, str] | None) -> str:
    """Return which language, safe in an alt text, or that it is all of them."""
    return language_word(language, names or {}) if language else _("figure.confusions.all")


def confusion_counts(
    confusions: Confusions, head: str, language: str | None
) -> Int[np.ndarray, "label label"]:
    """Return a head's examples by right label and answer; all languages together for None.

    Raises:
        ValueError: a head or a language that is not there.
    """
    every = confusions.counts[confusions.heads.index(head)]
    found: np.ndarray = (
        every.sum(0) if language is None else every[confusions.languages.index(language)]
    )
    return found


def confusion_shares(counts: Int[np.ndarray, "label label"]) -> Float[np.ndarray, "label label"]:
    """Return each row's shares; NaN in the row of a label without examples."""
    totals = counts.sum(1, keepdims=True)
    missing = np.full(counts.shape, np.nan)
    found: np.ndarray = np.divide(counts, totals, out=missing, where=totals > 0)
    return found


def matrix(confusions: Confusions, head: str, language: str | None, look: Look) -> Matrix:
    """Return a head's answers: shares of each right label, under them the numbers of examples.

    Raises:
        ValueError: a head or a language that is not there.
    """
    counts = confusion_counts(confusions, head, language)
    values = confusion_shares(counts)
    cells = zip(values.ravel().tolist(), counts.ravel().tolist(), strict=True)
    texts = [_share_text(*cell) for cell in cells]
    return Matrix(
        name=head_word(head),
        values=values,
        texts=np.array(texts, dtype=object).reshape(values.shape).tolist(),
        notes=_notes(confusions, head, values, counts),
        colours={"colorscale": rising(look), "zmin": 0.0, "zmax": 1.0},
    )


def _share_text(share: float, number: int) -> str:
    return f"{tenths(share)}<br>{count(number)}" if np.isfinite(share) else ""


def _notes(
    confusions: Confusions, head: str, values: np.ndarray, counts: np.ndarray
) -> list[list[list[str]]]:
    words = [escape(label_word(label)) for label in confusions.labels]
    size = range(len(words))
    return [
        [
            [
                head_word(head),
                words[row],
                words[column],
                tenths(values[row, column]),
                count(int(counts[row, column])),
                count(int(counts[row].sum())),
            ]
            for column in size
        ]
        for row in size
    ]


def minus(
    confusions: Confusions, head: str, against: str, language: str | None, look: Look
) -> Matrix:
    """Return a head's shares minus another's, in points."""
    counts = [confusion_counts(confusions, one, language) for one in (head, against)]
    values = 100 * (confusion_shares(counts[0]) - confusion_shares(counts[1]))
    more = counts[0] - counts[1]
    reach = max(LEAST_REACH, float(np.nanmax(np.abs(values), initial=0)))
    cells = zip(values.ravel().tolist(), more.ravel().tolist(), strict=True)
    texts = [_step_text(*cell) for cell in cells]
    both = {"first": head_word(head), "second": head_word(against)}
    return Matrix(
        name=_("figure.confusions.minus", **both),
        values=values,
        texts=np.array(texts, dtype=object).reshape(values.shape).tolist(),
        notes=_notes(confusions, head, confusion_shares(counts[0]), counts[0]),
        colours={"colorscale": fewer_to_more(look), "zmin": -reach, "zmax": reach},
    )


def _step_text(points: float, more: int) -> str:
    if not np.isfinite(points):
        return ""
    return f"{tenths(points / 100, signed=True)}<br>{more:+,}".replace("-", "−")
