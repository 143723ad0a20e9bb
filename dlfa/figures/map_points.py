"""Points of a map: which are drawn alike, and their places in few bytes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from dlfa.figures.palette import Look

__all__ = [
    "INSIDE",
    "REACH",
    "Kind",
    "between",
    "filled",
    "kinds",
    "most",
    "most_shapes",
    "packed",
    "painted",
    "shaped",
]

SHAPES = {  # by dimensions; in space plotly writes letters, and few fonts have its "x"
    2: ("circle", "square", "diamond", "triangle-up", "cross", "x"),
    3: ("circle", "square", "diamond", "cross"),
}
IN_TURN = {2: SHAPES[2], 3: (*SHAPES[3], "circle-open")}  # as many as share no factor with colours
OPEN = frozenset({"circle", "square", "diamond"})  # those that have an open twin in space
FILLS = {2: ("", "-open", "-open-dot"), 3: ("", "-open")}
LAST = {2: "star", 3: "circle-open"}  # of values that came when all shapes were taken
MOST = 20  # colours; what is rarer is drawn as "other"
REACH = 32000  # of int16, with some room
INSIDE = 1.06  # the picture ends a little beyond the farthest point


@dataclass(frozen=True)
class Kind:
    """Sentences that a map draws alike."""

    value: str | None
    """As in the column; None: everything too rare to have its own."""
    rows: Int[np.ndarray, " row"]
    values: int = 1
    """How many values of the column these are."""


def kinds(values: np.ndarray, most: int = MOST, known: int | None = None) -> list[Kind]:
    """Return the values of a column with their rows, the rarest together in the end.

    Args:
        values: ``(sentence)`` strings.
        most: how many kinds may come out, "other" among them; one more where values that came
            later find no room.
        known: how many sentences were there first; the others change nothing of their kinds, and
            what is new among them comes after. All by default.
    """
    counts = Counter(values[:known].tolist())
    common = sorted(counts, key=lambda value: (-counts[value], value))
    kept = sorted(common if len(common) <= most else common[: most - 1])
    if len(common) < most:
        new = sorted(set(values.tolist()) - set(common))
        kept += new[: most - len(common)]
    found = [Kind(value, np.flatnonzero(values == value)) for value in kept]
    rest = np.flatnonzero(~np.isin(values, kept))
    return [*found, Kind(None, rest, len(np.unique(values[rest])))] if len(rest) else found


def most(dims: int, look: Look, *, shaped: bool) -> int:
    """Return how many kinds can be told apart: fewer in space, where fills take a shape's part."""
    return min(MOST, len(look.kinds) * len(FILLS[dims])) if shaped else MOST


def painted(many: int, look: Look, dims: int, *, shaped: bool) -> list[tuple[str, str, str]]:
    """Return colour, symbol and fill of so many kinds, no two alike.

    Shape and colour change together, each at its own pace, so that neither must be seen; where
    the shape says something else, the marker's fill takes its part.
    """
    symbols, fills = IN_TURN[dims], FILLS[dims]
    colours = look.kinds
    return [
        (
            colours[at % len(colours)],
            "" if shaped else symbols[at % len(symbols)],
            fills[at // len(colours) % len(fills)] if shaped else "",
        )
        for at in range(many)
    ]


def most_shapes(dims: int) -> int:
    """Return how many symbols there are."""
    return len(SHAPES[dims])


def shaped(many: int, dims: int) -> list[str]:
    """Return so many symbols, at most one more than `most_shapes`."""
    return [*SHAPES[dims], LAST[dims]][:many]


def filled(symbol: str, fill: str, dims: int) -> str:
    """Return plotly's name of a symbol with a fill, as far as it can draw it."""
    return symbol if dims == 3 and symbol not in OPEN else symbol + fill


def packed(
    points: Float[np.ndarray, "space sentence axis"],
) -> Int[np.ndarray, "space sentence axis"]:
    """Return places as int16 that fill its range: a map's axes have no unit, and a page waits."""
    reach = float(np.abs(points).max(initial=0)) or 1.0
    return np.round(points / reach * REACH).astype(np.int16)


def between(
    places: Int[np.ndarray, "space sentence axis"], steps: int
) -> Iterator[tuple[int, int, Int[np.ndarray, "sentence axis"]]]:
    """Yield each space with the states on the way to it: its index, the step (0: arrived), places.

    Args:
        places: of `packed`.
        steps: states between two spaces.
    """
    for at, here in enumerate(places):
        for step in range(1, steps + 1) if at else ():
            share = _eased(step / (steps + 1))
            yield at, step, np.round((1 - share) * places[at - 1] + share * here).astype(np.int16)
        yield at, 0, here


def _eased(share: float) -> float:
    """Return how far a movement is that begins and ends slowly (smoothstep)."""
    return share * share * (3 - 2 * share)
