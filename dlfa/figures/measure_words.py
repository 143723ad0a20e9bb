"""What measures by layer say in words, and no more than their intervals bear."""

from collections.abc import Mapping, Sequence

import numpy as np

from dlfa.figures.curve_parts import Curves, of_measure, of_probe
from dlfa.figures.scores import count
from dlfa.figures.spaces import fused_places, layers_of, space_word
from dlfa.messages import _
from dlfa.results import LayerMeasure, Probe

__all__ = ["measure_verdict", "probe_verdict"]


def measure_verdict(measure: LayerMeasure) -> str:
    """Return in which layer a measure is highest, and what its intervals leave open.

    Intervals that overlap settle nothing, although layers are measured on the same sentences:
    the verdict rather says too little.
    """
    found = of_measure(measure, {})
    return " ".join(_told(found, _size("pairs", int(measure.n.min()))))


def probe_verdict(probe: Probe, *, names: Mapping[str, str] | None = None) -> str:
    """Return the same of a probe, held also against always giving the commonest label."""
    found = of_probe(probe, names or {})
    told = _told(found, _size("probe", int(probe.n.sum())))
    best = int(np.argmax(found.average.values))
    outcome = "above" if float(found.average.low[best]) > probe.majority else "not"
    majority = found.word(probe.majority)
    return " ".join([*told, _(f"figure.verdict.curve.majority.{outcome}", majority=majority)])


def _size(what: str, n: int) -> str:
    return _(f"figure.verdict.curve.size.{what}", n=count(n))


def _told(found: Curves, size: str) -> list[str]:
    every = range(len(found.spaces))
    lost = [space_word(found.spaces[at]) for at in every if at not in found.defined(every)]
    told = [_("figure.verdict.curve.undefined", spaces=", ".join(lost))] if lost else []
    layers, fused = (found.defined(some(found.spaces)) for some in (layers_of, fused_places))
    if layers:
        best = max(layers, key=lambda at: float(found.average.values[at]))
        told.append(_best(found, best, size))
        told += [_last(found, best, layers)] if len(layers) > 1 else []
    return [*told, _fused(found, fused, layers[-1] if layers else None, size)] if fused else told


def _best(found: Curves, best: int, size: str) -> str:
    above = float(found.average.low[best]) > float(found.control[best])
    outcome = "above" if above else "not"
    told = found.told(found.average, best)
    return _(f"figure.verdict.curve.best.{outcome}", measure=found.name, size=size, **told)


def _last(found: Curves, best: int, layers: Sequence[int]) -> str:
    """Compare the last layer with the best one, or tell which layers are not told apart from it."""
    last = layers[-1]
    beside = [at for at in layers if at != best and not _below(found, at, best)]
    spaces = ", ".join(found.spaces[at] for at in beside)
    rivals = _("figure.verdict.curve.rivals", spaces=spaces) if beside else ""
    if best == last:
        return rivals or _("figure.verdict.curve.alone")
    told = found.told(found.average, last)
    outcome = "lower" if _below(found, last, best) else "open"
    values = {name: told[name] for name in ("value", "interval")}
    return " ".join(filter(None, [_(f"figure.verdict.curve.last.{outcome}", **values), rivals]))


def _below(found: Curves, at: int, than: int) -> bool:
    """Return whether one space's interval lies below another's."""
    return float(found.average.high[at]) < float(found.average.low[than])


def _fused(found: Curves, fused: Sequence[int], last: int | None, size: str) -> str:
    best = max(fused, key=lambda at: float(found.average.values[at]))
    told = found.told(found.average, best)
    if last is None:
        return _best(found, best, size)
    if _below(found, last, best):
        outcome = "above"
    else:
        outcome = "below" if _below(found, best, last) else "open"
    values = {name: told[name] for name in ("space", "value", "interval")}
    return _(f"figure.verdict.curve.fused.{outcome}", **values)
