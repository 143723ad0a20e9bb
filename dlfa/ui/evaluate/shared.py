"""What two runs have in common, and in what they were made differently."""

from collections.abc import Iterator

import numpy as np

from dlfa.messages import _
from dlfa.results import Evaluated, Evaluation
from dlfa.ui.guard import literal

__all__ = ["differing", "premises"]

MADE = ("backbone", "checkpoint", "dtype", "device")  # of the provenance
SET = ("limit", "sampling_seed", "max_length")  # of the settings
DIGITS = 8  # of a checkpoint's digest


def differing(first: Evaluated, second: Evaluated) -> str:
    """Return in one line what the two runs differ in, for whoever reads their difference."""
    told = [
        _("evaluate.against.fact", fact=_(f"evaluate.fact.{name}"), first=one, second=other)
        for name, one, other in _facts(first, second)
        if one != other
    ]
    if not told:
        return _("evaluate.against.alike")
    return _("evaluate.against.differs", facts=", ".join(told))


def _facts(first: Evaluated, second: Evaluated) -> Iterator[tuple[str, str, str]]:
    both = first, second
    for name in MADE:
        one, other = (str(getattr(run.provenance, name)) for run in both)
        if name == "checkpoint":
            one, other = one[:DIGITS], other[:DIGITS]
        yield name, literal(one), literal(other)
    drawn = all(run.settings.get("limit") is not None for run in both)
    for name in SET:
        if name == "sampling_seed" and not drawn:
            continue  # of all pairs: nothing was drawn
        one, other = (_setting(run, name) for run in both)
        yield name, one, other
    one, other = (f"{len(np.unique(run.languages))}" for run in both)
    yield "languages", one, other
    one, other = (f"{len(run.heads)}" for run in both)
    yield "heads", one, other


def _setting(run: Evaluated, name: str) -> str:
    value = run.settings.get(name)
    if value is not None:
        return literal(f"{value:,}" if isinstance(value, int) else str(value))
    return _("evaluate.n.all") if name == "limit" else "–"


def premises(first: Evaluated, second: Evaluated) -> int:
    """Return how many different premises, or sentences, the examples have that are in both."""
    _both, mine, _theirs = np.intersect1d(_keys(first), _keys(second), return_indices=True)
    drawn = first.premises if isinstance(first, Evaluation) else first.ids
    return len(np.unique(drawn[mine]))


def _keys(run: Evaluated) -> np.ndarray:
    keys: np.ndarray = np.strings.add(np.strings.add(run.ids, "\t"), run.languages)
    return keys
