"""Several processes that work on one grid: started, watched, and ended with the one that did."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

import psutil
import torch

from dlfa.model.device import hardware

__all__ = ["beside", "end_with", "how_many", "threads_of"]

NEEDS = {"cuda": 4_000_000_000, "cpu": 4_000_000_000}  # bytes of memory that one process may take
MOST = 12  # on one GPU: more take turns and gain nothing
PATIENCE = 15.0  # seconds for a process to end by itself
THREADS = "OMP_NUM_THREADS"
LOOK = 0.5  # seconds between two looks at whether they go on


def how_many() -> int:
    """Return how many trainings side by side make the most of this device.

    A batch of 32 fills neither two cores nor a GPU: so many processes as there are cores, or as
    find room in memory.
    """
    device = hardware().device
    cores = _cores()
    if device == "cuda":
        free = torch.cuda.mem_get_info()[0]
        return max(1, min(cores, MOST, free // NEEDS["cuda"]))
    return max(1, min(cores, psutil.virtual_memory().available // NEEDS["cpu"]))


def threads_of(count: int) -> int:
    """Return how many threads each of so many processes has, unless somebody chose a number."""
    return int(os.environ.get(THREADS) or max(1, _cores() // count))


def _cores() -> int:
    asked = getattr(os, "sched_getaffinity", None)  # macOS and Windows have none
    return len(asked(0)) if asked else os.cpu_count() or 1


def beside(
    command: Sequence[str], count: int, look: Callable[[], object] = lambda: None
) -> list[int]:
    """Run one command in several processes and return how each of them ended.

    Whatever ends this one, they end as well: their standard input is a pipe that only this process
    holds (see `end_with`). SIGTERM is taken for Control-C.

    Args:
        command: to run; the cores are shared out between the processes, unless somebody chose a
            number of threads.
        count: how many.
        look: called again and again while they go on.

    Raises:
        KeyboardInterrupt: somebody asked for an end; all of them have ended.
    """
    threads = {THREADS: str(threads_of(count))}
    with _interrupted_by_sigterm():
        running = [
            subprocess.Popen(  # noqa: S603  (our own program)
                command,
                env={**os.environ, **threads},
                stdin=subprocess.PIPE,
                start_new_session=True,  # Control-C reaches this process alone, which ends them
            )
            for _ in range(count)
        ]
        try:
            while any(one.poll() is None for one in running):
                time.sleep(LOOK)
                look()
        finally:
            _end(running)
    return [one.returncode for one in running]


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for one in running:
        if one.poll() is None:
            one.terminate()
    for one in running:
        try:
            one.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()
        if one.stdin is not None:
            one.stdin.close()


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def end_with(parent: int = 0) -> None:
    """End this process as soon as the one that started it is gone, however it went.

    Args:
        parent: the pipe from it; standard input by default.
    """

    def wait() -> None:
        with suppress(OSError):
            while os.read(parent, 1):  # nobody writes: it ends when the other end is closed
                pass
        os._exit(128 + signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="end with parent").start()
