"""One pair under every perturbation: what a head and the baseline answer before and after."""

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dlfa.data.languages import language
from dlfa.data.perturbations import PERTURBATIONS
from dlfa.data.perturbations.wording import TEMPLATES
from dlfa.figures.robust_tables import perturbed_pairs_table
from dlfa.figures.robust_words import expectation_word, perturbation_word
from dlfa.figures.words import head_word, label_word, percent, time_word
from dlfa.messages import _, of_task
from dlfa.results import BASELINE
from dlfa.results.robustness import PerturbedPair
from dlfa.ui import address, chrome, saving
from dlfa.ui.loading import known
from dlfa.ui.pair import ChosenPair, sentence_pair
from dlfa.ui.robustness.heads import chosen_head
from dlfa.ui.robustness.leading import open_flip
from dlfa.ui.robustness.request import pair_command
from dlfa.ui.task import task_of
from dlfa.ui.turns import in_turn

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor

__all__ = ["show"]

TEXT = 260  # px of a sentence's column


def show(model: str) -> None:
    """Show the view.

    Args:
        model: a checkpoint's name or folder.

    Raises:
        DlfaError: see `dlfa.analysis.robust_examples.perturbed_pairs`.
    """
    pair = sentence_pair(wide=True)
    left, right = st.columns(2)
    with left:
        head = chosen_head(known(model).heads)
    with right:
        code = pair.language or _written(pair)
    told = _perturbed(model, pair, code)
    st.markdown(_verdict(told, head))
    chosen = _table(told, head, model)
    st.caption(_("robustness.pair.caption"))
    st.caption(_cost(told))
    saving.save_table("perturbed", perturbed_pairs_table(told))
    if chosen is not None:
        _open(chosen, head)
    made = told[0].provenance
    command = pair_command(model, pair.texts, code, pair.label, pair.item.id if pair.item else "")
    chrome.reproduce(made, command)


def _written(pair: ChosenPair) -> str:
    """Show in which language the visitor's own pair is, at first a guess, and return it."""
    from dlfa.data.guessing import guessed_languages

    codes = sorted(TEMPLATES, key=lambda code: (code != "en", language(code).name))
    (guess,) = guessed_languages([" ".join(pair.texts)], expected=codes)
    first = guess if guess in codes else "en"
    options = [first, *(code for code in codes if code != first)]
    titles = {code: language(code).title for code in options}
    found = st.selectbox(
        _("robustness.written"),
        options,
        index=options.index(address.choice("written", options, first)),
        format_func=titles.__getitem__,
        key="written",
        help=_("robustness.written.help"),
        persist_state="session",
    )
    return str(found)


def _perturbed(model: str, pair: ChosenPair, code: str) -> tuple[PerturbedPair, ...]:
    example = pair.item.id if pair.item else ""

    def call(predictor: "Predictor") -> tuple[PerturbedPair, ...]:
        from dlfa.analysis.robust_examples import perturbed_pairs

        return perturbed_pairs(predictor, pair.texts, code, gold=pair.label, example=example)

    return in_turn(model, ("perturbed", pair.texts, code, pair.label, example), call)


def _answers(one: PerturbedPair, head: str) -> tuple[int, int]:
    """Return a head's answers before and after; −1 where it was not perturbed."""
    at = one.heads.index(head)
    after = int(one.after[at].argmax()) if np.isfinite(one.after[at]).all() else -1
    return int(one.before[at].argmax()), after


def _state(one: PerturbedPair, head: str) -> str:
    """Return what became of an answer, as a message's last part."""
    before, after = _answers(one, head)
    if after < 0:
        return "unhandled"
    if one.expected:
        return "passed" if one.labels[after] in one.expected else "failed"
    return "kept" if before == after else "turned"


