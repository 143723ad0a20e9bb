"""How to make a view's numbers again: a few lines of Python, or one command."""

from dlfa.results import GateTrial
from dlfa.ui.commands import quoted
from dlfa.ui.gates.chosen import Looked

__all__ = ["code", "trial_code"]


def code(view: str, looked: Looked, to: str = "") -> str:
    """Return the lines that make a view's numbers.

    Args:
        view: its code.
        looked: what it looks at.
        to: the other language, where there is one.
    """
    pair, head = looked.pair.texts, looked.gate.head
    first = f"model = dlfa.load({looked.model!a})\npair = ({pair[0]!r}, {pair[1]!r})\n"
    item = looked.pair.item
    if view == "translation" and item is not None and to:
        return (
            "import dlfa\nfrom dlfa.analysis.alignment import compare_gates\n\n"
            f"{first}other = ({item.text[to][0]!r}, {item.text[to][1]!r})\n"
            f"found = compare_gates(model, (pair, other), ({looked.pair.language!r}, {to!r}))\n"
            "found.alignment, found.correlation, found.chance_high"
        )
    if view == "effect":
        return (
            "import dlfa\nfrom dlfa.analysis.gates import gate_effects\n\n"
            f"{first}effects = gate_effects(model, pair, [{head!r}])\n"
            "dict(zip(effects.changes, effects.probabilities[:, 0]))"
        )
    if view == "set":
        return (
            "import dlfa\nfrom dlfa.analysis.examples import built_in\n"
            "from dlfa.analysis.study import gate_study\n\n"
            f"model = dlfa.load({looked.model!a})\n"
            "study = gate_study(model, built_in(model.labels))\n"
            "study.share, study.explained, study.drift"
        )
    return (
        "import dlfa\nfrom dlfa.analysis.gates import gate_sweep\n\n"
        f"{first}sweep = gate_sweep(model, pair)\n"
        f"sweep[{head!r}].attention  # token x channel; .noise is its control"
    )


def trial_code(model: str, trial: GateTrial | None = None) -> str:
    """Return the command that measures accuracy under every change of the gate."""
    if trial is not None and trial.data == "built-in":
        return f"python -m dlfa evaluate --model {quoted(model)} --split built-in --gate all"
    return (
        f"python -m dlfa evaluate --model {quoted(model)} --limit 300 --gate all "
        f"--out assets/results/{quoted(f'{model}-gates')}"
    )
