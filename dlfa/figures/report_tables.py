"""What an evaluation says, as rows: accuracy, differences, stability, agreement, mistakes, kinds.

Shares lie in [0, 1] and differences in [−1, 1]; intervals hold 95 % and are about examples, for
this checkpoint only. Cells that do not apply are empty.
"""

from collections.abc import Iterator

import numpy as np

from dlfa.figures.scores import shares
from dlfa.figures.tables import Row, source
from dlfa.results import (
    Accuracies,
    Agreement,
    Confusions,
    Differences,
    Provenance,
    Slices,
    Stability,
)

__all__ = [
    "accuracy_table",
    "agreement_table",
    "confusions_table",
    "differences_table",
    "slices_table",
    "stability_table",
]

AVERAGE = "average"  # in the place of a language: the mean over all, each counting the same


def accuracy_table(accuracies: Accuracies, made: Provenance | None = None) -> list[Row]:
    """Return one row per head and language, and per head its average (bootstrap of premises)."""
    return [row | source(made) for row in _accuracy_rows(accuracies)]


def _accuracy_rows(found: Accuracies) -> Iterator[Row]:
    values, metric = found.share, found.metric
    for at, head in enumerate(found.heads):
        yield {
            "head": head,
            "language": AVERAGE,
            "n": int(found.n.sum()),
            "right": int(found.right[at].sum()),
            metric: float(found.average[at]),
            "low": float(found.average_low[at]),
            "high": float(found.average_high[at]),
        }
        for place, language in enumerate(found.languages):
            yield {
                "head": head,
                "language": language,
                "n": int(found.n[place]),
                "right": int(found.right[at, place]),
                metric: float(values[at, place]),
                "low": float(found.low[at, place]),
                "high": float(found.high[at, place]),
            }


def differences_table(differences: Differences, made: Provenance | None = None) -> list[Row]:
    """Return one row per head and language, and per head its average.

    Averages have ``p`` of no difference and ``p_holm`` after Holm's correction over all heads;
    languages have McNemar's exact p, which is not corrected.
    """
    return [row | source(made) for row in _difference_rows(differences)]


def _difference_rows(found: Differences) -> Iterator[Row]:
    for at, head in enumerate(found.heads):
        both: Row = {"head": head, "reference": found.reference}
        yield both | {
            "language": AVERAGE,
            "difference": float(found.average[at]),
            "low": float(found.low[at]),
            "high": float(found.high[at]),
            "p": float(found.p[at]),
            "p_holm": float(found.p_holm[at]),
            "p_mcnemar": "",
            "only_head": int(found.only_head[at].sum()),
            "only_reference": int(found.only_reference[at].sum()),
        }
        for place, language in enumerate(found.languages):
            yield both | {
                "language": language,
                "difference": float(found.by_language[at, place]),
                "low": float(found.language_low[at, place]),
                "high": float(found.language_high[at, place]),
                "p": "",
                "p_holm": "",
                "p_mcnemar": _or_empty(found.mcnemar[at, place]),
                "only_head": int(found.only_head[at, place]),
                "only_reference": int(found.only_reference[at, place]),
            }


def _or_empty(number: float) -> float | str:
    """A cell that does not apply is empty."""
    return float(number) if np.isfinite(number) else ""


def stability_table(stability: Stability, made: Provenance | None = None) -> list[Row]:
    """Return one row per head: in which share of the draws it is the best."""
    return [row | source(made) for row in _stability_rows(stability)]


def _stability_rows(found: Stability) -> Iterator[Row]:
    for head, share in zip(found.heads, found.share, strict=True):
        yield {
            "kind": found.kind,
            "head": head,
            "best_on_all": head == found.best,
            "share_of_draws": float(share),
            "even_share": 1 / len(found.heads),
            "draws": found.draws,
        }


def agreement_table(agreement: Agreement, made: Provenance | None = None) -> list[Row]:
    """Return one row per head and language, and per head two over all languages.

    ``measure`` is ``"unanimous"``, ``"pairwise"`` (with ``expected``, its control) or
    ``"with_reference"``.
    """
    return [row | source(made) for row in _agreement_rows(agreement)]


def _agreement_rows(found: Agreement) -> Iterator[Row]:
    for at, head in enumerate(found.heads):
        for measure in ("unanimous", "pairwise"):
            expected = float(found.expected[at]) if measure == "pairwise" else ""
            yield _agreement_row(found, measure, head, at, AVERAGE) | {"expected": expected}
        for place, language in enumerate(found.languages):
            row = _agreement_row(found, "with_reference", head, (at, place), language)
            yield row | {"expected": ""}


def _agreement_row(
    found: Agreement, measure: str, head: str, place: int | tuple[int, int], language: str
) -> Row:
    value, low, high = (
        float(getattr(found, f"{measure}{end}")[place]) for end in ("", "_low", "_high")
    )
    return {
        "head": head,
        "measure": measure,
        "language": language,
        "reference": found.reference if measure == "with_reference" else "",
        "items": found.items,
        "agreement": value,
        "low": low,
        "high": high,
    }


def confusions_table(confusions: Confusions, made: Provenance | None = None) -> list[Row]:
    """Return one row per head, language, right label and answer: how many examples."""
    return [row | source(made) for row in _confusion_rows(confusions)]


def _confusion_rows(found: Confusions) -> Iterator[Row]:
    for head, language, label, answer in np.ndindex(found.counts.shape):
        yield {
            "head": found.heads[head],
            "language": found.languages[language],
            "label": found.labels[label],
            "answer": found.labels[answer],
            "n": int(found.counts[head, language, label, answer]),
        }


def slices_table(slices: Slices, made: Provenance | None = None) -> list[Row]:
    """Return one row per head and kind of example: accuracy, and its difference to the baseline."""
    return [row | source(made) for row in _slice_rows(slices)]


def _slice_rows(found: Slices) -> Iterator[Row]:
    values = shares(found.right, found.n)
    for at, place in np.ndindex(found.right.shape):
        cell = at, place
        row: Row = {"by": found.by, "bin": found.bins[place], "head": found.heads[at]}
        row |= {"n": int(found.n[place]), "right": int(found.right[cell])}
        row |= {"accuracy": float(values[cell])}
        row |= {"low": float(found.low[cell]), "high": float(found.high[cell])}
        for name in ("difference", "difference_low", "difference_high"):
            row[name] = _or_empty(getattr(found, name)[cell])
        yield row
