"""What the page says first: does any layer help, and what is not known yet."""

import streamlit as st

from dlfa import figures
from dlfa.data.tasks import TASKS
from dlfa.messages import _, of_task
from dlfa.policy import policy
from dlfa.results import Measured
from dlfa.ui.guard import literal
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.words import task_word

__all__ = ["show_verdict"]

OWN = (  # two ways to numbers of one's own
    "python -m dlfa sweep --task xnli --backbone e5-small --recipe paper --heads all --seeds 3",
    "python -m dlfa evaluate --task xnli --model e5-small-xnli --split test --languages all",
)


def show_verdict(columns: Columns) -> None:
    """Say of every task whether a fused head differs from its own baseline, and name the gaps."""
    if not columns.chosen:
        _nothing()
        return
    every = [found for some in columns.found.values() for found in some]
    for column in columns.chosen:
        mine = [found for found in every if found.way == column.way]
        if mine:
            first = f"**{literal(figures.way_verdict(mine))}**"
            st.markdown("\n".join([first, "", *map(_line, mine)]))
    if any(source.provenance.backbone != "mbert" for found in every for source in found.sources):
        st.caption(_("results.not_mbert"))
    gaps = [
        f"- {task_word(found.task)}{columns.number(found)}: {literal(' '.join(told))}"
        for found in every
        if (told := figures.gaps_words(found))
    ]
    unmeasured = [task_word(key) for key in TASKS if not columns.found[key]]
    if unmeasured:
        gaps.append(f"- {_('results.gap.tasks', tasks=', '.join(unmeasured))}")
    if gaps:
        with st.expander(_("results.gaps", count=len(gaps)), icon=":material/hourglass_empty:"):
            st.markdown("\n".join(gaps))


def _line(found: Measured) -> str:
    """Return what is said of one task: on which data, after how much training, how many seeds."""
    data = of_task(f"evaluate.set.{found.split}", found.task)
    about = [data, *_tokens(found), figures.seeds_word(found)]
    told = literal(f"{', '.join(about)}: {figures.table_verdict(found)}")
    return f"- **{task_word(found.task)}** · {told}"


def _tokens(found: Measured) -> list[str]:
    """Return the training tokens of a task, where the column does not say."""
    told = {one.tokens for source in found.sources for one in source.trained.values()}
    known = [tokens for tokens in told if tokens]
    if found.way.max_tokens or not known:
        return []
    return [_("results.verdict.tokens", tokens=f"{max(known):,}")]


def _nothing() -> None:
    """Say that nothing was measured, and the two ways to numbers of one's own."""
    st.info(_("results.none"), icon=":material/hourglass_empty:")
    if policy().training:
        st.markdown(_("results.none.ways"))
        st.code("\n".join(OWN), language="bash", wrap_lines=True)
