"""The rows of a token x channel picture: tokens, or words put together from their sub-words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

from dlfa.figures.frame import Pixels, Settings
from dlfa.figures.palette import Look
from dlfa.figures.words import escape, plain, told_apart
from dlfa.results import Tokens

__all__ = ["Rows", "boundaries", "label_axis", "row_height", "token_rows", "word_means"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Rows:
    """What stands in the rows of a picture, from top to bottom."""

    labels: tuple[str, ...]
    """Safe to print, special tokens in italics."""
    names: tuple[str, ...]
    """The same for an alt text: where a name occurs again, with its first token's place."""
    segment: tuple[str, ...]
    """``"premise"``, ``"hypothesis"`` or ``"special"``, per row."""
    first: Int[np.ndarray, " row"]
    """The first token of each row."""
    of_token: Int[np.ndarray, " token"]
    """The row in which each token stands."""

    def __len__(self) -> int:
        return len(self.labels)

    def average(self, cells: Float[np.ndarray, "token ..."]) -> Float[np.ndarray, "row ..."]:
        """Return the mean over the tokens of each row; as it is where a row is a token."""
        if len(self) == len(cells):
            return cells
        counts = np.diff([*self.first, len(cells)]).astype(cells.dtype)
        sums = np.add.reduceat(cells, self.first, axis=0)
        means: np.ndarray = sums / counts.reshape(-1, *[1] * (cells.ndim - 1))
        return means


def token_rows(tokens: Tokens, merged: bool = False) -> Rows:
    """Return a row per token, or per word with special tokens kept apart.

    Args:
        tokens: of one sentence pair.
        merged: neighbouring sub-words of one word share a row.
    """
    starts = np.array([at for at in range(len(tokens)) if not (merged and _continues(tokens, at))])
    texts = tokens.words if merged else ()
    names = [
        plain(texts[tokens.word[at]] if texts and tokens.word[at] >= 0 else tokens.pieces[at])
        for at in starts
    ]
    marks = np.zeros(len(tokens), dtype=int)
    marks[starts] = 1
    return Rows(
        labels=tuple(map(_label, names, tokens.special[starts])),
        names=tuple(told_apart(names, starts.tolist())),
        segment=tuple(tokens.segment[at] for at in starts),
        first=starts,
        of_token=marks.cumsum() - 1,
    )


def _label(name: str, special: np.bool_) -> str:
    return f"<i>{escape(name)}</i>" if special else escape(name)


def _continues(tokens: Tokens, at: int) -> bool:
    """Return whether a token is a further piece of its predecessor's word."""
    here, before = int(tokens.word[at]), int(tokens.word[at - 1])
    return at > 0 and here >= 0 and here == before


def row_height(rows: int, look: Look, tallest: Pixels, least: Pixels) -> Pixels:
    """Return the height of one row, in px.

    Args:
        rows: how many.
        look: desk or projector.
        tallest: rows shrink when they would stand higher than this together, in px.
        least: but no further than this, in px.
    """
    return max(least, min(look.small + 8, tallest / max(1, rows)))


def label_axis(labels: Sequence[str], height: Pixels, look: Look) -> Settings:
    """Return the settings of a y axis with one row per label, the first on top.

    Rows are numbers and only their labels words, for a token may occur twice; ``labelalias``
    also names those rows whose label is left out for want of room, when pointed at.

    Args:
        labels: safe to print.
        height: of one row, in px.
        look: desk or projector.
    """
    return {
        "range": [len(labels) - 0.5, -0.5],
        "tickmode": "linear",
        "tick0": 0,
        "dtick": int(np.ceil((look.small + 3) / height)),
        "labelalias": {str(at): label for at, label in enumerate(labels)},
        "tickangle": 0,
        "showgrid": False,
        "automargin": True,
    }


def boundaries(segment: Sequence[str], look: Look, panels: int = 1) -> list[Settings]:
    """Return a line, in every panel, wherever premise, hypothesis and special tokens meet."""
    edges = [at + 0.5 for at, (above, below) in enumerate(pairwise(segment)) if above != below]
    line = {"color": look.text, "width": 1}
    return [
        {"type": "line", "xref": f"x{panel} domain", "x0": 0, "x1": 1, "yref": f"y{panel}"}
        | {"y0": edge, "y1": edge, "line": line, "opacity": 0.5}
        for panel in ("", *range(2, panels + 1))
        for edge in edges
    ]


def word_means(
    cells: Float[np.ndarray, "token ..."], tokens: Tokens
) -> Float[np.ndarray, "word ..."]:
    """Return the mean over the sub-words of each of ``tokens.words``; NaN where there are none."""
    spoken = tokens.word >= 0
    shape = (len(tokens.words), *cells.shape[1:])
    sums = np.zeros(shape)
    np.add.at(sums, tokens.word[spoken], cells[spoken])
    counts = np.bincount(tokens.word[spoken], minlength=len(tokens.words)).astype(float)
    counts[counts == 0] = np.nan
    means: np.ndarray = sums / counts.reshape(-1, *[1] * (cells.ndim - 1))
    return means
