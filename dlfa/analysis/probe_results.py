"""What a probe's answers say: accuracies by language, with the intervals that they are worth."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from dlfa.analysis.statistics import wilson, worth
from dlfa.results import Probe, Provenance

__all__ = ["probed"]


def probed(
    name: str,
    spaces: tuple[str, ...],
    languages: tuple[str, ...],
    right: Sequence[Bool[np.ndarray, "space _"]],
    clusters: Sequence[np.ndarray],
    *,
    control: Float[np.ndarray, " space"],
    majority: float,
    trained_on: tuple[str, ...],
    provenance: Provenance,
) -> Probe:
    """Return a probe's result; intervals are Wilson's, examples of one cluster drawn as a whole.

    Args:
        name: ``"language"`` or ``"pos"``.
        spaces: of the vectors.
        languages: those that were asked.
        right: which answers were right, of each language.
        clusters: ``(example)`` of each language: what examples have in common, an item or a
            sentence.
        control: the average of a probe that learned from shuffled labels.
        majority: the accuracy of always giving the commonest label.
        trained_on: languages that it learned from.
        provenance: of the vectors, with the probe's seed.
    """
    hits = [one.T.astype(int) for one in right]  # (example space)
    values = np.array([one.mean(0) for one in hits])
    each = [worth(one, shared) for one, shared in zip(hits, clusters, strict=True)]
    low, high = wilson(values, np.array(each))
    average = values.mean(0)
    together = worth(np.concatenate(hits), np.concatenate(clusters))
    average_low, average_high = wilson(average, together)
    return Probe(
        name=name,
        spaces=spaces,
        languages=languages,
        values=values,
        low=low,
        high=high,
        average=average,
        average_low=average_low,
        average_high=average_high,
        control=control,
        majority=majority,
        trained_on=trained_on,
        n=np.array([len(one) for one in hits]),
        provenance=provenance,
    )
