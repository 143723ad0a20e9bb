"""The numbers of a run so far, example by example, and what bfloat16 did to them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dlfa.analysis.passes import Answers, Prepared
from dlfa.data.labelled import Labelled
from dlfa.results import GATE_MEASURES, Evaluation, Provenance

__all__ = ["Answered", "faults", "flips", "likeliest"]

# What a chunk on disk holds of each example, with the example's place among the array's axes.
AXIS = {
    "probabilities": 1,
    "gates": 0,
    "tokens": 0,
    "overlap": 0,
    "seconds": 0,
    "passes": 0,
}


class Answered:
    """What is known of each example; NaN and 0 where nothing is yet.

    Args:
        examples: how many there are, as of the others.
        changes: of the gate.
        heads: that answer.
        labels: that they choose from.
    """

    def __init__(self, examples: int, changes: int, heads: int, labels: int) -> None:
        self.there = np.zeros(examples, bool)
        self.probabilities = np.full((changes, examples, heads, labels), np.nan, np.float32)
        self.gates = np.full((examples, heads, len(GATE_MEASURES)), np.nan, np.float32)
        self.tokens = np.zeros(examples, np.int64)
        self.overlap = np.full(examples, np.nan)
        self.seconds = np.zeros(examples)
        self.passes = np.zeros(examples)
        """Of an encoder pass: what falls to each example of its batch."""

    def take(self, prepared: Prepared, parts: Sequence[Answers]) -> None:
        """Take in what all jobs on some examples gave."""
        rows = list(prepared.rows)
        self.tokens[rows], self.overlap[rows] = prepared.tokens, prepared.overlap
        for part in parts:
            self.probabilities[:, part.rows] = part.probabilities
            self.gates[part.rows] = part.gates
            self.seconds[part.rows] = part.seconds / len(part.rows)
            self.passes[part.rows] = part.passes / len(part.rows)
        self.there[rows] = True

    def arrays(self, rows: Sequence[int]) -> dict[str, np.ndarray]:
        """Return what is known of some examples, to be stored."""
        found = {name: getattr(self, name) for name in AXIS}
        return {name: array.take(rows, AXIS[name]) for name, array in found.items()}

    def put(self, rows: Sequence[int], arrays: Mapping[str, np.ndarray]) -> bool:
        """Take in what was stored of some examples; return whether it is of their shape."""
        wanted = self.arrays(rows)
        fits = wanted.keys() == arrays.keys() and all(
            (arrays[name].shape, arrays[name].dtype) == (array.shape, array.dtype)
            for name, array in wanted.items()
        )
        if fits:
            for name, array in arrays.items():
                place = (slice(None), list(rows)) if AXIS[name] else (list(rows),)
                getattr(self, name)[place] = array
            self.there[list(rows)] = True
        return fits

    def evaluation(
        self,
        change: int,
        examples: Sequence[Labelled],
        heads: tuple[str, ...],
        labels: tuple[str, ...],
        provenance: Provenance,
        settings: Mapping[str, Any],
    ) -> Evaluation:
        """Return what is known so far under one change of the gate.

        Args:
            change: its place.
            examples: all of them.
            heads: names.
            labels: keys.
            provenance: the model's.
            settings: see `dlfa.results.Evaluation`; what is counted here is added.
        """
        rows = np.flatnonzero(self.there)
        chosen = [examples[row] for row in rows.tolist()]
        probabilities = self.probabilities[change, rows]
        measured = len(self.probabilities) == 1 and not np.isnan(self.gates[rows]).all()
        counted = {
            "passes": int(self.passes[rows].sum().round()),
            "seconds": round(float(self.seconds.sum()), 1),
            "faults": faults(probabilities, chosen, heads),
        }
        return Evaluation(
            ids=np.array([one.id for one in chosen]),
            premises=np.array([one.premise for one in chosen]),
            languages=np.array([one.language for one in chosen]),
            genres=np.array([one.genre for one in chosen]),
            gold=np.array([one.gold for one in chosen]),
            tokens=self.tokens[rows],
            overlap=self.overlap[rows],
            negation=np.array([one.negation for one in chosen]),
            answers=likeliest(probabilities),
            probabilities=probabilities,
            gates=self.gates[rows] if measured else None,
            heads=heads,
            labels=labels,
            settings={**settings, **counted},
            provenance=provenance,
        )


def faults(
    probabilities: np.ndarray, examples: Sequence[Labelled], heads: Sequence[str]
) -> list[str]:
    """Return the examples for which a head gave no numbers, with language and heads.

    Args:
        probabilities: ``(example head label)``
        examples: as many.
        heads: names.
    """
    wrong = ~np.isfinite(probabilities).all(-1)  # (example head)
    return [
        f"{examples[row].id} ({examples[row].language}): {', '.join(np.array(heads)[wrong[row]])}"
        for row in np.flatnonzero(wrong.any(1)).tolist()
    ]


def likeliest(probabilities: np.ndarray) -> np.ndarray:
    """Return the index of the likeliest label, −1 where there are no numbers."""
    numbers = np.isfinite(probabilities).all(-1)
    return np.where(numbers, np.nan_to_num(probabilities).argmax(-1), -1)


def flips(probabilities: np.ndarray, exact: Sequence[Answers]) -> dict[str, Any]:
    """Count the answers that the device's short numbers turned.

    Args:
        probabilities: ``(example head label)`` as the run has them.
        exact: what float32 gives for some of these examples.

    Returns:
        ``examples`` looked at, ``answers`` of all heads on them, ``turned`` of these, and
        ``farthest``: the largest difference of a probability.
    """
    rows = [row for part in exact for row in part.rows]
    wanted = np.concatenate([part.probabilities[0] for part in exact])
    found = probabilities[rows]
    turned = likeliest(found) != likeliest(wanted)
    return {
        "examples": len(rows),
        "answers": turned.size,
        "turned": int(turned.sum()),
        "farthest": round(float(np.nanmax(np.abs(found - wanted))), 6),
    }
