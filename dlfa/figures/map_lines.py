"""Lines of a map between a sentence and its translations, which move with the points."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from dlfa.results import SentenceSet

__all__ = ["ENDS", "line_ends", "line_places", "lines_fit"]

ENGLISH = "en"
ENDS = 1000  # lines at most: more are a felt in which no line can be followed

Ends = Int[np.ndarray, "line end"]


def line_ends(sentences: SentenceSet, chosen: Sequence[int] = ()) -> Ends:
    """Return the rows that lines join: from a chosen sentence, or an item's first, to the others.

    Args:
        sentences: translations share their item.
        chosen: rows; none: every item, from its English sentence where it has one.
    """
    items: dict[str, list[int]] = defaultdict(list)
    for row, item in enumerate(sentences.items.tolist()):
        if item:
            items[item].append(row)
    hubs = list(chosen) or [_hub(sentences, rows) for rows in items.values()]
    joined = [
        (hub, other)
        for hub in hubs
        for other in items.get(str(sentences.items[hub]), ())
        if other != hub
    ]
    return np.array(joined, dtype=int).reshape(-1, 2)


def _hub(sentences: SentenceSet, rows: Sequence[int]) -> int:
    return min(rows, key=lambda row: sentences.languages[row] != ENGLISH)


def lines_fit(sentences: SentenceSet, chosen: Sequence[int] = ()) -> bool:
    """Return whether a map can show all these lines."""
    return len(line_ends(sentences, chosen)) <= ENDS


def line_places(
    places: Int[np.ndarray, "sentence axis"], ends: Ends
) -> Float[np.ndarray, "axis _"]:
    """Return the lines' corners, each line followed by a gap (NaN)."""
    corners = np.full((len(ends), 3, places.shape[1]), np.nan, dtype=np.float32)
    corners[:, :2] = places[ends]
    found: np.ndarray = corners.reshape(-1, places.shape[1]).T
    return found
