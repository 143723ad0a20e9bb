"""What moves a map from space to space: its slider, its buttons, and the keys below them."""

from collections.abc import Sequence
from html import unescape
from math import ceil

from dlfa.figures.frame import Pixels, Settings
from dlfa.figures.palette import TRANSPARENT, Look
from dlfa.figures.spaces import space_word
from dlfa.figures.words import head_word

__all__ = ["buttons", "entry_width", "key_height", "legend", "motion", "room_below", "slider"]

PLAY, PAUSE = "▶", "❚❚"
SWITCH = 120  # ms from one space to another that was asked for
MOVE = 500  # ms from one space to the next while all are played
STAY = 700  # ms that each is then shown
PHONE = 350  # px of a key's width on a phone
LETTER = 0.55  # of the height of the letters: how wide one is
SIGN = 44  # px of an entry's sign with its gaps
LEAST = 5  # letters


def motion(stay: int, move: int) -> Settings:
    """Return how plotly moves: the figure is drawn anew in the end, for its words change too."""
    return {
        "mode": "immediate",
        "fromcurrent": True,
        "frame": {"duration": stay + move, "redraw": True},
        "transition": {"duration": move, "easing": "cubic-in-out"},
    }


def slider(
    spaces: Sequence[str], start: int, look: Look, height: Pixels, *, smooth: bool
) -> Settings:
    """Return the slider: a step per space, at the right of the buttons.

    Args:
        spaces: names of the frames.
        start: index of the one that is shown first.
        look: light or dark, desk or projector.
        height: of the picture, in px.
        smooth: plotly itself moves the points.
    """
    step = motion(0, SWITCH if smooth else 0)
    font = {"size": look.small, "color": look.text}
    return {
        "active": start,
        "x": 0,
        "len": 1,
        "y": -0.6 * look.font / height,
        "yanchor": "top",
        "pad": {"l": 7.5 * look.font, "r": 10, "t": 0, "b": 0},
        "currentvalue": {"visible": False},
        "font": font,
        "bgcolor": look.grid,
        "activebgcolor": look.muted,
        "bordercolor": look.muted,
        "borderwidth": 1,
        "tickcolor": look.muted,
        "steps": [
            {
                "label": space if space.isdigit() else head_word(space),
                "value": space_word(space),
                "method": "animate",
                "args": [[space], step],
            }
            for space in spaces
        ],
    }


def buttons(look: Look, height: Pixels, *, smooth: bool, states: int) -> Settings:
    """Return play and pause; ``states`` lie between two spaces where plotly cannot move points."""
    play = motion(STAY, MOVE) if smooth else motion((STAY + MOVE) // (states + 1), 0)
    still = motion(0, 0) | {"frame": {"duration": 0, "redraw": False}}
    return {
        "type": "buttons",
        "direction": "left",
        "showactive": False,
        "x": 0,
        "xanchor": "left",
        "y": -0.6 * look.font / height,
        "yanchor": "top",
        "pad": {"t": 0, "l": 0, "r": 0},
        "font": {"size": look.font, "color": look.text},
        "bgcolor": look.raised,
        "bordercolor": look.muted,
        "buttons": [
            {"label": PLAY, "method": "animate", "args": [None, play]},
            {"label": PAUSE, "method": "animate", "args": [[None], still]},
        ],
    }


def entry_width(words: Sequence[str], look: Look) -> float:
    """Return how wide the words of a key are, in px; they are shown without markup."""
    longest = max((len(unescape(word)) for word in words), default=0)
    return LETTER * look.small * max(LEAST, longest)


def key_height(words: Sequence[str], look: Look, beside: float = 0) -> float:
    """Return how high a key is on a phone, with its title, in px.

    Args:
        words: its entries.
        look: light or dark, desk or projector.
        beside: px that words at the picture's left leave to neither it nor its key.
    """
    columns = max(1, int((PHONE - beside) / (entry_width(words, look) + SIGN)))
    return 1.6 * look.small * (1 + ceil(len(words) / columns))


def room_below(look: Look, keys: Sequence[Sequence[str]]) -> float:
    """Return the room for slider and keys, in px; ``keys``: the words of each."""
    return 4.6 * look.font + sum(key_height(words, look) for words in keys)


def legend(
    look: Look, height: Pixels, title: str, words: Sequence[str], *, down: float, clicks: bool
) -> Settings:
    """Return a key below a picture, in columns.

    Args:
        look: light or dark, desk or projector.
        height: of the picture, in px.
        title: what its entries are; empty: none.
        words: they.
        down: from the picture to the key, in px.
        clicks: whether a click on an entry hides its points.
    """
    font = {"size": look.small, "color": look.muted}
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": -down / height,
        "yanchor": "top",
        "entrywidth": entry_width(words, look),
        "font": {"size": look.small, "color": look.text},
        "title": {"text": title, "side": "top", "font": font},
        "bgcolor": TRANSPARENT,
        "itemsizing": "constant",
        "itemclick": "toggle" if clicks else False,
        "itemdoubleclick": "toggleothers" if clicks else False,
    }
