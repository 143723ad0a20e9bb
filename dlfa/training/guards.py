"""What must not harm a run's folder: two runs at once, a full disk, a loss that is no number."""

import errno
import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from dlfa.data.processes import process_of
from dlfa.errors import RunError
from dlfa.training.ranks import first

__all__ = ["LOCK", "Numbers", "alone", "room_for", "writable"]

LOCK = ".lock"
FULL = (errno.ENOSPC, errno.EDQUOT)
LEAST = 1_000_000  # bytes: with fewer left, whatever failed to be written failed for that


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Keep a run's folder for this process, or this group of processes, while the block runs.

    The system gives the lock back when its holder ends, however that ends: nobody has to clean up
    after a run that was killed.

    Raises:
        RunError: another run trains there, or nobody can write there.
    """
    with writable(out):
        out.mkdir(parents=True, exist_ok=True)
    if not first():  # the first of a group holds the lock for all
        yield
        return
    lock = FileLock(out / LOCK, blocking=False)
    try:
        with writable(out):
            lock.acquire()
    except Timeout:
        holder = process_of(out)
        raise RunError("error.run.busy", path=out, pid=holder.pid if holder else "?") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writable(out: Path) -> Iterator[None]:
    """Tell in one sentence why nobody can write to a folder.

    Raises:
        RunError: its disk is full, or it is read-only, or no folder.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, Timeout):  # that is no fault of the folder's
            raise
        if error.errno in FULL:
            raise RunError("error.run.full", path=out) from None
        reason = error.strerror or type(error).__name__
        raise RunError("error.run.unwritable", path=out, reason=reason) from None


@contextmanager
def room_for(out: Path) -> Iterator[None]:
    """Tell of a full disk in one sentence; what was whole before stays.

    Raises:
        RunError: the disk that a run writes to is full.
    """
    try:
        yield
    except Exception as error:
        if _is_full(error, out):
            raise RunError("error.run.full", path=out) from error
        raise


def _is_full(error: BaseException | None, out: Path) -> bool:
    """Return whether an error comes of a full disk: some libraries say so in words, some not."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if "No space left" in str(error) or "os error 28" in str(error):  # safetensors
            return True
        if "PytorchStreamWriter" in str(error) and shutil.disk_usage(out).free < LEAST:
            return True
        error = error.__cause__ or error.__context__
    return False


class Numbers(TrainerCallback):
    """Stop a run whose loss is no number any more: all that it would still write is worthless.

    The loss on validation is known before a checkpoint is written: none holds such weights.

    Args:
        out: the run's folder, for the message.
    """

    def __init__(self, out: Path) -> None:
        self.out = out

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        told = {name: value for name, value in (logs or {}).items() if name.endswith("loss")}
        if not all(map(math.isfinite, told.values())):
            best = state.best_model_checkpoint
            raise RunError(
                "error.run.numbers",
                path=self.out,
                step=state.global_step,
                best=Path(best).name if best else "–",
            )
