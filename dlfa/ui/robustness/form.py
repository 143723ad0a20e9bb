"""What is to be perturbed: data, languages, perturbations, how many pairs."""

import streamlit as st

from dlfa.data.languages import language
from dlfa.data.perturbations import IDENTITY, PERTURBATIONS
from dlfa.errors import InputError
from dlfa.figures.robust_words import perturbation_word
from dlfa.messages import _, of_task
from dlfa.ui import address, inputs
from dlfa.ui.cache import examples
from dlfa.ui.evaluate.corpora import at_hand
from dlfa.ui.robustness.request import ALL, Request
from dlfa.ui.task import task_of

__all__ = ["ask"]

BUILT_IN = "built-in"
CORPORA = ("test", "validation")
FIRST = ("typos", "upper", "unmarked", "homoglyphs", "switched", "negated", "swapped")
FEW = ("en", "de", "ar", "sw", "zh")  # at first: an answer within seconds
COUNTS = ("10", "20", "50", "100", "200", "500", "1000", "2000", ALL)
USUAL = "100"
LAST_SEED = 9_999


def ask(model: str) -> Request:
    """Show the settings and return what they ask for.

    Raises:
        InputError: no perturbation is chosen.
    """
    task = task_of(model)
    offered: tuple[str, ...] = (BUILT_IN,) if examples(task.key) else ()
    offered += CORPORA if at_hand() else ()
    split = inputs.one_of("set", offered, words="evaluate.set", task=task.key)
    left, right = st.columns(2)
    with left:
        languages = _languages(task.languages)
    with right:
        limit, seed = (None, 0) if split == BUILT_IN else _drawn()
    return Request(
        model=model,
        split=split,
        perturbations=_perturbations(),
        languages=languages,
        limit=limit,
        seed=seed,
    )


def _languages(known: tuple[str, ...]) -> tuple[str, ...]:
    codes = sorted(known, key=lambda code: (code != "en", language(code).name))
    chosen = st.multiselect(
        _("evaluate.languages"),
        codes,
        default=address.many("across", codes, [code for code in FEW if code in codes]),
        format_func=lambda code: language(code).title,
        key="across",
        placeholder=_("evaluate.languages.all", count=len(codes)),
        persist_state="session",
    )
    return tuple(code for code in codes if code in chosen) or (ALL,)


def _drawn() -> tuple[int | None, int]:
    """Show how many pairs of a corpus are drawn per language, and the draw's seed."""
    count = st.select_slider(
        of_task("evaluate.n", ""),
        COUNTS,
        value=address.choice("n", COUNTS, USUAL),
        key="n",
        format_func=lambda code: _("evaluate.n.all") if code == ALL else f"{int(code):,}",
        persist_state="session",
    )
    seed = st.number_input(
        _("evaluate.seed"),
        min_value=0,
        max_value=LAST_SEED,
        value=address.number("seed", 0, LAST_SEED, 0),
        key="seed",
        persist_state="session",
    )
    return (None if count == ALL else int(count)), int(seed or 0)


def _perturbations() -> tuple[str, ...]:
    names = [name for name in PERTURBATIONS if name != IDENTITY.name]
    chosen = st.pills(
        _("robustness.perturbations"),
        names,
        default=address.many("perturb", names, FIRST),
        format_func=_titled,
        selection_mode="multi",
        key="perturb",
        help=_("robustness.perturbations.help"),
        persist_state="session",
    )
    if not chosen:
        raise InputError("error.perturbation.none")
    return tuple(name for name in names if name in chosen)


def _titled(name: str) -> str:
    words = perturbation_word(name)
    machine = PERTURBATIONS[name].written_by == "machine"
    return _("perturbation.machine", name=words) if machine else words
