"""Examples' sentences, which no record holds: from the corpus, or from the visitor's session."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dlfa.data.sources import mirror, offered
from dlfa.data.tasks import Task
from dlfa.policy import policy
from dlfa.ui.evaluate.request import OWN
from dlfa.ui.evaluate.shown import Shown, counted

if TYPE_CHECKING:
    from dlfa.analysis.predict import SentencePair

__all__ = ["at_hand", "languages", "sentences", "splits"]


def at_hand() -> bool:
    """Return whether corpora may be read: no visitor of a public instance makes it fetch one."""
    return policy().corpora or mirror() is not None


def splits(task: Task) -> tuple[str, ...]:
    """Return the sets of a task that its source has here, none where none may be read."""

    def look() -> tuple[str, ...]:
        from dlfa.data.splits import offered_splits

        return offered_splits(task)

    return counted(("splits", task.key, str(mirror())), look) if at_hand() else ()


def languages(task: Task, split: str) -> tuple[str, ...]:
    """Return the languages of a set that its source has here, in the task's order."""

    def look() -> tuple[str, ...]:
        return offered(task, split)

    return counted(("languages", task.key, split, str(mirror())), look)


def sentences(
    shown: Shown, wanted: Iterable[tuple[str, str]]
) -> "dict[tuple[str, str], SentencePair]":
    """Return the sentences of some examples by id and language; what is not at hand is left out.

    Each language is read once an hour at most.

    Raises:
        DlfaError: see `dlfa.analysis.examples.texts`.
    """
    split = shown.evaluation.settings["split"]
    keys = list(wanted)
    if split == OWN:
        own = shown.own or {}
        return {key: own[key] for key in keys if key in own}
    if split != "built-in" and not at_hand():
        return {}
    found: dict[tuple[str, str], SentencePair] = {}
    for code in dict.fromkeys(language for _id, language in keys):
        found |= _of_language(shown, split, code)
    return {key: found[key] for key in keys if key in found}


def _of_language(shown: Shown, split: str, code: str) -> "dict[tuple[str, str], SentencePair]":
    task, evaluation = str(shown.evaluation.settings["task"]), shown.evaluation

    def read() -> "dict[tuple[str, str], SentencePair]":
        from dlfa.analysis import examples
        from dlfa.data import tasks

        ids = evaluation.ids[evaluation.languages == code].tolist()
        return examples.texts(tasks.task(task), split, [(one, code) for one in ids])

    return counted(("sentences", code, *shown.key), read)