def _verdict(told: tuple[PerturbedPair, ...], head: str) -> str:
    handled = [one for one in told if one.pair is not None and one.perturbation != "identity"]
    heads = dict.fromkeys(one for one in (BASELINE, head) if one in told[0].heads)
    counts = [_counted(handled, name) for name in heads]
    if not any(one.expected for one in handled):
        counts.append(_("robustness.pair.unjudged"))
    control = next((one for one in told if one.perturbation == "identity"), None)
    still = control is not None and len(set(_answers(control, head))) == 1
    return _(
        "robustness.pair.verdict",
        handled=len(handled),
        left_out=len(told) - 1 - len(handled),
        told=" ".join(counts),
        control=_(f"robustness.pair.control.{'still' if still else 'moved'}"),
    )


def _cost(told: tuple[PerturbedPair, ...]) -> str:
    """Return what it took, and how far apart two answers to one and the same pair are."""
    control = next(one for one in told if one.perturbation == "identity")
    error = float(np.abs(control.after - control.before).max())
    pairs = 1 + sum(one.pair is not None for one in told)
    spent = time_word(told[0].milliseconds)
    return _(
        "robustness.pair.cost", pairs=pairs, time=spent, error=f"{error:.0e}" if error else "0"
    )


def _counted(handled: list[PerturbedPair], head: str) -> str:
    """Say how many of a head's answers turn, and how many of those that can be judged are wrong."""
    judged = [one for one in handled if one.expected]
    flips = sum(len(set(_answers(one, head))) > 1 for one in handled)
    if not judged:
        return _(
            "robustness.pair.head.unjudged",
            head=head_word(head),
            flips=flips,
            handled=len(handled),
        )
    failed = sum(_state(one, head) == "failed" for one in judged)
    return _(
        "robustness.pair.head",
        head=head_word(head),
        flips=flips,
        failed=failed,
        handled=len(handled),
        judged=len(judged),
    )


def _table(told: tuple[PerturbedPair, ...], head: str, model: str) -> PerturbedPair | None:
    """Show every perturbation; return the one whose row is chosen."""
    found = st.dataframe(
        [_row(one, head) for one in told],
        key=f"perturbed-{head}",
        height="content",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config=_config(head, task_of(model).key),
        alt=_("robustness.pair.alt", rows=len(told), head=head_word(head)),
    )
    rows = found["selection"]["rows"]
    return told[rows[0]] if rows and told[rows[0]].pair is not None else None


def _row(one: PerturbedPair, head: str) -> dict[str, Any]:
    texts = one.pair or ("", "")
    labels = " / ".join(map(label_word, one.expected))
    row: dict[str, Any] = {
        "name": perturbation_word(one.perturbation),
        "expected": labels or expectation_word("none"),
    }
    if PERTURBATIONS[one.perturbation].written_by == "machine":
        row["name"] = _("perturbation.machine", name=row["name"])
    for key, name in {"baseline": BASELINE, "head": head}.items():
        if name in one.heads:
            row[key] = _cell(one, name)
    return row | {
        "premise": texts[0] or _(f"perturbation.reason.{one.reason}"),
        "hypothesis": texts[1],
    }


def _cell(one: PerturbedPair, head: str) -> str:
    before, after = _answers(one, head)
    if after < 0:
        return "–"
    shares = one.before[one.heads.index(head)], one.after[one.heads.index(head)]
    return _(
        f"robustness.cell.{_state(one, head)}",
        before=label_word(one.labels[before]),
        before_share=percent(float(shares[0][before])),
        after=label_word(one.labels[after]),
        after_share=percent(float(shares[1][after])),
    )


def _config(head: str, task: str) -> dict[str, Any]:
    column = st.column_config
    return {
        "name": column.TextColumn(_("robustness.column.perturbation")),
        "expected": column.TextColumn(_("robustness.column.expected")),
        "premise": column.TextColumn(of_task("ui.pair.premise", task), width=TEXT),
        "hypothesis": column.TextColumn(of_task("ui.pair.hypothesis", task), width=TEXT),
        "baseline": column.TextColumn(head_word(BASELINE)),
        "head": column.TextColumn(head_word(head)),
    }


def _open(one: PerturbedPair, head: str) -> None:
    assert one.pair is not None
    open_flip(one.pair, head, _("robustness.open", name=perturbation_word(one.perturbation)))
