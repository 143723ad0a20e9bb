"""Every head's answers on labelled pairs: what an evaluation keeps, and records store."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.errors import WrongTaskError
from dlfa.results.provenance import Provenance

__all__ = ["GATE_MEASURES", "Evaluated", "Evaluation", "pairs_of"]

GATE_MEASURES = ("share", "attention", "spread")
"""What is kept of a gate on one example, over all channels of the tokens that reach the classifier
(all real ones with "mean" pooling, the first with "cls"): the lower layer's share (mean over
tokens, as on Gates), the mean of s, and the standard deviation of s."""


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """What every evaluation knows: `Evaluation` adds pairs' answers, `TaggedEvaluation` words'."""

    ids: np.ndarray
    """Example ids, ``(example)`` strings; translations share theirs."""
    languages: np.ndarray
    """ISO 639-1 codes, ``(example)`` strings; ``"und"`` where nobody said."""
    tokens: Int[np.ndarray, " example"]
    """Input length in sub-words."""
    heads: tuple[str, ...]
    labels: tuple[str, ...]
    settings: Mapping[str, Any]
    """``task``, ``split`` (``"test"``, ``"validation"``, ``"built-in"``, ``"own"``, or another set
    of the task's), ``limit``, ``sampling_seed``, ``max_length``, ``source`` (a mirror, or the
    Hub's commit), ``data`` (a digest of the examples), ``total`` (examples that were asked for:
    more than there are where the run was stopped), ``passes``, ``seconds``; where there are any
    ``faults`` (examples without numbers), ``flips`` (answers that bfloat16 turned) and ``absent``
    (languages of the task that the source lacks). Of a run over perturbed examples also
    ``perturbation``, ``perturbation_seed``, ``expects`` (see `dlfa.data.perturbations`) and
    ``left_out`` (how many it cannot handle, by language and reason); its labels are those that
    were right before."""
    provenance: Provenance

    @property
    def complete(self) -> bool:
        """Whether all examples that were asked for are here."""
        return len(self.ids) >= int(self.settings.get("total", len(self.ids)))


@dataclass(frozen=True, kw_only=True)
class Evaluation(Evaluated):
    """Every head's answers on labelled sentence pairs of several languages."""

    premises: np.ndarray
    """Which premise, ``(example)`` strings: examples that share one, and their translations, are
    right and wrong together, so that it is what a bootstrap draws."""
    genres: np.ndarray
    """Genre or topic, ``(example)`` strings; empty where the data names none."""
    gold: Int[np.ndarray, " example"]
    """Index of the right label."""
    overlap: Float[np.ndarray, " example"]
    """Share of the hypothesis' words that are in the premise too, in [0, 1]; NaN where unknown."""
    negation: Int[np.ndarray, " example"]
    """Whether the English original's hypothesis holds a negation: 1, 0, or −1 where unknown."""
    answers: Int[np.ndarray, "example head"]
    """Index of the likeliest label; −1, never right, where a head gave no numbers."""
    probabilities: Float[np.ndarray, "example head label"] | None
    """None in a record that was kept small."""
    gates: Float[np.ndarray, "example head measure"] | None
    """`GATE_MEASURES` of each head's gate, NaN for the baseline; None where not measured."""

    @property
    def right(self) -> Bool[np.ndarray, "example head"]:
        """Whether each head's answer is the right one."""
        return self.answers == self.gold[:, None]

    def part(self, rows: slice | Int[np.ndarray, " row"]) -> "Evaluation":
        """Return some of the examples, with all that is known of them."""
        every = {one.name: getattr(self, one.name) for one in fields(self)}
        some: dict[str, Any] = {
            name: value[rows] for name, value in every.items() if isinstance(value, np.ndarray)
        }
        return replace(self, **some)

    @property
    def margins(self) -> Float[np.ndarray, "example head"] | None:
        """Probability of the likeliest label minus that of the second, in [0, 1]."""
        if self.probabilities is None:
            return None
        ordered = np.sort(self.probabilities, axis=-1)
        return ordered[..., -1] - ordered[..., -2]


def pairs_of(evaluation: Evaluated) -> Evaluation:
    """Return an evaluation of sentence pairs as what it is.

    Raises:
        WrongTaskError: it is of words.
    """
    if not isinstance(evaluation, Evaluation):
        raise WrongTaskError("error.model.tagging", task=evaluation.settings.get("task", ""))
    return evaluation
