"""The columns of a token x channel picture: channels, sorted, and averaged into groups."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from dlfa.figures.frame import Settings
from dlfa.messages import _

__all__ = ["Columns", "Order", "channel_columns"]

Order = Literal["index", "mean", "variance", "difference"]
NAMED = 6  # channels of a group that are named when it is pointed at


@dataclass(frozen=True, eq=False, kw_only=True)
class Columns:
    """What stands in the columns of a picture, from left to right."""

    order: Order
    channels: Int[np.ndarray, " dim"]
    """Every channel, in the order in which it is drawn."""
    edges: tuple[int, ...]
    """Where each column begins in ``channels``, and the end."""

    def __len__(self) -> int:
        return len(self.edges) - 1

    @property
    def grouped(self) -> bool:
        """Whether a column may stand for several channels."""
        return len(self) < len(self.channels)

    def of(self, cells: Float[np.ndarray, "row dim"]) -> Float[np.ndarray, "row _"]:
        """Return the columns: channels in this order, groups of neighbours averaged."""
        cells = cells if self.order == "index" else cells[:, self.channels]
        if not self.grouped:
            return cells
        sums = np.add.reduceat(cells, self.edges[:-1], axis=1, dtype=np.float64)
        means: np.ndarray = (sums / np.diff(self.edges)).astype(cells.dtype)
        return means

    @property
    def title(self) -> str:
        """How channels are sorted and grouped; short lines, for a phone."""
        words = _(f"figure.channels.{self.order}")
        groups = _("figure.channels.groups", groups=len(self))
        return f"{words},<br>{groups}" if self.grouped else words

    @property
    def named(self) -> bool:
        """Whether the axis shows numbers: sorted, they say nothing by themselves."""
        return self.order == "index" and not self.grouped

    def axis(self) -> Settings:
        """Return an x axis that tells a column's channels when it is pointed at."""
        spans = [self.channels[first:end] for first, end in pairwise(self.edges)]
        return {
            "range": [-0.5, len(spans) - 0.5],
            "labelalias": {str(at): _span(span) for at, span in enumerate(spans)},
            "showgrid": False,
            "nticks": 5,
            "showticklabels": self.named,
            "title": self.title,
        }


def channel_columns(
    cells: Float[np.ndarray, "token dim"],
    order: Order = "index",
    groups: int = 0,
    against: Float[np.ndarray, "_ dim"] | None = None,
) -> Columns:
    """Return the columns of a picture.

    Args:
        cells: what the order is made from.
        order: ``"index"``; ``"mean"`` or ``"variance"`` over tokens, largest first; or
            ``"difference"``: how far the mean over tokens is from that of ``against``.
        groups: neighbours in this order are averaged into so many columns; 0: none are.
        against: another head's cells, or another sentence's; its tokens may be others.

    Raises:
        ValueError: ``"difference"`` without anything to differ from, or fewer than 0 groups.
    """
    if groups < 0:
        raise ValueError(f"groups are counted from 0: {groups}")
    dim = cells.shape[1]
    count = min(groups, dim) or dim
    edges = tuple(at * dim // count for at in range(count + 1))
    return Columns(order=order, channels=_sorted(cells, order, against), edges=edges)


def _sorted(
    cells: Float[np.ndarray, "token dim"],
    order: Order,
    against: Float[np.ndarray, "_ dim"] | None,
) -> Int[np.ndarray, " dim"]:
    if order == "index":
        return np.arange(cells.shape[1])
    if order == "difference":
        if against is None:
            raise ValueError("sorting channels by difference needs another gate")
        measure = np.abs(cells.mean(0) - against.mean(0))
    else:
        measure = cells.mean(0) if order == "mean" else cells.var(0)
    return np.argsort(-measure, kind="stable")


def _span(channels: Int[np.ndarray, " _"]) -> str:
    """Return channels as people read them: ``7``, ``8–11`` or ``3, 17, 40 … (12)``."""
    first, last, count = int(channels[0]), int(channels[-1]), len(channels)
    if count == 1:
        return str(first)
    if last - first == count - 1 and np.all(np.diff(channels) == 1):
        return f"{first}–{last}"
    named = ", ".join(str(channel) for channel in channels[:NAMED])
    return named if count <= NAMED else f"{named} … ({count})"
