r"""Integrals along a straight path, in panels that are halved where they miss most.

By the fundamental theorem the integral of a score's gradient over any piece of the path is the
difference of the score between its two ends. So every panel tells its own error, at the price of
two plain passes, and gradients are spent where the score bends: near the baseline, usually.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dlfa.analysis.score_paths import Tell

__all__ = ["MOST", "NODES", "START", "Integral", "integrate"]

NODES = 5  # gradients a panel
MOST = 200  # gradients in all
AT_A_TIME = 2  # panels that are halved before anybody looks again
START = (0.0, 0.0625, 0.125, 0.25, 0.5, 1.0)  # borders of the first panels

Numbers = Float[np.ndarray, " panel"]
Parts = Callable[[Numbers, Numbers], Float[np.ndarray, "panel part"]]
Panel = tuple[float, float]


class Integral(NamedTuple):
    """What the parts add over the whole path."""

    parts: Float[np.ndarray, " part"]
    steps: int
    """Gradients that were evaluated, those of halved panels too."""
    start: float
    """The score at the path's beginning."""
    end: float


def integrate(
    parts: Parts,
    value: Callable[[Numbers], Numbers],
    *,
    aim: float,
    nodes: int = NODES,
    most: int = MOST,
    at_once: int = 8,
    tell: Tell = lambda done, total: None,
) -> Integral:
    """Integrate until the panels miss no more than the aim, all of them together.

    Args:
        parts: takes panels' lower and upper ends, in [0, 1], and returns what each part adds there.
        value: takes places on the path and returns the score.
        aim: sum of the panels' errors over the score's change.
        nodes: gradients that ``parts`` takes for a panel.
        most: gradients after which it ends in any case.
        at_once: panels that fit a batch.
        tell: see `dlfa.analysis.score_paths.Tell`.
    """
    work = _Work(parts=parts, value=value, nodes=nodes, most=most, at_once=at_once, tell=tell)
    work.add(list(pairwise(START)))
    start, end = work.values[0.0], work.values[1.0]
    while work.steps + 2 * nodes <= most and (worst := work.missing(aim * abs(end - start))):
        work.halve(worst)
    total = np.sum(list(work.panels.values()), axis=0)
    return Integral(total, work.steps, start, end)


@dataclass(kw_only=True)
class _Work:
    parts: Parts
    value: Callable[[Numbers], Numbers]
    nodes: int
    most: int
    at_once: int
    tell: Tell
    panels: dict[Panel, np.ndarray] = field(default_factory=dict)
    values: dict[float, float] = field(default_factory=dict)
    """The score at every border."""
    steps: int = 0

    def add(self, panels: list[Panel]) -> None:
        """Evaluate panels, and the score at their ends."""
        places = sorted({end for panel in panels for end in panel} - set(self.values))
        self.tell(self.steps, self.most)
        self.values |= dict(zip(places, self.value(np.array(places)).tolist(), strict=True))
        for at in range(0, len(panels), self.at_once):
            some = panels[at : at + self.at_once]
            lows, highs = np.array(some).T
            self.panels |= dict(zip(some, self.parts(lows, highs).astype(float), strict=True))
            self.steps += self.nodes * len(some)
            self.tell(self.steps, self.most)

    def missing(self, allowed: float) -> list[Panel]:
        """Return the panels that miss most, as many as fit a batch; none if they are good enough.

        Each panel counts with its own error: errors that cancel by luck are errors.
        """
        errors = {
            (low, high): abs(found.sum() - (self.values[high] - self.values[low]))
            for (low, high), found in self.panels.items()
        }
        if sum(errors.values()) <= allowed:
            return []
        worst = sorted(errors, key=lambda panel: -errors[panel])
        few = min(AT_A_TIME, (self.most - self.steps) // (2 * self.nodes))
        return [panel for panel in worst[:few] if errors[panel] > 0]

    def halve(self, panels: list[Panel]) -> None:
        """Put two panels in the place of each."""
        halves: list[Panel] = []
        for low, high in panels:
            del self.panels[low, high]
            middle = (low + high) / 2
            halves += [(low, middle), (middle, high)]
        self.add(halves)
