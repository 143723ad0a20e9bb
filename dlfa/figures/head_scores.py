"""Heads side by side: what each word adds to the same label by each of them."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.attribution_bars import attribution_table
from dlfa.figures.attribution_rows import row_names, shown_words
from dlfa.figures.attribution_words import gap_share, method_word, signed
from dlfa.figures.frame import Settings, colour_bar, draw, made_by, nothing
from dlfa.figures.numbered import worse_to_better
from dlfa.figures.palette import Look
from dlfa.figures.tables import Row
from dlfa.figures.words import escape, head_word, label_word, plain
from dlfa.messages import _
from dlfa.results.attributions import FAR, Attribution

__all__ = ["describe_head_scores", "head_scores", "head_scores_table"]


def head_scores(found: Sequence[Attribution], look: Look) -> go.Figure:
    """Draw the words' scores, a column per head, on one scale.

    Args:
        found: of the same pair, label and method, at least one.
        look: light or dark, desk or projector.

    Returns:
        a cell per word and head with its number; blue speaks for the label, orange against it;
        below each head its gap.
    """
    title = _("figure.attribution.title", label=escape(label_word(found[0].label)))
    if not len(found[0].words):
        return nothing(title, _("figure.attribution.none"), look)
    words = shown_words([one.words for one in found])
    cells = np.array([one.words[words] for one in found]).T  # (word head)
    most = float(np.abs(cells).max()) or 1.0
    heat = {
        "type": "heatmap",
        "z": cells,
        "x": np.arange(len(found)),
        "y": np.arange(len(words)),
        "coloraxis": "coloraxis",
        "text": [[signed(cell) for cell in row] for row in cells.tolist()],
        "texttemplate": "%{text}",
        "textfont": {"size": look.small, "color": look.text},
        "customdata": [[name] * len(found) for name in row_names(found[0].tokens, words)],
        "hovertemplate": _("figure.attribution.hover.head"),
        "xgap": 1,
        "ygap": 1,
    }
    who = f"{method_word(found[0].method)} · {made_by(found[0].provenance)}"
    return draw(
        [heat],
        look,
        title=title,
        subtitle=f"{who}<br>{_gaps(found)}",
        height=max(4.0, len(words)) * look.row,
        top=1.6 * look.font,
        bottom=5 * look.small,
        axes=_axes(found, words),
        coloraxis={
            "cmin": -most,
            "cmax": most,
            "colorscale": worse_to_better(look),  # every number reads on these
            "colorbar": colour_bar(look, _("figure.attribution.axis")),
        },
    )


def _axes(found: Sequence[Attribution], words: list[int]) -> dict[str, Settings]:
    across = {
        "tickvals": list(range(len(found))),
        "ticktext": [head_word(one.head) for one in found],
        "side": "top",
        "showgrid": False,
        "fixedrange": True,
    }
    down = {
        "range": [len(words) - 0.5, -0.5],
        "tickvals": list(range(len(words))),
        "ticktext": row_names(found[0].tokens, words),
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def _gaps(found: Sequence[Attribution]) -> str:
    """Say how large the gaps are; beyond 5 % that the scores are no account of the change."""
    worst = max(found, key=lambda one: one.gap)
    kind = "far" if worst.gap > FAR else "near"
    told = _(f"figure.attribution.gaps.{kind}", gap=gap_share(worst.gap))
    return f"{told} ({head_word(worst.head)})"


def describe_head_scores(found: Sequence[Attribution]) -> str:
    """Return `head_scores` in words: each head's strongest word, and the largest gap."""
    if not len(found[0].words):
        return _("figure.attribution.none")
    strongest = ", ".join(
        _(
            "figure.attribution.alt.head",
            head=head_word(one.head),
            word=plain(one.tokens.words[at]),
            score=signed(one.words[at]),
        )
        for one in found[:6]
        for at in [int(np.abs(one.words).argmax())]
    )
    label = label_word(found[0].label)
    return f"{_('figure.attribution.alt.heads', label=label, heads=strongest)} {_gaps(found)}."


def head_scores_table(found: Sequence[Attribution]) -> list[Row]:
    """Return the rows of every head's attribution."""
    return [row for one in found for row in attribution_table(one)]
