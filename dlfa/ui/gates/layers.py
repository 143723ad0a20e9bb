"""All layers at once: small pictures on one scale, and the lower layer's share against x."""

from functools import partial

from dlfa import figures
from dlfa.figures.words import plain
from dlfa.messages import _
from dlfa.ui import chrome, inputs, saving
from dlfa.ui.gates.chosen import SCALES, Looked

__all__ = ["show"]

EVERY = "all"


def show(looked: Looked) -> None:
    """Show the view."""
    sweep, kind = looked.sweep, looked.gate.kind
    rows = partial(saving.by_head, sweep)
    token = _token(looked)
    chrome.figure(
        partial(figures.share_by_layer, token=token),
        partial(figures.describe_share_by_layer, token=token),
        sweep,
        key="shares",
        caption=f"{_('gates.shares.caption')} {looked.cost}",
        rows=rows,
    )
    scale = inputs.one_of("scale", SCALES, words="gates.scale")
    chrome.figure(
        partial(figures.layer_multiples, kind=kind, scale=scale),
        partial(figures.describe_layer_multiples, kind=kind),
        sweep,
        key="layers",
        caption=f"{_('gates.layers.caption')} {looked.cost}",
        rows=rows,
    )


def _token(looked: Looked) -> int | None:
    """Show the tokens and return the one whose own curve is wanted."""
    pieces = enumerate(looked.sweep.tokens.pieces)
    words = {EVERY: _("gates.shares.token.none")}
    words |= {str(place): f"{place} · {plain(piece)}" for place, piece in pieces}
    chosen = inputs.pick("curve", words, _("gates.shares.token"))
    return None if chosen == EVERY else int(chosen)
