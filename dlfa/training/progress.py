"""Progress that a person, a page and a resumed run can read."""

import json
import logging
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from dlfa.data.atomic import write_json

__all__ = ["COMPLETE", "PROGRESS", "Progress", "earlier_seconds", "last_complete"]

COMPLETE = "complete"
PROGRESS = "progress.json"
log = logging.getLogger(__name__)


class Progress(TrainerCallback):
    """Write ``progress.json`` (atomically) and a log line; mark checkpoints that are whole.

    Trainer writes a checkpoint straight into its final folder, so a killed run leaves one that
    looks whole: the marker file says which ones really are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.began: tuple[float, int, int] | None = None  # time, tokens and step at the start
        self.earlier = earlier_seconds(folder)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self.began = (time.monotonic(), int(state.num_input_tokens_seen), state.global_step)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        if not state.is_world_process_zero or self.began is None:
            return
        began, tokens, step = self.began
        seconds = time.monotonic() - began
        rate = (int(state.num_input_tokens_seen) - tokens) / max(seconds, 1e-9)
        done = max(state.global_step - step, 1)
        left = seconds / done * (state.max_steps - state.global_step)
        now = {
            "step": state.global_step,
            "steps": state.max_steps,
            "tokens": int(state.num_input_tokens_seen),
            "tokens_per_second": round(rate, 1),
            "seconds": round(self.earlier + seconds, 1),
            "seconds_left": round(left),
            **{key: value for key, value in (logs or {}).items() if isinstance(value, int | float)},
        }
        write_json(self.folder / PROGRESS, now)
        log.info(
            "step %d/%d · %.0f tokens/s · %.0f min left · %s",
            now["step"],
            now["steps"],
            rate,
            left / 60,
            " ".join(f"{key} {value:.4g}" for key, value in (logs or {}).items()),
        )

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if state.is_world_process_zero:
            folder = Path(args.output_dir or ".") / f"checkpoint-{state.global_step}"
            (folder / COMPLETE).touch()


def earlier_seconds(folder: Path) -> float:
    """Return the wall time of a run's earlier sessions, as far as its progress tells."""
    try:
        return float(json.loads((folder / PROGRESS).read_text(encoding="utf-8"))["seconds"])
    except (OSError, ValueError, KeyError):
        return 0.0


def last_complete(folder: Path) -> Path | None:
    """Return the newest checkpoint that was written to its end, or None."""
    whole = [path.parent for path in folder.glob(f"checkpoint-*/{COMPLETE}")]
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)
