"""A training run that is asked to end ends cleanly: the best checkpoint so far is its result."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from dlfa.training.ranks import world

__all__ = ["Stopping"]


class Stopping(TrainerCallback):
    """End training at the next step once the process gets a SIGTERM.

    Where no checkpoint has been looked at yet, it is done then. Before the first step there is
    nothing to keep, and a SIGTERM interrupts like Control-C.
    """

    def __init__(self) -> None:
        self.asked = False
        self.training = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take SIGTERM for a wish to stop while the block runs; elsewhere than in the main thread
        nobody can listen, and several processes would not end at the same step: nothing changes.
        """
        if threading.current_thread() is not threading.main_thread() or world() > 1:
            yield
            return
        before = signal.signal(signal.SIGTERM, self._hear)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        if not self.training:
            raise KeyboardInterrupt

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self.training = True

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if not self.asked:
            return
        control.should_training_stop = True
        if state.best_model_checkpoint is None:
            control.should_evaluate = control.should_save = True
