"""A set of labelled pairs under perturbations: what they cost, and where a head loses more."""

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dlfa.errors import WrongTaskError
from dlfa.figures.robust_forest import describe_perturbation_forest, perturbation_forest
from dlfa.figures.robust_heat import describe_perturbation_heatmap, perturbation_heatmap
from dlfa.figures.robust_tables import robustness_table
from dlfa.figures.robust_words import perturbation_word, reasons_word, robustness_verdict
from dlfa.messages import _
from dlfa.results.robustness import Robustness
from dlfa.ui import chrome, inputs
from dlfa.ui.background import Piece
from dlfa.ui.jobs import STEP_TOKENS
from dlfa.ui.loading import fetch, known
from dlfa.ui.pair import language_names
from dlfa.ui.robustness.form import ask
from dlfa.ui.robustness.heads import chosen_head
from dlfa.ui.robustness.request import Request
from dlfa.ui.robustness.worst import show_worst
from dlfa.ui.task import any_task_of, kind_of
from dlfa.ui.turns import patient_turn, visitor
from dlfa.ui.waiting import made

if TYPE_CHECKING:
    from dlfa.analysis.robustness import Tested

__all__ = ["show"]

SUBJECTS = ("drop", "extra", "flips")
_ASKED = "perturbed_request"  # in the session


def show(model: str) -> None:
    """Show the view.

    Args:
        model: a checkpoint's name or folder.

    Raises:
        WrongTaskError: the model tags words.
        DlfaError: see `dlfa.analysis.robustness.begin_suite`.
    """
    if kind_of(model):
        raise WrongTaskError("error.robustness.tagging", task=any_task_of(model).key)
    head = chosen_head(known(model).heads)
    state = st.session_state
    with st.expander(
        _("robustness.settings"), expanded=_ASKED not in state, icon=":material/tune:"
    ):
        request = ask(model)
        start = partial(state.update, {_ASKED: request})
        st.button(
            _("robustness.start"),
            key="start-robustness",
            type="primary",
            icon=":material/play_arrow:",
            on_click=start,
        )
    asked: Request | None = state.get(_ASKED)
    if asked is None or asked.model != model:
        st.info(_("robustness.waiting"), icon=":material/shield:")
        return
    if asked != request:
        st.info(_("evaluate.earlier"), icon=":material/history:")
    tested = _tested(asked)
    if tested is None:
        return
    found = tested.robustness
    _figures(found, head)
    _left_out(found)
    show_worst(tested, head, asked.seed)
    chrome.reproduce(found.provenance, asked.command)


def _tested(request: Request) -> "Tested | None":
    """Return what there is of a suite: known, or made in the background in turns with others."""
    whose = visitor()

    def make(piece: Piece) -> "Tested | None":
        def wait(ahead: int) -> None:
            piece.tell(piece.done, piece.total)

        suite = request.begin(fetch(request.model))
        piece.tell(suite.done, suite.total)
        steps: Any = suite.go(partial(patient_turn, request.model, whose, wait), STEP_TOKENS)
        with closing(steps):  # whatever ends it, whole chunks are kept
            for progress in steps:
                piece.tell(progress.answered, progress.total)
        return suite.tested()

    found: Tested | None = made(
        ("robustness", known(request.model).source, request), make, "robustness.work"
    )
    return found


def _figures(found: Robustness, head: str) -> None:
    harm, *others = robustness_verdict(found, head)
    st.markdown(harm)
    if found.judged.any():
        chrome.figure(
            partial(perturbation_forest, head=head),
            partial(describe_perturbation_forest, head=head),
            found,
            key="perturbations",
            caption=_("robustness.forest.caption"),
            rows=lambda: robustness_table(found),
        )
    for line in others:
        st.markdown(line)
    subject: Any = inputs.one_of("hurts", SUBJECTS, words="robustness.hurts")
    options: dict[str, Any] = {
        "head": head,
        "names": language_names(found.languages),
        "subject": subject,
    }
    chrome.figure(
        partial(perturbation_heatmap, **options),
        partial(describe_perturbation_heatmap, **options),
        found,
        key="perturbed-languages",
        caption=_("robustness.heat.caption"),
        rows=lambda: robustness_table(found),
    )


def _left_out(found: Robustness) -> None:
    """Say how many pairs each perturbation could not handle, and why."""
    rows = [
        {
            "name": perturbation_word(name),
            "handled": int(found.handled[found.perturbations.index(name)].sum())
            if name in found.perturbations
            else 0,
            "why": reasons_word(sorted(each.items())),
        }
        for name, each in found.left_out.items()
    ]
    with st.expander(_("robustness.left_out"), icon=":material/filter_alt_off:"):
        st.caption(_("robustness.left_out.about"))
        st.table(
            {
                _("robustness.column.perturbation"): [row["name"] for row in rows],
                _("robustness.column.handled"): [row["handled"] for row in rows],
                _("robustness.column.left_out"): [row["why"] for row in rows],
            },
            hide_index=True,
            border="horizontal",
        )
