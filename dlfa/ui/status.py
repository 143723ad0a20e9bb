"""What this process works with, and what it keeps: one line in the side bar, always there."""

import psutil
import streamlit as st

from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui import jobs
from dlfa.ui.evaluate.progress import progress_words
from dlfa.ui.guard import guarded, literal
from dlfa.ui.session import session
from dlfa.ui.store import STORES
from dlfa.ui.turns import waiting

__all__ = ["status"]

EVERY = 10  # seconds between two looks
MEGABYTE = 1_000_000


@st.fragment(run_every=EVERY)
@guarded()
def status() -> None:
    """Show device, arithmetic, memory, the line and what is kept; looked at anew by itself."""
    with st.container(key="status"):
        _run()
        _line()
        kept = sum(store.entries for store in STORES)
        with st.expander(_("ui.kept", results=kept), icon=":material/inventory_2:", key="kept"):
            _kept()


def _run() -> None:
    """Tell of the visitor's run in the background: as long as somebody looks, it goes on."""
    job = jobs.mine()
    if job is not None and jobs.watching():
        st.caption(_("evaluate.sidebar", words=progress_words(job)))


def _line() -> None:
    made = session().provenance
    facts = {
        "memory": f"{psutil.Process().memory_info().rss / MEGABYTE:.0f}",
        "waiting": waiting(session().model),
    }
    if made is None:
        st.caption(_("ui.status.none", **facts))
    else:
        names = {"device": literal(made.device), "dtype": literal(made.dtype)}
        st.caption(_("ui.status", **names, **facts))


def _kept() -> None:
    columns = {
        _("ui.kept.what"): [_(f"ui.kept.{store.name}") for store in STORES],
        _("ui.kept.results"): [store.entries for store in STORES],
        _("ui.kept.size"): [
            _(
                "ui.kept.share",
                size=f"{store.bytes / MEGABYTE:.1f}",
                limit=f"{store.limit / MEGABYTE:.0f}",
            )
            for store in STORES
        ],
    }
    st.table(columns, hide_index=True, border="horizontal")
    st.caption(_("ui.kept.note"))
    if policy().clearing:
        st.button(_("ui.kept.clear"), key="clear", on_click=_clear, icon=":material/delete_sweep:")


def _clear() -> None:
    for store in STORES:
        store.clear()
