"""By which door the score's change comes into a fusion head: a bar per door, and the gap."""

import plotly.graph_objects as go

from dlfa.figures.attributed import AGAINST, FOR
from dlfa.figures.attribution_bars import signed_bars
from dlfa.figures.attribution_words import door_word, doors_verdict, gap_words, signed
from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.palette import Look
from dlfa.figures.tables import Row, source
from dlfa.figures.words import escape, head_word, label_word
from dlfa.messages import _
from dlfa.results.attributions import Doors

__all__ = ["describe_door_bars", "door_bars", "doors_table"]


def door_bars(found: Doors, look: Look) -> go.Figure:
    """Draw what each door adds to a label's log-odds, and below them the whole change.

    Args:
        found: of one fusion head.
        look: light or dark, desk or projector.

    Returns:
        full bars to the right add, hatched ones to the left take away.
    """
    names = [*map(door_word, found.doors), _("figure.doors.all")]
    scores = [*found.parts.tolist(), found.change]
    low, high = min(0.0, *scores), max(0.0, *scores)
    room = 0.18 * (high - low) or 1.0
    across: Settings = {
        "range": [low - (room if low < 0 else 0), high + room],
        "nticks": 5,
        "title": _("figure.attribution.axis"),
        "zeroline": True,
        "fixedrange": True,
    }
    down: Settings = {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    signs = [
        (FOR, "■", _("figure.attribution.key.for")),
        (AGAINST, "▨", _("figure.attribution.key.against")),
    ]
    label = escape(label_word(found.label))
    who = f"{head_word(found.head)} · {label} · {made_by(found.provenance)}"
    return draw(
        [signed_bars(names, scores, look)],
        look,
        title=_("figure.doors.title", head=head_word(found.head)),
        subtitle="<br>".join([who, gap_words(found.gap), key(signs)]),
        height=len(names) * 1.3 * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=4 * look.small,
        axes={"xaxis": across, "yaxis": down},
    )


def describe_door_bars(found: Doors) -> str:
    """Return `door_bars` in words: every door's part, and the gap."""
    parts = ", ".join(
        f"{door_word(door)} {signed(float(part))}"
        for door, part in zip(found.doors, found.parts, strict=True)
    )
    words = _("figure.doors.alt", parts=parts)
    return f"{doors_verdict(found)} {words} {gap_words(found.gap)}"


def doors_table(found: Doors) -> list[Row]:
    """Return one row per door, and the source."""
    made: Row = {
        "head": found.head,
        "label": found.label,
        "baseline": found.baseline,
        "quadrature": found.quadrature,
        "change": found.change,
        "gap": found.gap,
        "steps": found.steps,
        **source(found.provenance),
    }
    return [
        {"door": door, "part": float(part), **made}
        for door, part in zip(found.doors, found.parts, strict=True)
    ]
