"""Many pairs at once: every row answered by every head, counted, filtered, taken along."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dlfa.data.tables import TableRow, written
from dlfa.figures.pair_tables import pairs_table
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results.comparisons import AnsweredPair
from dlfa.ui import answer_table, cache, chrome, filters, inputs, saving, tallies
from dlfa.ui.commands import table_command
from dlfa.ui.guard import literal
from dlfa.ui.intake import intake
from dlfa.ui.pairs import edited_pairs
from dlfa.ui.task import task_of

__all__ = ["answered", "many_pairs"]


def many_pairs(model: str, *, ready: bool) -> None:
    """Show the table of pairs and its answers.

    Args:
        model: a checkpoint's name or folder.
        ready: whether the model answers; if not, the table is kept and waits.
    """
    labels = task_of(model).labels
    intake(labels)
    rows = edited_pairs(labels)
    if not ready:
        st.caption(_("predict.pairs.waiting"))
        return
    told = answered(model, rows)
    if told:
        told = tallies.of_heads(told, inputs.chosen_heads(tallies.heads(told)))
        tallies.show_tally(told)
        kept = filters.filtered(told)
        answer_table.show_answers(kept, key="answers")
        _save(rows, kept, task_of(model).evaluation.columns)
        made = told[0].answers[0].provenance
        chrome.reproduce(made, table_command(model, tallies.heads(told)))


def answered(model: str, rows: Sequence[TableRow], *, quiet: bool = False) -> list[AnsweredPair]:
    """Answer the rows that can be answered, by every head, and name the others.

    Args:
        model: a checkpoint's name or folder.
        rows: of the table; those beyond the policy's limit are left out.
        quiet: say nothing about rows that are left out: the page has done so.

    Raises:
        DlfaError: see `dlfa.ui.cache.predictions`.
    """
    from dlfa.data.texts import sorted_out

    pairs = [(row.premise, row.hypothesis) for row in rows[: policy().max_pairs]]
    fit, unfit = sorted_out(pairs)
    if not quiet:
        _tell(unfit, len(rows), some=bool(fit))
    answers = cache.predictions(model, [pairs[at] for at in fit])
    return [
        AnsweredPair(
            number=at + 1,
            premise=rows[at].premise,
            hypothesis=rows[at].hypothesis,
            gold=rows[at].gold,
            answers=row,
        )
        for at, row in zip(fit, answers, strict=True)
    ]


def _tell(unfit: dict[str, list[int]], rows: int, *, some: bool) -> None:
    for reason, numbers in unfit.items():
        named = ", ".join(str(at + 1) for at in numbers)
        words = _("predict.pairs.unfit", rows=named, reason=literal(reason))
        st.warning(words, icon=":material/rule:")
    if rows > policy().max_pairs:
        words = _("predict.pairs.most", most=policy().max_pairs, left=rows - policy().max_pairs)
        st.warning(words, icon=":material/content_cut:")
    if not some:
        st.info(_("predict.pairs.none"), icon=":material/table_rows:")


def _save(rows: Sequence[TableRow], kept: Sequence[AnsweredPair], columns: tuple[str, ...]) -> None:
    first, second = columns
    with st.container(horizontal=True):
        saving.save_table("answers", partial(pairs_table, list(kept), (first, second)))
        st.download_button(
            _("predict.pairs.tsv"),
            data=written(rows, columns=columns).encode(),
            file_name="pairs.tsv",
            mime="text/tab-separated-values",
            key="pairs-tsv",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )
