"""Progress that a person, a page and a resumed run can read."""

import json
import logging
import math
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from dlfa.data.atomic import write_json
from dlfa.model.device import hardware
from dlfa.training.costs import share_of_peak
from dlfa.training.ranks import world

__all__ = [
    "COMPLETE",
    "HISTORY",
    "PROGRESS",
    "Progress",
    "earlier_seconds",
    "last_complete",
    "share",
]

COMPLETE = "complete"
PROGRESS = "progress.json"
HISTORY = "history.json"
log = logging.getLogger(__name__)


class Progress(TrainerCallback):
    """Write ``progress.json`` (atomically) and a log line; mark checkpoints that are whole.

    ``history.json`` holds in ``"points"`` everything that was logged from the first step on, in
    earlier sessions too: losses of training steps, and looks at validation.

    Trainer writes a checkpoint straight into its final folder, so a killed run leaves one that
    looks whole: the marker file says which ones really are.
    """

    def __init__(self, folder: Path, flops: float = 0.0) -> None:
        self.folder, self.flops = folder, flops
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
            "stage": "training",
            "step": state.global_step,
            "steps": state.max_steps,
            "tokens": int(state.num_input_tokens_seen),
            "tokens_per_second": round(rate, 1),
            **share(rate, self.flops),
            "seconds": round(self.earlier + seconds, 1),
            "seconds_left": round(left),
            **{key: value for key, value in (logs or {}).items() if isinstance(value, int | float)},
        }
        write_json(self.folder / PROGRESS, now)
        write_json(self.folder / HISTORY, {"points": [*map(_finite, state.log_history)]})
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


def share(rate: float, flops: float) -> dict[str, float]:
    """Return which share of the devices' stated peak training reaches, where that is known.

    Args:
        rate: tokens a second, of all processes together.
        flops: of one token; 0 where nobody counted them.
    """
    found = share_of_peak(hardware().name, hardware().dtype, rate / world(), flops)
    return {"share_of_peak": round(found, 4)} if found and flops else {}


def _finite(entry: dict[str, float]) -> dict[str, float]:
    """Leave out what JSON has no word for."""
    return {key: value for key, value in entry.items() if math.isfinite(value)}


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
