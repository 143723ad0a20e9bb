"""What is said of a map: its title, how good it is, and how far to trust it."""

from collections.abc import Mapping

import numpy as np

from dlfa.figures.frame import origin
from dlfa.figures.map_hover import kind_value, title_word
from dlfa.figures.map_points import kinds, most, most_shapes
from dlfa.figures.palette import Look
from dlfa.figures.scores import count
from dlfa.figures.spaces import space_word
from dlfa.figures.words import decimals, percent, plain, tenths
from dlfa.messages import _
from dlfa.results import LayerMap, SentenceSet

__all__ = [
    "describe_layer_map",
    "map_others",
    "map_title",
    "map_verdict",
    "quality_lines",
    "space_at",
]

FAITHFUL = 0.9  # trustworthiness from which points beside each other mostly are neighbours
LOST = 0.5  # of the neighbours: below it a map hides more than it shows
LEAST = 5  # times chance that kept neighbours must reach to mean anything
CALM = 0.3  # of the map's spread: a point that moves less is easily followed
TOLD = 4  # kinds that an alt text names
UNKNOWN = "–"  # where there is no quality: all vectors are the same


def space_at(mapped: LayerMap, space: str) -> int:
    """Return a space's index; of the first where none is named.

    Raises:
        ValueError: a space that the map lacks.
    """
    return mapped.spaces.index(space) if space else 0


def map_title(mapped: LayerMap, sentences: SentenceSet, at: int) -> str:
    """Return a map's headline for one space: ``720 sentences in layer 5``."""
    about = {"n": count(len(sentences.texts)), "space": space_word(mapped.spaces[at])}
    return _("figure.map.title", **about)


def quality_lines(mapped: LayerMap, at: int) -> list[str]:
    """Return the small print of one space: whose it is, how it was made, how good it is."""
    made = _(f"figure.map.centred.{'yes' if mapped.centred else 'no'}")
    lines = [*origin(mapped.provenance), f"{_method(mapped, at)}, {made}"]
    if np.isnan(mapped.trustworthiness[at]):
        return [*lines, _("figure.map.quality.none")]
    trust = _two(mapped.trustworthiness[at])
    about = {"trust": trust, "k": mapped.k}
    if mapped.judged < mapped.points.shape[1]:
        said = _("figure.map.quality.trust.some", judged=count(mapped.judged), **about)
    else:
        said = _("figure.map.quality.trust", **about)
    return [*lines, said, _kept_here(mapped, at)]


def _kept_here(mapped: LayerMap, at: int) -> str:
    kept = {"overlap": tenths(float(mapped.overlap[at])), "chance": tenths(mapped.chance)}
    if mapped.method == "pca":  # which no seed changes
        return _("figure.map.quality.kept", **kept)
    if np.isnan(mapped.stability[at]):
        return _("figure.map.quality.seeds.open", **kept)
    return _("figure.map.quality.seeds", **kept, stability=tenths(float(mapped.stability[at])))


def _method(mapped: LayerMap, at: int) -> str:
    method = _(f"figure.map.method.{mapped.method}")
    if mapped.explained is None:
        return method
    shares = " + ".join(percent(float(share)) for share in mapped.explained[at])
    return _("figure.map.explained", method=method, percent=shares)


def _two(value: float) -> str:
    return UNKNOWN if np.isnan(value) else decimals(float(value), 2)


def describe_layer_map(
    mapped: LayerMap,
    sentences: SentenceSet,
    *,
    colour: str = "language",
    colours: np.ndarray | None = None,
    names: Mapping[str, str] | None = None,
    start: str = "",
) -> str:
    """Return `layer_map` in words: what is shown, of whom, how good, which kinds.

    Raises:
        ValueError: a space that the map lacks.
    """
    at = space_at(mapped, start)
    found = kinds(sentences.languages if colours is None else colours)
    largest = sorted(found, key=lambda kind: -len(kind.rows))[:TOLD]
    told = [f"{kind_value(colour, kind, names or {})} {len(kind.rows)}" for kind in largest]
    return _(
        "figure.map.alt",
        n=count(len(sentences.texts)),
        space=space_word(mapped.spaces[at]),
        made=f"{plain(mapped.provenance.backbone, 40)}, {plain(mapped.provenance.state, 40)}",
        method=_(f"figure.map.method.{mapped.method}"),
        spaces=len(mapped.spaces),
        colour=title_word(colour),
        kinds=", ".join(told) + (", …" if len(found) > TOLD else ""),
        trust=_two(mapped.trustworthiness[at]),
        overlap=UNKNOWN if np.isnan(mapped.overlap[at]) else tenths(float(mapped.overlap[at])),
        chance=tenths(mapped.chance),
    )


