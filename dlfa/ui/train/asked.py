"""What a visitor wants trained, and the command that trains it."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.data.tasks import TASKS
from dlfa.ui.commands import quoted

if TYPE_CHECKING:
    from dlfa.training.recipes import Settings

__all__ = ["Asked"]

LOOKED_AT = (
    1000  # validation examples: enough to choose a checkpoint by, in less than half the time
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A training run that could be started."""

    task: str
    backbone: str
    """A short name, a folder or ``hub-id@revision``."""
    recipe: str
    """``"frozen"``, ``"joint"`` (LoRA) or ``"full"``."""
    heads: tuple[str, ...] = ()
    """None named: all."""
    gate_init: str
    examples: int | None
    """English examples; None for all."""
    seed: int
    name: str = ""
    """Of the run, and in model lists; empty for one made of the rest."""

    @property
    def title(self) -> str:
        """The run's name: a folder's, so nothing but letters, digits and hyphens."""
        wanted = self.name or "-".join(
            (Path(self.backbone.partition("@")[0]).name, self.task, self.recipe, str(self.seed))
        )
        plain = "".join(one if one.isalnum() or one in "-_." else "-" for one in wanted)
        return plain.strip("-.")[:60] or "run"

    @property
    def corpora(self) -> tuple[str, ...]:
        """The first of the task's corpora: a second one may need more than is at hand."""
        every = tuple(TASKS[self.task].training)
        return every[:1] if len(every) > 1 else ()

    def arguments(self, out: str) -> list[str]:
        """Return the words of the command after ``python -m dlfa``.

        Args:
            out: the run's folder; without one the command has none.
        """
        words = ["train", "--task", self.task, "--backbone", self.backbone]
        words += ["--recipe", self.recipe]
        for option, values in (("--heads", self.heads), ("--corpora", self.corpora)):
            words += [option, *values] if values else []
        words += ["--gate-init", self.gate_init]
        words += ["--examples", str(self.examples)] if self.examples else []
        words += ["--validation-limit", str(LOOKED_AT), "--seed", str(self.seed)]
        return [*words, "--out", out] if out else words

    def command(self, out: str, *, forecast: bool = False) -> str:
        """Return the command line, safe to copy into a shell."""
        words = [quoted(word) for word in self.arguments("" if forecast else out)]
        return (
            shlex.join(["python", "-m", "dlfa"])
            + " "
            + " ".join([*words, *(["--forecast"] if forecast else [])])
        )

    def settings(self) -> "Settings":
        """Return what the command will train."""
        from dlfa.training.recipes import Settings, recipe

        return Settings(
            task=self.task,
            backbone=self.backbone,
            recipe=recipe(self.recipe, corpora=self.corpora, gate_init=self.gate_init),
            heads=self.heads,
            examples=self.examples,
            seed=self.seed,
            validation_limit=LOOKED_AT,
        )
