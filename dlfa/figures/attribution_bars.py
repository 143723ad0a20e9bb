"""What each word adds to a label's log-odds: bars, with the gap beside them."""

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.attributed import AGAINST, FOR
from dlfa.figures.attribution_rows import row_names, shown_words
from dlfa.figures.attribution_words import attribution_verdict, gap_words, method_word, signed
from dlfa.figures.frame import Settings, draw, key, made_by, nothing
from dlfa.figures.palette import Look
from dlfa.figures.tables import Row, source
from dlfa.figures.words import escape, head_word, label_word
from dlfa.messages import _
from dlfa.results.attributions import Attribution

__all__ = ["attribution_table", "describe_word_scores", "signed_bars", "word_scores"]


def word_scores(found: Attribution, look: Look) -> go.Figure:
    """Draw a bar per word, in the order of the text; of many words those that add most.

    Args:
        found: one attribution.
        look: light or dark, desk or projector.

    Returns:
        full bars to the right for words that speak for the label, hatched ones to the left for
        words that speak against it; below them what special tokens and words without a row add.
    """
    title = _("figure.attribution.title", label=escape(label_word(found.label)))
    if not len(found.words):
        return nothing(title, _("figure.attribution.none"), look)
    words = shown_words([found.words])
    names, scores = row_names(found.tokens, words), found.words[words].tolist()
    for name, rest in (("others", found.words.sum() - sum(scores)), ("special", found.special)):
        if abs(rest) > 1e-6:  # log-odds: nothing but rounding
            names.append(_(f"figure.attribution.row.{name}"))
            scores.append(float(rest))
    return draw(
        [signed_bars(names, scores, look)],
        look,
        title=title,
        subtitle="<br>".join(_subtitle(found, look)),
        height=max(4.0, len(names)) * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=4 * look.small,
        axes=_axes(names, scores),
    )


def signed_bars(names: list[str], scores: list[float], look: Look) -> Settings:
    """Return horizontal bars whose pattern and side say their sign, with their numbers."""
    colours = [FOR if score >= 0 else AGAINST for score in scores]
    return {
        "type": "bar",
        "orientation": "h",
        "x": np.array(scores),
        "y": np.arange(len(scores)),
        "marker": {
            "color": colours,
            "pattern": {
                "shape": ["" if score >= 0 else "/" for score in scores],
                "size": 6,
                "fillmode": "replace",
                "fgcolor": colours,
            },
            "line": {"color": colours, "width": 1},
        },
        "text": [signed(score) for score in scores],
        "textposition": "outside",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "customdata": names,
        "hovertemplate": _("figure.attribution.hover"),
    }


def _axes(names: list[str], scores: list[float]) -> dict[str, Settings]:
    low, high = min(0.0, *scores), max(0.0, *scores)
    room = 0.18 * (high - low) or 1.0
    across = {
        "range": [low - (room if low < 0 else 0), high + room],
        "nticks": 5,
        "title": _("figure.attribution.axis"),
        "zeroline": True,
        "fixedrange": True,
    }
    down = {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def _subtitle(found: Attribution, look: Look) -> list[str]:
    signs = [
        (FOR, "■", _("figure.attribution.key.for")),
        (AGAINST, "▨", _("figure.attribution.key.against")),
    ]
    who = f"{head_word(found.head)} · {method_word(found.method)} · {made_by(found.provenance)}"
    return [who, gap_words(found.gap), key(signs)]


def describe_word_scores(found: Attribution) -> str:
    """Return `word_scores` in words: the change, the words that moved it, and the gap."""
    if not len(found.words):
        return _("figure.attribution.none")
    return f"{attribution_verdict(found)} {gap_words(found.gap)}"


def attribution_table(found: Attribution) -> list[Row]:
    """Return one row per sub-word: its score, its word's, how it was made, and the source."""
    made: Row = {
        "head": found.head,
        "label": found.label,
        "method": found.method,
        "baseline": found.baseline,
        "quadrature": found.quadrature,
        "layer": found.layer,
        "change": found.change,
        "gap": found.gap,
        "steps": found.steps,
        **source(found.provenance),
    }
    tokens, words = found.tokens, found.words
    return [
        {
            "position": at,
            "token": tokens.pieces[at],
            "segment": tokens.segment[at],
            "score": float(found.scores[at]),
            "word": int(word),
            "text": tokens.words[word] if word >= 0 else "",
            "word_score": float(words[word]) if word >= 0 else "",
        }
        | made
        for at, word in enumerate(tokens.word.tolist())
    ]
