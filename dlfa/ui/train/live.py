"""A run while it goes on: how far it is, its curves, what it says, and a way to stop it."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results.training import TrainingCurve
from dlfa.ui import chrome
from dlfa.ui.guard import guarded, literal
from dlfa.ui.session import session
from dlfa.ui.train.curve import curve
from dlfa.ui.train.runs import Run, find, stop

__all__ = ["progress_words", "show_curves", "show_log", "watch"]

EVERY = 2.0  # seconds between two looks
MINUTE = 60.0


def watch(name: str) -> None:
    """Show a run, looked at anew every other second until it ends.

    Args:
        name: of a run that is under way.
    """
    st.fragment(partial(_look, name), run_every=EVERY)()


@guarded()
def _look(name: str) -> None:
    run = find(name)
    if run is None or not run.under_way:
        st.rerun()
    st.subheader(literal(run.name), anchor=False)
    st.progress(_share(run), progress_words(run))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("train.stop"),
            key=f"stop-{run.name}",
            icon=":material/stop_circle:",
            disabled=run.state == "stopping",
            on_click=partial(stop, run),
        )
        st.caption(_(f"train.stop.{run.state}"), width="stretch")
    show_curves(run, live=True)
    show_log(run)


def _share(run: Run) -> float:
    told = run.progress
    if told.get("stage") == "states":
        return min(1.0, float(told.get("share", 0.0)))
    return min(1.0, int(told.get("step", 0)) / max(1, int(told.get("steps") or 1)))


def progress_words(run: Run) -> str:
    """Say how far a run is, how fast, and how long it will take."""
    told = run.progress
    if not told:
        return _("train.progress.preparing")
    parts = [
        _("train.progress.states", share=f"{100 * _share(run):.0f}")
        if told.get("stage") == "states"
        else _("train.progress.step", step=f"{told['step']:,}", steps=f"{told['steps']:,}")
    ]
    parts.append(_("train.progress.rate", rate=f"{told.get('tokens_per_second', 0):,.0f}"))
    left = float(told.get("seconds_left", 0))
    if left >= 2 * MINUTE:
        parts.append(_("train.progress.minutes", minutes=f"{left / MINUTE:,.0f}"))
    else:
        parts.append(_("train.progress.seconds", seconds=f"{left:.0f}"))
    return " · ".join(parts)


def show_curves(run: Run, *, live: bool = False) -> None:
    """Show loss and validation as far as the run has come.

    Args:
        run: any.
        live: it is drawn anew every other second: without the menu of downloads.
    """
    found = curve(run)
    if found is None:
        st.caption(_("train.curves.none"))
        return
    caption = _caption(found)
    if not live:
        chrome.figure(
            figures.training_curves,
            figures.describe_training_curves,
            found,
            key="training",
            caption=caption,
            rows=figures.training_table(found),
        )
        return
    st.plotly_chart(
        figures.training_curves(found, session().look),
        key=f"figure-training-{run.name}",
        alt=figures.describe_training_curves(found),
        theme=None,
        config={"displaylogo": False},
    )
    st.caption(caption)


def _caption(found: TrainingCurve) -> str:
    if not len(found.looked):
        return _("train.curves.caption.soon")
    caption = _("train.curves.caption", count=f"{found.evaluated:,}")
    kind = "tags" if found.intervals is None else "intervals"
    return f"{caption} {_(f'train.curves.{kind}')}"


def show_log(run: Run) -> None:
    """Show the end of what the run said, folded."""
    if run.log:
        with st.expander(_("train.log"), icon=":material/article:"):
            st.code(run.log, language=None, wrap_lines=True, height=240)
