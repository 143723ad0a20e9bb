"""Table 3: how similar translations are in the fused space. Ours says what it compares."""

import streamlit as st

from dlfa.data.sentence_sets import built_in
from dlfa.data.tasks import Task
from dlfa.figures.tables import Row, source
from dlfa.figures.words import decimals
from dlfa.messages import _
from dlfa.results import BASELINE, LayerMeasure
from dlfa.ui import chrome
from dlfa.ui.embeddings.code import code
from dlfa.ui.embeddings.encoders import ChosenEncoder
from dlfa.ui.embeddings.looked import Looked, Shown, shipped_of
from dlfa.ui.embeddings.measure_view import shown_of
from dlfa.ui.embeddings.measured import measure_of
from dlfa.ui.guard import literal
from dlfa.ui.loading import CHECKPOINTS
from dlfa.ui.models import offered
from dlfa.ui.results.columns import Columns
from dlfa.ui.results.grid import Place, show_grid
from dlfa.ui.results.table_one import paper_rows
from dlfa.ui.results.words import task_word
from dlfa.ui.task import stated

__all__ = ["show"]

MEASURE, PAIRS = "similarity", "english"
LAST = "12"  # the space that the baseline reads

_ASKED = "similarity_asked"  # in the session: models of which it is to be measured


def show(columns: Columns) -> None:
    """Show the view: the tasks of which the authors tell a similarity."""
    st.markdown(_("results.similarity.ours"))
    names = paper_rows()
    places: list[Place] = []
    cells: dict[str, list[str]] = {}
    rows: list[Row] = []
    made: list[tuple[Looked, Shown]] = []
    for task in (one for one in columns.tasks if one.published and one.published.similarity):
        model = _model(task)
        _published(task, list(names), places, cells, rows)
        for looked, found in _measures(task, model) if model else ():
            _ours(task, looked.reading, found, list(names), places, cells, rows)
            if not looked.centred:
                made.append((looked, shown_of(looked, found, PAIRS)))
    show_grid(
        "table3",
        names,
        places,
        cells,
        title=_("results.head"),
        caption=_("results.caption.table3"),
        alt=_("results.alt.table3", rows=len(names)),
        rows=rows,
        sets="",
    )
    for looked, shown in made:
        chrome.reproduce(shown.provenance, code(looked, shown), "python")


def _model(task: Task) -> str:
    """Return the shipped model of a task; empty where there is none."""
    shipped = (name for name in offered() if (CHECKPOINTS / name / "config.json").is_file())
    return next((name for name in shipped if stated(name) == task.key), "")


def _measures(task: Task, model: str) -> list[tuple[Looked, LayerMeasure]]:
    """Return what lies in the repository; what does not is measured where somebody asks for it."""
    encoder = ChosenEncoder(name=model, raw=False)
    sentences = built_in()
    shipped = shipped_of(encoder, sentences)
    asked: list[str] = st.session_state.setdefault(_ASKED, [])
    if shipped is None and model not in asked:
        words = _("results.similarity.measure", task=task_word(task.key), model=literal(model))
        st.button(
            words,
            key=f"similarity-{task.key}",
            icon=":material/calculate:",
            on_click=asked.append,
            args=(model,),
        )
        return []
    found: list[tuple[Looked, LayerMeasure]] = []
    for centred in (False, True):
        looked = Looked(
            encoder=encoder,
            sentences=sentences,
            pooled_by="mean",
            centred=centred,
            shipped=shipped,
        )
        measure = measure_of(looked, MEASURE, PAIRS)
        if measure is None:
            break
        found.append((looked, measure))
    return found


def _published(
    task: Task, heads: list[str], places: list[Place], cells: dict[str, list[str]], rows: list[Row]
) -> None:
    known = task.published
    assert known is not None
    place = Place(
        column=f"published {task.key}",
        title=_("results.column.published", task=task_word(task.key)),
        about=_("results.column.published.about", model=known.model, source=known.source),
    )
    places.append(place)
    numbers = known.similarity
    cells[place.column] = [f"{numbers[head]:.4f}" if head in numbers else "" for head in heads]
    rows += [
        _row(task, head) | {"published": one, "model": known.model} for head, one in numbers.items()
    ]


def _ours(
    task: Task,
    reading: str,
    found: LayerMeasure,
    heads: list[str],
    places: list[Place],
    cells: dict[str, list[str]],
    rows: list[Row],
) -> None:
    place = Place(
        column=f"difference {task.key} {reading}",
        title=_(f"results.column.{reading}", task=task_word(task.key)),
        about=f"{found.provenance.backbone}, {found.provenance.state}",
    )
    places.append(place)
    cells[place.column] = [_cell(found, head) for head in heads]
    for head in heads:
        at = _at(found, head)
        if at is not None:
            rows.append(
                _row(task, head)
                | {"reading": reading, "similarity": float(found.average[at])}
                | {"low": float(found.average_low[at]), "high": float(found.average_high[at])}
                | {"control": float(found.control[at])}
                | source(found.provenance)
            )


def _row(task: Task, head: str) -> Row:
    names = "published model reading similarity low high control backbone state checkpoint"
    nothing: Row = dict.fromkeys((*names.split(), "gate_init"), "")
    return {"task": task.key, "head": head} | nothing


def _at(found: LayerMeasure, head: str) -> int | None:
    space = LAST if head == BASELINE else head
    return found.spaces.index(space) if space in found.spaces else None


def _cell(found: LayerMeasure, head: str) -> str:
    at = _at(found, head)
    if at is None:
        return ""
    ends = float(found.average_low[at]), float(found.average_high[at])
    value, low, high = (decimals(one, 3) for one in (float(found.average[at]), *ends))
    return f"{value} [{low}, {high}]"
