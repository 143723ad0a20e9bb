"""How the lower layer's share is spread over a set of pairs, beside the untrained twin's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.palette import STATE_SYMBOLS, Look
from dlfa.figures.words import escape, head_word, kind_word, label_word, plain, points, tenths
from dlfa.messages import _, of_task
from dlfa.results import PARTS, GateStudy, head_gate, head_layer

__all__ = ["By", "data_word", "describe_share_distribution", "english_first", "share_distribution"]

By = Literal["language", "layer", "label", "part"]

OFFSETS = {"trained": -0.19, "noise": 0.19}  # of a row
POINTS = (5, 25, 50, 75, 95)  # percent: whiskers, box, median


@dataclass(frozen=True, eq=False, kw_only=True)
class Group:
    """One row: a name, and the finite shares of its pairs."""

    name: str
    """Safe to print."""
    trained: Float[np.ndarray, " _"]
    noise: Float[np.ndarray, " _"]


def share_distribution(study: GateStudy, look: Look, *, by: By, head: str) -> go.Figure:
    """Draw the distribution of the lower layer's share over the pairs of each group.

    Args:
        study: a set of pairs.
        look: light or dark, desk or projector.
        by: ``"language"``, ``"label"``, ``"part"`` of the input, or ``"layer"``: every layer with
            the head's kind of gate.
        head: whose share.

    Returns:
        per group of pairs (each pair's mean over all its tokens; by part over that part's) two
        boxes from the first to the third quartile, whiskers from 5 to 95 %, the
        mean as a point: as trained, and the untrained twin's; how many pairs stand behind them
        is beside the group's name.

    Raises:
        ValueError: a head that was not studied.
    """
    groups = _groups(study, by, head)
    return draw(
        [trace for state in OFFSETS for trace in _state(groups, state, head, look)],
        look,
        title=_(f"figure.distribution.title.{by}", **_names(head)),
        subtitle="<br>".join(_subtitle(study, head, look)),
        height=max(2, len(groups)) * 1.5 * look.row,
        top=0.6 * look.font,
        bottom=3.4 * look.small,
        right=2 * look.small,
        axes=_axes(groups),
        shapes=[_middle(look)],
    )


def _names(head: str) -> dict[str, str]:
    return {"head": head_word(head), "kind": kind_word(head_gate(head) or "")}


def _groups(study: GateStudy, by: By, head: str) -> list[Group]:
    """Return the groups in reading order; a part or pair without tokens counts nowhere."""
    found = _layers(study, head) if by == "layer" else _split(study, by, study.heads.index(head))
    return [
        Group(name=name, trained=one[np.isfinite(one)], noise=twin[np.isfinite(twin)])
        for name, one, twin in found
    ]


Found = tuple[str, Float[np.ndarray, " _"], Float[np.ndarray, " _"]]


def _layers(study: GateStudy, head: str) -> Iterator[Found]:
    heads = [name for name in study.heads if head_gate(name) == head_gate(head)]
    for name in sorted(heads, key=lambda one: head_layer(one) or 0):
        at = study.heads.index(name)
        yield head_word(name), study.whole[:, at], study.noise_whole[:, at]


def _split(study: GateStudy, by: By, at: int) -> Iterator[Found]:
    if by == "part":
        for place, part in enumerate(PARTS):
            shares = study.share[:, at, place], study.noise_share[:, at, place]
            yield of_task(f"figure.segment.{part}", study.provenance.task), *shares
        return
    of_pair = study.language if by == "language" else study.label
    for index, name in _named(study, by):
        chosen = of_pair == index
        yield name, study.whole[chosen, at], study.noise_whole[chosen, at]


def _named(study: GateStudy, by: By) -> list[tuple[int, str]]:
    if by == "label":
        return [(at, escape(label_word(label))) for at, label in enumerate(study.labels)]
    return [(int(at), escape(plain(study.languages[at]))) for at in english_first(study)]


def english_first(study: GateStudy) -> Int[np.ndarray, " language"]:
    """Return the languages' indices: English, which the model was trained on, then as they come."""
    return np.array(
        sorted(range(len(study.languages)), key=lambda at: study.languages[at] != "en"), dtype=int
    )


