"""How to make a view's numbers again: a few lines of Python, or one command."""

import streamlit as st

from dlfa.ui.commands import quoted
from dlfa.ui.gates.chosen import Looked, translation
from dlfa.ui.studies import BUILT_IN, drawn, trial_folder
from dlfa.ui.task import task_of

__all__ = ["code", "trial_code"]


def code(view: str, looked: Looked) -> str:
    """Return the lines that make a view's numbers.

    Args:
        view: its code.
        looked: what it looks at.
    """
    pair, head = looked.pair.texts, looked.gate.head
    first = f"model = dlfa.load({looked.model!a})\npair = ({pair[0]!r}, {pair[1]!r})\n"
    other = translation(looked.pair)
    if view == "translation" and other is not None:
        texts, languages = other
        return (
            "import dlfa\nfrom dlfa.analysis.alignment import compare_gates\n\n"
            f"{first}other = ({texts[0]!r}, {texts[1]!r})\n"
            f"found = compare_gates(model, (pair, other), {languages!r})\n"
            "found.alignment, found.correlation, found.chance_high"
        )
    if view == "effect":
        return (
            "import dlfa\nfrom dlfa.analysis.gates import gate_effects\n\n"
            f"{first}effects = gate_effects(model, pair, [{head!r}])\n"
            "dict(zip(effects.changes, effects.probabilities[:, 0]))"
        )
    if view == "set":
        split, limit = drawn(st.session_state.get("pairs_of", BUILT_IN))
        return (
            "import dlfa\nfrom dlfa.analysis.examples import sample\n"
            "from dlfa.analysis.study import gate_study\n\n"
            f"model = dlfa.load({looked.model!a})\n"
            f'pairs = sample(model, ("all",), {split!a}, {limit}, seed=0)\n'
            "study = gate_study(model, pairs)\n"
            "study.share, study.explained, study.drift"
        )
    return (
        "import dlfa\nfrom dlfa.analysis.gates import gate_sweep\n\n"
        f"{first}sweep = gate_sweep(model, pair)\n"
        f"sweep[{head!r}].attention  # token x channel; .noise is its control"
    )


def trial_code(model: str, data: str = "") -> str:
    """Return the command that measures accuracy under every change of the gate.

    Args:
        model: a checkpoint's name or folder.
        data: ``"built-in"`` for our own sentences, else a sample of the task's own corpus.
    """
    start = f"python -m dlfa evaluate --task {task_of(model).key} --model {quoted(model)}"
    if data == BUILT_IN:
        return f"{start} --split built-in --gate all"
    folder = quoted(f"assets/results/{trial_folder(model).name}")
    return f"{start} --limit 300 --gate all --out {folder}"
