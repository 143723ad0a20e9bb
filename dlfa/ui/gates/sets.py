"""Gates over a set of pairs: where shares lie, what explains s, how far batch norm drifts."""

from functools import partial

from dlfa import figures
from dlfa.data.sources import mirror
from dlfa.figures.distributions import By
from dlfa.figures.drift import Branch
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results import GateStudy
from dlfa.ui import cache, chrome, inputs, studies
from dlfa.ui.gates import verdicts
from dlfa.ui.gates.chosen import Looked
from dlfa.ui.task import task_of

__all__ = ["built_in", "show"]

BYS: tuple[By, ...] = ("language", "layer", "label", "part")
BRANCHES: tuple[Branch, ...] = ("global", "local")


def show(looked: Looked) -> None:
    """Show the view."""
    data = inputs.one_of("pairs_of", _offered(looked.model), words="gates.data")
    study = studies.study(looked.model, data)
    cost = verdicts.cost(study.passes, study.milliseconds)
    _shares(looked, study, cost)
    kind = looked.gate.kind
    chrome.figure(
        partial(figures.variance_explained, kind=kind),
        partial(figures.describe_variance_explained, kind=kind),
        study,
        key="explained",
        caption=f"{_('gates.explained.caption')} {cost}",
        rows=partial(figures.explained_table, study),
    )
    branch = inputs.one_of("branch", BRANCHES, words="gates.branch")
    chrome.figure(
        partial(figures.statistics_drift, branch=branch, kind=kind),
        partial(figures.describe_statistics_drift, branch=branch, kind=kind),
        study,
        key="drift",
        caption=f"{_('gates.drift.caption')} {cost}",
        rows=partial(figures.drift_table, study),
    )


def _shares(looked: Looked, study: GateStudy, cost: str) -> None:
    by = inputs.one_of("by", BYS, words="gates.by")
    head = looked.gate.head
    chrome.figure(
        partial(figures.share_distribution, by=by, head=head),
        partial(figures.describe_share_distribution, by=by, head=head),
        study,
        key="distribution",
        caption=f"{_('gates.distribution.caption')} {cost}",
        rows=partial(figures.study_table, study),
    )


def built_in(model: str) -> list[str]:
    """Return the name of our own sentences, where there are any for the model's task."""
    return [studies.BUILT_IN] if cache.examples(task_of(model).key) else []


def _offered(model: str) -> list[str]:
    """Return the sets by name; no visitor of a public instance makes it fetch a corpus."""
    own, at_hand = built_in(model), policy().corpora or mirror() is not None
    return [*own, task_of(model).key] if at_hand or not own else own
