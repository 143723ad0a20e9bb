"""What a visitor asks to be tried over a set, and the command that asks for the same."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlfa.results import Intervention
from dlfa.ui.commands import quoted

if TYPE_CHECKING:
    from dlfa.analysis.intervened import InterventionRun
    from dlfa.analysis.predict import Predictor

__all__ = ["BUILT_IN", "SetRequest"]

BUILT_IN = "built-in"


@dataclass(frozen=True, kw_only=True)
class SetRequest:
    """One intervention over one set; two equal ones are the same."""

    model: str
    """A checkpoint's name or folder."""
    task: str
    change: str
    """The intervention, as `str` writes it."""
    split: str
    """``"built-in"`` or a set of the task's."""
    limit: int | None
    """Pairs per language; None for all."""

    def command(self) -> str:
        """Return the command line that does the same, and goes on with what the page began."""
        limit = "" if self.limit is None else f" --limit {self.limit}"
        return (
            f"python -m dlfa intervene --task {self.task} --model {quoted(self.model)} "
            f"--split {self.split}{limit} --change {quoted(self.change)} --json"
        )

    def begin(self, predictor: "Predictor") -> "InterventionRun":
        """Return the run, as the command line does: each goes on with what the other began.

        Raises:
            DlfaError: see `dlfa.analysis.intervened.begin_trial`.
        """
        from dlfa.analysis.intervened import begin_trial

        return begin_trial(
            predictor,
            [Intervention.parse(self.change)],
            split=self.split,
            limit=self.limit,
            command=self.command(),
        )
