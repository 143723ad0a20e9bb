"""Examples perturbed: the same for the same seed and example, whatever stands beside them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from dlfa.data.labelled import Labelled
from dlfa.data.perturbations.kinds import Perturbation, Reason
from dlfa.data.texts import SentencePair, check_text
from dlfa.errors import TextError

__all__ = ["Perturbed", "PerturbedSet", "perturb", "perturb_all"]


@dataclass(frozen=True)
class Perturbed:
    """One pair after a perturbation, or why there is none."""

    name: str
    """The perturbation's."""
    pair: SentencePair | None
    """None where it cannot be handled."""
    reason: Reason | None = None
    """Why not."""


@dataclass(frozen=True)
class PerturbedSet:
    """Examples after one perturbation: only those that it could handle."""

    examples: tuple[Labelled, ...]
    """With the ids, and the right labels, that they had before."""
    left_out: Mapping[str, Mapping[str, int]]
    """How many could not be handled, by language and reason."""


def perturb(
    pair: SentencePair, how: Perturbation, *, language: str, seed: int = 0, example: str = ""
) -> Perturbed:
    """Return one pair after a perturbation.

    Args:
        pair: premise and hypothesis.
        how: the perturbation.
        language: ISO 639-1 code.
        seed: of what is drawn.
        example: the example's id; of a visitor's own texts nothing.
    """
    found = how.change(pair, language, _generator(how.name, seed, example, language))
    if isinstance(found, Reason):
        return Perturbed(how.name, None, found)
    fits = all(map(_fits, found))
    return Perturbed(how.name, found) if fits else Perturbed(how.name, None, Reason.LONG)


def _fits(text: str) -> bool:
    """Return whether a model takes a text."""
    try:
        check_text(text)
    except TextError:
        return False
    return True


def perturb_all(examples: Iterable[Labelled], how: Perturbation, seed: int = 0) -> PerturbedSet:
    """Return examples after a perturbation, and count those that it cannot handle.

    Args:
        examples: of any languages.
        how: the perturbation.
        seed: of what is drawn.
    """
    made: list[Labelled] = []
    left_out: dict[str, Counter[str]] = {}
    for one in examples:
        found = perturb(one.pair, how, language=one.language, seed=seed, example=one.id)
        if found.pair is not None:
            made.append(replace(one, pair=found.pair))
        elif found.reason is not None:
            left_out.setdefault(one.language, Counter())[found.reason.value] += 1
    return PerturbedSet(tuple(made), {code: dict(each) for code, each in left_out.items()})


def _generator(name: str, seed: int, example: str, language: str) -> np.random.Generator:
    said = "\0".join((name, str(seed), example, language))
    return np.random.default_rng(int.from_bytes(sha256(said.encode()).digest()[:8]))
