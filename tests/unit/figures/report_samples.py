"""Made-up reports: what an evaluation may say, as awkward as it can be."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from tests.unit.figures import samples

if TYPE_CHECKING:
    from dlfa.results import (
        Accuracies,
        Agreement,
        Confusions,
        Differences,
        Report,
        RunComparison,
        Slices,
        Stability,
    )
    from dlfa.results.claims import Finding
    from dlfa.results.training import TrainingCurve

LANGUAGES = tuple("en ar bg de el es fr hi ru sw th tr ur vi zh".split())
NAMES = {"en": "English", "ar": "<b>Arabic</b>", "sw": "Swahili"}
PUBLISHED = {"baseline": 65.4, "D_8": 66.9}
GENRES = ("سفر", "أخبار الرياضة", "<i>1</i>")


def accuracies(heads: Sequence[str], languages: Sequence[str], n: int = 100) -> "Accuracies":
    """Return accuracies around 70 %, the farther from English the lower."""
    from dlfa.results import Accuracies

    draw = np.random.default_rng([len(heads), len(languages), n])
    ease = np.linspace(0.78, 0.55, len(languages))
    right = draw.binomial(n, np.broadcast_to(ease, (len(heads), len(languages))))
    share = right / n
    average = share.mean(1)
    return Accuracies(
        heads=tuple(heads),
        languages=tuple(languages),
        n=frozen(np.full(len(languages), n)),
        right=frozen(right),
        low=frozen(np.maximum(0, share - 0.09)),
        high=frozen(np.minimum(1, share + 0.08)),
        average=frozen(average),
        average_low=frozen(average - 0.03),
        average_high=frozen(average + 0.02),
    )


def differences(
    found: "Accuracies", reference: str = "baseline", effects: Mapping[str, float] = {}
) -> "Differences":
    """Return differences that are noise, but for ``effects``, which Holm leaves standing."""
    from dlfa.results import Differences

    heads = tuple(head for head in found.heads if head != reference)
    draw = np.random.default_rng(len(heads))
    shift = np.array([effects.get(head, 0.0) for head in heads])[:, None]
    steps = np.round(shift + draw.normal(0, 0.02, (len(heads), len(found.languages))), 2)
    gained = np.round(found.n * (0.05 + np.maximum(steps, 0))).astype(int)
    average = steps.mean(1)
    p = np.where(shift[:, 0] != 0, 0.0005, 0.4)
    return Differences(
        heads=heads,
        reference=reference,
        languages=found.languages,
        average=frozen(average),
        low=frozen(average - 0.012),
        high=frozen(average + 0.011),
        p=frozen(p),
        p_holm=frozen(np.where(p < 0.05, 0.011, 1.0)),
        by_language=frozen(steps),
        language_low=frozen(steps - 0.05),
        language_high=frozen(steps + 0.06),
        mcnemar=frozen(np.full(steps.shape, 0.04)),
        only_head=frozen(gained),
        only_reference=frozen(gained - np.round(found.n * steps).astype(int)),
        draws=2000,
    )


def stability(kind: str, heads: Sequence[str], firm: bool = False) -> "Stability":
    from dlfa.results import Stability

    shares = np.full(len(heads), 0.02 / (len(heads) - 1)) if firm else spread(len(heads))
    if firm:
        shares[-1] = 0.98
    best = heads[int(shares.argmax())]
    return Stability(kind=kind, heads=tuple(heads), best=best, share=frozen(shares), draws=2000)


def spread(count: int) -> np.ndarray:
    return np.random.default_rng(count).dirichlet(np.ones(count))


def agreement(heads: Sequence[str], languages: Sequence[str], gain: float = 0.1) -> "Agreement":
    """Return agreement that lies ``gain`` above its control."""
    from dlfa.results import Agreement

    draw = np.random.default_rng(len(heads))
    expected = draw.uniform(0.55, 0.6, len(heads))
    pairwise, unanimous = expected + gain, expected - 0.3
    with_reference = draw.uniform(0.65, 0.85, (len(heads), len(languages)))
    with_reference[:, 0] = 1.0
    return Agreement(
        heads=tuple(heads),
        languages=tuple(languages),
        reference=languages[0],
        items=1670,
        unanimous=frozen(unanimous),
        unanimous_low=frozen(unanimous - 0.02),
        unanimous_high=frozen(unanimous + 0.02),
        pairwise=frozen(pairwise),
        pairwise_low=frozen(pairwise - 0.015),
        pairwise_high=frozen(pairwise + 0.015),
        expected=frozen(expected),
        with_reference=frozen(with_reference),
        with_reference_low=frozen(with_reference - 0.03),
        with_reference_high=frozen(np.minimum(1, with_reference + 0.03)),
    )


def confusions(heads: Sequence[str], languages: Sequence[str], n: int = 400) -> "Confusions":
    from dlfa.results import Confusions

    draw = np.random.default_rng(n)
    size = len(samples.LABELS)
    chances = 0.2 + 0.4 * np.eye(size)
    counts = draw.multinomial(n, chances, (len(heads), len(languages), size))
    return Confusions(
        heads=tuple(heads),
        languages=tuple(languages),
        labels=samples.LABELS,
        counts=frozen(counts),
    )


def slices(by: str, bins: Sequence[str], heads: Sequence[str]) -> "Slices":
    from dlfa.results import Slices

    draw = np.random.default_rng(len(bins))
    n = draw.integers(20, 2000, len(bins))
    right = draw.binomial(n, 0.7, (len(heads), len(bins)))
    share = right / n
    base = heads.index("baseline") if "baseline" in heads else None
    step = share - share[base] if base is not None else np.full(share.shape, np.nan)
    return Slices(
        by=by,
        bins=tuple(bins),
        heads=tuple(heads),
        n=frozen(n),
        right=frozen(right),
        low=frozen(share - 0.05),
        high=frozen(np.minimum(1, share + 0.05)),
        difference=frozen(step),
        difference_low=frozen(step - 0.02),
        difference_high=frozen(step + 0.02),
    )


@cache
def report(
    heads: tuple[str, ...] = samples.ALL_HEADS,
    languages: tuple[str, ...] = LANGUAGES,
    n: int = 100,
    total: int | None = None,
    effects: tuple[tuple[str, float], ...] = (),
) -> "Report":
    """Return a report on ``n`` pairs in each language, of ``total`` that were asked for."""
    from dlfa.results import Report, head_gate

    found = accuracies(heads, languages, n)
    kinds = {kind: [one for one in heads if head_gate(one) == kind] for kind in ("paper", "aff")}
    fused = "baseline" in heads and len(heads) > 1
    return Report(
        accuracies=found,
        differences=differences(found, effects=dict(effects)) if fused else None,
        stability=tuple(stability(kind, own) for kind, own in kinds.items() if len(own) > 1),
        agreement=agreement(heads, languages) if len(languages) > 1 else None,
        confusions=confusions(heads, languages),
        slices=every_slices(heads),
        n=n * len(languages),
        total=total or n * len(languages),
        premises=n // 3,
        warnings=(),
        settings={},
        provenance=samples.provenance(),
    )


def every_slices(heads: tuple[str, ...]) -> tuple["Slices", ...]:
    return (
        slices("tokens", ("1-20", "21-30", "31-40", "41-60", "61+"), heads),
        slices("overlap", ("0-25", "25-50", "50-75", "75-100"), heads),
        slices("negation", ("no", "yes"), heads),
        slices("genre", GENRES, heads),
    )


@cache
def comparison(
    heads: tuple[str, ...] = samples.ALL_HEADS,
    languages: tuple[str, ...] = LANGUAGES,
    effects: tuple[tuple[str, float], ...] = (),
    turned: int = 3,
) -> "RunComparison":
    """Return two runs with outlandish names."""
    from dlfa.results import RunComparison

    names = ("<b>1</b>", "\u202e2" + "3" * 60)
    first, second = accuracies(heads, languages, 90), accuracies(heads, languages, 91)
    return RunComparison(
        names=names,
        n=90 * len(languages),
        first=first,
        second=second,
        differences=differences(first, names[1], dict(effects)),
        turned=frozen(np.full(first.right.shape, turned)),
        provenance=(samples.provenance(), samples.provenance()),
    )


def training(looks: int = 3, metric: str = "accuracy") -> "TrainingCurve":
    """Return a run's curve, with intervals where single answers are counted."""
    from dlfa.results.training import TrainingCurve

    scores = np.linspace(0.4, 0.7, looks)
    both = np.stack([np.stack([one - 0.03, one + 0.03]) for one in (scores - 0.05, scores)])
    return TrainingCurve(
        metric=metric,
        total=1000,
        seen=frozen(np.linspace(50, 800, 5)),
        losses=frozen(np.linspace(1.1, 0.8, 5)),
        looked=frozen(np.linspace(200, 800, looks)),
        baseline=frozen(scores - 0.05),
        mean=frozen(scores),
        evaluated=100,
        intervals=frozen(both) if metric == "accuracy" else None,
    )


