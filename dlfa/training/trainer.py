"""transformers' Trainer with our checkpoints: adapters and heads, not the encoder."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import EvalPrediction, Trainer

from dlfa.model import checkpoints
from dlfa.model.modeling import DlfaModel
from dlfa.training.recipes import Recipe

__all__ = ["DlfaTrainer", "accuracies"]


class DlfaTrainer(Trainer):
    """Two learning rates, and checkpoints of adapter and heads in float32.

    Args:
        recipe: gives the learning rates.
        options: see `transformers.Trainer`.
    """

    model: DlfaModel

    def __init__(self, *, recipe: Recipe, **options: Any) -> None:
        super().__init__(**options)
        self.recipe = recipe

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        if self.optimizer is None:
            parts = {"backbone": self.recipe.encoder_lr, "heads": self.recipe.heads_lr}
            groups = [
                {
                    "params": [
                        p for p in getattr(self.model, part).parameters() if p.requires_grad
                    ],
                    "lr": rate,
                }
                for part, rate in parts.items()
            ]
            self.optimizer = torch.optim.AdamW(
                groups, eps=1e-8, weight_decay=self.recipe.weight_decay
            )
        return self.optimizer

    def _save(self, output_dir: str | None = None, state_dict: dict | None = None) -> None:
        folder = Path(output_dir or self.args.output_dir or ".")
        checkpoints.save(self.model, folder, half=False)

    def _load_from_checkpoint(
        self, resume_from_checkpoint: str, model: nn.Module | None = None
    ) -> None:
        checkpoints.load_parts(self.model, Path(resume_from_checkpoint))

    def _load_best_model(self) -> None:
        if self.state.best_model_checkpoint is not None:
            checkpoints.load_parts(self.model, Path(self.state.best_model_checkpoint))


def accuracies(evaluated: EvalPrediction) -> dict[str, float]:
    """Return each head's accuracy and their mean (``accuracy``), what checkpoints compete on."""
    logits = np.asarray(evaluated.predictions)  # (batch head label)
    right = logits.argmax(-1) == np.asarray(evaluated.label_ids)[:, None]
    return {
        "accuracy": float(right.mean()),
        "accuracy_baseline": float(right[:, 0].mean()),
        "accuracy_best_head": float(right.mean(axis=0).max()),
    }
