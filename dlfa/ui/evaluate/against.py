"""Two runs side by side, on the examples, languages and heads that they have in common."""

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import Report, RunComparison
from dlfa.ui import chrome, inputs
from dlfa.ui.evaluate.finished import finished, open_run, run_words
from dlfa.ui.evaluate.heads import chosen_head
from dlfa.ui.evaluate.shared import differing, premises
from dlfa.ui.evaluate.shown import Shown, counted
from dlfa.ui.guard import literal

if TYPE_CHECKING:
    from dlfa.analysis.store import StoredRun

__all__ = ["show"]


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the first run.
        report: what it says.

    Raises:
        RunError: the two have nothing in common.
    """
    runs = finished(shown.model)
    others = {name: run_words(run) for name, run in runs.items() if _fits(run, shown)}
    if not others:
        st.info(_("evaluate.against.none"), icon=":material/difference:")
        return
    name = inputs.pick("other", others, _("evaluate.against.other"))
    other = open_run(shown.model, runs[name])
    names = _("evaluate.against.names", first=literal(shown.title), second=literal(other.title))
    st.caption(f"{names} {differing(shown.pairs, other.pairs)}")
    with st.spinner(_("evaluate.counting"), show_time=True):
        found = _compared(shown, other)
    _warn(premises(shown.pairs, other.pairs))
    st.markdown(figures.comparison_verdict(found))
    chrome.figure(
        partial(figures.difference_forest, runs=True),
        figures.describe_difference_forest,
        found.differences,
        key="against",
        caption=_("evaluate.against.caption", n=f"{found.n:,}"),
        rows=partial(figures.differences_table, found.differences, found.provenance[0]),
    )
    head = chosen_head(report, found.differences.heads)
    chrome.figure(
        partial(figures.run_heatmap, head=head, names=shown.names),
        partial(figures.describe_run_heatmap, head=head, names=shown.names),
        found,
        key="against-languages",
        caption=_("evaluate.against.languages"),
        rows=partial(figures.differences_table, found.differences, found.provenance[0]),
    )


def _warn(premises: int) -> None:
    """Say where there are too few premises for intervals, as of one run."""
    from dlfa.analysis.suspicions import FEWEST

    if premises < FEWEST:
        words = _("evaluation.warning.few", premises=premises)
        st.warning(words, icon=":material/warning:")


def _fits(run: "StoredRun", shown: Shown) -> bool:
    """Return whether a run is another one, on the same kind of pairs."""
    same = run.folder == shown.folder or (run.digest and run.digest == shown.key[0])
    return not same and run.settings["split"] == shown.pairs.settings["split"]


def _compared(first: Shown, second: Shown) -> RunComparison:
    names = _("evaluate.against.first"), _("evaluate.against.second")

    def compare() -> RunComparison:
        from dlfa.analysis import reports

        return reports.compare(first.evaluation, second.evaluation, names)

    return counted(("comparison", names, first.key, second.key), compare)
