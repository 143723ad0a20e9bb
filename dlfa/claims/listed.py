"""The seventeen claims and the research question, as data.

What each says, what would have to be true, the statistic and its rule are in the catalogue
(``claims.<number>.sentence`` ...); here is what judges it and where it can be seen.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from dlfa.claims.curve import equilibrium
from dlfa.claims.evidence import Evidence
from dlfa.claims.gate import dynamic
from dlfa.claims.languages import division_of_labour, features
from dlfa.claims.layer_sets import different_layers
from dlfa.claims.question import research_question
from dlfa.claims.relatives import families
from dlfa.claims.structure import CHECKS, structural
from dlfa.claims.transfer import best_gain, every_task, supplement
from dlfa.results.claims import Finding, Saying

__all__ = ["CLAIMS", "MEASURED", "QUESTION", "Claim"]

QUESTION = 0
Judge = Callable[[Evidence], Finding]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim of the paper."""

    number: int
    """1 to 17 as in the list of the paper's claims; 0 is the research question."""
    judge: Judge
    about: Literal["records", "encoder", "gate", "module", "question"]
    """What it is judged by."""
    page: str
    """Where what it is about can be seen."""
    view: Mapping[str, str] = field(default_factory=dict)
    """The page's choices, by their keys in a link."""

    @property
    def sentence(self) -> Saying:
        """The claim."""
        return Saying(key=f"claims.{self.number}.sentence")

    @property
    def must(self) -> Saying:
        """What would have to be true of the data."""
        return Saying(key=f"claims.{self.number}.must")

    @property
    def statistic(self) -> Saying:
        """What is computed."""
        if self.about == "module":
            return Saying(key="claims.structural.statistic")
        return Saying(key=f"claims.{self.number}.statistic")

    @property
    def rule(self) -> Saying:
        """When it is supported, and when contradicted."""
        if self.about == "module":
            return Saying(key="claims.structural.rule")
        return Saying(key=f"claims.{self.number}.rule")

    def command(self, evidence: Evidence, together: Sequence[int] = ()) -> str:
        """Return what repeats its finding.

        Args:
            evidence: by which it was judged.
            together: the claims that were judged with it, all if empty: they are corrected
                together, so that alone it would have another p.
        """
        said = f"python -m dlfa claims --claim {self.number}"
        if self.about == "module":
            return said
        if self.number in MEASURED:
            tested = [str(number) for number in together if number in MEASURED]
            said = " ".join(["python -m dlfa claims", *(["--claim", *tested] if tested else [])])
        about = ("--backbone", evidence.backbone, "--recipe", evidence.recipe, *evidence.own)
        return f"{said} {shlex.join(about)}"


def _structural(number: int) -> Judge:
    return lambda _evidence: structural(number)


def _module(number: int, **view: str) -> Claim:
    return Claim(number=number, judge=_structural(number), about="module", page="gates", view=view)


_OTHERS = (
    Claim(
        number=1,
        judge=division_of_labour,
        about="encoder",
        page="embeddings",
        view={"encoder": "raw", "spaces": "measures", "measure": "p_at_1", "centred": "1"},
    ),
    Claim(number=2, judge=supplement, about="records", page="results", view={"table": "table1"}),
    Claim(number=3, judge=equilibrium, about="records", page="results", view={"table": "layers"}),
    Claim(number=5, judge=every_task, about="records", page="results", view={"table": "choice"}),
    Claim(number=6, judge=best_gain, about="records", page="results", view={"table": "choice"}),
    Claim(
        number=7, judge=different_layers, about="records", page="results", view={"table": "choice"}
    ),
    Claim(
        number=8,
        judge=features,
        about="records",
        page="embeddings",
        view={"encoder": "raw", "spaces": "probes", "probe": "pos"},
    ),
    Claim(
        number=9,
        judge=families,
        about="encoder",
        page="embeddings",
        view={"encoder": "raw", "spaces": "languages"},
    ),
    Claim(
        number=13,
        judge=dynamic,
        about="gate",
        page="gates",
        view={"view": "effect", "whose": "every"},
    ),
)
MEASURED = tuple(one.number for one in _OTHERS)
"""Those with a statistic: the family of all corrections."""
_STRUCTURAL = tuple(_module(number, view="layer") for number in CHECKS)
CLAIMS: Mapping[int, Claim] = {
    one.number: one for one in sorted((*_OTHERS, *_STRUCTURAL), key=lambda one: one.number)
} | {QUESTION: Claim(number=QUESTION, judge=research_question, about="question", page="train")}