def finding(parts: int, *thresholds: float) -> "Finding":
    """Return a claim's finding with so many parts, one without an interval."""
    from dlfa.results.claims import Finding, Part, Saying

    named = Saying(key="claims.part.task", params={"task": "<b>NER</b> $x$"})
    made = [
        Part(
            name=f"D_{at}",
            kind="layer",
            title=named if at == 0 else Saying(key="claims.part.layer", params={"layer": at}),
            estimate=0.1 * at - 0.2,
            low=float("nan") if at == 1 else 0.1 * at - 0.5,
            high=float("nan") if at == 1 else 0.1 * at + 0.2,
            p=0.01 * at,
            n=100 * at,
            of="premises",
            passes=(None, True, False)[at % 3],
            note=Saying(key="claims.note.best_in", params={"share": at}) if at % 2 else None,
        )
        for at in range(parts)
    ]
    return Finding(
        claim=3,
        verdict="undecided",
        estimate=-0.2,
        low=-0.5,
        high=0.2,
        unit="points",
        thresholds=thresholds,
        parts=tuple(made),
        p=0.2,
        p_holm=0.4,
        n=100,
        of="premises",
    )


def frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False  # whoever changes it fails
    return array


def forget() -> None:
    report.cache_clear()
    comparison.cache_clear()
