"""What a visitor asks to be evaluated, and the command that asks for the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlfa.ui.commands import quoted

if TYPE_CHECKING:
    from dlfa.analysis.evaluation import Run
    from dlfa.analysis.examples import Labelled
    from dlfa.analysis.predict import Predictor

__all__ = ["ALL", "OWN", "Request"]

ALL = "all"
OWN = "own"  # the split's name for a visitor's own data


@dataclass(frozen=True, kw_only=True)
class Request:
    """The settings of one run; two equal ones are the same run."""

    model: str
    """A checkpoint's name or folder."""
    split: str
    """``"built-in"``, ``"validation"``, ``"test"`` or ``"own"``."""
    languages: tuple[str, ...] = (ALL,)
    """ISO codes, or ``("all",)``."""
    limit: int | None = None
    """Pairs per language; None for all."""
    heads: tuple[str, ...] = (ALL,)
    """Names, or ``("all",)``."""
    seed: int = 0
    """Of the draw."""
    digest: str = ""
    """Of own data; what else of them is known stays in the session."""

    def command(self, task: str) -> str:
        """Return the command line of this run; own data has none.

        Args:
            task: its key.
        """
        limit = "" if self.limit is None else f" --limit {self.limit}"
        return (
            f"python -m dlfa evaluate --task {task} --model {quoted(self.model)} "
            f"--split {self.split} --languages {' '.join(self.languages)}{limit} "
            f"--heads {' '.join(self.heads)} --seed {self.seed} --out runs/evaluation"
        )

    def begin(self, predictor: "Predictor", own: "Sequence[Labelled] | None" = None) -> "Run":
        """Return the run, as the command line does: each goes on with what the other began.

        Args:
            predictor: the model.
            own: the examples, where they are the visitor's; they never reach the disk.

        Raises:
            DlfaError: see `dlfa.analysis.evaluation.begin`.
        """
        from dlfa.analysis import evaluation

        return evaluation.begin(
            predictor,
            self.languages,
            split=self.split,
            limit=self.limit,
            heads=ALL if self.heads == (ALL,) else self.heads,
            seed=self.seed,
            command="" if own else self.command(predictor.model.config.task),
            examples=None if own is None else list(own),
            store=own is None,
        )
