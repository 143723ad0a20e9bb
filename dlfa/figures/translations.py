"""One head's gate on a pair and on its translation, word beside word."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from dlfa.figures.aligned import correlation_words, language_word, part_of_words
from dlfa.figures.channels import Columns, Order, channel_columns
from dlfa.figures.frame import Pixels, Settings, draw
from dlfa.figures.gates import cell_colours
from dlfa.figures.heat import Range, heat
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.rows import boundaries, label_axis, row_height, word_means
from dlfa.figures.values import Quantity, values
from dlfa.figures.words import escape, head_word, plain
from dlfa.messages import _
from dlfa.results import GateComparison, GateSweep

__all__ = ["describe_gate_side_by_side", "gate_side_by_side"]

TALLEST = 700  # px of one panel before its rows shrink
LEAST = 1.2  # px of one row
NOBODY = -1  # no word on this side of a row
BLANK = "\u00a0"
LONGEST = 12  # characters of a word: on a phone two columns of them leave little room
SHOWN = ("trained", "noise")


@dataclass(frozen=True, eq=False, kw_only=True)
class Pairing:
    """Rows of words: aligned ones first, then each side's own."""

    words: tuple[Int[np.ndarray, " row"], Int[np.ndarray, " row"]]
    """Word per row and side, `NOBODY` where there is none."""
    segment: tuple[str, ...]
    """A name per row that changes where a line is drawn."""

    def __len__(self) -> int:
        return len(self.segment)


def gate_side_by_side(
    comparison: GateComparison,
    look: Look,
    *,
    head: str,
    what: Quantity = "attention",
    order: Order = "index",
    scale: Range = "shared",
    groups: int = 0,
) -> go.Figure:
    """Draw one head's gate on a pair (left) and on its translation (right), aligned words abreast.

    Args:
        comparison: a pair and its translation.
        look: light or dark, desk or projector.
        head: one that was compared.
        what: s, g or the lower layer's share.
        order: of the channels, by the first language, the same everywhere; ``"difference"``:
            where the two languages' means differ most.
        scale: ``"shared"`` with the untrained twins, or the trained gates' ``"own"``.
        groups: channels that are neighbours in this order are averaged into so many; 0: none.

    Returns:
        above the trained gate, below its untrained twin; a row per link, words without a partner
        below a line, the first language's above the second's.

    Raises:
        KeyError: a head that was not compared.
    """
    gates = comparison.first[head], comparison.second[head]
    cells = [values(gate, what) for gate in gates]
    columns = channel_columns(cells[0], order, groups, cells[1])
    pairing = _pairing(comparison)
    pictures = [_picture(comparison, pairing, columns, head, what, at) for at in range(4)]
    height = row_height(len(pairing), look, TALLEST, LEAST)
    tall, gap = max(height * len(pairing), 3.0 * look.font), 2.2 * look.font
    panels = Panels(count=4, columns=2, across=0.03, down=gap / (2 * tall + gap))
    hover = _("figure.attention.hover.groups" if columns.grouped else "figure.attention.hover")
    whose = pictures[:2] if scale == "own" else pictures
    return draw(
        [heat(picture, hover) | panels.on(at) for at, picture in enumerate(pictures)],
        look,
        title=_(f"figure.compare.title.{what}", head=head_word(head)),
        subtitle="<br>".join(_subtitle(comparison, head, scale)),
        height=2 * tall + gap,
        top=1.8 * look.small,
        bottom=7.6 * look.small,
        axes=_axes(panels, comparison, pairing, columns, height, look),
        annotations=[
            panels.title_below(look, columns.title, ticks=columns.named),
            *(
                panels.heading(at, look, _heading(comparison, picture, at))
                for at, picture in enumerate(pictures)
            ),
        ],
        shapes=boundaries(pairing.segment, look, 4),
        coloraxis=cell_colours(gates[0].kind, what, whose, scale, look),
    )


