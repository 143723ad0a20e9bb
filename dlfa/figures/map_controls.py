"""What moves a map from space to space: its slider, its buttons, and the keys below them."""

from collections.abc import Sequence

from dlfa.figures.frame import Pixels, Settings
from dlfa.figures.palette import TRANSPARENT, Look
from dlfa.figures.spaces import space_word
from dlfa.figures.words import head_word

__all__ = ["buttons", "legend", "legend_rows", "motion", "room_below", "slider"]

PLAY, PAUSE = "▶", "❚❚"
SWITCH = 250  # ms from one space to another
STAY = 900  # ms that a space is shown while all are played
COLUMNS = 3  # of the key on a phone
PHONE = 340  # px of a figure's width there
ENTRY = 104  # px of one word of the key


def motion(stay: int, move: int) -> Settings:
    """Return how plotly moves: the figure is drawn anew in the end, for its words change too."""
    return {
        "mode": "immediate",
        "fromcurrent": True,
        "frame": {"duration": stay + move, "redraw": True},
        "transition": {"duration": move, "easing": "cubic-in-out"},
    }


def slider(spaces: Sequence[str], start: int, look: Look, height: Pixels, *, smooth: bool) -> Settings:
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
    play = motion(STAY, 2 * SWITCH) if smooth else motion((STAY + SWITCH) // (states + 1), 0)
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


def legend_rows(entries: int) -> int:
    """Return how many lines a key has on a phone."""
    return -(-entries // COLUMNS)


def room_below(look: Look, keys: Sequence[int]) -> float:
    """Return the room for slider and keys, in px; ``keys``: how many entries each has."""
    lines = sum(legend_rows(entries) + 1 for entries in keys)
    return 4.6 * look.font + 1.55 * look.small * lines


def legend(look: Look, height: Pixels, title: str, above: Sequence[int], *, clicks: bool) -> Settings:
    """Return a key below the slider, under the keys with ``above`` entries.

    Args:
        look: light or dark, desk or projector.
        height: of the picture, in px.
        title: what its entries are.
        above: entries of each key above it.
        clicks: a click on an entry hides its points.
    """
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": -room_below(look, above) / height,
        "yanchor": "top",
        "entrywidth": ENTRY * look.small / 12,
        "font": {"size": look.small, "color": look.text},
        "title": {"text": title, "side": "top", "font": {"size": look.small, "color": look.muted}},
        "bgcolor": TRANSPARENT,
        "itemsizing": "constant",
        "itemclick": "toggle" if clicks else False,
        "itemdoubleclick": "toggleothers" if clicks else False,
    }
