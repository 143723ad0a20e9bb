"""Which measured columns the tables have, and what each says, counted once for all visitors."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from dlfa.data.tasks import TASKS, Task
from dlfa.errors import DlfaError
from dlfa.figures.table_words import way_word
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results import GateKind, Measured, Source, Way, head_gate
from dlfa.ui import address, inputs
from dlfa.ui.evaluate.shown import counted
from dlfa.ui.guard import literal

__all__ = ["Column", "Columns", "chosen_columns"]

KINDS: tuple[GateKind, ...] = ("paper", "aff")


@dataclass(frozen=True, kw_only=True)
class Column:
    """What was measured in one way."""

    way: Way
    kind: GateKind
    """The reading of the gate."""
    sources: Mapping[str, tuple[Source, ...]]
    """By task, a record per seed."""

    def measured(self, task: str) -> Measured | None:
        """Return what the records of a task say; None where there are none that can be read."""
        if task not in self.sources:
            return None
        try:
            return counted(self._key(task), lambda: _measure(self.sources[task], self.kind))
        except DlfaError as error:
            words = {"way": way_word(self.way), "task": _(f"results.task.{task}")}
            told = _("results.broken", **words, reason=error)
            st.warning(literal(told), icon=":material/broken_image:")
            return None

    def _key(self, task: str) -> Hashable:
        files = [source.folder / "run.json" for source in self.sources[task]]
        return "table", self.kind, tuple((str(file), file.stat().st_mtime_ns) for file in files)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The measured columns that are chosen; none where nothing was measured."""

    chosen: tuple[Column, ...]

    @cached_property
    def found(self) -> dict[str, tuple[Measured, ...]]:
        """What they say, by task; those that have the task only."""
        with st.spinner(_("results.counting"), show_time=True):
            each = {key: [one.measured(key) for one in self.chosen] for key in TASKS}
        return {key: tuple(one for one in some if one is not None) for key, some in each.items()}

    def number(self, found: Measured) -> str:
        """Return the number that a column has where there are several; else nothing."""
        if len(self.chosen) < 2:
            return ""
        return f" [{1 + [one.way for one in self.chosen].index(found.way)}]"

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that are published or measured."""
        return tuple(TASKS.values())


def chosen_columns() -> Columns:
    """Show what was measured, where there is a choice, and return the chosen columns."""
    from dlfa.analysis.recorded import by_way, recorded

    sources, damaged = recorded(own=policy().name == "local")
    for told in damaged:
        st.warning(literal(told), icon=":material/broken_image:")
    ways = {way.key: (way, tasks) for way, tasks in by_way(sources).items()}
    if not ways:
        return Columns(chosen=())
    keys = _keys(ways)
    kinds = _kinds(source for key in keys for some in ways[key][1].values() for source in some)
    kind = inputs.one_of("gate", kinds, words="ui.gate") if len(kinds) > 1 else KINDS[0]
    return Columns(
        chosen=tuple(Column(way=ways[key][0], kind=kind, sources=ways[key][1]) for key in keys)
    )


def _keys(ways: Mapping[str, tuple[Way, Mapping[str, tuple[Source, ...]]]]) -> tuple[str, ...]:
    """Show the ways in which was measured; at least one is chosen."""
    options = list(ways)
    first = address.many("ways", options, options[:1])
    if len(options) == 1:
        return tuple(options)
    chosen = st.pills(
        _("results.ways"),
        options,
        default=first,
        selection_mode="multi",
        format_func=lambda key: way_word(ways[key][0]),
        key="ways",
        help=_("results.ways.help"),
        persist_state="session",
    )
    return tuple(key for key in options if key in chosen) or (options[0],)


def _kinds(sources: Iterable[Source]) -> tuple[GateKind, ...]:
    """Return the readings of the gate that any of these heads have."""
    there = {head_gate(head) for source in sources for head in source.heads}
    return tuple(kind for kind in KINDS if kind in there) or KINDS[:1]


def _measure(sources: tuple[Source, ...], kind: GateKind) -> Measured:
    from dlfa.analysis.tables import measured

    return measured(sources, kind)
