"""How to make a view's numbers again: one command, or a few lines of Python."""

from collections.abc import Sequence

from dlfa.results import Intervention
from dlfa.ui.commands import quoted

__all__ = ["layers_code", "pair_command"]

Pair = tuple[str, str]


def pair_command(
    model: str, pair: Pair, change: Intervention, translation: Pair | None = None
) -> str:
    """Return the command line that changes the gates on one pair."""
    premise, hypothesis = map(quoted, pair)
    command = f"python -m dlfa intervene {premise} {hypothesis} --model {quoted(model)} "
    command += f"--change {quoted(str(change))} "
    if translation is not None:
        command += f"--translation {' '.join(map(quoted, translation))} "
    return command + "--json"


def layers_code(
    model: str, pairs: Sequence[tuple[str, Pair]], heads: Sequence[str], change: Intervention
) -> str:
    """Return the lines that answer a pair and its translations, layer by layer."""
    listed = "".join(f"    {code!r}: {pair!r},\n" for code, pair in pairs)
    return (
        "import dlfa\nfrom dlfa.analysis.layer_answers import layer_answers\n"
        "from dlfa.results import Intervention\n\n"
        f"model = dlfa.load({model!a})\npairs = {{\n{listed}}}\n"
        f"change = Intervention.parse({str(change)!r})\n"
        f"found = layer_answers(model, pairs, {list(heads)!r}, change)\n"
        "found.trained, found.changed, found.control"
    )