def _state(groups: list[Group], state: str, head: str, look: Look) -> list[Settings]:
    """Return one state's boxes and means; empty groups are left out."""
    colour = look.head_colour(head_gate(head) or "") if state == "trained" else look.muted
    filled = [(at, group) for at, group in enumerate(groups) if len(getattr(group, state))]
    places = np.array([at + OFFSETS[state] for at, _group in filled])
    shares = [getattr(group, state).astype(np.float64) for _at, group in filled]
    marks = np.array([np.percentile(one, POINTS) for one in shares]).reshape(-1, len(POINTS))
    box = {
        "type": "box",
        "orientation": "h",
        "y": places,
        "width": 0.34,
        "line": {"color": colour, "width": 1.5},
        "fillcolor": "rgba(0,0,0,0)",
        "hoverinfo": "skip",
    } | dict(zip(("lowerfence", "q1", "median", "q3", "upperfence"), marks.T, strict=True))
    return [box, _means(filled, shares, places, state, colour)]


def _means(
    filled: list[tuple[int, Group]],
    shares: list[Float[np.ndarray, " _"]],
    places: Float[np.ndarray, " group"],
    state: str,
    colour: str,
) -> Settings:
    symbol = STATE_SYMBOLS[state][0]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": np.array([one.mean() for one in shares]),
        "y": places,
        "marker": {
            "symbol": symbol,
            "size": 9,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        "name": _(f"figure.state.{state}"),
        "customdata": [
            [group.name, f"{one.std():.1%}", str(len(one))]
            for (_at, group), one in zip(filled, shares, strict=True)
        ],
        "hovertemplate": _("figure.distribution.hover"),
    }


def _axes(groups: list[Group]) -> dict[str, Settings]:
    across = {
        "range": _ends(groups),
        "nticks": 6,
        "tickformat": ".0%",
        "title": _("figure.shares.axis.share"),
        "fixedrange": True,
    }
    down = {
        "range": [len(groups) - 0.5, -0.5],
        "tickvals": list(range(len(groups))),
        "ticktext": [
            _("figure.distribution.group", group=group.name, n=len(group.trained))
            for group in groups
        ],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def _ends(groups: list[Group]) -> list[float]:
    """Return where the axis ends: at the outermost whiskers, to the next 5 percent."""
    every = [shares for group in groups for shares in (group.trained, group.noise) if len(shares)]
    low = min((float(np.percentile(one, POINTS[0])) for one in every), default=0.0)
    high = max((float(np.percentile(one, POINTS[-1])) for one in every), default=1.0)
    return [np.floor(20 * low) / 20 - 0.01, np.ceil(20 * high) / 20 + 0.01]


def _middle(look: Look) -> Settings:
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    place = {"xref": "x", "x0": 0.5, "x1": 0.5, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "layer": "below"} | place


def data_word(study: GateStudy) -> str:
    """Return the name of the data, safe to print."""
    return escape(plain(study.data, 24))


def _subtitle(study: GateStudy, head: str, look: Look) -> list[str]:
    signs = [
        (look.head_colour(head_gate(head) or ""), "●", _("figure.state.trained")),
        (look.muted, STATE_SYMBOLS["noise"][1], _("figure.state.noise")),
    ]
    words = _("figure.distribution.subtitle", data=data_word(study), pairs=study.pairs)
    how = _("figure.distribution.marks")
    return [f"{words} · {made_by(study.provenance)}", how, key(signs)]


def describe_share_distribution(study: GateStudy, *, by: By, head: str) -> str:
    """Return `share_distribution` in words: the groups with the highest and lowest mean.

    Raises:
        ValueError: a head that was not studied.
    """
    groups = [group for group in _groups(study, by, head) if len(group.trained)]
    means = [float(group.trained.mean()) for group in groups]
    if not groups:
        return _("figure.distribution.none")
    high, low = int(np.argmax(means)), int(np.argmin(means))
    twins = np.concatenate([group.noise for group in groups])
    return _(
        "figure.distribution.alt",
        title=_(f"figure.distribution.title.{by}", **_names(head)),
        groups=len(groups),
        high=groups[high].name,
        high_mean=tenths(means[high]),
        low=groups[low].name,
        low_mean=tenths(means[low]),
        twin=tenths(float(twins.mean())),
        apart=f"{points(means[high]) - points(means[low]):.1f}",
    )