def map_others(
    colour: str,
    colours: np.ndarray,
    *,
    dims: int = 2,
    shape: str = "",
    shapes: np.ndarray | None = None,
    known: int | None = None,
) -> list[str]:
    """Return which values `layer_map` draws alike, as there are too many to be told apart.

    Args:
        colour: as of `layer_map`, as are the others.
        colours: their values.
        dims: of the map.
        shape: what shapes tell apart.
        shapes: their values.
        known: how many sentences are the map's own.

    Returns:
        a sentence for the colours and one for the shapes, where there is something to say.
    """
    room = most(dims, Look(), shaped=shapes is not None)
    told = [_others(colour, colours, room, known)]
    if shapes is not None:
        told.append(_others(shape, shapes, most_shapes(dims), known))
    return [words for words in told if words]


def _others(column: str, values: np.ndarray, room: int, known: int | None) -> str:
    *kept, last = kinds(values, room, known)
    if last.value is not None:  # a value as the others
        return ""
    about = {"shown": len(kept), "number": last.values, "n": count(len(last.rows))}
    return _("figure.map.others", column=title_word(column), **about)


def map_verdict(mapped: LayerMap) -> str:
    """Return how far a map is to be trusted in all its spaces, with the numbers."""
    told = [_(mapped.notice)] if mapped.notice else []
    unknown = np.isnan(mapped.trustworthiness)
    if unknown.any():
        told.append(_("figure.verdict.map.same", number=int(unknown.sum()), spaces=len(unknown)))
    if unknown.all():
        return " ".join(told)
    worst, best = (int(find(mapped.trustworthiness)) for find in (np.nanargmin, np.nanargmax))
    told += [_trust(mapped, worst, best), _kept(mapped)]
    if mapped.method == "umap" and not np.isnan(mapped.stability).all():
        told.append(_seeds(mapped))
    if len(mapped.drift):
        told.append(_drift(mapped))
    return " ".join(told)


def _trust(mapped: LayerMap, worst: int, best: int) -> str:
    outcome = "good" if float(mapped.trustworthiness[worst]) >= FAITHFUL else "weak"
    return _(
        f"figure.verdict.map.trust.{outcome}",
        low=_two(mapped.trustworthiness[worst]),
        worst=space_word(mapped.spaces[worst]),
        high=_two(mapped.trustworthiness[best]),
        best=space_word(mapped.spaces[best]),
    )


def _kept(mapped: LayerMap) -> str:
    mean = float(np.nanmean(mapped.overlap))
    outcome = "most" if mean >= LOST else "some" if mean >= LEAST * mapped.chance else "few"
    about = {"overlap": tenths(mean), "chance": tenths(mapped.chance), "k": mapped.k}
    return _(f"figure.verdict.map.kept.{outcome}", **about)


def _seeds(mapped: LayerMap) -> str:
    """Compare two seeds with what the map itself keeps: they can hardly agree on more."""
    mean = float(np.nanmean(mapped.stability))
    outcome = "alike" if mean >= LOST else "apart"
    return _(f"figure.verdict.map.seeds.{outcome}", stability=tenths(mean))


def _drift(mapped: LayerMap) -> str:
    most = int(np.argmax(mapped.drift))
    outcome = "calm" if float(mapped.drift[most]) <= CALM else "jump"
    return _(
        f"figure.verdict.map.drift.{outcome}",
        drift=tenths(float(mapped.drift.mean())),
        most=tenths(float(mapped.drift[most])),
        before=space_word(mapped.spaces[most]),
        after=space_word(mapped.spaces[most + 1]),
    )
