"""One place for how figures look: colours, signs and sizes.

Colours are safe for colour-blind eyes (Okabe and Ito 2008; cividis: Nuñez et al. 2018), and
never carry a meaning alone: a text, a pattern or a shape always says the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle

__all__ = [
    "FONT",
    "HEAD_COLOURS",
    "LABEL_COLOURS",
    "SEQUENTIAL",
    "STATE_SYMBOLS",
    "TRANSPARENT",
    "Look",
    "Paint",
    "ink",
    "label_paints",
]

TRANSPARENT = "rgba(0,0,0,0)"
FONT = (  # of the page, see .streamlit/config.toml: all fifteen scripts on every usual system
    "'Source Sans', 'Noto Sans', 'Segoe UI', 'Helvetica Neue', 'Noto Sans Arabic', "
    "'Noto Naskh Arabic', 'Geeza Pro', 'Noto Nastaliq Urdu', 'Noto Sans Devanagari', "
    "'Nirmala UI', 'Kohinoor Devanagari', 'Noto Sans Thai', 'Leelawadee UI', Thonburi, "
    "'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', system-ui, "
    "'DejaVu Sans', sans-serif"
)

LABEL_COLOURS: Mapping[str, str] = {
    "entailment": "#0072B2",  # blue
    "neutral": "#A6A6A6",  # grey
    "contradiction": "#D55E00",  # vermilion
    "paraphrase": "#009E73",  # bluish green
    "different": "#CC79A7",  # reddish purple
}
LABEL_PATTERNS: Mapping[str, str] = {
    "entailment": "■",
    "neutral": "▨",
    "contradiction": "▩",
    "paraphrase": "■",
    "different": "▨",
}
OTHER_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#D55E00")
KIND_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
KIND_LAST = ("#262730", "#F0E442")  # Okabe and Ito's seventh is black, or yellow on a dark page
PATTERNS: Mapping[str, str] = {  # a sign -> plotly's pattern that looks like it
    "■": "",
    "▨": "/",
    "▩": ".",
    "▤": "-",
    "▥": "|",
    "▦": "+",
    "▧": "\\",
}

SEQUENTIAL = "Cividis"
DIVERGING = (  # the centre fades into a light page
    "#07366B",
    "#1F66A6",
    "#5B9BCB",
    "#AED0E6",
    "#F4F3EF",
    "#F8CFA0",
    "#E59545",
    "#B85C14",
    "#6E2E05",
)
DIVERGING_DARK = (  # the centre fades into a dark page
    "#BFE1FA",
    "#6FB5E5",
    "#2F7DB8",
    "#174A70",
    "#171A20",
    "#5A3210",
    "#A35C1C",
    "#E39340",
    "#FDD6A5",
)

HEAD_COLOURS: Mapping[str, tuple[str, str]] = {  # kind of head -> on light, on dark
    "baseline": ("#5B5E6B", "#B9BDC9"),
    "paper": ("#0072B2", "#56B4E9"),
    "aff": ("#C25400", "#F0A23C"),
}
STATE_SYMBOLS: Mapping[str, tuple[str, str]] = {  # plotly's marker, and a sign that looks like it
    "trained": ("circle", "●"),
    "untrained": ("diamond-open", "◇"),
    "noise": ("x-thin-open", "×"),
}


@dataclass(frozen=True)
class Look:
    """How a figure fits its page. All sizes in pixels."""

    dark: bool = False
    """Light ink for a dark page; the paper itself is always transparent."""
    large: bool = False
    """Sizes for a projector."""

    @property
    def text(self) -> str:
        """Ink of titles and labels."""
        return "#FAFAFA" if self.dark else "#262730"

    @property
    def muted(self) -> str:
        """Ink of what should step back; at least 4.5:1 against the page."""
        return "#B4B8C5" if self.dark else "#5B5E6B"

    @property
    def grid(self) -> str:
        """Grid lines."""
        return "rgba(250,250,250,0.16)" if self.dark else "rgba(38,39,48,0.13)"

    @property
    def raised(self) -> str:
        """Ground of hover boxes."""
        return "#262730" if self.dark else "#FFFFFF"

    @property
    def font(self) -> int:
        """Height of normal text."""
        return 18 if self.large else 13

    @property
    def small(self) -> int:
        """Height of text within a figure's data."""
        return 16 if self.large else 12

    @property
    def row(self) -> int:
        """Height of one bar with its label."""
        return 34 if self.large else 26

    @property
    def diverging(self) -> list[str]:
        """Blue to orange; the centre fades into the page."""
        return list(DIVERGING_DARK if self.dark else DIVERGING)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Colours of points of several kinds, in turn; seven, which eyes can tell apart."""
        return (*KIND_COLOURS, KIND_LAST[self.dark])

    def head_colour(self, kind: str) -> str:
        """Colour of one kind of head: ``"baseline"``, ``"paper"`` or ``"aff"``."""
        return HEAD_COLOURS[kind][self.dark]


@dataclass(frozen=True)
class Paint:
    """How a label is drawn: never by its colour alone."""

    colour: str
    sign: str
    """A square that looks like the pattern, for a key."""

    @property
    def pattern(self) -> str:
        """Plotly's name of the pattern."""
        return PATTERNS[self.sign]


def label_paints(labels: tuple[str, ...]) -> dict[str, Paint]:
    """Return each label's paint: the known labels always in their own, any others in turn."""
    if set(labels) <= set(LABEL_COLOURS):
        return {label: Paint(LABEL_COLOURS[label], LABEL_PATTERNS[label]) for label in labels}
    paints = cycle(map(Paint, OTHER_COLOURS, PATTERNS))
    return dict(zip(labels, paints, strict=False))


def ink(colour: str) -> str:
    """Return black or white, whichever reads better on a ``#RRGGBB`` ground (WCAG contrast)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#FFFFFF" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"
