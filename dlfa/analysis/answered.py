"""The numbers of a run so far, example by example, and what bfloat16 did to them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dlfa.analysis.kept import Kept
from dlfa.analysis.passes import Answers
from dlfa.data.labelled import Labelled
from dlfa.results import GATE_MEASURES, Evaluation, Provenance

__all__ = ["Answered", "faults", "flips", "likeliest"]


class Answered(Kept[Labelled, Answers]):
    """What is known of each pair.

    Args:
        examples: all of them.
        changes: of the gate, how many.
        heads: that answer.
        labels: that they choose from.
    """

    ARRAYS = ("probabilities", "gates", "overlap", *Kept.ARRAYS)

    def __init__(self, examples: Sequence[Labelled], changes: int, heads: int, labels: int) -> None:
        super().__init__(examples)
        n = len(examples)
        self.probabilities = np.full((changes, n, heads, labels), np.nan, np.float32)
        self.gates = np.full((n, heads, len(GATE_MEASURES)), np.nan, np.float32)
        self.overlap = np.full(n, np.nan)

    def _put(self, part: Answers) -> None:
        self.probabilities[:, part.rows] = part.probabilities
        self.gates[part.rows] = part.gates

    def _place(self, name: str, rows: Sequence[int]) -> tuple[Any, ...]:
        place = super()._place(name, rows)
        return (slice(None), *place) if name == "probabilities" else place

    def flips(self, exact: Sequence[Answers]) -> dict[str, Any]:
        """Count the answers that the device's short numbers turned; see `flips`."""
        return flips(self.probabilities[0], exact)

    def evaluation(
        self,
        change: int,
        heads: tuple[str, ...],
        labels: tuple[str, ...],
        provenance: Provenance,
        settings: Mapping[str, Any],
    ) -> Evaluation:
        """Return what is known so far under one change of the gate; see `Kept`."""
        rows = np.flatnonzero(self.there)
        chosen = [self.examples[row] for row in rows.tolist()]
        probabilities = self.probabilities[change, rows]
        measured = len(self.probabilities) == 1 and not np.isnan(self.gates[rows]).all()
        counted = {**self.counted(rows), "faults": faults(probabilities, chosen, heads)}
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
