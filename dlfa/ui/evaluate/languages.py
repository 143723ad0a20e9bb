"""One language of a run, or all of them."""

from dlfa.messages import _
from dlfa.ui import inputs
from dlfa.ui.evaluate.shown import Shown

__all__ = ["EVERY", "one_language"]

EVERY = "all"


def one_language(shown: Shown) -> str:
    """Show the run's languages and return the chosen one's code, at first `EVERY`."""
    names = sorted(shown.names.items(), key=lambda entry: (entry[0] != "en", entry[1]))
    words = {EVERY: _("evaluate.where.all", count=len(names)), **dict(names)}
    return inputs.pick("where", words, _("evaluate.where"))
