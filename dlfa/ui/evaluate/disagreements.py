"""Examples on which a fused head and the baseline disagree; each opens on another page."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from jaxtyping import Int

from dlfa.errors import SourceError
from dlfa.figures.words import head_word, label_word
from dlfa.messages import _, of_task
from dlfa.results import BASELINE, Evaluation, Report
from dlfa.ui import inputs, saving
from dlfa.ui.evaluate.corpora import sentences
from dlfa.ui.evaluate.heads import chosen_head
from dlfa.ui.evaluate.languages import EVERY, one_language
from dlfa.ui.evaluate.picked import follow, pick, show_picked
from dlfa.ui.evaluate.shown import Shown
from dlfa.ui.formats import Cell
from dlfa.ui.guard import literal

__all__ = ["disagreements", "show"]

WHO = ("any", "head", "baseline", "neither")  # of the two is right
ROWS = 50  # of the table at a time
TEXT = 200  # px of a sentence's column


def show(shown: Shown, report: Report) -> None:
    """Show the view.

    Args:
        shown: the run.
        report: what it says.
    """
    follow()
    evaluation = shown.pairs
    fused = tuple(head for head in evaluation.heads if head != BASELINE)
    if len(fused) in (0, len(evaluation.heads)):
        st.info(_("evaluate.examples.alone"), icon=":material/compare_arrows:")
        return
    left, right = st.columns(2)
    with left:
        head = chosen_head(report, fused)
    with right:
        code = one_language(shown)
    who = inputs.one_of("who", WHO, words="evaluate.who")
    rows = disagreements(evaluation, head, "" if code == EVERY else code, who)
    among = len(evaluation.ids) if code == EVERY else int((evaluation.languages == code).sum())
    words = _("evaluate.examples.count", count=f"{len(rows):,}", n=f"{among:,}")
    st.caption(f"{words} {_order(evaluation, code)}")
    if len(rows):
        _table(shown, head, rows[_page(len(rows))], apart=code == EVERY)
        show_picked(shown, head, rows)


def _order(evaluation: Evaluation, code: str) -> str:
    if evaluation.margins is not None:
        return _("evaluate.examples.sure")
    return _("evaluate.examples.turns" if code == EVERY else "evaluate.examples.ordered")


def disagreements(
    evaluation: Evaluation, head: str, language: str = "", who: str = "any"
) -> Int[np.ndarray, " row"]:
    """Return the rows on which a head and the baseline answer differently, the surest ones first.

    Where nobody knows how sure they are, languages take turns.

    Args:
        evaluation: with the baseline.
        head: another of its heads.
        language: a code; empty for all.
        who: who is right: ``"any"`` for whoever, ``"head"``, ``"baseline"`` or ``"neither"``.
    """
    columns = [evaluation.heads.index(name) for name in (head, BASELINE)]
    first, second = (evaluation.answers[:, at] for at in columns)
    passes = {
        "any": first == first,
        "head": first == evaluation.gold,
        "baseline": second == evaluation.gold,
        "neither": (first != evaluation.gold) & (second != evaluation.gold),
    }[who]
    here = evaluation.languages == language if language else True
    rows = np.flatnonzero((first != second) & passes & here)
    margins = evaluation.margins
    if margins is None:
        return rows[_turns(evaluation.languages[rows])]
    sure = np.nan_to_num(margins[:, columns]).min(axis=1)  # both are: no toss-up
    return rows[np.argsort(-sure[rows], kind="stable")]


def _turns(languages: np.ndarray) -> Int[np.ndarray, " row"]:
    """Return an order in which the first of each language comes before the second of any."""
    _codes, places = np.unique(languages, return_inverse=True)
    ranks = np.zeros(len(places), dtype=int)
    for place in range(len(_codes)):
        own = places == place
        ranks[own] = np.arange(own.sum())
    return np.lexsort((places, ranks))


def _page(rows: int) -> slice:
    """Show which part of a long table is shown, and return it."""
    pages = -(-rows // ROWS)
    at = 1
    if pages > 1:
        at = st.number_input(
            _("evaluate.examples.page", pages=pages, rows=ROWS), 1, pages, key="examples-page"
        )
    return slice(ROWS * (at - 1), ROWS * at)


def _table(shown: Shown, head: str, rows: Int[np.ndarray, " row"], *, apart: bool) -> None:
    """Show some rows; ``apart``: of several languages."""
    evaluation = shown.pairs
    numbers = rows.tolist()
    keys = [(str(evaluation.ids[row]), str(evaluation.languages[row])) for row in numbers]
    texts = _texts(shown, keys)
    told = [_row(shown, head, *one) for one in zip(numbers, map(texts.get, keys), strict=True)]
    key = f"examples-{head}-{rows[0]}-{len(rows)}"
    st.dataframe(
        pd.DataFrame(told),
        key=key,
        hide_index=True,
        on_select=partial(pick, shown, key, keys) if texts else "ignore",
        selection_mode="single-row",
        column_order=[name for name in told[0] if apart or name != "language"],
        column_config=_config(head, evaluation.provenance.task),
        alt=_("evaluate.examples.alt", rows=len(rows), head=head_word(head)),
    )
    with st.container(horizontal=True, gap="small"):
        words = "evaluate.examples.caption" if texts else "evaluate.examples.caption.textless"
        st.caption(_(words), width="stretch")
        saving.save_table("examples", told)


def _texts(shown: Shown, keys: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the sentences; without them the table still tells ids and answers."""
    try:
        found = sentences(shown, keys)
    except SourceError as error:
        st.warning(literal(str(error)), icon=":material/cloud_off:")
        return {}
    if not found:
        st.info(_("evaluate.examples.textless"), icon=":material/visibility_off:")
    return found


def _row(shown: Shown, head: str, row: int, pair: tuple[str, str] | None) -> dict[str, Cell]:
    evaluation, margins = shown.pairs, shown.pairs.margins
    code = str(evaluation.languages[row])
    found: dict[str, Cell] = {"language": shown.names.get(code, code)}
    found["gold"] = label_word(evaluation.labels[evaluation.gold[row]])
    both = {"head": head, "baseline": BASELINE}
    for key, name in both.items():
        answer = int(evaluation.answers[row, evaluation.heads.index(name)])
        found[key] = label_word(evaluation.labels[answer]) if answer >= 0 else "–"
    if margins is not None:
        for key, name in both.items():
            margin = float(margins[row, evaluation.heads.index(name)])
            found[f"{key} margin"] = round(100 * margin, 1)
    if pair is not None:
        found |= {"premise": pair[0], "hypothesis": pair[1]}
    return found | {"tokens": int(evaluation.tokens[row]), "id": str(evaluation.ids[row])}


def _config(head: str, task: str) -> dict[str, Any]:
    column = st.column_config
    both = {"head": head_word(head), "baseline": head_word(BASELINE)}
    words = {
        "language": column.TextColumn(_("evaluate.column.language")),
        "premise": column.TextColumn(of_task("ui.pair.premise", task), width=TEXT),
        "hypothesis": column.TextColumn(of_task("ui.pair.hypothesis", task), width=TEXT),
        "gold": column.TextColumn(_("evaluate.column.gold")),
        "tokens": column.NumberColumn(_("evaluate.column.tokens")),
        "id": column.TextColumn(_("evaluate.column.id")),
    }
    for key, name in both.items():
        words[key] = column.TextColumn(name)
        words[f"{key} margin"] = column.NumberColumn(
            _("evaluate.column.margin", head=name), format="%.1f", help=_("evaluate.margin.help")
        )
    return words
