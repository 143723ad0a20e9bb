"""How heads are trained, as data."""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from dlfa.data.tasks import task
from dlfa.errors import RunError
from dlfa.model.config import Tuning
from dlfa.model.fusion import GateInit

__all__ = [
    "ALONE",
    "FROZEN",
    "FULL",
    "JOINT",
    "PAPER",
    "RECIPES",
    "Recipe",
    "Settings",
    "check_number",
    "recipe",
]

ALONE = ("paper",)  # recipes that train an encoder for each head


def check_number(
    option: str, found: int | float, least: int | float, most: int | None = None
) -> None:
    """Make sure that a number is one a run can be made with.

    Args:
        option: what it is called on the command line.
        found: the number.
        least: that is possible.
        most: that is possible; any finite number if None.

    Raises:
        RunError: it is smaller or larger, or no number.
    """
    if not least <= found < math.inf or (most is not None and found > most):
        key = "error.run.least" if most is None else "error.run.range"
        raise RunError(key, option=option, found=found, least=least, most=most)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One way to train; everything that shapes the result is here and goes into the record."""

    name: str
    """``"joint"``: one encoder with LoRA, all heads at once, loss = mean of the heads' losses;
    ``"full"``: the same with all of the encoder tuned; ``"frozen"``: with nothing of it;
    ``"paper"``: an encoder tuned in full for one head, as the XTREME benchmark's scripts do."""
    corpora: tuple[str, ...] = ()
    """Short names of the English training corpora (see `dlfa.data.tasks`); if none is named,
    `dlfa.data.sources.usual_corpora`."""
    epochs: int | float = 1.0
    """Passes over the data where no token budget is given."""
    batch_size: int = 32
    """Sentence pairs per update."""
    tuning: Tuning = "lora"
    """What is trained of the encoder: its LoRA adapter, all of it, or nothing."""
    encoder_lr: float = 5e-4
    """Peak learning rate of the encoder, or of its LoRA adapter."""
    heads_lr: float = 5e-4
    """Peak learning rate of the heads."""
    warmup: float = 0.06
    """Share of the updates over which the learning rates rise."""
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    lora_rank: int = 16
    lora_alpha: int = 32
    encoder_dropout: float = 0.0
    """Inside the encoder; a pass over the data or two leaves nothing to regularise."""
    dropout: float = 0.1
    """Before each classifier."""
    gate_init: GateInit = "neutral"
    reduction: int = 4
    """AIF's squeeze r; not stated in the paper, 4 is AFF's."""

    def __post_init__(self) -> None:
        check_number("--batch-size", self.batch_size, 2)  # batch norm needs two
        check_number("--epochs", self.epochs, 0.001)
        if not 0 <= self.warmup < 1:
            raise ValueError("warmup is a share of the updates")

    @property
    def one_head(self) -> bool:
        """Whether each head is trained with an encoder of its own."""
        return self.name in ALONE

    def adapter(self) -> dict[str, Any] | None:
        """Return peft's LoRA configuration, for the encoder alone; None without LoRA."""
        if self.tuning != "lora":
            return None
        from dlfa.model.checkpoints import LORA_TARGETS

        return {
            "r": self.lora_rank,
            "lora_alpha": self.lora_alpha,
            "lora_dropout": 0.0,
            "target_modules": list(LORA_TARGETS),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


JOINT = Recipe(name="joint")
FULL = Recipe(name="full", tuning="full", encoder_lr=5e-5)
# Heads alone learn more slowly, and a pass costs them little. Of 5e-4, 1e-3, 2e-3, tried on 2,000
# English examples and six passes: XNLI 49.8, 50.3 and 50.0 % right, NER F1 9.6, 23.5 and 40.2.
FROZEN = Recipe(name="frozen", tuning="frozen", heads_lr=2e-3, epochs=6.0)
# The XTREME benchmark's public scripts, which the paper's baseline row is from; what a task has of
# its own, epochs and corpus, `recipe` adds.
PAPER = Recipe(
    name="paper",
    tuning="full",
    encoder_lr=2e-5,
    heads_lr=2e-5,
    warmup=0.0,
    encoder_dropout=0.1,
    gate_init="standard",
)
RECIPES = {recipe.name: recipe for recipe in (JOINT, FULL, FROZEN, PAPER)}


def recipe(name: str, task_key: str = "", **changes: Any) -> Recipe:
    """Return a recipe by name with some fields changed.

    Args:
        name: of the recipe.
        task_key: what is trained: the benchmark's recipe has epochs and a corpus for each task.
        changes: fields.

    Raises:
        RunError: there is no such recipe.
        UnknownModelError: there is no such task.
    """
    if name not in RECIPES:
        raise RunError("error.recipe.unknown", name=name, known=", ".join(RECIPES))
    if task_key and name in ALONE:
        known = task(task_key)
        first = next(iter(known.training))  # MNLI: SNLI is no part of the benchmark
        changes = {"epochs": known.epochs, "corpora": (first,)} | changes
    return replace(RECIPES[name], **changes)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one training run was asked for."""

    task: str
    backbone: str
    recipe: Recipe
    heads: tuple[str, ...] = ()
    """Which heads; all that the encoder can have if none is named."""
    examples: int | None = None
    """English training examples, drawn with the seed; None for all."""
    max_tokens: int | None = None
    """Budget of training tokens, padding not counted; None for the recipe's epochs."""
    seed: int = 0
    validation_limit: int | None = None
    """English validation pairs looked at, None for all."""
    checks: int = 8
    """How often validation is looked at and a checkpoint written."""
    bf16: bool | None = None
    """bfloat16 autocast; None where the device is faster with it."""

    def __post_init__(self) -> None:
        check_number("--seed", self.seed, 0, 2**32 - 1)
        check_number("checks", self.checks, 1)
        if self.recipe.one_head and len(self.heads) != 1:
            named = ", ".join(self.heads) or "-"
            raise RunError("error.recipe.one_head", name=self.recipe.name, heads=named)
        for name in ("examples", "max_tokens", "validation_limit"):
            asked = getattr(self, name)
            if asked is not None:
                check_number(f"--{name.replace('_', '-')}", asked, 1)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**vars(self), "recipe": self.recipe.to_dict()}
