"""Whether a head gives the same answer to all translations of one item."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.messages import _
from dlfa.results import Agreement, Report
from dlfa.ui import chrome
from dlfa.ui.evaluate.heads import chosen_head
from dlfa.ui.evaluate.shown import Shown

__all__ = ["show"]


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the run.
        report: what it says.
    """
    found = report.agreement
    if found is None:
        st.info(_("evaluate.agreement.none"), icon=":material/translate:")
        return
    head = chosen_head(report)
    st.markdown(figures.agreement_verdict(found, head=head))
    _figure(shown, report, found, head=head)
    _figure(shown, report, found, head=None)


def _figure(shown: Shown, report: Report, found: Agreement, *, head: str | None) -> None:
    """Show one head's languages, or every head."""
    kind = "heads" if head is None else "languages"
    chrome.figure(
        partial(figures.agreement_bars, head=head, names=shown.names, made=report.provenance),
        partial(figures.describe_agreement, head=head, names=shown.names),
        found,
        key=f"agreement-{kind}",
        caption=_(f"evaluate.agreement.{kind}", items=f"{found.items:,}"),
        rows=partial(figures.agreement_table, found, report.provenance),
    )
