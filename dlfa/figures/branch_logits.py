"""What makes a gate: the sentence's branch, the token's own branch, and both together."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.channels import Columns, Order, channel_columns
from dlfa.figures.frame import Pixels, Settings, draw, origin
from dlfa.figures.heat import Range, Scale, attention_scale, colour_axis, gate_scale, heat
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.rows import Rows, boundaries, label_axis, row_height, token_rows
from dlfa.figures.values import state_word
from dlfa.figures.words import head_word, kind_word
from dlfa.messages import _
from dlfa.results import HeadGate, Provenance, Tokens

__all__ = ["branches", "describe_branches"]

PANELS = ("global", "local", "trained", "noise")
TALLEST = 340  # px of one panel before its rows shrink
LEAST = 1.0  # px of one row
BARS = (0.24, 0.76)  # middles of the two colour bars, of the width


def branches(
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    order: Order = "index",
    groups: int = 0,
    merged: bool = False,
    against: HeadGate | None = None,
    scale: Range = "shared",
    made: Provenance | None = None,
) -> go.Figure:
    """Draw the logits of both branches, the s they make together, and the untrained twin's s.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        order: of the channels, by the trained s; see `dlfa.figures.channels.channel_columns`.
        groups: channels that are neighbours in this order are averaged into so many; 0: none.
        merged: sub-words are averaged into words; special tokens stay.
        against: for ``order="difference"``: another head's gate, or this head's on a translation.
        scale: of s: ``"shared"`` with the twin, or the trained gate's ``"own"``.
        made: named under the title where given, so that a saved picture says where it is from.

    Returns:
        four heat maps, one below the other: what the sentence as a whole adds (one row, the same
        for every token), what each token adds by itself, both on one scale around 0; their sum's
        sigmoid s and the twin's, both on one scale around 1/2.

    Raises:
        ValueError: ``order="difference"`` without ``against``.
    """
    rows = token_rows(tokens, merged)
    other = None if against is None else against.attention
    columns = channel_columns(gate.attention, order, groups, other)
    cells = _cells(gate, rows, columns)
    logits, s = _colours(cells, scale, look)
    height = row_height(len(rows), look, TALLEST, LEAST)
    single, many = 1.6 * look.small, max(height * len(rows), 2 * look.font)
    gap = 2.1 * look.small
    total = single + 3 * (many + gap)
    panels = Panels(count=4, columns=1, down=gap / total, heights=(single, many, many, many))
    return draw(
        [
            _picture(name, array, columns) | panels.on(at)
            for at, (name, array) in enumerate(cells.items())
        ],
        look,
        title=_("figure.branches.title", head=head_word(gate.head)),
        subtitle="<br>".join(
            [_("figure.branches.subtitle", kind=kind_word(gate.kind)), *origin(made)]
        ),
        height=total,
        top=1.8 * look.small,
        bottom=7.6 * look.small,
        axes=_axes(panels, rows, columns, height, look),
        annotations=[
            panels.heading(at, look, _heading(gate, name)) for at, name in enumerate(PANELS)
        ],
        shapes=[line for line in boundaries(rows.segment, look, 4) if line["yref"] != "y"],
        coloraxis=logits,
        coloraxis2=s,
    )


def _cells(gate: HeadGate, rows: Rows, columns: Columns) -> dict[str, Float[np.ndarray, "_ _"]]:
    arrays = gate.local_logits, gate.attention, gate.noise
    found = [columns.of(gate.global_logits[None])]
    found += [columns.of(rows.average(cells)) for cells in arrays]
    return dict(zip(PANELS, found, strict=True))


def _picture(name: str, cells: Float[np.ndarray, "_ _"], columns: Columns) -> Settings:
    logits = name in ("global", "local")
    hover = _("figure.attention.hover.groups" if columns.grouped else "figure.attention.hover")
    return heat(cells, hover, "coloraxis" if logits else "coloraxis2")


def _heading(gate: HeadGate, name: str) -> str:
    if name in ("global", "local"):
        cells = gate.global_logits if name == "global" else gate.local_logits
        return _(f"figure.branches.panel.{name}", rms=f"{_rms(cells):.2f}")
    cells = gate.attention if name == "trained" else gate.noise
    return _("figure.branches.panel.s", state=state_word(gate, name), sd=f"{cells.std():.3f}")


def _rms(cells: Float[np.ndarray, "..."]) -> float:
    return float(np.sqrt(np.mean(np.square(cells, dtype=np.float64))))


def _colours(
    cells: dict[str, Float[np.ndarray, "_ _"]], scale: Range, look: Look
) -> tuple[Settings, Settings]:
    """Return the colour axes of the logits and of s."""
    shown = ("trained",) if scale == "own" else ("trained", "noise")
    logits = gate_scale([cells["global"], cells["local"]])
    s = attention_scale([cells[state] for state in shown])
    titles = (
        _("figure.branches.scale.logits", reach=f"{logits.reach:.2f}"),
        _(f"figure.branches.scale.s.{scale}", reach=f"{s.reach:.2f}"),
    )
    first, second = (
        colour_axis(found, look, title, x=middle, len=0.46, tickvals=_ends(found))
        for found, title, middle in zip((logits, s), titles, BARS, strict=True)
    )
    return first, second


def _ends(scale: Scale) -> list[float]:
    """Return three ticks: on a phone half a colour bar has no room for five."""
    return [scale.centre - scale.reach, scale.centre, scale.centre + scale.reach]


def _axes(
    panels: Panels, rows: Rows, columns: Columns, height: Pixels, look: Look
) -> dict[str, Settings]:
    across = columns.axis()
    axes = panels.axes(across, label_axis(rows.labels, height, look))
    axes["yaxis"] |= label_axis([_("figure.branches.sentence")], look.font, look)
    axes["yaxis2"].pop("matches")
    for at in (3, 4):
        axes[f"yaxis{at}"] |= {"matches": "y2"}
    for name in ("xaxis", "xaxis2", "xaxis3"):
        axes[name] = _unnamed(axes[name]) | {"matches": "x4"}
    return axes


def _unnamed(axis: Settings) -> Settings:
    kept = {name: value for name, value in axis.items() if name != "title"}
    return kept | {"showticklabels": False}


def describe_branches(gate: HeadGate, tokens: Tokens) -> str:
    """Return `branches` in words: how far each branch moves the logits, and s with its twin's."""
    return _(
        "figure.branches.alt",
        head=head_word(gate.head),
        tokens=len(tokens),
        channels=gate.attention.shape[1],
        sentence=f"{_rms(gate.global_logits):.2f}",
        local=f"{_rms(gate.local_logits):.2f}",
        sd=f"{gate.attention.std():.3f}",
        twin=f"{gate.noise.std():.3f}",
    )
