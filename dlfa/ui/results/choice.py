"""Which layer English validation chooses, which is the best on the test data, and how firmly."""

from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.figures.words import decimals, head_word
from dlfa.messages import _
from dlfa.results import AVERAGE, BASELINE, Choice, Measured
from dlfa.ui import chrome, saving
from dlfa.ui.guard import literal
from dlfa.ui.results.behind import show_behind
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.words import chosen_head, chosen_task, tell_none

__all__ = ["show"]


def show(columns: Columns) -> None:
    """Show the view."""
    task = chosen_task()
    looked = columns.found[task]
    for at, found in enumerate(looked):
        st.markdown(literal(figures.choice_verdict(found)))
        if found.choice is not None:
            _figure(found, at)
            _seeds(found.choice, at)
    if not looked:
        tell_none(task)
        return
    show_behind(columns, task, chosen_head({name: head_word(name) for name in looked[0].heads}))


def _figure(found: Measured, at: int) -> None:
    heads = [head for head in found.heads if head != BASELINE]
    chrome.figure(
        figures.choice_bars,
        figures.describe_choice_bars,
        found,
        key=f"choice-{at}",
        caption=_("results.caption.choice", draws=f"{found.draws:,}"),
        rows=partial(figures.measured_rows, found, [AVERAGE], heads),
    )


def _seeds(taken: Choice, at: int) -> None:
    """Show what each seed chooses, by validation and by the test data."""
    rows = [
        {
            _("results.choice.seed"): str(seed),
            _("results.choice.by_validation"): _layer(taken, place),
            _("results.choice.on_test"): head_word(taken.best_by_seed[place]),
        }
        for place, seed in enumerate(taken.seeds)
    ]
    st.table(
        {name: [row[name] for row in rows] for name in rows[0]},
        hide_index=True,
        border="horizontal",
    )
    saving.save_table(f"chosen-{at}", rows)


def _layer(taken: Choice, place: int) -> str:
    """Return the layer that one seed's validation chooses, with its figure."""
    head = taken.chosen[place]
    if not head:
        return _("results.choice.unmeasured")
    percent = decimals(100 * float(taken.validation[place, taken.heads.index(head)]), 1)
    return _("results.choice.layer", head=head_word(head), percent=percent)
