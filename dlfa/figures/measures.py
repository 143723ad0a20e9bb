"""Cross-lingual measures and probes by layer: the average in its band, every pair, the control."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from dlfa.figures.curve_parts import Curves, of_measure, of_probe
from dlfa.figures.curves import AVERAGE, axis_range, band, course, courses, values_axis
from dlfa.figures.frame import Settings, draw, heading, key, origin
from dlfa.figures.palette import Look
from dlfa.figures.panels import Panels
from dlfa.figures.spaces import fused_heading, layers_of, space_axis, space_places, space_word
from dlfa.messages import _
from dlfa.results import LayerMeasure, Probe

__all__ = ["describe_measure_curves", "describe_probe_curves", "measure_curves", "probe_curves"]

HEIGHT = 230  # px of a panel
WIDTH = 5  # layers that a name takes on a phone
FEWEST = 3  # lines of which two are worth a name
Pair = tuple[str, str]


def measure_curves(
    measures: LayerMeasure | Sequence[LayerMeasure],
    look: Look,
    *,
    pair: Pair | None = None,
    names: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw measures by layer, one below the other, each with its control.

    Args:
        measures: one, or several of the same spaces.
        look: light or dark, desk or projector.
        pair: of language codes, in either order: its values stand in the band, the average is a
            line; None: the average stands in the band.
        names: language code -> name; a code without one stands for itself.

    Returns:
        a curve over the layers in its 95 % interval, a thin line for each pair, a dotted line for
        the control; the fused spaces stand apart, as points.

    Raises:
        ValueError: a pair that was not measured, or no measure.
    """
    every = [measures] if isinstance(measures, LayerMeasure) else list(measures)
    at = None if pair is None else pair_at(every[0].pairs, pair)
    return _drawn([of_measure(one, names or {}) for one in every], look, at)


