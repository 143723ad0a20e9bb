"""Which sets of a task its source has: a mirror may hold fewer than the task declares."""

from pathlib import Path

from dlfa.data.sources import mirror
from dlfa.data.tasks import Corpus, Task
from dlfa.errors import MissingDataError

__all__ = ["check_split", "offered_splits", "usual_split"]


def offered_splits(task: Task) -> tuple[str, ...]:
    """Return the sets that a task may be evaluated on here: ``test`` first, where it is.

    The Hub has them all. What lies beside a mirror (see `Corpus.beside`) is looked for there. Of a
    mirror that cannot be read nothing is known, and asking for one of the sets says what is wrong.
    """
    corpus, root = task.evaluation, mirror()
    own = tuple(name for name in task.sets if name not in task.further)
    if root is not None and (root / corpus.hub_id).is_dir():
        there = _splits(root / corpus.hub_id, corpus, task.languages)
        own = tuple(name for name in own if not there or corpus.splits[name] in there)
    return own + tuple(name for name, other in task.further.items() if _is_there(other.hub_id))


def usual_split(task: Task) -> str:
    """Return the set that a task is evaluated on unless another one is asked for."""
    return next(iter(offered_splits(task)), "test")


def check_split(task: Task, split: str) -> None:
    """Make sure that a task can be evaluated on a set here.

    Raises:
        MissingDataError: the task has no such set, or its source here does not hold it.
    """
    if split in task.further:  # whose absence is told with where it belongs
        return
    there = offered_splits(task)
    if split not in there:
        raise MissingDataError(
            "error.split.unknown", split=split, task=task.key, known=", ".join(there)
        )


def _splits(folder: Path, corpus: Corpus, languages: tuple[str, ...]) -> frozenset[str]:
    """Return the splits of the first language that is in a mirror's folder; none if unreadable."""
    from datasets import get_dataset_config_names, get_dataset_split_names

    try:
        configs = get_dataset_config_names(str(folder))
        wanted = map(corpus.configuration, languages)
        config = next((name for name in wanted if name is None or name in configs), None)
        return frozenset(get_dataset_split_names(str(folder), config))
    except (OSError, ValueError):  # what the library's own errors are; whoever asks gets told
        return frozenset()


def _is_there(beside: str) -> bool:
    root = mirror()
    return root is not None and (root.resolve().parent / beside).is_dir()
