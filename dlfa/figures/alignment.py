"""Which word is which in a translation, and what each takes from the lower layer."""

from collections.abc import Iterator, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.aligned import language_word
from dlfa.figures.frame import Settings, draw, key, nothing
from dlfa.figures.heat import share_colours
from dlfa.figures.palette import Look
from dlfa.figures.rows import word_means
from dlfa.figures.wordlines import Line, label_room, word_lines
from dlfa.figures.words import head_word, percent, plain, told_apart
from dlfa.messages import _, of_task
from dlfa.results import GateComparison, Tokens

__all__ = ["alignment_map", "describe_alignment_map"]

PARTS = ("premise", "hypothesis")
BETWEEN = 110  # px from one language's words to the other's
WIDEST = 40  # words of a line that can all be named
WIDTHS = (1.0, 2.2, 3.6)  # px of the links: least alike, between, most alike
OPACITIES = (0.45, 0.65, 0.9)


def alignment_map(comparison: GateComparison, look: Look, *, head: str) -> go.Figure:
    """Draw the words of a pair and of its translation, with a line between mutual neighbours.

    Args:
        comparison: a pair and its translation.
        look: light or dark, desk or projector.
        head: whose share of the lower layer colours and sizes the words' points.

    Returns:
        premise above hypothesis; in each, the first language above the second, words in the
        direction in which they are written. The wider and darker a line the more alike are the
        two words' vectors. A word without a partner is muted, its point a diamond.

    Raises:
        KeyError: a head that was not compared.
    """
    blocks = [(part, word_lines(comparison, head, part)) for part in PARTS]
    blocks = [(part, lines) for part, lines in blocks if any(line.words for line in lines)]
    title = _("figure.alignment.title", head=head_word(head))
    if not blocks:
        return nothing(title, _("figure.alignment.none"), look)
    room = label_room([line for _part, lines in blocks for line in lines], look)
    height = len(blocks) * BETWEEN + (len(blocks) - 1) * 2 * room
    return draw(
        [
            trace
            for at, (_part, lines) in enumerate(blocks)
            for trace in _block(comparison, lines, at, look)
        ],
        look,
        title=title,
        subtitle="<br>".join(_subtitle(comparison, look)),
        height=height,
        top=room,
        bottom=room + 4.6 * look.small,
        axes=_axes(comparison, blocks, room / height, look),
        coloraxis=share_colours([], "shared", look),
    )


def _block(
    comparison: GateComparison, lines: tuple[Line, Line], at: int, look: Look
) -> Iterator[Settings]:
    """Yield the traces of one part: links on the lower axis, each language's words on its own."""
    lower = {"xaxis": _axis("x", 2 * at), "yaxis": _axis("y", at)}
    upper = {"xaxis": _axis("x", 2 * at + 1), "yaxis": _axis("y", at)}
    links = [
        link
        for link, word in enumerate(comparison.alignment.first.tolist())
        if word in lines[0].places and int(comparison.alignment.second[link]) in lines[1].places
    ]
    for level in range(len(WIDTHS)):
        yield _links(comparison, lines, links, level, look) | lower
    yield _middles(comparison, lines, links) | lower
    for side, (line, axes) in enumerate(zip(lines, (upper, lower), strict=True)):
        yield _points(line, 1.0 - side, language_word(comparison, side), look) | axes


def _axis(letter: str, at: int) -> str:
    return letter if at == 0 else f"{letter}{at + 1}"


def _levels(similarity: Float[np.ndarray, " link"]) -> np.ndarray:
    """Return 0, 1 or 2 per link: in which third between the least and the most alike it lies."""
    if not len(similarity) or np.ptp(similarity) == 0:
        return np.ones(len(similarity), dtype=int)
    relative = (similarity - similarity.min()) / np.ptp(similarity)
    found: np.ndarray = np.minimum(2, (3 * relative).astype(int))
    return found


def _links(
    comparison: GateComparison,
    lines: tuple[Line, Line],
    links: Sequence[int],
    level: int,
    look: Look,
) -> Settings:
    """Return the lines of one width: ends from the upper to the lower word, gaps between."""
    levels = _levels(comparison.alignment.similarity)
    ends = [_ends(comparison, lines, link) for link in links if levels[link] == level]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.array([place for pair in ends for place in (*pair, np.nan)]),
        "y": np.array([height for _pair in ends for height in (1.0, 0.0, np.nan)]),
        "line": {"color": look.muted, "width": WIDTHS[level]},
        "opacity": OPACITIES[level],
        "hoverinfo": "skip",
    }


def _ends(comparison: GateComparison, lines: tuple[Line, Line], link: int) -> tuple[float, float]:
    alignment = comparison.alignment
    first, second = int(alignment.first[link]), int(alignment.second[link])
    return lines[0].places[first], lines[1].places[second]


