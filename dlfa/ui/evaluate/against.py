"""Two runs side by side, on the examples, languages and heads that they have in common."""

from functools import partial
from typing import TYPE_CHECKING, cast

import streamlit as st

from dlfa import figures
from dlfa.messages import _, of_task
from dlfa.results import Report, RunComparison
from dlfa.ui import chrome, inputs
from dlfa.ui.evaluate.finished import finished, open_run, run_words
from dlfa.ui.evaluate.heads import chosen_head
from dlfa.ui.evaluate.shared import differing, premises
from dlfa.ui.evaluate.shown import Shown, counted
from dlfa.ui.guard import literal

if TYPE_CHECKING:
    from dlfa.analysis.store import StoredRun
    from dlfa.data.tasks import Metric

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
        st.info(of_task("evaluate.against.none", shown.kind), icon=":material/difference:")
        return
    name = inputs.pick("other", others, _("evaluate.against.other"))
    other = open_run(shown.model, runs[name])
    names = _("evaluate.against.names", first=literal(shown.title), second=literal(other.title))
    st.caption(f"{names} {differing(shown.evaluation, other.evaluation)}")
    with st.spinner(_("evaluate.counting"), show_time=True):
        found = _compared(shown, other, cast("Metric", report.accuracies.metric))
    _warn(shown, premises(shown.evaluation, other.evaluation))
    st.markdown(figures.comparison_verdict(found))
    chrome.figure(
        partial(figures.difference_forest, runs=True),
        figures.describe_difference_forest,
        found.differences,
        key="against",
        caption=of_task("evaluate.against.caption", shown.kind, n=f"{found.n:,}"),
        rows=partial(figures.differences_table, found.differences, found.provenance[0]),
    )
    head = chosen_head(report, found.differences.heads)
    chrome.figure(
        partial(figures.run_heatmap, head=head, names=shown.names),
        partial(figures.describe_run_heatmap, head=head, names=shown.names),
        found,
        key="against-languages",
        caption=of_task("evaluate.against.languages", shown.kind),
        rows=partial(figures.differences_table, found.differences, found.provenance[0]),
    )


def _warn(shown: Shown, drawn: int) -> None:
    """Say where there are too few premises, or sentences, for intervals, as of one run."""
    from dlfa.analysis.suspicions import FEWEST

    if drawn < FEWEST:
        sentences = _("evaluation.warning.few.sentences", sentences=drawn)
        words = sentences if shown.kind else _("evaluation.warning.few", premises=drawn)
        st.warning(words, icon=":material/warning:")


def _fits(run: "StoredRun", shown: Shown) -> bool:
    """Return whether a run is another one, on the same kind of examples."""
    same = run.folder == shown.folder or (run.digest and run.digest == shown.key[0])
    return not same and run.settings["split"] == shown.evaluation.settings["split"]


def _compared(first: Shown, second: Shown, metric: "Metric") -> RunComparison:
    names = _("evaluate.against.first"), _("evaluate.against.second")

    def compare() -> RunComparison:
        from dlfa.analysis import reports

        return reports.compare(first.evaluation, second.evaluation, names, metric)

    return counted(("comparison", metric, names, first.key, second.key), compare)
