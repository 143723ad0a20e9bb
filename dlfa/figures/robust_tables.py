"""Perturbations as rows of plain values for download; column names are identifiers."""

from collections.abc import Iterable

import numpy as np

from dlfa.figures.tables import Row
from dlfa.results.robustness import Effect, Flip, PerturbedPair, Robustness

__all__ = ["flips_table", "perturbed_pairs_table", "robustness_table"]

DIGITS = 4


def robustness_table(found: Robustness) -> list[Row]:
    """Return one row per perturbation and head: shares in [0, 1], differences in [−2, 2].

    Perturbations that could handle no pair have a row without a head.
    """
    rows = [
        _row(found, at, column)
        for at in range(len(found.perturbations))
        for column in range(len(found.heads))
    ]
    none = [name for name in found.left_out if name not in found.perturbations]
    return rows + [
        {"perturbation": name, "handled": 0, "left_out": sum(found.left_out[name].values())}
        for name in none
    ]


def _row(found: Robustness, at: int, column: int) -> Row:
    name = found.perturbations[at]
    row: Row = {
        "perturbation": name,
        "expects": found.expects[at],
        "head": found.heads[column],
        "handled": int(found.handled[at].sum()),
        "judged": int(found.judged[at].sum()),
        "left_out": sum(found.left_out.get(name, {}).values()),
    }
    measures: dict[str, Effect] = {
        "clean": found.clean,
        "after": found.after,
        "drop": found.drop,
        "extra": found.extra,
        "flips": found.flips,
    }
    for measure, effect in measures.items():
        cells = {measure: effect.average, f"{measure}_low": effect.low}
        cells[f"{measure}_high"] = effect.high
        row |= {key: _number(values, at, column) for key, values in cells.items()}
    row |= {
        "drop_p_holm": _number(found.drop.p_holm, at, column),
        "extra_p_holm": _number(found.extra.p_holm, at, column),
    }
    return row


def _number(values: np.ndarray, at: int, column: int) -> float | str:
    number = float(values[at, column])
    return round(number, DIGITS) if np.isfinite(number) else ""


def perturbed_pairs_table(told: Iterable[PerturbedPair]) -> list[Row]:
    """Return one row per perturbation of one pair: texts, and each head's answer with its share."""
    return [_pair_row(one) for one in told]


def _pair_row(one: PerturbedPair) -> Row:
    row: Row = {"perturbation": one.perturbation, "reason": one.reason}
    row["expected"] = "|".join(one.expected)
    for at, head in enumerate(one.heads):
        for when, shares in (("before", one.before[at]), ("after", one.after[at])):
            there = bool(np.isfinite(shares).all())
            row[f"{head}_{when}"] = one.labels[int(shares.argmax())] if there else ""
            row[f"{head}_{when}_p"] = round(float(shares.max()), DIGITS) if there else ""
    texts = one.pair or ("", "")
    return row | {"premise": texts[0], "hypothesis": texts[1]}


def flips_table(flips: Iterable[Flip]) -> list[Row]:
    """Return one row per flip, without its texts."""
    return [
        {
            "perturbation": one.perturbation,
            "head": one.head,
            "language": one.language,
            "gold": one.gold,
            "expected": "|".join(one.expected),
            "before": one.before,
            "before_p": round(one.sure_before, DIGITS),
            "after": one.after,
            "after_p": round(one.sure_after, DIGITS),
            "id": one.id,
        }
        for one in flips
    ]