def probe_curves(
    probe: Probe,
    look: Look,
    *,
    language: str | None = None,
    names: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw a probe's accuracy by layer, with its control and what the commonest label gives.

    Args:
        probe: of languages or of parts of speech.
        look: light or dark, desk or projector.
        language: as `measure_curves`'s pair.
        names: as there.

    Raises:
        ValueError: a language that was not tested.
    """
    at = None if language is None else probe.languages.index(language)
    return _drawn([of_probe(probe, names or {})], look, at)


def pair_at(pairs: Sequence[Pair], pair: Pair) -> int:
    """Return a pair's index, in either order.

    Raises:
        ValueError: a pair that is not there.
    """
    return [frozenset(one) for one in pairs].index(frozenset(pair))


def _drawn(every: Sequence[Curves], look: Look, at: int | None) -> go.Figure:
    gap = 3.6 * look.font
    total = len(every) * HEIGHT + (len(every) - 1) * gap
    panels = Panels(count=len(every), columns=1, down=gap / total)
    names = [panels.heading(one, look, found.name) for one, found in enumerate(every)]
    first = every[0]
    return draw(
        [
            trace | panels.on(one)
            for one, found in enumerate(every)
            for trace in _traces(found, look, at)
        ],
        look,
        title=_("figure.measure.title") if len(every) > 1 else first.name,
        subtitle="<br>".join([first.about, _signs(first, look, at), *origin(first.made)]),
        height=total,
        top=(1.6 if len(every) > 1 or len(layers_of(first.spaces)) < len(first.spaces) else 0.6)
        * look.font,
        bottom=(5 if len(layers_of(first.spaces)) < len(first.spaces) else 3.2) * look.small,
        axes=_axes(every, panels, at),
        annotations=[
            *(names if len(every) > 1 else []),
            *fused_heading(first.spaces, look),
            *(
                label
                for one, found in enumerate(every)
                for label in _ends_named(found, look, one, at)
            ),
        ],
    )


def _traces(found: Curves, look: Look, at: int | None) -> list[Settings]:
    main = found.average if at is None else found.row(at)
    hover, thin = _("figure.measure.hover"), _("figure.measure.hover.thin")
    notes = [list(found.told(main, one).values()) for one in range(len(found.spaces))]
    traces = course(found.spaces, found.control, look, "dot", _("figure.measure.hover.control"))
    if found.majority is not None:
        flat = np.full(len(found.spaces), found.majority)
        traces += course(found.spaces, flat, look, "dash", _("figure.measure.hover.majority"))
    if at is not None:
        name = _("figure.measure.hover.average")
        traces += course(found.spaces, found.average.values, look, "solid", name)
    elif len(found.rows) > 1:
        traces += courses(found.spaces, found.values, look, thin, _notes(found))
    return [*traces, *band(main, look, hover, notes)]


def _notes(found: Curves) -> list[list[list[str]]]:
    """Return what each thin line tells, by row and space: whose it is, where, how much."""
    return [
        [
            [name, space_word(space), found.word(float(value))]
            for space, value in zip(found.spaces, values, strict=True)
        ]
        for name, values in zip(found.rows, found.values, strict=True)
    ]


def _ends_named(found: Curves, look: Look, panel: int, at: int | None) -> list[Settings]:
    """Name the highest and the lowest thin line where they leave the layers."""
    layers = layers_of(found.spaces)
    if at is not None or len(found.rows) < FEWEST or not layers:
        return []
    last, beside = found.values[:, layers[-1]], found.values[:, layers[-WIDTH:]]
    ends = (
        (int(last.argmax()), "bottom", float(beside.max())),
        (int(last.argmin()), "top", float(beside.min())),
    )
    place = {"x": float(space_places(found.spaces)[layers[-1]]), "xanchor": "right"}
    axes = {"xref": f"x{panel + 1 if panel else ''}", "yref": f"y{panel + 1 if panel else ''}"}
    return [
        heading(look, found.rows[row], y=y, yanchor=side, **place, **axes) for row, side, y in ends
    ]


def _signs(found: Curves, look: Look, at: int | None) -> str:
    main = _("figure.measure.key.average") if at is None else found.rows[at]
    signs = [(AVERAGE[look.dark], "●", main), (look.muted, "┈", _("figure.measure.key.control"))]
    if found.majority is not None:
        signs.append((look.muted, "╌", _("figure.measure.key.majority")))
    if at is not None:
        signs.append((look.muted, "─", _("figure.measure.key.average")))
    return key(signs)


def _axes(every: Sequence[Curves], panels: Panels, at: int | None) -> dict[str, Settings]:
    axes = panels.axes(space_axis(every[0].spaces), {})
    for one, found in enumerate(every):
        place = panels.on(one)
        up = axes[place["yaxis"].replace("y", "yaxis")]
        up.pop("matches", None)
        up |= values_axis(_ends(found, at), "", shares=found.shares)
        if one < len(every) - 1:
            axes[place["xaxis"].replace("x", "xaxis")] |= {"title": "", "showticklabels": False}
    return axes


def _ends(found: Curves, at: int | None) -> tuple[float, float]:
    main = found.average if at is None else found.row(at)
    thin: Float[np.ndarray, "_ space"] = found.values if at is None else found.average.values[None]
    most = [] if found.majority is None else [np.array([found.majority])]
    return axis_range(main.low, main.high, thin, found.control, *most)


def describe_measure_curves(
    measures: LayerMeasure | Sequence[LayerMeasure],
    *,
    pair: Pair | None = None,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return `measure_curves` in words: first and last layer, the highest, the control."""
    every = [measures] if isinstance(measures, LayerMeasure) else list(measures)
    at = None if pair is None else pair_at(every[0].pairs, pair)
    return " ".join(_described(of_measure(one, names or {}), at) for one in every)


def describe_probe_curves(
    probe: Probe, *, language: str | None = None, names: Mapping[str, str] | None = None
) -> str:
    """Return `probe_curves` in words; as `describe_measure_curves`."""
    at = None if language is None else probe.languages.index(language)
    return _described(of_probe(probe, names or {}), at)


def _described(found: Curves, at: int | None) -> str:
    main = found.average if at is None else found.row(at)
    best = found.told(main, int(np.argmax(np.nan_to_num(main.values, nan=-np.inf))))
    ends = {"first": found.told(main, 0), "last": found.told(main, len(found.spaces) - 1)}
    return _(
        "figure.measure.alt",
        measure=found.name,
        who=_("figure.measure.key.average") if at is None else found.rows[at],
        many=len(found.rows),
        first=ends["first"]["value"],
        first_space=ends["first"]["space"],
        last=ends["last"]["value"],
        last_space=ends["last"]["space"],
        best=best["value"],
        best_space=best["space"],
        interval=best["interval"],
        control=best["control"],
    )
