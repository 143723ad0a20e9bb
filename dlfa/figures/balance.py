"""What each token's gate gets from the sentence, and what from the token itself."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.frame import Pixels, Settings, draw, key, origin
from dlfa.figures.palette import STATE_SYMBOLS, Look
from dlfa.figures.panels import Panels
from dlfa.figures.rows import Rows, boundaries, label_axis, row_height, token_rows
from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.results import HeadGate, Provenance, Tokens

__all__ = ["Balance", "branch_balance", "describe_branch_balance", "token_balance"]

Balance = dict[str, Float[np.ndarray, " row"]]

SOURCES = ("sentence", "token", "both", "twin")
SYMBOLS = {  # plotly's marker, and a sign that looks like it
    "sentence": ("square", "■"),
    "token": ("circle", "●"),
    "both": ("diamond-open", "◇"),
    "twin": STATE_SYMBOLS["noise"],
}
OFFSETS = {"sentence": -0.24, "token": -0.08, "both": 0.08, "twin": 0.24}  # of a row
TALLEST = 1000  # px of all rows before they shrink
LEAST = 4.0  # px of one row
SURE = 1e-6  # how near 0 and 1 the twin's s may come before its logit is cut


def branch_balance(
    gate: HeadGate,
    tokens: Tokens,
    look: Look,
    *,
    merged: bool = False,
    made: Provenance | None = None,
) -> go.Figure:
    """Draw, token by token, how far the sentence and the token itself move the gate's logits.

    Args:
        gate: one head's.
        tokens: of the same sentence pair.
        look: light or dark, desk or projector.
        merged: sub-words share a row.
        made: named under the title where given, so that a saved picture says where it is from.

    Returns:
        left: root mean square over channels of the global logits (the same for every token), of
        the local ones, of their sum and of the untrained twin's sum; right: their means, which
        tell the direction.
    """
    rows = token_rows(tokens, merged)
    height = row_height(len(rows), look, TALLEST, LEAST)
    panels = Panels(count=2, columns=2, across=0.05)
    sides = token_balance(gate, rows)
    return draw(
        [
            _points(sides[at][name], name, rows, gate, height, look) | panels.on(at)
            for at in (0, 1)
            for name in SOURCES
        ],
        look,
        title=_("figure.balance.title", head=head_word(gate.head)),
        subtitle="<br>".join([*origin(made), *_key(gate, look)]),
        height=max(height * len(rows), 3 * look.font),
        top=3.2 * look.small,
        bottom=8,
        axes=_axes(panels, sides, label_axis(rows.labels, height, look)),
        shapes=[*boundaries(rows.segment, look, 2), _zero(look)],
    )


def token_balance(gate: HeadGate, rows: Rows) -> tuple[Balance, Balance]:
    """Return root mean squares and means over channels (and a row's sub-words) of the logits.

    Returns:
        each for ``"sentence"`` (the global branch), ``"token"`` (the local one), ``"both"``
        (their sum) and ``"twin"`` (the untrained twin's sum).
    """
    sure = gate.noise.astype(np.float64).clip(SURE, 1 - SURE)
    broad = np.broadcast_to(gate.global_logits, gate.local_logits.shape).astype(np.float64)
    fine = gate.local_logits.astype(np.float64)
    twin = np.log(sure / (1 - sure))
    logits = dict(zip(SOURCES, (broad, fine, broad + fine, twin), strict=True))
    squares = {name: rows.average((cells**2).mean(1)) for name, cells in logits.items()}
    means = {name: rows.average(cells.mean(1)) for name, cells in logits.items()}
    return {name: np.sqrt(square) for name, square in squares.items()}, means


def _points(
    numbers: Float[np.ndarray, " row"],
    name: str,
    rows: Rows,
    gate: HeadGate,
    height: Pixels,
    look: Look,
) -> Settings:
    colour = _colour(gate, name, look)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": numbers,
        "y": np.arange(len(rows)) + OFFSETS[name],
        "marker": {
            "symbol": SYMBOLS[name][0],
            "size": min(8.0, max(3.0, 0.36 * height)),
            "color": colour,
            "line": {"color": colour, "width": 1.5},
        },
        "name": _(f"figure.balance.{name}"),
        "customdata": rows.labels,
        "hovertemplate": _("figure.balance.hover"),
    }


def _colour(gate: HeadGate, name: str, look: Look) -> str:
    ours = {"sentence": look.head_colour("baseline"), "token": look.head_colour(gate.kind)}
    return ours.get(name, look.text if name == "both" else look.muted)


def _key(gate: HeadGate, look: Look) -> list[str]:
    entries = [
        (_colour(gate, name, look), SYMBOLS[name][1], _(f"figure.balance.{name}"))
        for name in SOURCES
    ]
    return [key(entries[:2]), key(entries[2:])]


def _zero(look: Look) -> Settings:
    line = {"color": look.muted, "width": 1, "dash": "dot"}
    place = {"xref": "x2", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "layer": "below"} | place


def _axes(panels: Panels, sides: tuple[Balance, Balance], down: Settings) -> dict[str, Settings]:
    axes = panels.axes({"side": "top", "fixedrange": True, "nticks": 5}, down)
    squares, means = (max(float(np.abs(one).max()) for one in side.values()) for side in sides)
    far = 1.08 * max(means, 0.01)
    axes["xaxis"] |= {
        "range": [0, 1.08 * max(squares, 0.01)],
        "title": _("figure.balance.axis.rms"),
    }
    axes["xaxis2"] |= {"range": [-far, far], "title": _("figure.balance.axis.mean")}
    return axes


def describe_branch_balance(gate: HeadGate, tokens: Tokens) -> str:
    """Return `branch_balance` in words: which branch moves the gate further, and where most."""
    rows = token_rows(tokens)
    squares, _means = token_balance(gate, rows)
    own = squares["token"]
    return _(
        "figure.balance.alt",
        head=head_word(gate.head),
        sentence=f"{float(squares['sentence'].mean()):.2f}",
        token=f"{float(own.mean()):.2f}",
        twin=f"{float(squares['twin'].mean()):.2f}",
        further=int((own > squares["sentence"]).sum()),
        tokens=len(tokens),
        high=rows.names[int(own.argmax())],
        high_token=f"{float(own.max()):.2f}",
    )
