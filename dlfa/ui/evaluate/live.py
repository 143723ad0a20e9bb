"""A run while it goes on: how far it is, what it says so far, and a way to stop it."""

from typing import Any

import streamlit as st

from dlfa import figures
from dlfa.messages import _, of_task
from dlfa.ui import jobs
from dlfa.ui.evaluate.progress import progress_words
from dlfa.ui.evaluate.shown import accuracies
from dlfa.ui.guard import guarded, literal
from dlfa.ui.jobs import Job
from dlfa.ui.pair import language_names
from dlfa.ui.session import session
from dlfa.ui.task import kind_of

__all__ = ["outcome", "watch"]

EVERY = 1.0  # seconds between two looks


def watch() -> None:
    """Show the visitor's run, looked at anew every second until it ends."""
    st.fragment(_look, run_every=EVERY)()


@guarded()
def _look() -> None:
    job = jobs.mine()
    if job is None or not jobs.watching():
        st.rerun()
    st.progress(_share(job), progress_words(job))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("evaluate.cancel"),
            key="cancel-run",
            icon=":material/stop_circle:",
            on_click=jobs.cancel,
        )
        if (step := job.progress) is not None:  # the rest lies in the chunk under way
            counts = {"kept": f"{step.done:,}", "answered": f"{step.answered:,}"}
            kept = of_task("evaluate.cancel.kept", kind_of(job.model), **counts)
            st.caption(kept, width="stretch")
    _so_far(job)


def _share(job: Job) -> float:
    return job.progress.answered / job.progress.total if job.progress else 0.0


def _so_far(job: Job) -> None:
    """Show the accuracies of all complete chunks: an unbiased sample of what is asked for."""
    found = job.evaluation
    if found is None:
        st.caption(_("evaluate.partial.none"))
        return
    counted = accuracies((job.digest, len(found.ids)), found)
    options: dict[str, Any] = {
        "names": language_names(counted.languages),
        "partial": (len(found.ids), job.total),
    }
    st.plotly_chart(
        # By name: columns that change places while one looks cannot be followed.
        figures.accuracy_heatmap(counted, session().look, order="alphabet", **options),
        key="figure-partial",
        alt=figures.describe_accuracy(counted, **options),
        theme=None,
        config={"displaylogo": False},
    )
    st.caption(of_task("evaluate.partial.caption", kind_of(job.model)))


def outcome(job: Job) -> None:
    """Say what became of a run that does not go on, where that needs a word."""
    if job.error is not None:
        st.error(literal(str(job.error)), icon=":material/error:")
    elif job.case:
        st.error(_("error.unexpected", case=job.case), icon=":material/bug_report:")
    elif job.state != "done" and job.digest:
        where = "evaluate.stopped" if job.stored else "evaluate.stopped.own"
        st.info(_(where), icon=":material/pause_circle:")
