"""transformers' Trainer with our checkpoints: adapters and heads, not the encoder."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import EvalPrediction, Trainer, TrainerState
from transformers.trainer import TRAINER_STATE_NAME

from dlfa.analysis.tag_scores import tag_scores
from dlfa.data.tasks import Task
from dlfa.model import checkpoints
from dlfa.model.modeling import DlfaModel
from dlfa.shapes import UNLABELLED
from dlfa.training.recipes import Recipe

__all__ = ["DlfaTrainer"]

FUSED = ("cuda", "cpu")  # devices for which AdamW is one kernel


class DlfaTrainer(Trainer):
    """Two learning rates, and checkpoints of adapter and heads in float32.

    Args:
        recipe: gives the learning rates.
        task: what is measured on validation.
        options: see `transformers.Trainer`.
    """

    model: DlfaModel

    def __init__(self, *, recipe: Recipe, task: Task, **options: Any) -> None:
        super().__init__(
            compute_metrics=partial(measured, task),
            preprocess_logits_for_metrics=self._answers,
            **options,
        )
        self.recipe = recipe
        self.uncounted: torch.Tensor | int = 0

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        if self.optimizer is None:
            parts = {"backbone": self.recipe.encoder_lr, "heads": self.recipe.heads_lr}
            learning = {
                part: [p for p in getattr(self.model, part).parameters() if p.requires_grad]
                for part in parts
            }
            self.optimizer = torch.optim.AdamW(
                [  # without what is frozen
                    {"params": some, "lr": parts[part]} for part, some in learning.items() if some
                ],
                eps=1e-8,
                weight_decay=self.recipe.weight_decay,
                # One kernel instead of many: on a CPU it takes a sixth of the time.
                fused=all(p.device.type in FUSED for some in learning.values() for p in some),
            )
        return self.optimizer

    def _answers(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Return the answers, as long in all processes: Trainer pads what is not yet transposed."""
        found = answers(logits, labels)
        if found.ndim == 2:
            return found
        return self.accelerator.pad_across_processes(found, dim=1, pad_index=UNLABELLED)

    def _track_num_input_tokens(self, inputs: dict[str, Any]) -> None:
        """Count on the device: asking it for the number would stall every step."""
        self.uncounted = inputs["attention_mask"].sum() + self.uncounted

    def _maybe_log_save_evaluate(self, *given: Any, **named: Any) -> None:
        """Log, evaluate and save, as the flags say; whoever looks then finds the tokens counted."""
        control = self.control
        if control.should_log or control.should_evaluate or control.should_save:
            self.state.num_input_tokens_seen += int(
                self.accelerator.reduce(torch.as_tensor(self.uncounted, device=self.args.device))
            )
            self.uncounted = 0
        super()._maybe_log_save_evaluate(*given, **named)

    def _save(self, output_dir: str | None = None, state_dict: dict | None = None) -> None:
        if self.args.should_save:  # every process is asked; the first writes for all
            folder = Path(output_dir or self.args.output_dir or ".")
            checkpoints.save(self.model, folder, half=False)

    def _save_rng_state(self, output_dir: str) -> None:
        """Wait for the first process, which renames a whole folder into this place."""
        self.accelerator.wait_for_everyone()
        super()._save_rng_state(output_dir)

    def _load_from_checkpoint(
        self, resume_from_checkpoint: str, model: nn.Module | None = None
    ) -> None:
        checkpoints.check_same(Path(resume_from_checkpoint), self.model.config)
        checkpoints.load_parts(self.model, Path(resume_from_checkpoint))

    def _load_best_model(self) -> None:
        if self.state.best_model_checkpoint is not None:
            checkpoints.load_parts(self.model, Path(self.state.best_model_checkpoint))

    def go_on(self, checkpoint: Path | None) -> None:
        """Train to the end: from a checkpoint, or from the beginning.

        After its last step there is nothing to do; the library would make one step more.
        """
        if checkpoint is None:
            self.train()
            return
        state = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE_NAME))
        if state.global_step < self.args.max_steps:
            self.train(resume_from_checkpoint=str(checkpoint))
            return
        self._load_from_checkpoint(str(checkpoint))
        self.state = state
        self.state.best_model_checkpoint = moved(state.best_model_checkpoint, checkpoint.parent)
        self._load_best_model()


def moved(best: str | None, out: Path) -> str | None:
    """Return where the best checkpoint is now: a run's folder may have been moved since.

    Args:
        best: where it was written, None before any.
        out: the run's folder.
    """
    return str(out / Path(best).name) if best else None


def answers(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return each head's answer, ``(batch head)`` or ``(batch token head)``.

    All that is measured, in place of what would fill the memory; Trainer pads the second axis.
    """
    likeliest = logits.argmax(-1)
    return likeliest if labels.ndim == 1 else likeliest.transpose(1, 2)


def measured(task: Task, evaluated: EvalPrediction) -> dict[str, float]:
    """Return what the task's checkpoints compete on: mean over heads, the baseline's, the best's.

    Args:
        task: says which measure, and under which name.
        evaluated: the answers, and the right ones.
    """
    given, wanted = np.asarray(evaluated.predictions), np.asarray(evaluated.label_ids)
    if task.kind == "pair":
        scores = (given == wanted[:, None]).mean(axis=0)
    else:
        words = wanted != UNLABELLED
        scores = tag_scores(
            task.chosen_by, task.labels, wanted[words], given[words], words.sum(axis=1)
        )
    return {
        task.chosen_by: float(scores.mean()),
        f"{task.chosen_by}_baseline": float(scores[0]),
        f"{task.chosen_by}_best_head": float(scores.max()),
    }
