"""What attributions, doors and curves say, in a sentence or two; also that they say nothing."""

import numpy as np

from dlfa.figures.aligned import part_of_words
from dlfa.figures.words import decimals, head_word, label_word, percent, plain, told_apart
from dlfa.messages import _
from dlfa.results.attributions import (
    AIM,
    FAR,
    Attribution,
    AttributionComparison,
    Doors,
    Faithfulness,
)

__all__ = [
    "attribution_verdict",
    "comparison_words",
    "door_word",
    "doors_verdict",
    "faithfulness_verdict",
    "gap_share",
    "gap_words",
    "method_word",
    "signed",
    "word_names",
]

FEW = 3  # words that are named on either side
SLIGHT = 0.05  # log-odds under which a word is not named


def signed(number: float) -> str:
    """Return log-odds with two decimals and a sign."""
    return decimals(float(number), 2, signed=True)


def method_word(method: str) -> str:
    """Return what a method is called, one of `dlfa.results.attributions.METHODS`."""
    return _(f"attribution.method.{method}")


def door_word(door: str) -> str:
    """Return what a door is called, one of `dlfa.results.attributions.DOORS`."""
    return _(f"figure.door.{door}")


def gap_share(gap: float) -> str:
    """Return a gap in percent with one decimal; the sign of infinity where nothing moved."""
    return decimals(100 * gap, 1) if np.isfinite(gap) else "∞"


def gap_words(gap: float) -> str:
    """Say how much of the change the parts miss, and beyond 5 % that they are no account of it."""
    kind = "aim" if gap <= AIM else "near" if gap <= FAR else "far"
    return _(f"figure.attribution.gap.{kind}", gap=gap_share(gap), aim=percent(AIM))


def word_names(found: Attribution) -> list[str]:
    """Return the words as rows are called, safe for plain text, equal ones with their place."""
    parts = part_of_words(found.tokens)
    names = [
        _(f"figure.attribution.row.{part}", word=plain(word))
        for part, word in zip(parts, found.tokens.words, strict=True)
    ]
    return told_apart(names, list(range(1, len(names) + 1)))


def attribution_verdict(found: Attribution) -> str:
    """Say how far the score moved, and which words moved it most either way."""
    order = np.argsort(-found.words, kind="stable").tolist()
    names, scores = word_names(found), found.words
    best = [at for at in order[:FEW] if scores[at] > SLIGHT]
    worst = [at for at in order[::-1][:FEW] if scores[at] < -SLIGHT]
    told = [
        _(
            "figure.attribution.verdict",
            label=label_word(found.label),
            start=percent(found.start_probability),
            end=percent(found.probability),
            change=signed(found.change),
        )
    ]
    for kind, places in (("for", best), ("against", worst)):
        listed = ", ".join(f"{names[at]} {signed(scores[at])}" for at in places)
        told.append(
            _(f"figure.attribution.{kind}", words=listed)
            if listed
            else _(f"figure.attribution.{kind}.none")
        )
    return " ".join(told)


def doors_verdict(found: Doors) -> str:
    """Say through which door most of the change came in."""
    most = int(np.abs(found.parts).argmax())
    total = float(np.abs(found.parts).sum())
    if not total:
        return _("figure.doors.verdict.none")
    return _(
        "figure.doors.verdict",
        head=head_word(found.head),
        label=label_word(found.label),
        change=signed(found.change),
        door=door_word(found.doors[most]),
        part=signed(float(found.parts[most])),
        share=percent(float(np.abs(found.parts[most])) / total),
    )


def faithfulness_verdict(found: Faithfulness) -> str:
    """Say whether the scores' order does better than random orders, by both curves."""
    told = []
    for at, curve in enumerate(("deletion", "insertion")):
        areas = found.random_areas[at]
        told.append(
            _(
                f"figure.faithfulness.{curve}",
                area=decimals(found.areas[at], 2),
                mean=decimals(float(areas.mean()), 2),
                low=decimals(float(areas.min()), 2),
                high=decimals(float(areas.max()), 2),
            )
        )
    worst, draws = max(found.ranks), found.draws
    kind = "none" if worst == 0 else "few" if worst <= draws / 20 else "many"
    return " ".join([*told, _(f"figure.faithfulness.{kind}", worse=worst, draws=draws)])


def comparison_words(found: AttributionComparison) -> str:
    """Say whether the same words decide in the translation, more than at random."""
    links = len(found.alignment)
    if np.isnan(found.correlation):
        return _("figure.linked.none", links=links)
    return _(
        f"figure.linked.{'beyond' if found.correlation > found.chance_high else 'within'}",
        links=links,
        r=decimals(found.correlation, 2),
        low=decimals(found.low, 2),
        high=decimals(found.high, 2),
        chance=decimals(found.chance_high, 2),
    )