def _subtitle(comparison: GateComparison, head: str, scale: Range) -> list[str]:
    words = [correlation_words(comparison, head)]
    return [*words, _("figure.compare.fitted")] if scale == "own" else words


def _pairing(comparison: GateComparison) -> Pairing:
    found = comparison.alignment
    parts = part_of_words(comparison.first.tokens)
    alone = [
        _alone(sweep, linked)
        for sweep, linked in ((comparison.first, found.first), (comparison.second, found.second))
    ]
    nobody = [np.full(len(words), NOBODY) for words in alone]
    return Pairing(
        words=(
            np.concatenate([found.first, alone[0], nobody[1]]).astype(int),
            np.concatenate([found.second, nobody[0], alone[1]]).astype(int),
        ),
        segment=(
            *(parts[word] for word in found.first),
            *("first" for _word in alone[0]),
            *("second" for _word in alone[1]),
        ),
    )


def _alone(sweep: GateSweep, linked: Int[np.ndarray, " link"]) -> Int[np.ndarray, " word"]:
    words = np.arange(len(sweep.tokens.words))
    found: np.ndarray = np.setdiff1d(words, linked)
    return found


def _picture(
    comparison: GateComparison,
    pairing: Pairing,
    columns: Columns,
    head: str,
    what: Quantity,
    at: int,
) -> Float[np.ndarray, "row _"]:
    """Return one panel: at 0 and 1 the trained gates, at 2 and 3 their twins."""
    line, side = divmod(at, 2)
    sweep = (comparison.first, comparison.second)[side]
    cells = word_means(values(sweep[head], what, SHOWN[line]), sweep.tokens)
    words = pairing.words[side]
    rows = np.full((len(words), cells.shape[1]), np.nan)
    rows[words >= 0] = cells[words[words >= 0]]
    return columns.of(rows)


def _heading(comparison: GateComparison, picture: Float[np.ndarray, "row _"], at: int) -> str:
    line, side = divmod(at, 2)
    kept = picture[np.isfinite(picture)]
    return _(
        f"figure.compare.panel.{SHOWN[line]}",
        language=language_word(comparison, side),
        sd=f"{kept.std() if kept.size else 0:.3f}",
    )


def _axes(
    panels: Panels,
    comparison: GateComparison,
    pairing: Pairing,
    columns: Columns,
    height: Pixels,
    look: Look,
) -> dict[str, Settings]:
    sweeps = comparison.first, comparison.second
    labels = [
        [_label(sweep, int(word)) for word in words]
        for sweep, words in zip(sweeps, pairing.words, strict=True)
    ]
    across = columns.axis()
    axes = panels.axes(across | {"matches": "x3"}, label_axis(labels[0], height, look))
    for name in ("yaxis2", "yaxis4"):  # the translation's words stand at the right
        right = {"side": "right", "showticklabels": True, "matches": "y"}
        axes[name] |= label_axis(labels[1], height, look) | right
    for number in ("", "2", "3", "4"):
        axes[f"xaxis{number}"].pop("title")
    for number in ("", "2"):  # the panels below name the channels
        axes[f"xaxis{number}"] |= {"showticklabels": False}
    axes["xaxis3"].pop("matches")
    return axes


def _label(sweep: GateSweep, word: int) -> str:
    return BLANK if word == NOBODY else escape(plain(sweep.tokens.words[word], LONGEST))


def describe_gate_side_by_side(
    comparison: GateComparison, *, head: str, what: Quantity = "attention"
) -> str:
    """Return `gate_side_by_side` in words: how alike the two are.

    Raises:
        KeyError: a head that was not compared.
    """
    spread = [
        f"{values(sweep[head], what).std():.3f}" for sweep in (comparison.first, comparison.second)
    ]
    told = _(
        "figure.compare.alt",
        title=_(f"figure.compare.title.{what}", head=head_word(head)),
        links=len(comparison.alignment),
        first=spread[0],
        second=spread[1],
    )
    return f"{told} {correlation_words(comparison, head)}."
