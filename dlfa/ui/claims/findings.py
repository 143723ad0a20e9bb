"""The verdicts: computed in the background once for all visitors, while a bar says how far."""

from collections.abc import Hashable

from dlfa.claims.evidence import Evidence
from dlfa.claims.listed import CLAIMS
from dlfa.results.claims import Finding
from dlfa.ui.background import Piece
from dlfa.ui.waiting import made

__all__ = ["findings"]


def findings(evidence: Evidence) -> tuple[Finding, ...] | None:
    """Return a finding for every claim, in the paper's order; None while they are not there.

    Args:
        evidence: what is on trial.

    Raises:
        DlfaError: see `dlfa.claims.verdicts.examine`.
    """

    def judge(piece: Piece) -> tuple[Finding, ...]:
        from dlfa.claims.verdicts import examine

        numbers = list(CLAIMS)

        def tell(number: int) -> None:
            piece.tell(numbers.index(number), len(numbers))

        return examine(evidence, tell=tell)

    name: tuple[Hashable, ...] = ("claims", evidence.backbone, evidence.recipe, evidence.stamp)
    found: tuple[Finding, ...] | None = made(name, judge, "claims.work")
    return found
