"""Spaces along an axis: an encoder's layers, then, set apart, the fused spaces of its heads."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from dlfa.figures.frame import Settings, heading
from dlfa.figures.palette import Look
from dlfa.figures.words import head_word
from dlfa.messages import _

__all__ = [
    "fused",
    "fused_heading",
    "fused_places",
    "layers_of",
    "space_axis",
    "space_places",
    "space_word",
]

GAP = 1.4  # between the last layer and the first fused space, in layers


def fused(space: str) -> bool:
    """Return whether a space is a head's, not a layer of the encoder."""
    return not space.isdigit()


def space_word(space: str) -> str:
    """Return what a space is called: ``layer 5``, ``D_8``."""
    return head_word(space) if fused(space) else _("figure.space.layer", layer=space)


def layers_of(spaces: Sequence[str]) -> list[int]:
    """Return the indices of the encoder's own layers."""
    return [at for at, space in enumerate(spaces) if not fused(space)]


def fused_places(spaces: Sequence[str]) -> list[int]:
    """Return the indices of the heads' spaces."""
    return [at for at, space in enumerate(spaces) if fused(space)]


def space_places(spaces: Sequence[str]) -> Float[np.ndarray, " space"]:
    """Return where each space stands: a layer at its number, the heads' after a gap."""
    last = max((int(space) for space in spaces if not fused(space)), default=-1)
    rank = 0.0
    places = []
    for space in spaces:
        places.append(last + GAP + rank if fused(space) else float(space))
        rank += fused(space)
    return np.array(places)


def space_axis(spaces: Sequence[str]) -> Settings:
    """Return the settings of the x axis; a head's name stands upright to take little room."""
    places = space_places(spaces)
    return {
        "range": [places.min() - 0.4, places.max() + 0.4],
        "tickvals": places,
        "ticktext": [head_word(space) if fused(space) else space for space in spaces],
        "tickangle": -90 if any(map(fused, spaces)) else 0,
        "title": _("figure.space.axis"),
        "showgrid": False,
        "fixedrange": True,
    }


def fused_heading(spaces: Sequence[str], look: Look, y: str = "y domain") -> list[Settings]:
    """Name the heads' spaces above them; nothing where there are none."""
    at = fused_places(spaces)
    if not at:
        return []
    middle = float(space_places(spaces)[at].mean())
    place = {"x": middle, "xref": "x", "y": 1, "yref": y, "yanchor": "bottom"}
    return [heading(look, _("figure.space.fused"), **place)]
