"""A claim of the paper on trial: what was measured, what it says, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from dlfa.messages import _

__all__ = ["UNITS", "VERDICTS", "Finding", "Part", "RecordRef", "Saying", "Verdict"]

Verdict = Literal["supported", "contradicted", "undecided", "structural", "not_run"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""``"undecided"`` reads "cannot decide"; ``"structural"`` is true of the module by executing it;
``"not_run"`` waits for an experiment."""

Unit = Literal["points", "share", "rho", "auc", "checks", "none"]
UNITS: tuple[Unit, ...] = get_args(Unit)
NAN = float("nan")
ASSOCIATION = 8  # the claim of a cause, of which only an association can be measured
PAPERS = "mbert"  # the paper's encoder


@dataclass(frozen=True, kw_only=True)
class Saying:
    """One sentence, by its message key: put into words in the reader's language."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    """Values for its placeholders: words that are the same in every language, or sayings."""

    def __str__(self) -> str:
        return _(self.key, **self.params)


@dataclass(frozen=True, kw_only=True)
class RecordRef:
    """A record that a finding was made from."""

    name: str
    """Its folder's."""
    task: str
    split: str
    checkpoint: str
    """Digest of what answered."""
    data: str
    """Digest of the examples; empty where the record tells none."""
    seed: int
    """Of the training."""
    command: str
    """What makes the record again."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A finding's numbers for one task, layer, measure, change of the gate, or check."""

    name: str
    """``"xnli"``, ``"D_5"``, ``"retrieval"``, ``"half"`` …: what is measured."""
    kind: Literal["task", "layer", "measure", "change", "check"]
    title: Saying
    """What it is called."""
    estimate: float
    low: float = NAN
    """95 % interval, as is ``high``; NaN of a check, which holds or does not."""
    high: float = NAN
    p: float = NAN
    """Two-sided, of ``against`` as the truth; not corrected."""
    against: float = NAN
    """A threshold of the rule."""
    p_holm: float = NAN
    """After Holm over the parts, where the rule asks for it."""
    n: int = 0
    of: str = ""
    """What ``n`` counts: ``"premises"``, ``"sentences"``, ``"items"``, ``"languages"``,
    ``"tasks"``, ``"checks"``."""
    passes: bool | None = None
    """Whether it satisfies the rule; None where the rule does not go part by part."""
    note: Saying | None = None
    """Such as which layer was chosen."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the evidence says of one claim, for one encoder and one recipe."""

    claim: int
    """1 to 17; 0 is the research question."""
    verdict: Verdict
    estimate: float = NAN
    """Of the part that decides: see ``lead``."""
    low: float = NAN
    """95 %."""
    high: float = NAN
    unit: Unit = "none"
    """Of estimates and bounds: percentage points, a share in [0, 1], a rank correlation, an area
    under the curve, checks that hold."""
    lead: str = ""
    """Name of the part whose numbers stand above: the weakest where all have to hold, the k-th best
    where k have to; empty where the finding has numbers of its own."""
    p: float = NAN
    """Of the verdict's being wrong, before and after Holm over all claims computed together."""
    p_holm: float = NAN
    against: float = NAN
    """The threshold that the lead's p is about; NaN where there is no single one."""
    family: int = 0
    """Claims that were corrected together."""
    n: int = 0
    of: str = ""
    """As of `Part`."""
    thresholds: tuple[float, ...] = ()
    """Of the rule, in ``unit``; two for a band."""
    parts: tuple[Part, ...] = ()
    why: tuple[Saying, ...] = ()
    """Why this verdict, what is missing, and what to keep in mind; the reason first."""
    backbone: str = ""
    """Empty where the claim is about the module, whatever the encoder; so is ``recipe``."""
    recipe: str = ""
    """``"raw"`` where the encoder was measured as published."""
    data: tuple[str, ...] = ()
    """``"xnli/test"``, ``"built-in"`` …"""
    seeds: tuple[int, ...] = ()
    tokens: tuple[int, ...] = ()
    """Training tokens of a head where the recipe was cut short, ascending; empty where it was not.
    """
    records: tuple[RecordRef, ...] = ()
    command: str = ""
    """What makes this finding again."""
    seconds: float = NAN
    """That the computation took."""

    @property
    def worded(self) -> Saying:
        """The verdict as it may be said: for this encoder and recipe, never for the paper's."""
        params = {"backbone": self.backbone, "recipe": self._trained}
        return Saying(key=f"claims.worded.{self._wording}", params=params)

    @property
    def _trained(self) -> str | Saying:
        """The recipe, and how much of it was run."""
        if not self.tokens:
            return self.recipe
        tokens = " / ".join(f"{one:,}" for one in self.tokens)
        return Saying(key="claims.recipe.cut", params={"recipe": self.recipe, "tokens": tokens})

    @property
    def _wording(self) -> str:
        told = self.verdict in ("supported", "contradicted")
        if not self.backbone:
            return f"module.{self.verdict}"
        if self.recipe == "raw":
            return f"raw.{self.verdict}"
        if self.claim == ASSOCIATION and self.verdict == "supported":
            return "association.supported"
        if self.backbone == PAPERS and told:
            return f"mbert.{self.verdict}"
        return self.verdict
