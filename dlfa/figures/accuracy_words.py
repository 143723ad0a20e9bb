"""The heat map of accuracies, or of differences, in words."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from dlfa.figures.accuracy_cells import Subject
from dlfa.figures.scores import count, interval, language_word, measured, reference_word
from dlfa.figures.words import head_word, hundredths, tenths
from dlfa.messages import _
from dlfa.results import BASELINE, Accuracies, Differences

__all__ = ["describe_accuracy"]


def describe_accuracy(
    accuracies: Accuracies,
    *,
    names: Mapping[str, str],
    subject: Subject = "accuracy",
    differences: Differences | None = None,
    partial: tuple[int, int] | None = None,
    published: Mapping[str, float] | None = None,
) -> str:
    """Return `accuracy_heatmap` in words: the best and the worst head, the languages' extremes.

    Raises:
        ValueError: differences are to be told and there are none.
    """
    told = [_partial(partial)] if partial is not None else []
    if subject == "difference":
        if differences is None:
            raise ValueError("a picture of differences needs differences")
        return " ".join([*told, _differences(differences, names)])
    told.append(_accuracies(accuracies, names))
    if published:
        told.append(_published(published))
    return " ".join(told)


def _partial(partial: tuple[int, int]) -> str:
    done, total = map(count, partial)
    return _("figure.report.partial", done=done, total=total)


def _accuracies(found: Accuracies, names: Mapping[str, str]) -> str:
    best, worst = int(np.argmax(found.average)), int(np.argmin(found.average))
    ends = float(found.average_low[best]), float(found.average_high[best])
    ease = np.nan_to_num(found.share).mean(0)
    return measured(
        "figure.accuracy.alt",
        found.metric,
        heads=len(found.heads),
        languages=len(found.languages),
        best=head_word(found.heads[best]),
        best_percent=tenths(float(found.average[best])),
        interval=interval(*ends),
        worst=head_word(found.heads[worst]),
        worst_percent=tenths(float(found.average[worst])),
        **_extremes(ease, found.languages, names),
    )


def _differences(found: Differences, names: Mapping[str, str]) -> str:
    best, worst = int(np.argmax(found.average)), int(np.argmin(found.average))
    return measured(
        "figure.accuracy.alt.difference",
        found.metric,
        heads=len(found.heads),
        reference=reference_word(found.reference),
        best=head_word(found.heads[best]),
        best_points=hundredths(float(found.average[best])),
        interval=interval(float(found.low[best]), float(found.high[best]), signed=True),
        worst=head_word(found.heads[worst]),
        worst_points=hundredths(float(found.average[worst])),
        claimed=len(found.claimed()),
        **_extremes(found.by_language.mean(0), found.languages, names, signed=True),
    )


def _extremes(
    values: Float[np.ndarray, " language"],
    codes: Sequence[str],
    names: Mapping[str, str],
    *,
    signed: bool = False,
) -> dict[str, str]:
    """Return the languages with the highest and the lowest mean over the heads."""
    high, low = int(np.argmax(values)), int(np.argmin(values))
    return {
        "high": language_word(codes[high], names),
        "high_percent": tenths(float(values[high]), signed=signed),
        "low": language_word(codes[low], names),
        "low_percent": tenths(float(values[low]), signed=signed),
    }


def _published(published: Mapping[str, float]) -> str:
    found = published.get(BASELINE)
    if found is None:
        return _("figure.accuracy.alt.published")
    return _("figure.accuracy.alt.published.baseline", percent=f"{found:.2f}")
