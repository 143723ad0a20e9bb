"""One claim in full: what would have to be true, the rule, the numbers, why, and how to repeat."""

from functools import partial
from math import isfinite

import streamlit as st

from dlfa import figures
from dlfa.claims.evidence import Evidence
from dlfa.claims.listed import CLAIMS, Claim
from dlfa.figures import claim_lead, claim_numbers, claim_p
from dlfa.messages import _
from dlfa.results.claims import Finding, RecordRef
from dlfa.ui import chrome
from dlfa.ui.claims.leaving import leave
from dlfa.ui.claims.own import own_trial
from dlfa.ui.claims.signs import ICONS
from dlfa.ui.guard import literal

__all__ = ["show_claim"]


def show_claim(found: Finding, evidence: Evidence) -> None:
    """Show one claim.

    Args:
        found: what the evidence says of it.
        evidence: by which it was judged.
    """
    about = CLAIMS[found.claim]
    st.subheader(str(about.sentence), anchor=False)
    _judged_by(about)
    _said(found, "claim")
    _lead_on(about)
    _repeat(found)
    own_trial(about, evidence, _own)


def _own(found: Finding) -> None:
    """Show what a visitor's evidence says, and how to repeat that."""
    _said(found, "own-claim")
    _repeat(found)


def _said(found: Finding, key: str) -> None:
    """Show what some evidence says.

    Args:
        found: the finding.
        key: of its figure; unique on the page.
    """
    _verdict(found)
    _numbers(found, key)
    _why(found)


def _verdict(found: Finding) -> None:
    show = {"supported": st.success, "contradicted": st.warning}.get(found.verdict, st.info)
    show(literal(str(found.worded)), icon=ICONS[found.verdict])


def _judged_by(about: Claim) -> None:
    said = {"must": about.must, "statistic": about.statistic, "rule": about.rule}
    st.markdown("\n".join(f"- **{_(f'claims.{part}')}** {words}" for part, words in said.items()))


def _numbers(found: Finding, key: str) -> None:
    """Show the parts: a figure of those with numbers, a list of those that hold or do not."""
    checks = [one for one in found.parts if one.kind == "check"]
    if checks:
        marks = {True: ":material/check:", False: ":material/close:", None: ""}
        st.markdown("\n".join(f"- {marks[one.passes]} {one.title}" for one in checks))
        return
    if not found.parts:
        return
    if said := ", ".join(filter(None, (claim_numbers(found), claim_p(found)))):
        lead = claim_lead(found)
        part = _("claims.numbers.part", part=literal(lead)) if lead else ""
        told = _("claims.numbers", part=part, numbers=said, n=_counted(found))
        st.markdown(told, help=_("claims.p.about") if claim_p(found) else None)
    chrome.figure(
        figures.claim_parts,
        figures.describe_claim_parts,
        found,
        key=f"{key}-parts",
        caption=_caption(found),
        rows=partial(figures.claim_parts_table, found),
    )
    _notes(found)


def _notes(found: Finding) -> None:
    """Show what a phone could not point at: such as which layers may be a task's best."""
    told = [
        _("claims.part.note", part=literal(str(one.title)), note=literal(str(one.note)))
        for one in found.parts
        if one.note is not None and one.kind == "task"
    ]
    if told:
        st.markdown("\n".join(f"- {one}" for one in told))


def _caption(found: Finding) -> str:
    """Say what the figure's signs mean, those that are on it."""
    said = []
    if any(isfinite(one.low) for one in found.parts):
        said.append(_("claims.parts.intervals"))
    said.append(_("claims.parts.thresholds"))
    if any(one.passes is not None for one in found.parts):
        said.append(_("claims.parts.filled"))
    return " ".join(said)


def _counted(found: Finding) -> str:
    if not found.n:
        return ""
    words = _(f"claims.of.{found.of}")
    return _("claims.n", n=f"{found.n:,}", of=words)


def _why(found: Finding) -> None:
    if found.why:
        st.markdown(
            "\n".join([_("claims.why"), "", *(f"- {literal(str(one))}" for one in found.why)])
        )


def _lead_on(about: Claim) -> None:
    """Lead to the page that shows what the claim is about."""
    st.button(
        _("claims.to", page=_(f"{about.page}.nav")),
        key="claim-page",
        icon=":material/arrow_forward:",
        on_click=leave,
        args=(about.page, about.view),
    )


def _repeat(found: Finding) -> None:
    """Show the command that makes the finding again, and those that made its records."""
    if not found.command:
        return
    with st.expander(_("ui.reproduce"), icon=":material/terminal:"):
        st.code(found.command, language="bash", wrap_lines=True)
        if found.records:
            st.caption(_("claims.records"))
            st.table([_record(one) for one in found.records], hide_index=True, border="horizontal")
            for one in found.records:
                if one.command:
                    st.code(one.command, language="bash", wrap_lines=True)


def _record(one: RecordRef) -> dict[str, str]:
    return {
        _("claims.record.name"): literal(one.name),
        _("claims.record.task"): literal(f"{one.task} / {one.split}"),
        _("claims.record.seed"): str(one.seed),
        _("claims.record.checkpoint"): literal(one.checkpoint),
        _("claims.record.data"): literal(one.data),
    }
