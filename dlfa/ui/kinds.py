"""Which models a page can ask: some answer sentence pairs, others tag words.

What a checkpoint is for stands in its configuration: nothing is loaded to find out.
"""

from collections.abc import Iterable, Sequence

from dlfa.data.tasks import TASKS, Kind
from dlfa.ui.frame import KINDS
from dlfa.ui.task import stated

__all__ = ["fitting", "in_order", "kind_of", "page_kind", "settled"]


def page_kind(page: str) -> Kind | None:
    """Return the kind of models that a page asks; None if it asks any."""
    return KINDS.get(page)


def kind_of(model: str) -> Kind | None:
    """Return what a model is for; None where that is not known before it is loaded."""
    known = TASKS.get(stated(model))
    return known.kind if known else None


def fitting(models: Iterable[str], kind: Kind | None) -> tuple[str, ...]:
    """Return the models that a page of this kind can ask, those that may turn out to fit too."""
    return tuple(name for name in models if kind is None or kind_of(name) in (kind, None))


def in_order(models: Iterable[str]) -> tuple[str, ...]:
    """Return models in the order of their tasks, then by name: XNLI's come first."""
    tasks = list(TASKS)

    def place(name: str) -> tuple[int, str]:
        task = stated(name)
        return tasks.index(task) if task in tasks else len(tasks), name

    return tuple(sorted(models, key=place))


def settled(held: str | None, models: Sequence[str], kind: Kind | None) -> str | None:
    """Return the model that a page starts from, where nobody chose one for it.

    Args:
        held: what the visitor brings along from another page.
        models: all that are offered, in order.
        kind: of models that the page asks.

    Returns:
        the first that fits, if ``held`` is only what a page of another kind starts from itself;
        else ``held``.
    """
    first = {one: fitting(models, one)[:1] for one in ("pair", "tagging")}
    if kind is None or held is None or kind_of(held) in (kind, None):
        return held
    other = next(one for one in first if one != kind)
    return first[kind][0] if first[other] == (held,) and first[kind] else held