def _middles(
    comparison: GateComparison, lines: tuple[Line, Line], links: Sequence[int]
) -> Settings:
    """Return unseen points in the middle of the lines, which tell about both words."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": np.array([sum(_ends(comparison, lines, link)) / 2 for link in links]),
        "y": np.full(len(links), 0.5),
        "marker": {"size": 14, "opacity": 0},
        "customdata": [_about(comparison, lines, link) for link in links],
        "hovertemplate": _("figure.alignment.hover.link"),
    }


def _about(comparison: GateComparison, lines: tuple[Line, Line], link: int) -> list[str]:
    """Return both words, their cosine, and both shares, as texts."""
    alignment = comparison.alignment
    ends = int(alignment.first[link]), int(alignment.second[link])
    at = [line.words.index(word) for line, word in zip(lines, ends, strict=True)]
    names = [line.names[place] for line, place in zip(lines, at, strict=True)]
    shares = [_percent(line.shares[place]) for line, place in zip(lines, at, strict=True)]
    return [*names, f"{alignment.similarity[link]:.3f}", *shares]


def _percent(share: float) -> str:
    return f"{percent(share)} %" if np.isfinite(share) else "–"


def _points(line: Line, height: float, language: str, look: Look) -> Settings:
    """Return the points under or above the words: share as colour and size, a diamond if alone."""
    shares = np.nan_to_num(np.array(line.shares), nan=0.5)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": np.array([line.places[word] for word in line.words]),
        "y": np.full(len(line.words), height),
        "name": language,
        "marker": {
            "symbol": ["circle" if linked else "diamond" for linked in line.linked],
            "size": 6 + 9 * shares,
            "color": shares,
            "coloraxis": "coloraxis",
            "line": {"color": look.muted, "width": 1},
        },
        "cliponaxis": False,
        "customdata": [
            [name, _percent(share), _percent(twin)]
            for name, share, twin in zip(line.names, line.shares, line.twins, strict=True)
        ],
        "hovertemplate": _("figure.alignment.hover.word"),
    }


def _axes(
    comparison: GateComparison,
    blocks: Sequence[tuple[str, tuple[Line, Line]]],
    room: float,
    look: Look,
) -> dict[str, Settings]:
    axes: dict[str, Settings] = {}
    tall = (1 - 2 * room * (len(blocks) - 1)) / len(blocks)
    for at, (part, lines) in enumerate(blocks):
        top = 1 - at * (tall + 2 * room)
        named = of_task(f"figure.segment.{part}", comparison.first.provenance.task)
        lower, upper, down = _axis("x", 2 * at), _axis("x", 2 * at + 1), _axis("y", at)
        anchor = {"anchor": down, "range": [0, 1], "showgrid": False, "fixedrange": True}
        below = {"side": "bottom"} | anchor | _ticks(lines[1], look)
        above = {"side": "top", "overlaying": lower} | anchor | _ticks(lines[0], look)
        axes[lower.replace("x", "xaxis")] = below
        axes[upper.replace("x", "xaxis")] = above
        axes[down.replace("y", "yaxis")] = {
            "domain": [max(0.0, top - tall), top],
            "anchor": lower,
            "range": [-0.2, 1.2],
            "tickvals": [0, 0.5, 1],
            "ticktext": [
                language_word(comparison, 1),
                f"<i>{named}</i>",
                language_word(comparison, 0),
            ],
            "showgrid": False,
            "automargin": True,
            "fixedrange": True,
        }
    return axes


def _ticks(line: Line, look: Look) -> Settings:
    """Return a line's words as an axis's labels, turned upright where they need it."""
    step = -(-len(line.words) // WIDEST) or 1
    shown = range(0, len(line.words), step)
    colours = [look.text if linked else look.muted for linked in line.linked]
    return {
        "tickvals": [line.places[line.words[at]] for at in shown],
        "ticktext": [f'<span style="color:{colours[at]}">{line.names[at]}</span>' for at in shown],
        "autotickangles": [0, 45, 90],
    }


def _subtitle(comparison: GateComparison, look: Look) -> list[str]:
    found = comparison.alignment
    signs = [
        (look.text, "●", _("figure.alignment.linked")),
        (look.muted, "◆", _("figure.alignment.alone")),
    ]
    if not len(found):
        return [_("figure.alignment.subtitle.none", layer=found.layer), key(signs)]
    low, high = (f"{edge:.2f}" for edge in (found.similarity.min(), found.similarity.max()))
    words = _("figure.alignment.subtitle", layer=found.layer, low=low, high=high)
    return [words, _("figure.alignment.size"), key(signs)]


def _word_names(tokens: Tokens) -> list[str]:
    return told_apart([plain(word) for word in tokens.words], range(len(tokens.words)))


def describe_alignment_map(comparison: GateComparison, *, head: str) -> str:
    """Return `alignment_map` in words: how many words are linked, and the closest pair.

    Raises:
        KeyError: a head that was not compared.
    """
    found = comparison.alignment
    counts = [len(sweep.tokens.words) for sweep in (comparison.first, comparison.second)]
    sizes = {"first_words": counts[0], "second_words": counts[1], "layer": found.layer}
    if not len(found):
        return _("figure.alignment.alt.none", **sizes)
    best = int(found.similarity.argmax())
    words, shares = [], []
    for sweep, links in ((comparison.first, found.first), (comparison.second, found.second)):
        words.append(_word_names(sweep.tokens)[int(links[best])])
        shares.append(_percent(float(word_means(sweep[head].share, sweep.tokens)[links[best]])))
    return _(
        "figure.alignment.alt",
        **sizes,
        links=len(found),
        one=words[0],
        other=words[1],
        cosine=f"{found.similarity[best]:.2f}",
        head=head_word(head),
        one_share=shares[0],
        other_share=shares[1],
    )
