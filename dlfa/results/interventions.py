"""What is done to a gate, as plain data: forced, moved, scaled, edited, or a branch of it off.

An intervention acts on the gate g of equation (2) of Chen et al. 2022, the lower layer's weight:
0 leaves the last layer, 1 the lower one. The changes of `dlfa.results.CHANGES` act on the attention
s of equation (1), of which g is made: for the gate as printed, g = W ⊙ s, the two are not the same,
and no s gives g = 1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dlfa.errors import InputError

__all__ = ["CONSTANTS", "KINDS", "TRAINED_GATE", "UNTRAINED_GATE", "Intervention"]

CONSTANTS = {"zero": 0.0, "half": 0.5, "one": 1.0}
"""Kinds that put one number everywhere."""
KINDS = (
    "trained",
    *CONSTANTS,
    "mean-tokens",
    "shuffle-tokens",
    "shuffle-channels",
    "scale",
    "set",
    "no-global",
    "no-local",
    "swap",
    "swap-mean",
)
"""Left as it is; 0, 1/2 or 1 everywhere; each channel's mean over the tokens; shuffled over the
tokens or the channels; times a factor, or set to a number, everywhere or at chosen tokens and
channels; one of the two branches' logits left out; the translation's gate, word by word or as its
mean over tokens."""
AMOUNTS = {"scale": (-10.0, 10.0), "set": (-10.0, 10.0)}
"""Kinds that take a number, and the range it has to be in."""

_TWIN = "twin"
_PLACES = ("tokens", "channels")
_SPAN = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")

Places = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Intervention:
    """One thing that is done to a head's gate; written and read as a short text.

    ``zero``, ``scale:0.5``, ``set:0@tokens=3,7-9@channels=0-95``; ``twin`` before a plus sign takes
    the untrained twin's gate in the place of the trained one first: ``twin+scale:0.5``.

    Raises:
        InputError: an unknown kind, a number out of its range, or places where none can be chosen.
    """

    kind: str = "trained"
    """Of `KINDS`."""
    amount: float = 1.0
    """The factor of ``"scale"``, the number of ``"set"``."""
    tokens: Places = ()
    """Where ``"scale"`` and ``"set"`` act: places in the model's input, from 0; empty: all."""
    channels: Places = ()
    """From 0; empty: all."""
    twin: bool = False
    """Whether the untrained twin's gate stands in the place of the trained one before the rest."""
    draw: int = 0
    """Which permutation a shuffle takes: the same number, the same draw."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            known = ", ".join((_TWIN, *KINDS))
            raise InputError("error.intervention.unknown", name=self.kind, known=known)
        low, high = AMOUNTS.get(self.kind, (1.0, 1.0))
        if not low <= self.amount <= high:
            raise InputError("error.intervention.amount", name=self.kind, low=low, high=high)
        if self.placed and self.kind not in AMOUNTS:
            raise InputError("error.intervention.places", name=self.kind)

    @classmethod
    def parse(cls, text: str) -> "Intervention":
        """Read an intervention as `str` writes it.

        Raises:
            InputError: it is none.
        """
        head, *places = text.strip().split("@")
        twin = head == _TWIN or head.startswith(f"{_TWIN}+")
        named = head.removeprefix(_TWIN).removeprefix("+") or "trained" if twin else head
        kind, colon, amount = named.partition(":")
        if kind in KINDS and bool(colon) != (kind in AMOUNTS):
            raise InputError("error.intervention.text", text=text)
        if (amount and not _NUMBER.fullmatch(amount)) or (colon and not amount):
            raise InputError("error.intervention.text", text=text)
        chosen = _chosen(places, text)
        return cls(
            kind=kind,
            amount=float(amount) if amount else 1.0,
            tokens=chosen.get("tokens", ()),
            channels=chosen.get("channels", ()),
            twin=twin,
        )

    @property
    def placed(self) -> bool:
        """Whether it acts at chosen tokens or channels only."""
        return bool(self.tokens or self.channels)

    @property
    def random(self) -> bool:
        """Whether chance has a hand in it."""
        return self.kind.startswith("shuffle")

    @property
    def swaps(self) -> bool:
        """Whether it takes the gate of a translation."""
        return self.kind.startswith("swap")

    @property
    def constant(self) -> float | None:
        """The number that it puts everywhere; None where it does not."""
        if self.kind == "set" and not self.placed:
            return self.amount
        return CONSTANTS.get(self.kind)

    @property
    def control(self) -> "Intervention":
        """What it is held against, where no places are chosen: the same on the twin's gate.

        A gate that is one number everywhere would be the same number for the twin: there it is the
        twin's gate as it is. An edit at chosen places is held against the same edit at random
        ones, see `dlfa.analysis.interventions.controls_of`.
        """
        if self.constant is not None:
            return UNTRAINED_GATE
        return replace(self, twin=True)

    def __str__(self) -> str:
        named = f"{self.kind}:{self.amount:g}" if self.kind in AMOUNTS else self.kind
        if self.twin:
            named = _TWIN if self.kind == "trained" else f"{_TWIN}+{named}"
        spans = [
            f"@{name}={_spans(getattr(self, name))}" for name in _PLACES if getattr(self, name)
        ]
        return "".join((named, *spans))


TRAINED_GATE = Intervention()
UNTRAINED_GATE = Intervention(twin=True)


def _chosen(places: Sequence[str], text: str) -> dict[str, Places]:
    found: dict[str, Places] = {}
    for place in places:
        name, _equals, listed = place.partition("=")
        spans = [_SPAN.fullmatch(one) for one in listed.split(",")]
        if name not in _PLACES or name in found or not all(spans):
            raise InputError("error.intervention.text", text=text)
        ends = [(int(one[1]), int(one[2] or one[1])) for one in spans if one]
        found[name] = tuple(sorted({at for low, high in ends for at in range(low, high + 1)}))
        if not found[name]:
            raise InputError("error.intervention.text", text=text)
    return found


def _spans(places: Places) -> str:
    """Write numbers as a list of spans: ``3,7-9``."""
    starts = [at for at in places if at - 1 not in places]
    ends = [at for at in places if at + 1 not in places]
    spans = zip(sorted(starts), sorted(ends), strict=True)
    return ",".join(f"{low}" if low == high else f"{low}-{high}" for low, high in spans)
