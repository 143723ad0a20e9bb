"""Judge claims: each by its own statistic and rule, all corrected together.

The family of Holm's correction are all claims with a statistic, also where only some of them are
run: nobody gets a verdict by running a single claim that would not stand beside the others.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from dlfa.analysis.statistics import holm
from dlfa.claims.evidence import Evidence
from dlfa.claims.listed import CLAIMS, MEASURED, Claim
from dlfa.claims.rules import LEVEL
from dlfa.errors import DlfaError, InputError
from dlfa.results.claims import Finding, Saying

__all__ = ["corrected", "examine"]

Tell = Callable[[int], object]
FAMILY = len(MEASURED)


def examine(
    evidence: Evidence, numbers: Sequence[int] = (), tell: Tell = lambda number: None
) -> tuple[Finding, ...]:
    """Return a finding for each claim asked for, in the paper's order, the question last.

    Args:
        evidence: what is at hand.
        numbers: of claims, 0 for the research question; all if empty.
        tell: called with each claim's number before it is judged.

    Raises:
        InputError: there is no such claim.
    """
    unknown = [number for number in numbers if number not in CLAIMS]
    if unknown:
        raise InputError("error.claims.unknown", numbers=", ".join(map(str, unknown)))
    chosen = [one for number, one in CLAIMS.items() if not numbers or number in numbers]
    found = []
    for one in chosen:
        tell(one.number)
        found.append(_judged(one, evidence, numbers))
    return corrected(found)


def _judged(one: Claim, evidence: Evidence, together: Sequence[int]) -> Finding:
    """Judge one claim; what is not at hand leaves it undecided, with the sentence that says so."""
    began = time.monotonic()
    try:
        found = one.judge(evidence)
    except DlfaError as error:
        why = (Saying(key=error.key, params=dict(error.params)),)
        found = Finding(claim=one.number, verdict="undecided", why=why)
    found = replace(
        found, command=one.command(evidence, together), seconds=round(time.monotonic() - began, 3)
    )
    if one.about == "module":
        return found
    recipe = "raw" if one.about == "encoder" else evidence.recipe
    return replace(found, backbone=evidence.backbone, recipe=recipe)


def corrected(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Correct all p together (Holm 1979); a verdict that does not stand then is open.

    Args:
        findings: with their own p; claims with a statistic that are not among them, or could not be
            measured, count as tested with p = 1.
    """
    rows = [at for at, one in enumerate(findings) if np.isfinite(one.p)]
    if not rows:
        return tuple(findings)
    others = np.ones(max(0, FAMILY - len(rows)))
    p_holm = holm(np.concatenate([[findings[at].p for at in rows], others]))
    by_row = dict(zip(rows, p_holm.tolist(), strict=False))  # those not computed come last
    return tuple(
        _standing(one, by_row[at], max(FAMILY, len(rows))) if at in by_row else one
        for at, one in enumerate(findings)
    )


def _standing(one: Finding, p_holm: float, family: int) -> Finding:
    told = replace(one, p_holm=p_holm, family=family)
    if one.verdict not in ("supported", "contradicted") or p_holm < LEVEL:
        return told
    verdict = Saying(key=f"claims.verdict.{one.verdict}")
    about = {"verdict": verdict, "p": f"{one.p:.2g}", "p_holm": f"{p_holm:.2g}", "claims": family}
    why = Saying(key="claims.why.corrected", params=about)
    return replace(told, verdict="undecided", why=(why, *one.why))
