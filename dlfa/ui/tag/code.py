"""How to make the page's numbers again: one command, or a few lines of Python."""

from dlfa.results import BASELINE
from dlfa.ui.commands import tag_command
from dlfa.ui.tag.chosen import Looked

__all__ = ["code"]


def code(view: str, looked: Looked) -> tuple[str, str]:
    """Return the lines that make a view's numbers, and their language.

    Args:
        view: its code.
        looked: what it looks at.
    """
    if view != "gates" or looked.head == BASELINE:
        return tag_command(looked.model, [one.text for one in looked.taggings]), "bash"
    return (
        "import dlfa\nfrom dlfa.analysis.tag import word_gate\n\n"
        f"model = dlfa.load({looked.model!a})\n"
        f"found = word_gate(model, {looked.tagging.text!r}, {looked.head!r})\n"
        "found.gate.share, found.gate.noise_share  # per sub-word; the second is its control"
    ), "python"
