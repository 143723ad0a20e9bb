"""Which sets of a task its source has: a mirror may hold fewer than the task declares."""

from dlfa.data.sources import mirror
from dlfa.data.tasks import Task

__all__ = ["offered_splits", "usual_split"]


def offered_splits(task: Task) -> tuple[str, ...]:
    """Return the sets that a task may be evaluated on here: ``test`` first, where it is.

    The Hub has them all. What lies beside a mirror (see `Corpus.beside`) is looked for there.
    """
    corpus, root = task.evaluation, mirror()
    own = tuple(name for name in task.sets if name not in task.further)
    if root is not None and (root / corpus.hub_id).is_dir():
        there = _splits(str(root / corpus.hub_id), corpus.configuration(task.languages[0]))
        own = tuple(name for name in own if corpus.splits[name] in there)
    return own + tuple(name for name, other in task.further.items() if _is_there(other.hub_id))


def usual_split(task: Task) -> str:
    """Return the set that a task is evaluated on unless another one is asked for."""
    return next(iter(offered_splits(task)), "test")


def _splits(folder: str, config: str | None) -> list[str]:
    from datasets import get_dataset_split_names

    return list(get_dataset_split_names(folder, config))


def _is_there(beside: str) -> bool:
    root = mirror()
    return root is not None and (root.resolve().parent / beside).is_dir()
