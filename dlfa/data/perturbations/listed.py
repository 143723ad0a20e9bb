"""All perturbations, as data: a further one is one more entry here, and its words."""

from collections.abc import Iterable, Mapping

import numpy as np

from dlfa.data.perturbations import facts, forms, hidden, letters, switched, wording
from dlfa.data.perturbations.kinds import Outcome, Perturbation, each
from dlfa.data.texts import SentencePair
from dlfa.errors import InputError

__all__ = ["IDENTITY", "PERTURBATIONS", "chosen", "perturbation"]


def _same(pair: SentencePair, language: str, generator: np.random.Generator) -> Outcome:
    return pair


IDENTITY = Perturbation(name="identity", change=_same, keeps=("text",))
"""The control: nothing is changed, so that all that differs is the machine's doing."""

_LISTED = (
    Perturbation(name="typos", change=each(letters.typos), keeps=("letters", "length")),
    Perturbation(name="keys", change=each(letters.keys), keeps=("length", "numbers")),
    Perturbation(name="upper", change=each(forms.upper), keeps=("folded",)),
    Perturbation(name="lower", change=each(forms.lower), keeps=("folded",)),
    Perturbation(name="initials", change=each(forms.initials), keeps=("folded",)),
    Perturbation(name="unmarked", change=each(forms.unmarked), keeps=("bare", "numbers")),
    Perturbation(name="marked", change=each(forms.marked), keeps=("bare", "numbers")),
    Perturbation(name="accents", change=each(forms.unaccented), keeps=("unaccented",)),
    Perturbation(name="invisible", change=each(hidden.invisible), keeps=("visible",)),
    Perturbation(name="homoglyphs", change=each(hidden.homoglyphs), keeps=("looks", "length")),
    Perturbation(name="names", change=facts.names, keeps=("numbers",)),
    Perturbation(name="numbers", change=facts.numbers, keeps=("all but numbers", "length")),
    Perturbation(
        name="switched",
        change=each(switched.switched),
        keeps=("numbers",),
        written_by="machine",
    ),
    Perturbation(
        name="negated",
        change=wording.negated,
        expects="negated",
        keeps=("numbers",),
        written_by="machine",
    ),
    Perturbation(
        name="parted", change=facts.parted, expects="parted", keeps=("all but numbers", "length")
    ),
    Perturbation(name="swapped", change=wording.swapped, expects="mirrored", keeps=("sentences",)),
    Perturbation(
        name="shuffled",
        change=each(wording.shuffled),
        expects="none",
        keeps=("letters", "length"),
    ),
)

PERTURBATIONS: Mapping[str, Perturbation] = {one.name: one for one in (*_LISTED, IDENTITY)}
"""By name: those that keep the label, those that change it, and last the control."""


def perturbation(name: str) -> Perturbation:
    """Return a perturbation by name.

    Raises:
        InputError: there is none of that name.
    """
    if name not in PERTURBATIONS:
        known = ", ".join(PERTURBATIONS)
        raise InputError("error.perturbation.unknown", name=name, known=known)
    return PERTURBATIONS[name]


def chosen(names: Iterable[str]) -> tuple[Perturbation, ...]:
    """Return perturbations by name in the list's order, ``("all",)`` for all, control included.

    Raises:
        InputError: an unknown name, or none at all.
    """
    wanted = tuple(names)
    if wanted == ("all",):
        return tuple(PERTURBATIONS.values())
    found = {perturbation(name).name for name in wanted}
    if not found:
        raise InputError("error.perturbation.none")
    return tuple(one for name, one in PERTURBATIONS.items() if name in found)
