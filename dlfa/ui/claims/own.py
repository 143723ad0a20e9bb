"""A single claim judged again: by a run of the visitor's, or by their own sentences."""

from collections.abc import Callable
from os.path import expanduser
from pathlib import Path

import streamlit as st

from dlfa.analysis.store import stored
from dlfa.claims.evidence import Evidence, gather
from dlfa.claims.listed import Claim
from dlfa.data.folders import is_folder
from dlfa.errors import InputError
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results.claims import Finding
from dlfa.ui.background import Piece
from dlfa.ui.embeddings.own_file import own_file
from dlfa.ui.evaluate.finished import run_words
from dlfa.ui.guard import guarded
from dlfa.ui.query import LONGEST_NAME
from dlfa.ui.raw_encoders import embedded_by
from dlfa.ui.waiting import made

__all__ = ["own_trial"]

NONE = ""
PROBED = (1,)  # claims about sentences that ask the probe of parts of speech too


def own_trial(about: Claim, evidence: Evidence, show: Callable[[Finding], object]) -> None:
    """Let the visitor bring what the claim is to be judged by, and show what that says.

    What is judged by tagged words too is told to keep those of the encoder on the page: a
    visitor's sentences have no tags.

    Args:
        about: the claim.
        evidence: on the page, whose encoder embeds the visitor's sentences.
        show: draws a finding.
    """
    bring = {"records": _by_run, "gate": _by_folder, "encoder": _by_sentences}.get(about.about)
    if bring is None:
        return
    st.subheader(_("claims.own"), anchor=False)
    if about.number in PROBED:
        st.caption(_("claims.own.probe"))
    with guarded():
        own = bring(evidence)
        found = _judged(about, own) if own is not None else None
        if found is not None:
            show(found)


def _by_run(_evidence: Evidence) -> Evidence | None:
    """By one run that the page Evaluate keeps, whatever model it is of."""
    runs = {str(run.folder): run for run in stored() if len(run.heads) > 1}
    words = {NONE: _("claims.own.run.none")}
    words |= {folder: run_words(run) for folder, run in runs.items()}
    st.caption(_("claims.own.run.about"))
    chosen = st.selectbox(
        _("claims.own.run"), list(words), format_func=lambda one: words[one], key="claims-own-run"
    )
    return gather(record=Path(chosen)) if chosen else None


def _by_folder(_evidence: Evidence) -> Evidence | None:
    """By a folder with the same examples under several changes of the gate."""
    st.caption(_("claims.own.folder.about"))
    if not policy().corpora:
        return None
    given = st.text_input(_("claims.own.folder"), key="claims-own-folder").strip()
    if not given:
        return None
    folder = expanduser(given)  # noqa: PTH111  (`Path` fails on users that there are not)
    if not is_folder(folder):
        raise InputError("claims.own.folder.missing", path=given[:LONGEST_NAME])
    return gather(record=Path(folder))


def _by_sentences(evidence: Evidence) -> Evidence | None:
    """By the visitor's own translations, in the encoder on the page."""
    st.caption(_("claims.own.sentences.about"))
    sentences = own_file()
    if sentences is None:
        return None
    named = evidence.backbone, evidence.recipe
    return gather(*named, sentences=sentences, vectors=embedded_by(evidence.backbone))


def _judged(about: Claim, own: Evidence) -> Finding | None:
    def judge(_piece: Piece) -> Finding:
        from dlfa.claims.verdicts import examine

        return examine(own, [about.number])[0]

    name = ("claim-own", about.number, own.backbone, own.recipe, own.stamp)
    found: Finding | None = made(name, judge, "claims.work")
    return found
