"""What a visitor asks to be perturbed, and the command that asks for the same."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlfa.ui.commands import quoted

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor
    from dlfa.analysis.robustness import Suite

__all__ = ["ALL", "Request", "pair_command"]

ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Request:
    """The settings of one suite; two equal ones are the same."""

    model: str
    """A checkpoint's name or folder."""
    split: str
    """``"built-in"``, ``"validation"`` or ``"test"``."""
    perturbations: tuple[str, ...]
    languages: tuple[str, ...] = (ALL,)
    limit: int | None = None
    """Pairs per language; None for all."""
    seed: int = 0

    @property
    def command(self) -> str:
        """The command line of this suite."""
        limit = "" if self.limit is None else f" --limit {self.limit}"
        return (
            f"python -m dlfa robustness --model {quoted(self.model)} --split {self.split} "
            f"--languages {' '.join(self.languages)}{limit} "
            f"--perturb {' '.join(self.perturbations)} --seed {self.seed} --out runs/robustness"
        )

    def begin(self, predictor: "Predictor") -> "Suite":
        """Return the suite, as the command line does: each goes on with what the other began.

        Raises:
            DlfaError: see `dlfa.analysis.robustness.begin_suite`.
        """
        from dlfa.analysis.robustness import begin_suite

        return begin_suite(
            predictor,
            self.perturbations,
            self.languages,
            split=self.split,
            limit=self.limit,
            seed=self.seed,
            command=self.command,
        )


def pair_command(
    model: str, pair: tuple[str, str], language: str, gold: str | None, example: str
) -> str:
    """Return the command line that perturbs one pair."""
    premise, hypothesis = map(quoted, pair)
    known = f" --gold {quoted(gold)}" if gold else ""
    known += f" --example {quoted(example)}" if example else ""
    return (
        f"python -m dlfa robustness {premise} {hypothesis} --language {language}{known} "
        f"--model {quoted(model)}"
    )
