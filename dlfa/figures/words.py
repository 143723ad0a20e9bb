"""Words for figures: labels from the catalogue, tokens made safe to print.

Plotly reads a subset of HTML (and TeX between dollar signs) in every text; a visitor's text must
never be taken for either, nor turn the writing direction of what stands beside it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from dlfa.messages import _
from dlfa.results import BASELINE, Prediction, head_gate, head_layer

__all__ = [
    "counted",
    "decimals",
    "escape",
    "group",
    "head_place",
    "head_word",
    "hundredths",
    "kind_word",
    "label_mark",
    "label_word",
    "ordered",
    "percent",
    "plain",
    "points",
    "runs_right_to_left",
    "tenths",
    "time_word",
    "told_apart",
]

KINDS = (BASELINE, "paper", "aff")  # the order of the groups of heads
LONGEST = 16  # characters of a token's label
EXACT = 9  # decimals of a percentage that are more than the noise of binary fractions
SECOND = 1_000  # ms
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})


def plain(text: str, longest: int = LONGEST) -> str:
    """Return a text for an alt text: shortened, no control characters, direction isolated."""
    kept = text if text.isprintable() else "".join(map(_steered, text))  # the first is quick
    shown = kept if len(kept) <= longest else kept[: longest - 1] + "…"
    return f"\u2068{shown}\u2069"


def _steered(character: str) -> str:
    """Return a character, or a sign in its place where it would steer what stands beside it."""
    steers = character in DIRECTIONS or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    return "\ufffd" if steers else character


def escape(text: str) -> str:
    """Return a text that plotly prints as it stands."""
    return text.translate(ESCAPES)


def head_word(head: str) -> str:
    """Return a head's name as people read it: ``baseline``, ``D_8``, ``D_8 aff``."""
    if head == BASELINE:
        return _("figure.head.baseline")
    return _(f"figure.head.{head_gate(head)}", layer=head_layer(head))


def kind_word(kind: str) -> str:
    """Return what a kind of gate is called: ``"paper"`` or ``"aff"``."""
    return _(f"figure.kind.{kind}")


def label_word(label: str) -> str:
    """Return a label as people read it; a label unknown to the catalogue stands for itself."""
    key = f"label.{label}"
    return found if (found := _(key)) != key else plain(label.replace("_", " "))


def label_mark(label: str) -> str:
    """Return a label's one-letter mark for small cells."""
    key = f"figure.mark.{label}"
    return found if (found := _(key)) != key else label[:1].upper()


def percent(share: float) -> str:
    """Return a share in [0, 1] as a whole number of percent."""
    return f"{100 * share:.0f}"


def tenths(share: float, *, signed: bool = False) -> str:
    """Return a share or a difference of shares in percent (points), one decimal; see `points`."""
    return decimals(100 * share, 1, signed=signed)


def hundredths(difference: float) -> str:
    """Return a difference of shares in points, signed, two decimals: those of one run are small."""
    return decimals(100 * difference, 2, signed=True)


def points(share: float) -> float:
    """Return percent (points) rounded to one decimal: differences are taken of what is shown."""
    return float(_rounded(100 * share, 1))


def decimals(number: float, digits: int, *, signed: bool = False) -> str:
    """Return a number with so many decimals, halves away from zero; zero has no minus."""
    return f"{_rounded(number, digits):{'+' if signed else ''}.{digits}f}".replace("-", "−")


def _rounded(number: float, digits: int) -> Decimal:
    """Return what people round to: 0.5 is stored as it is, 66.45 only nearly."""
    exact = Decimal(repr(round(float(number), EXACT)))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def told_apart(names: Sequence[str], places: Sequence[int]) -> list[str]:
    """Return names for an alt text, those that occur more than once with their place."""
    counts = Counter(names)
    return [
        _("figure.token.place", token=name, place=place) if counts[name] > 1 else name
        for name, place in zip(names, places, strict=True)
    ]


def counted(labels: Iterable[str]) -> str:
    """Return how often each label occurs, the most frequent first: ``entailment 20, neutral 3``."""
    return ", ".join(
        f"{label_word(label)} {count}" for label, count in Counter(labels).most_common()
    )


def time_word(milliseconds: float) -> str:
    """Return how long something took: ``850 ms``, or ``3.8 s`` from a second on."""
    if milliseconds < SECOND:
        return f"{milliseconds:.0f} ms"
    return f"{decimals(milliseconds / SECOND, 1)} s"


def group(head: str) -> int:
    """Return the place of a head's group: 0 the baseline, 1 the gate as printed, 2 ``aff``."""
    return KINDS.index(head_gate(head) or BASELINE)


def head_place(head: str) -> tuple[int, int]:
    """Return a head's place in the paper's order: its group, then its layer."""
    return group(head), head_layer(head) or 0


def ordered(predictions: Iterable[Prediction]) -> list[Prediction]:
    """Return answers in the paper's order: the baseline, D_1 ..., then the ``aff`` twins."""
    return sorted(predictions, key=lambda answer: head_place(answer.head))


def runs_right_to_left(words: Iterable[str]) -> bool:
    """Return whether most letters are of a script that is written from the right."""
    kinds = Counter(unicodedata.bidirectional(character) for word in words for character in word)
    return kinds["R"] + kinds["AL"] > kinds["L"]
