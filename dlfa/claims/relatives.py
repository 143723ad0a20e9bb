"""Claim 9: are languages of one family strongly similar?"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from dlfa.analysis.families import NOBODY_KNOWS, language_tree
from dlfa.claims.evidence import Evidence
from dlfa.claims.findings import measured, part
from dlfa.claims.quantities import Student, jackknifed
from dlfa.claims.rules import directional, everywhere
from dlfa.results import LanguageTree
from dlfa.results.claims import Finding, Part, Saying

__all__ = ["families", "separation"]

STRONG = 0.8  # "strongly similar": of so many pairs the one within a family is the closer
FEWEST_RELATED = 3  # languages that have a relative in the set


def families(evidence: Evidence) -> Finding:
    """Judge claim 9: languages of one family lie closer together than others do, and strongly so.

    In each layer from 1 on, the share of cases in which two languages of one family are closer
    than two of different families (area under the curve), the mean over the layers; its interval
    leaves out one language at a time, for it is languages that such a claim is about.
    """
    layers = [at for at, name in enumerate(evidence.vectors.spaces) if name != "0"]
    tree = language_tree(evidence.vectors, evidence.sentences)
    related = np.array(tree.families)
    enough = sum((related == name).sum() > 1 for name in related if name != NOBODY_KNOWS)
    if enough < FEWEST_RELATED or (related == related[0]).all():
        few = Saying(key="claims.why.families", params={"least": FEWEST_RELATED})
        ruled = everywhere({}, 1)
        return measured(
            9, ruled, (), "auc", (STRONG,), few, recipe="raw", data=(evidence.sentences.name,)
        )
    one = separation(tree, layers)
    ruled = directional(one, STRONG)
    lead = part(
        "",
        "measure",
        Saying(key="claims.part.families"),
        one,
        ruled,
        against=STRONG,
        n=len(related),
        of="languages",
    )
    parts = [_layer_part(tree, at) for at in layers]
    return measured(
        9, ruled, [lead, *parts], "auc", (STRONG,), recipe="raw", data=(evidence.sentences.name,)
    )


def _layer_part(tree: LanguageTree, at: int) -> Part:
    one = separation(tree, [at])
    low, high = one.bounds()
    note = Saying(
        key="claims.note.tree",
        params={"agreement": f"{tree.agreement[at]:.2f}", "p": f"{tree.p[at]:.3f}"},
    )
    return Part(
        name=tree.spaces[at],
        kind="layer",
        title=Saying(key="claims.part.layer", params={"layer": tree.spaces[at]}),
        estimate=one.value,
        low=low,
        high=high,
        note=note,
    )


def separation(tree: LanguageTree, layers: Sequence[int]) -> Student:
    """Return how often a pair within a family is closer than one between, over the layers.

    Args:
        tree: distances and families.
        layers: places of its spaces.
    """
    families_of = np.array(tree.families)
    distances = tree.distances[list(layers)]
    every = np.arange(len(families_of))
    whole = _area(distances, families_of, every)
    without = np.array([_area(distances, families_of, np.delete(every, at)) for at in every])
    known = without[np.isfinite(without)]
    return jackknifed(whole, known)


def _area(
    distances: Float[np.ndarray, "layer language language"],
    families_of: np.ndarray,
    rows: np.ndarray,
) -> float:
    """Return the mean over layers of the area under the curve; NaN without pairs of both kinds."""
    above = np.triu_indices(len(rows), 1)
    one, other = rows[above[0]], rows[above[1]]
    same = (families_of[one] == families_of[other]) & (families_of[one] != NOBODY_KNOWS)
    if not same.any() or same.all():
        return float("nan")
    values = distances[:, one, other]
    near, far = values[:, same], values[:, ~same]
    closer = near[:, :, None] < far[:, None]
    ties = near[:, :, None] == far[:, None]
    return float((closer + ties / 2).mean())
