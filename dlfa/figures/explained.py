"""What the gate's variance belongs to: channel, token, layer or language."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.distributions import data_word
from dlfa.figures.drift import Kind
from dlfa.figures.frame import Settings, draw, key, made_by, nothing
from dlfa.figures.palette import Look
from dlfa.figures.words import kind_word
from dlfa.messages import _
from dlfa.results import FACTORS, GateStudy

__all__ = ["describe_variance_explained", "variance_explained"]

OFFSETS = {"trained": -0.2, "noise": 0.2}  # of a row
PATTERNS = {"trained": "", "noise": "/"}
SIGNS = {"trained": "■", "noise": "▨"}


def variance_explained(study: GateStudy, look: Look, *, kind: Kind) -> go.Figure:
    """Draw which share of the variance of s each factor explains, beside the untrained twin's.

    Args:
        study: a set of pairs.
        look: light or dark, desk or projector.
        kind: gate as printed or ``aff``.

    Returns:
        a pair of bars per factor, in percent of the variance of s over all cells (eta squared,
        main effects); the twin's bar is the zero line. The variances themselves stand above.
    """
    title = _("figure.explained.title", kind=kind_word(kind))
    found = study.explained.get(kind, {})
    if not found:
        return nothing(title, _("figure.layers.none"), look)
    return draw(
        [_bars(found[state], state, kind, look) for state in OFFSETS if state in found],
        look,
        title=title,
        subtitle="<br>".join(_subtitle(study, found, kind, look)),
        height=len(FACTORS) * 1.6 * look.row,
        top=0.4 * look.font,
        bottom=3.4 * look.small,
        right=4.5 * look.small,
        axes=_axes(max(found[state][factor] for state in found for factor in FACTORS)),
        barmode="overlay",
    )


def _colour(state: str, kind: str, look: Look) -> str:
    return look.head_colour(kind) if state == "trained" else look.muted


def _bars(explained: Mapping[str, float], state: str, kind: str, look: Look) -> Settings:
    colour = _colour(state, kind, look)
    shares = np.array([explained[factor] for factor in FACTORS])
    pattern = {"shape": PATTERNS[state], "size": 6, "fillmode": "replace", "fgcolor": colour}
    return {
        "type": "bar",
        "orientation": "h",
        "x": shares,
        "y": np.arange(len(FACTORS)) + OFFSETS[state],
        "width": 0.36,
        "marker": {"color": colour, "pattern": pattern, "line": {"color": colour, "width": 1}},
        "text": [f"{share:.1%}".replace("%", "\u202f%") for share in shares],
        "textposition": "outside",
        "textfont": {"size": look.small, "color": look.text},
        "cliponaxis": False,
        "name": _(f"figure.state.{state}"),
        "customdata": [_(f"figure.factor.{factor}") for factor in FACTORS],
        "hovertemplate": _("figure.explained.hover"),
    }


def _axes(most: float) -> dict[str, Settings]:
    across = {
        "range": [0, min(1.0, max(0.05, 1.1 * most))],
        "nticks": 5,
        "tickformat": ".0%",
        "title": _("figure.explained.axis"),
        "fixedrange": True,
    }
    down = {
        "range": [len(FACTORS) - 0.5, -0.5],
        "tickvals": list(range(len(FACTORS))),
        "ticktext": [_(f"figure.factor.{factor}") for factor in FACTORS],
        "showgrid": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {"xaxis": across, "yaxis": down}


def _subtitle(
    study: GateStudy, found: Mapping[str, Mapping[str, float]], kind: str, look: Look
) -> list[str]:
    signs = [
        (_colour(state, kind, look), SIGNS[state], _with_total(state, found[state]))
        for state in OFFSETS
        if state in found
    ]
    words = _("figure.distribution.subtitle", data=data_word(study), pairs=study.pairs)
    return [f"{words} · {made_by(study.provenance)}", key(signs)]


def _with_total(state: str, explained: Mapping[str, float]) -> str:
    words = _(f"figure.state.{state}")
    return _("figure.explained.total", state=words, variance=f"{explained['total']:.5f}")


def describe_variance_explained(study: GateStudy, *, kind: Kind) -> str:
    """Return `variance_explained` in words: every factor's percentage, trained and untrained."""
    found = study.explained.get(kind, {})
    if not found:
        return _("figure.layers.none")
    pairs = ", ".join(
        _(
            "figure.explained.alt.factor",
            factor=_(f"figure.factor.{factor}"),
            trained=f"{100 * found['trained'][factor]:.1f}",
            twin=f"{100 * found['noise'][factor]:.1f}",
        )
        for factor in FACTORS
    )
    return _(
        "figure.explained.alt",
        kind=kind_word(kind),
        factors=pairs,
        trained=f"{found['trained']['total']:.5f}",
        twin=f"{found['noise']['total']:.5f}",
    )
