"""Train the cells of a grid, one after the other, each into the store as soon as it is finished.

Any number of processes may work on one plan: a cell belongs to whoever holds its lock, and the
system gives a lock back when its holder ends, however that ends. A cell that was broken off goes
on from its last checkpoint.
"""

import gc
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dlfa.analysis.joining import join, writing
from dlfa.analysis.predict import Predictor
from dlfa.analysis.sharded import evaluated
from dlfa.errors import DlfaError
from dlfa.model import checkpoints
from dlfa.training.cells import Cell, Plan
from dlfa.training.guards import room_for
from dlfa.training.progress import HISTORY
from dlfa.training.run import TRAINING, train
from dlfa.training.shards import Shard

__all__ = ["finish", "work"]

log = logging.getLogger(__name__)
TOLD = (  # of ``training.json``: what differs between the heads of a record
    "tokens",
    "seconds",
    "tokens_per_second",
    "share_of_peak",
    "validation",
    "hardware",
    "versions",
    "commit",
)
TIMES = ("runtime", "per_second")  # of a look at validation: the machine's, not the model's


def work(plan: Plan, tell: Callable[[Cell, Path], object] = lambda cell, record: None) -> None:
    """Train what is not in the store and nobody else trains, until nothing of that is left.

    Args:
        plan: the grid.
        tell: called with each cell that was finished, and its record.

    Raises:
        DlfaError: the last thing that kept a cell from being finished: the disk is full, a loss is
            no number, a record is damaged or of other examples. The others were worked on.
    """
    failure: DlfaError | None = None
    for cell in plan.cells:
        try:
            with _ours(plan, cell) as ours:
                if ours and not _done(plan, cell):
                    tell(cell, finish(plan, cell))
                    gc.collect()  # Trainer and its callbacks know each other, and the model
        except DlfaError as error:
            log.warning("%s: %s", cell.words, error)
            failure = error
    if failure is not None:
        raise failure


def _done(plan: Plan, cell: Cell) -> bool:
    """Return whether a cell is in the store, also while another process puts one there."""
    with writing(plan.store):
        return plan.done(cell)


@contextmanager
def _ours(plan: Plan, cell: Cell) -> Iterator[bool]:
    """Hold a cell while the block runs, unless another process does."""
    folder = plan.work(cell)
    with room_for(plan.store):
        folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(f"{folder.name}.lock"), blocking=False)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def finish(plan: Plan, cell: Cell) -> Path:
    """Train a cell, or go on with it, evaluate it, and put it into the store; return the record.

    The caller holds the cell.
    """
    out, shard = plan.work(cell), plan.shard[cell.task]
    done = train(plan.settings(cell), out, shard.material, stoppable=False)
    evaluation = evaluated(_predictor(done.folder, shard), shard.test, plan.limit)
    with room_for(out):
        record = join(plan.store, evaluation, plan.about(cell), _facts(out, shard))
    shutil.rmtree(out, ignore_errors=True)
    return record


def _predictor(folder: Path, shard: Shard) -> Predictor:
    model, encoder = checkpoints.load(folder, shard.encoder())
    return Predictor(shard.whole(model), encoder, checkpoint=checkpoints.digest(folder))


def _facts(out: Path, shard: Shard) -> dict[str, Any]:
    """Return what is told of a training, from what it left in its folder."""
    facts = json.loads((out / TRAINING).read_text(encoding="utf-8"))
    found = {name: facts[name] for name in TOLD if name in facts}
    found |= {"source": shard.source, "examples": shard.count()}
    found["validation"] = _figures(found["validation"])
    with suppress(OSError, ValueError):
        points = json.loads((out / HISTORY).read_text(encoding="utf-8"))["points"]
        found["checks"] = [_figures(point) for point in points if "eval_loss" in point]
    return found


def _figures(look: dict[str, float]) -> dict[str, float]:
    return {
        name.removeprefix("eval_"): round(value, 5)
        for name, value in look.items()
        if not name.endswith(TIMES)
    }
