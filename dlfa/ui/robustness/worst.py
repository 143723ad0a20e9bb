"""The surest wrong turns under one perturbation; each opens on Predict."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from dlfa.data.perturbations import perturb, perturbation
from dlfa.figures.robust_tables import flips_table
from dlfa.figures.robust_words import perturbation_word
from dlfa.figures.words import head_word, label_word, percent
from dlfa.messages import _, of_task
from dlfa.results.robustness import Flip
from dlfa.ui import inputs, saving
from dlfa.ui.robustness.leading import open_flip

if TYPE_CHECKING:
    from dlfa.analysis.robustness import Tested

__all__ = ["show_worst"]

ROWS = 50
TEXT = 240  # px of a sentence's column


def show_worst(tested: "Tested", head: str, seed: int) -> None:
    """Show the surest wrong answers after a perturbation.

    Args:
        tested: the suite.
        head: whose.
        seed: of the perturbations.

    Raises:
        DlfaError: the corpus' sentences are not at hand.
    """
    from dlfa.analysis.robust_examples import flips_of

    st.subheader(_("robustness.worst"), anchor=False)
    names = [name for name in tested.perturbed if name != "identity"]
    words = {name: perturbation_word(name) for name in names}
    name = inputs.pick("turned", words, _("robustness.worst.of"), width=360)
    flips = flips_of(tested.clean, tested.perturbed[name], name, head)
    if not flips:
        st.success(_("robustness.worst.none", name=words[name], head=head_word(head)))
        return
    shown = flips[:ROWS]
    texts = _texts(tested, shown, seed)
    rows = [_row(flip, texts.get((flip.id, flip.language))) for flip in shown]
    found = st.dataframe(
        rows,
        key=f"flips-{name}-{head}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config=_config(tested.clean.provenance.task),
        alt=_("robustness.worst.alt", rows=len(shown), name=words[name], head=head_word(head)),
    )
    st.caption(_("robustness.worst.caption", shown=len(shown), flips=len(flips)))
    saving.save_table("flips", flips_table(flips))
    _opened(found["selection"]["rows"], shown, texts, head, words[name])


def _opened(
    rows: list[int],
    shown: tuple[Flip, ...],
    texts: dict[tuple[str, str], tuple[str, str]],
    head: str,
    name: str,
) -> None:
    """Offer to open the chosen row on Predict; at first the surest one."""
    flip = shown[rows[0] if rows else 0]
    pair = texts.get((flip.id, flip.language))
    if pair is not None:
        open_flip(pair, head, _("robustness.open", name=name))


def _texts(
    tested: "Tested", flips: tuple[Flip, ...], seed: int
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the sentences after the perturbation, by id and language; records hold none."""
    from dlfa.analysis.examples import texts
    from dlfa.data.tasks import task

    settings = tested.clean.settings
    keys = [(flip.id, flip.language) for flip in flips]
    before = texts(task(str(settings["task"])), str(settings["split"]), keys)
    how = perturbation(flips[0].perturbation)
    found = {
        (name, code): perturb(pair, how, language=code, seed=seed, example=name).pair
        for (name, code), pair in before.items()
    }
    return {key: pair for key, pair in found.items() if pair is not None}


def _row(flip: Flip, pair: tuple[str, str] | None) -> dict[str, Any]:
    premise, hypothesis = pair or ("", "")
    return {
        "language": flip.language,
        "expected": " / ".join(map(label_word, flip.expected)) or "–",
        "before": _answer(flip.before, flip.sure_before),
        "after": _answer(flip.after, flip.sure_after),
        "premise": premise,
        "hypothesis": hypothesis,
        "id": flip.id,
    }


def _answer(label: str, share: float) -> str:
    return _("robustness.answer", label=label_word(label), percent=percent(share))


def _config(task: str) -> dict[str, Any]:
    column = st.column_config
    return {
        "language": column.TextColumn(_("evaluate.column.language")),
        "premise": column.TextColumn(of_task("ui.pair.premise", task), width=TEXT),
        "hypothesis": column.TextColumn(of_task("ui.pair.hypothesis", task), width=TEXT),
        "expected": column.TextColumn(_("robustness.column.expected")),
        "before": column.TextColumn(_("robustness.column.before")),
        "after": column.TextColumn(_("robustness.column.after")),
        "id": column.TextColumn(_("evaluate.column.id")),
    }
