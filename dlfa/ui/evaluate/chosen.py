"""Which run the page shows: a finished one, at once, or a new one."""

from dlfa.messages import _
from dlfa.ui import inputs
from dlfa.ui.evaluate.finished import finished, open_run, run_words
from dlfa.ui.evaluate.new import new_run
from dlfa.ui.evaluate.shown import Shown
from dlfa.ui.loading import known

__all__ = ["chosen_run"]


def chosen_run(model: str) -> Shown | None:
    """Show the choice of runs and return the chosen one; None while there is nothing of it.

    Args:
        model: a checkpoint's name or folder.

    Raises:
        DlfaError: the model cannot be loaded, or a run cannot be read.
    """
    runs = finished(model)
    checkpoint = known(model).provenance.checkpoint
    at_hand = any(run.provenance["checkpoint"] == checkpoint for run in runs.values())
    sources = ("stored", "new") if at_hand else ("new", "stored")
    source = inputs.one_of("source", sources if runs else ("new",), words="evaluate.source")
    if source == "new":
        return new_run(model)
    name = inputs.pick(
        "record", {name: run_words(run) for name, run in runs.items()}, _("evaluate.record")
    )
    return open_run(model, runs[name])
