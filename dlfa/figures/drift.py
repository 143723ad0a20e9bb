"""How far each language is from the English statistics that the batch norms keep."""

from typing import Literal

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.distributions import data_word, english_first
from dlfa.figures.frame import Settings, colour_bar, draw, made_by, nothing
from dlfa.figures.palette import SEQUENTIAL, Look
from dlfa.figures.words import escape, head_word, kind_word, plain
from dlfa.messages import _
from dlfa.results import GateStudy, head_gate, head_layer

__all__ = ["Branch", "Kind", "describe_statistics_drift", "statistics_drift"]

Branch = Literal["global", "local"]
Kind = Literal["paper", "aff"]

BRANCHES = ("global", "local")
MIDDLE = 0.47  # where cividis turns too light for white letters


def statistics_drift(study: GateStudy, look: Look, *, branch: Branch, kind: Kind) -> go.Figure:
    """Draw how far each language is from the batch norms' running statistics, layer by layer.

    Args:
        study: a set of pairs in several languages.
        look: light or dark, desk or projector.
        branch: which branch's batch norms.
        kind: gate as printed or ``aff``.

    Returns:
        a heat map, a row per language with English first, a column per fusion layer: the root
        mean square over channels of (mean − running mean) / running standard deviation.
    """
    title = _(f"figure.drift.title.{branch}", kind=kind_word(kind))
    heads = sorted(_heads(study, kind), key=lambda head: head_layer(head) or 0)
    if not heads:
        return nothing(title, _("figure.layers.none"), look)
    rows = english_first(study)
    words = _("figure.distribution.subtitle", data=data_word(study), pairs=study.pairs)
    drift, spread = (
        array[[study.heads.index(head) for head in heads], BRANCHES.index(branch)].T[rows]
        for array in (study.drift, study.spread)
    )
    return draw(
        [_cells(drift, spread, heads, look)],
        look,
        title=title,
        subtitle=f"{words} · {made_by(study.provenance)}",
        height=max(3, len(rows)) * look.row,
        top=0.4 * look.font,
        bottom=8.4 * look.small,
        axes=_axes(study, rows, heads),
        coloraxis=_colours(drift, look),
    )


def _heads(study: GateStudy, kind: str) -> list[str]:
    return [head for head in study.heads if head_gate(head) == kind]


def _cells(drift: np.ndarray, spread: np.ndarray, heads: list[str], look: Look) -> Settings:
    end = _end(drift)
    return {
        "type": "heatmap",
        "z": drift,
        "x0": 0,
        "dx": 1,
        "y0": 0,
        "dy": 1,
        "text": [[_number(cell, end) for cell in row] for row in drift],
        "texttemplate": "%{text}",
        "textfont": {"size": look.small - 2},
        "customdata": [
            [
                [head_word(head), f"{cell:+.2f}".replace("-", "−")]
                for head, cell in zip(heads, row, strict=True)
            ]
            for row in spread
        ],
        "hovertemplate": _("figure.drift.hover"),
        "hoverongaps": False,
        "xgap": 1,
        "ygap": 1,
        "coloraxis": "coloraxis",
    }


def _number(cell: float, end: float) -> str:
    """Return a cell's number, in an ink that reads on its colour; short, for a phone."""
    if not np.isfinite(cell):
        return ""
    ink = "#FFFFFF" if cell < MIDDLE * end else "#000000"
    text = f"{cell:.1f}" if cell >= 1 else f"{cell:.2f}".removeprefix("0")
    return f'<span style="color:{ink}">{text}</span>'


def _end(drift: np.ndarray) -> float:
    finite = drift[np.isfinite(drift)]
    return max(0.1, float(np.ceil(10 * finite.max()) / 10)) if finite.size else 0.1


def _colours(drift: np.ndarray, look: Look) -> Settings:
    bar = colour_bar(look, _("figure.drift.scale"))
    return {"colorscale": SEQUENTIAL, "cmin": 0, "cmax": _end(drift), "colorbar": bar}


def _axes(study: GateStudy, rows: np.ndarray, heads: list[str]) -> dict[str, Settings]:
    across = {
        "range": [-0.5, len(heads) - 0.5],
        "tickvals": list(range(len(heads))),
        "ticktext": [str(head_layer(head)) for head in heads],
        "tickangle": 0,
        "showgrid": False,
        "title": _("figure.shares.axis.layer"),
        "fixedrange": True,
    }
    down = {
        "range": [len(rows) - 0.5, -0.5],
        "tickvals": list(range(len(rows))),
        "ticktext": [escape(plain(study.languages[at])) for at in rows],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def describe_statistics_drift(study: GateStudy, *, branch: Branch, kind: Kind) -> str:
    """Return `statistics_drift` in words: English beside the farthest language."""
    at = [study.heads.index(head) for head in _heads(study, kind)]
    if not at:
        return _("figure.layers.none")
    means = study.drift[at, BRANCHES.index(branch)].mean(0)  # (language)
    order = english_first(study)
    far, near = int(order[np.argmax(means[order])]), int(order[np.argmin(means[order])])
    first = int(order[0])
    return _(
        "figure.drift.alt",
        title=_(f"figure.drift.title.{branch}", kind=kind_word(kind)),
        first=plain(study.languages[first]),
        first_mean=f"{means[first]:.2f}",
        far=plain(study.languages[far]),
        far_mean=f"{means[far]:.2f}",
        near=plain(study.languages[near]),
        near_mean=f"{means[near]:.2f}",
    )
