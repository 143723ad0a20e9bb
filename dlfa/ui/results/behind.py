"""What is behind a number: its interval in words, its records, and the commands that made it."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dlfa import figures
from dlfa.data.tasks import TASKS
from dlfa.figures.words import head_word
from dlfa.messages import _, of_task
from dlfa.results import AVERAGE, Measured, Source
from dlfa.ui import address
from dlfa.ui.guard import literal
from dlfa.ui.models import offered
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.words import group_word, task_word
from dlfa.ui.task import stated

__all__ = ["show_behind"]


def show_behind(columns: Columns, task: str, head: str, group: str = AVERAGE) -> None:
    """Show what is behind the numbers of one task, head and group of languages.

    Args:
        columns: the chosen ones.
        task: its key.
        head: a head's name.
        group: as of `Measured.groups`.
    """
    title = _("results.behind", task=task_word(task), head=head_word(head))
    if group != AVERAGE:
        title = f"{title}, {group_word(group)}"
    st.subheader(title, anchor=False)
    _published(task, head, group)
    for found in columns.found[task]:
        _measured(columns, found, head, group)
    if not columns.found[task]:
        st.caption(_("results.behind.missing", task=task_word(task)))


def _published(task: str, head: str, group: str) -> None:
    known = TASKS[task].published
    if known is None:
        return
    numbers = known.means if group == AVERAGE else known.grouped.get(group, {})
    number = numbers.get(head)
    if number is None:
        number = known.by_language.get(head, {}).get(group)
    if number is not None:
        derived = " " + _("results.derived") if group in known.derived else ""
        told = _("results.behind.published", percent=f"{number:.2f}", model=known.model)
        st.markdown(f"{told} [{known.source}]({known.url}).{derived}")


def _measured(columns: Columns, found: Measured, head: str, group: str) -> None:
    with st.container(border=True, key=f"behind-{found.way.key}"):
        named = (
            f"{figures.way_word(found.way)}{columns.number(found)} · {figures.seeds_word(found)}"
        )
        data = of_task(f"evaluate.set.{found.split}", found.task)
        origin = ", ".join(dict.fromkeys(one.origin for one in found.sources if one.origin))
        told = " · ".join(one for one in (data, origin) if one)
        st.markdown(f"**{literal(named)}** · {literal(told)}")
        st.markdown(literal(figures.behind_words(found, group, head)))
        sources = [source for source in found.sources if head in source.heads]
        with st.container(horizontal=True):
            for source in sources:
                words = _("results.record", name=source.name)
                st.button(
                    words,
                    key=f"record-{source.name}",
                    icon=":material/leaderboard:",
                    on_click=partial(_open, source, head),
                )
        if sources:
            with st.expander(_("ui.reproduce"), icon=":material/terminal:"):
                st.code(_commands(sources, head), language="bash", wrap_lines=True)
                _told(sources)


def _commands(sources: list[Source], head: str) -> str:
    """Return what trains and evaluates again, each command once."""
    lines: dict[str, None] = {}
    for source in sources:
        lines[source.trained[head].command] = None
        if source.way.together:
            lines[source.provenance.command] = None
    return "\n".join(line for line in lines if line)


def _told(sources: list[Source]) -> None:
    for source in sources:
        told = source.provenance
        st.caption(
            _(
                "results.record.facts",
                name=literal(source.name),
                checkpoint=literal(told.checkpoint[:8]),
                device=literal(told.device),
                dtype=literal(told.dtype),
                gate_init=literal(told.gate_init),
                origin=literal(source.origin or source.task),
            )
        )


def _open(source: Source, head: str) -> None:
    """Open a record on the page Evaluate, as if by a link."""
    models = [name for name in offered() if stated(name) == source.task]
    values: Mapping[str, list[str]] = {
        "page": ["evaluate"],
        "source": ["stored"],
        "record": [source.name],
        "head": [head],
        "model": models[:1],
    }
    address.bring({key: value for key, value in values.items() if value}, [])
