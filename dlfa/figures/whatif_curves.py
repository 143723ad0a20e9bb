"""Probability as a curve: against the gate's scale, and against the fusion layer."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dlfa.figures.frame import Settings, draw, key, made_by
from dlfa.figures.palette import Look, label_paints
from dlfa.figures.scores import language_word
from dlfa.figures.tables import Row, source
from dlfa.figures.whatif_words import change_title, control_title
from dlfa.figures.words import escape, head_word, label_word, percent
from dlfa.messages import _
from dlfa.results import LayerAnswers, WhatIf

__all__ = [
    "describe_layer_curves",
    "describe_scale_curve",
    "layer_curves",
    "layers_table",
    "scale_curve",
]

BESIDE = 1.6  # layers from the last one to the baseline: room for its name on a phone


def scale_curve(found: WhatIf, look: Look, *, head: str, at: float) -> go.Figure:
    """Draw each label's probability against the factor on one head's gate.

    Args:
        found: under ``scale`` interventions, in the order of their factors after the first.
        look: light or dark, desk or projector.
        head: one with a gate.
        at: the chosen factor.

    Returns:
        lines: the trained gate scaled; dotted, the control: the untrained twin's gate scaled alike.

    Raises:
        ValueError: a head without a gate.
    """
    place, factors = found.heads.index(head), _factors(found)
    paints = label_paints(found.labels)
    traces = [
        _line(factors, shares[1:, place, label], paints[name].colour, dash, look)
        | {"name": escape(label_word(name)), "hovertemplate": _(f"figure.scale.hover.{whose}")}
        for whose, shares, dash in (
            ("trained", found.probabilities, "solid"),
            ("twin", found.controls, "dot"),
        )
        for label, name in enumerate(found.labels)
    ]
    signs = [(paints[name].colour, "━", escape(label_word(name))) for name in found.labels]
    here = {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper"}
    return draw(
        traces,
        look,
        title=_("figure.scale.title", head=head_word(head)),
        subtitle="<br>".join(
            [made_by(found.provenance), key(signs), key([(look.text, "┅", _("figure.scale.twin"))])]
        ),
        height=8 * look.row,
        top=0.6 * look.font,
        bottom=3.2 * look.small,
        axes={
            "xaxis": {"title": _("figure.scale.axis"), "range": [factors[0], factors[-1]]}
            | {"fixedrange": True},
            "yaxis": {"range": [0, 1], "tickformat": ".0%", "automargin": True},
        },
        shapes=[here | {"line": {"color": look.muted, "width": 1.5}, "layer": "below"}],
    )


def _factors(found: WhatIf) -> list[float]:
    return [one.amount for one in found.interventions[1:]]


def _line(x: object, y: np.ndarray, colour: str, dash: str, look: Look) -> Settings:
    width = 2.6 if dash == "solid" else 1.8
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": colour, "width": width, "dash": dash},
    }


def describe_scale_curve(found: WhatIf, *, head: str, at: float) -> str:
    """Return `scale_curve` in words: the answer at both ends and at the chosen factor."""
    place, factors = found.heads.index(head), _factors(found)
    near = int(np.abs(np.array(factors) - at).argmin())
    told = {}
    for name, row in (("first", 0), ("here", near), ("last", -1)):
        shares = found.probabilities[1:, place][row]
        label = int(shares.argmax())
        told[name] = f"{label_word(found.labels[label])} {percent(float(shares[label]))} %"
    ends = {"low": f"{factors[0]:g}", "high": f"{factors[-1]:g}", "at": f"{at:g}"}
    return _("figure.scale.alt", head=head_word(head), **ends, **told)


def layer_curves(
    found: LayerAnswers, look: Look, *, label: str, names: Mapping[str, str] | None = None
) -> go.Figure:
    """Draw one label's probability against the fusion layer, for a pair and its translations.

    Args:
        found: the first language is the one that is looked at.
        look: light or dark, desk or projector.
        label: one of the model's.
        names: language code -> name; a code without one stands for itself.

    Returns:
        thick: the pair as trained; dashed: with the gate changed; dotted: the control; thin: its
        translations as trained; squares at the right: the baseline, which has no fusion.

    Raises:
        ValueError: an unknown label.
    """
    at, layers = found.labels.index(label), list(found.layers)
    colour = label_paints(found.labels)[label].colour
    end = layers[-1] + BESIDE
    told = [escape(language_word(code, names or {})) for code in found.languages]
    hover = _("figure.layers_if.hover")
    traces: list[Settings] = [
        _line(layers, found.trained[row, :, at], look.muted, "solid", look)
        | {"line": {"color": look.muted, "width": 1}, "opacity": 0.6}
        | {"name": told[row], "hovertemplate": hover}
        for row in range(1, len(told))
    ]
    own = {"trained": "solid"}
    if str(found.intervention) != "trained":
        own |= {"changed": "dash", "control": "dot"}
    for state, dash in own.items():
        ink = look.text if state == "control" else colour
        traces.append(
            _line(layers, getattr(found, state)[0, :, at], ink, dash, look)
            | {"name": f"{told[0]}, {_(f'figure.layers_if.{state}')}", "hovertemplate": hover}
        )
    traces.append(_baselines(found, at, end, told, colour, look))
    return draw(
        traces,
        look,
        title=_("figure.layers_if.title", label=escape(label_word(label))),
        subtitle="<br>".join(_subtitle(found, told, colour, look)),
        height=9 * look.row,
        top=0.6 * look.font,
        bottom=3.2 * look.small,
        axes={
            "xaxis": {
                "title": _("figure.layers_if.axis"),
                "tickvals": [*layers, end],
                "ticktext": [*map(str, layers), _("figure.head.baseline")],
                "range": [layers[0] - 0.4, end + 0.8],
                "tickangle": 0,
                "fixedrange": True,
            },
            "yaxis": {"range": [-0.02, 1.02], "tickformat": ".0%", "automargin": True},
        },
    )


def _baselines(
    found: LayerAnswers, at: int, end: float, told: list[str], colour: str, look: Look
) -> Settings:
    inks = [colour, *[look.muted] * (len(told) - 1)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [end] * len(told),
        "y": found.baseline[:, at],
        "marker": {"symbol": "square-open", "size": look.small - 3, "color": inks}
        | {"line": {"color": inks, "width": 1.6}},
        "customdata": told,
        "hovertemplate": _("figure.layers_if.hover.baseline"),
    }


def _subtitle(found: LayerAnswers, told: list[str], colour: str, look: Look) -> list[str]:
    lines = [made_by(found.provenance), key([(colour, "━", told[0])])]
    if len(told) > 1:
        lines[1] = key(
            [
                (colour, "━", told[0]),
                (look.muted, "─", _("figure.layers_if.others", n=len(told) - 1)),
            ]
        )
    if str(found.intervention) != "trained":
        lines.append(key([(colour, "╍", escape(change_title(found.intervention)))]))
        lines.append(key([(look.text, "┅", escape(control_title(found.intervention)))]))
    return lines


def describe_layer_curves(
    found: LayerAnswers, *, label: str, names: Mapping[str, str] | None = None
) -> str:
    """Return `layer_curves` in words: the lowest and highest layer, and how far languages part."""
    at = found.labels.index(label)
    own = found.trained[0, :, at]
    low, high = int(own.argmin()), int(own.argmax())
    spread = np.ptp(found.trained[:, :, at], axis=0)
    return _(
        "figure.layers_if.alt",
        label=label_word(label),
        language=language_word(found.languages[0], names or {}),
        low=percent(float(own[low])),
        low_layer=found.layers[low],
        high=percent(float(own[high])),
        high_layer=found.layers[high],
        baseline=percent(float(np.nan_to_num(found.baseline[0, at]))),
        languages=len(found.languages),
        spread=percent(float(spread.max())),
        spread_layer=found.layers[int(spread.argmax())],
    )


def layers_table(found: LayerAnswers) -> list[Row]:
    """Return one row per language, head and label."""
    made = source(found.provenance)
    return [_row(found, *place) | made for place in np.ndindex(*found.trained.shape)]


def _row(found: LayerAnswers, language: int, head: int, label: int) -> Row:
    place = language, head, label
    return {
        "language": found.languages[language],
        "head": found.heads[head],
        "layer": found.layers[head],
        "label": found.labels[label],
        "change": str(found.intervention),
        "p_trained": float(found.trained[place]),
        "p_changed": float(found.changed[place]),
        "p_control": float(found.control[place]),
        "p_baseline": float(found.baseline[language, label]),
        "error": found.error,
    }
