"""Evaluations with known effects: premises, items and translations that are hard together."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

BY_EXAMPLE = "ids premises languages genres gold tokens overlap negation answers".split()
LABELS = ("entailment", "neutral", "contradiction")
SPREADS = {"premise": 0.6, "item": 0.6, "translation": 0.4, "head": 0.4, "chance": 1.0}


def evaluation(right, ids, premises, languages, **given):
    """Return an evaluation in which the heads are right where told; the first is the baseline.

    Args:
        right: ``(example head)``
        ids, premises, languages: ``(example)``
        given: other fields.
    """
    from dlfa.results import Evaluation, head_names
    from tests.unit.figures.samples import provenance

    n, heads = right.shape
    gold = given.pop("gold", np.arange(n) % 3)
    fields = {
        "ids": np.asarray(ids).astype(str),
        "premises": np.asarray(premises).astype(str),
        "languages": np.asarray(languages).astype(str),
        "genres": np.full(n, ""),
        "gold": gold,
        "tokens": np.full(n, 15),
        "overlap": np.full(n, np.nan),
        "negation": np.full(n, -1),
        "answers": np.where(right, gold[:, None], (gold[:, None] + 1) % 3),
        "probabilities": None,
        "gates": None,
        "heads": head_names(12)[:heads],
        "labels": LABELS,
        "settings": {"task": "xnli", "split": "test"},
        "provenance": provenance(),
    }
    return Evaluation(**fields | given)


def drawn(
    seed: int,
    levels: Sequence[float],
    premises: int = 100,
    items: int = 3,
    languages: Sequence[str] = ("en", "sw"),
    **given,
):
    """Return an evaluation of so many premises with so many items each, all in all languages.

    A head is right where its level and random effects of premise, item, translation, head (on the
    item) and chance add up to more than 0: see `truth`.
    """
    draw = np.random.default_rng(seed).normal
    shape = premises, items, len(languages), len(levels)
    effects = {
        "premise": draw(size=(premises, 1, 1, 1)),
        "item": draw(size=(*shape[:2], 1, 1)),
        "translation": draw(size=(*shape[:3], 1)),
        "head": draw(size=(*shape[:2], 1, shape[3])),
        "chance": draw(size=shape),
    }
    total = np.array(levels) + sum(SPREADS[name] * effect for name, effect in effects.items())
    item = np.arange(premises * items).reshape(premises, items, 1)

    def each(values):
        return np.broadcast_to(values, shape[:3]).ravel()

    return evaluation(
        (total > 0).reshape(-1, len(levels)),
        ids=each(item),
        premises=each(item // items),
        languages=each(np.array(languages)),
        gold=each(item % 3),
        **given,
    )


def truth(levels: Sequence[float]) -> np.ndarray:
    """Return the accuracies that heads of these levels have in the long run."""
    from scipy.special import ndtr

    return ndtr(np.array(levels) / np.sqrt(sum(spread**2 for spread in SPREADS.values())))


def varied():
    """Return five heads on 120 items of 40 premises in three languages, with all that is known."""
    found = drawn(0, (0.4, 0.5, 0.6, 0.5, 0.2), 40, languages=("sw", "en", "de"))
    draw = np.random.default_rng(1)
    n = len(found.ids)
    return replace(
        found,
        heads=("baseline", "D_3", "D_8", "D_3_aff", "D_8_aff"),
        tokens=draw.integers(5, 80, n),
        overlap=np.where(np.arange(n) % 7 == 0, np.nan, draw.integers(0, 5, n) / 4),
        negation=draw.integers(-1, 2, n),
        genres=np.array(["fiction", "travel", ""])[draw.integers(0, 3, n)],
    )


def take(run, rows):
    """Return some of an evaluation's examples."""
    return replace(run, **{name: getattr(run, name)[rows] for name in BY_EXAMPLE})


def assert_no_gaps(result):
    """Every number is one, and every low bound is below its high one."""
    for name, value in vars(result).items():
        if isinstance(value, np.ndarray):
            assert np.isfinite(value).all(), name
        if name.endswith("low"):
            high = getattr(result, name.removesuffix("low") + "high")
            assert (value <= high).all(), name
