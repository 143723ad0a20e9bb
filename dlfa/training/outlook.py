"""How far a grid is, and how long the rest of it will take."""

import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import torch

from dlfa.analysis.joining import writing
from dlfa.messages import _
from dlfa.training.beside import threads_of
from dlfa.training.cells import Cell, Plan
from dlfa.training.forecast import duration, extrapolated
from dlfa.training.probe import probe
from dlfa.training.progress import PROGRESS

__all__ = ["Outlook", "foretold"]


class Outlook:
    """How far a grid is; others may be working on it.

    Args:
        plan: the grid.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, self.began = plan, time.monotonic()
        self.total = len([*plan.cells])
        with writing(plan.store):  # what a kill left half done is put back
            self.first = self._tokens(self.open)

    @property
    def open(self) -> tuple[Cell, ...]:
        """What is not in the store yet."""
        return tuple(cell for cell in self.plan.cells if not self.plan.done(cell))

    def words(self) -> str:
        """Return how far it is, in a sentence."""
        still = self.open
        left = self._tokens(still)
        rate = (self.first - left) / max(time.monotonic() - self.began, 1e-9)
        shares = {cell.words: self._share(cell) for cell in still}
        now = [f"{name} {100 * share:.0f} %" for name, share in shares.items() if share]
        return _(
            "cli.sweep.progress",
            done=self.total - len(still),
            total=self.total,
            rate=f"{rate:.0f}",
            left=duration(left / rate) if rate > 0 else "?",
            now=", ".join(now) or "-",
        )

    def _tokens(self, cells: tuple[Cell, ...]) -> float:
        """Return the training tokens that are left to do of some cells."""
        return sum(self.plan.tokens(cell) * (1 - self._share(cell)) for cell in cells)

    def _share(self, cell: Cell) -> float:
        """Return how far the training of a cell is."""
        return _share(self.plan.work(cell))


def _share(folder: Path) -> float:
    try:
        found = json.loads((folder / PROGRESS).read_text(encoding="utf-8"))
        return float(found["step"]) / float(found["steps"])
    except (OSError, ValueError, KeyError, ZeroDivisionError):
        return 0.0


def foretold(plan: Plan, count: int) -> str:
    """Time a few steps of each task on this device and say how long the rest will take.

    Args:
        plan: the grid.
        count: how many processes will work side by side; that each is as fast as one alone is
            taken for granted, so that it is the least that can be expected.
    """
    still = Outlook(plan).open
    before = torch.get_num_threads()
    torch.set_num_threads(threads_of(count))
    try:
        seconds = sum(_seconds(plan, cell) * several for cell, several in _by_task(still).items())
    finally:
        torch.set_num_threads(before)
    return _(
        "cli.sweep.forecast",
        cells=len(still),
        count=count,
        duration=duration(seconds / max(1, min(count, len(still)))),
    )


def _by_task(cells: tuple[Cell, ...]) -> dict[Cell, int]:
    """Return each task's last cell, which is the likeliest to have a gate, and how many it has."""
    last = {cell.task: cell for cell in cells}
    counts = Counter(cell.task for cell in cells)
    return {cell: counts[name] for name, cell in last.items()}


def _seconds(plan: Plan, cell: Cell) -> float:
    """Return how long a cell takes, test included, timed on a few steps."""
    settings = replace(plan.settings(cell), max_tokens=plan.tokens(cell))
    found = probe(settings)
    tested = found.look / found.tokens * plan.tested(cell)
    return extrapolated(settings, found).likely + tested
