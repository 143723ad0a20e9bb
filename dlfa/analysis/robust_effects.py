"""From answers before and after perturbations to accuracies, drops and flips with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.analysis.accuracies import around, by_language
from dlfa.analysis.paired import by_group, over_groups
from dlfa.analysis.statistics import (
    DRAWS,
    Draws,
    holm,
    p_values,
    per_premise,
    wilson,
    worth,
)
from dlfa.data.perturbations import IDENTITY, expected, perturbation
from dlfa.results import BASELINE, Evaluation
from dlfa.results.robustness import Effect, Robustness

__all__ = ["Matched", "matched", "robustness_of"]

Gains = Int[np.ndarray, "example head"]


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The same examples before and after one perturbation."""

    before: Evaluation
    after: Evaluation
    """Row by row the same ids and languages."""
    fits: Bool[np.ndarray, "example label"]
    """Which answers are right afterwards."""

    @property
    def judged(self) -> Bool[np.ndarray, " example"]:
        """Whether anybody can tell."""
        return np.asarray(self.fits.any(1))

    @property
    def flipped(self) -> Bool[np.ndarray, "example head"]:
        """Whether each head gives another answer."""
        return self.before.answers != self.after.answers

    @property
    def passed(self) -> Bool[np.ndarray, "example head"]:
        """Whether each head's answer afterwards is right; never without numbers."""
        answers = self.after.answers
        found: np.ndarray = np.take_along_axis(self.fits, answers.clip(0), axis=1) & (answers >= 0)
        return found


def matched(clean: Evaluation, after: Evaluation, name: str) -> Matched | None:
    """Return what a clean and a perturbed run have in common; None if that is nothing.

    Args:
        clean: whole or partial.
        after: the same, over perturbed examples.
        name: the perturbation's.
    """
    keys = zip(clean.ids.tolist(), clean.languages.tolist(), strict=True)
    place = {key: row for row, key in enumerate(keys)}
    theirs = list(zip(after.ids.tolist(), after.languages.tolist(), strict=True))
    rows = [row for row, key in enumerate(theirs) if key in place]
    if not rows:
        return None
    before = clean.part(np.array([place[theirs[row]] for row in rows]))
    rule, labels = perturbation(name).expects, clean.labels
    table = np.zeros((len(labels), len(labels)), bool)
    for at, label in enumerate(labels):
        table[at, sorted(expected(rule, label, labels) or ())] = True
    return Matched(before=before, after=after.part(np.array(rows)), fits=table[before.gold])


def robustness_of(
    clean: Evaluation,
    perturbed: Mapping[str, Evaluation],
    left_out: Mapping[str, Mapping[str, int]],
    draws: int = DRAWS,
) -> Robustness:
    """Return what perturbations do to every head, on the same examples.

    Args:
        clean: whole or partial, at least one example.
        perturbed: by perturbation, with the same heads.
        left_out: examples that one cannot handle, by perturbation and reason.
        draws: of the bootstrap.
    """
    codes = by_language(clean)[0]
    pairs = {name: matched(clean, one, name) for name, one in perturbed.items()}
    names = tuple(pairs)
    each = [_measured(pairs[name], codes, len(clean.heads), draws) for name in names]
    effects = {
        measure: _effect([one[measure] for one in each], names, tested=measure in TESTED)
        for measure in MEASURES
    }
    handled, judged = (
        np.array([_counted(pairs[name], codes, told) for name in names]) for told in (False, True)
    )
    runs = (clean, *perturbed.values())
    return Robustness(
        perturbations=names,
        expects=tuple(perturbation(name).expects for name in names),
        heads=clean.heads,
        languages=codes,
        asked=np.array([int((clean.languages == code).sum()) for code in codes]),
        handled=handled,
        judged=judged,
        left_out=left_out,
        **effects,
        draws=draws,
        seconds=float(sum(run.settings.get("seconds", 0.0) for run in runs)),
        settings=clean.settings,
        provenance=clean.provenance,
    )


def _counted(found: Matched | None, codes: tuple[str, ...], judged: bool) -> list[int]:
    if found is None:
        return [0] * len(codes)
    languages = found.before.languages[found.judged] if judged else found.before.languages
    return [int((languages == code).sum()) for code in codes]


def _measured(
    found: Matched | None, codes: tuple[str, ...], heads: int, draws: int
) -> dict[str, "Measure"]:
    """Return every measure of one perturbation."""
    none = {name: Measure.nothing(heads, len(codes)) for name in MEASURES}
    if found is None:
        return none
    made = none | {"flips": _share(found.flipped, found.before, codes, draws)}
    rows = np.flatnonzero(found.judged)
    if not len(rows):
        return made
    before = found.before.part(rows)
    right, passed = before.right, found.passed[rows]
    drop = right.astype(int) - passed.astype(int)
    made["clean"] = _share(right, before, codes, draws)
    made["after"] = _share(passed, before, codes, draws)
    made["drop"] = _measure(drop, before, codes, draws)
    if BASELINE in before.heads:
        at = before.heads.index(BASELINE)
        made["extra"] = _doubled(drop - drop[:, [at]], before, codes, draws).without(at)
    return made


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure of one perturbation; as in `Effect`, without the perturbation's axis."""

    average: Float[np.ndarray, " head"]
    low: Float[np.ndarray, " head"]
    high: Float[np.ndarray, " head"]
    p: Float[np.ndarray, " head"]
    by_language: Float[np.ndarray, "head language"]
    language_low: Float[np.ndarray, "head language"]
    language_high: Float[np.ndarray, "head language"]

    @classmethod
    def nothing(cls, heads: int, languages: int) -> "Measure":
        """Return a measure without a single example."""
        flat, wide = np.full(heads, np.nan), np.full((heads, languages), np.nan)
        return cls(
            average=flat,
            low=flat,
            high=flat,
            p=flat,
            by_language=wide,
            language_low=wide,
            language_high=wide,
        )

    def scaled(self, factor: float) -> "Measure":
        """Return it times a factor; p stays."""
        every = {one.name: getattr(self, one.name) for one in fields(self)}
        return Measure(**{name: v if name == "p" else factor * v for name, v in every.items()})

    def without(self, head: int) -> "Measure":
        """Return it with nothing said of one head."""
        every = {one.name: getattr(self, one.name).copy() for one in fields(self)}
        for values in every.values():
            values[head] = np.nan
        return Measure(**every)


def _measure(gains: Gains, about: Evaluation, codes: tuple[str, ...], draws: int) -> Measure:
    """Return the mean of gains of −1, 0 or 1, over the languages and in each."""
    present, groups = by_language(about)
    drawing = Draws(about.premises, draws)
    drawn = drawing.means(gains, groups)  # (draw language head)
    each = np.array([gains[groups == at].mean(0) for at in range(len(present))]).T
    low, high = over_groups(gains, groups, drawing, drawn)
    least, most = by_group(gains, groups, drawing, drawn).transpose(0, 2, 1)
    differing = (per_premise(gains, drawing.places) != 0).sum(0)
    return Measure(
        average=each.mean(1),
        low=low,
        high=high,
        p=_p(drawn.mean(1), each.mean(1), differing),
        by_language=_spread(each, present, codes),
        language_low=_spread(least, present, codes),
        language_high=_spread(most, present, codes),
    )


def _share(
    hits: Bool[np.ndarray, "example head"], about: Evaluation, codes: tuple[str, ...], draws: int
) -> Measure:
    """Return the share of hits, over the languages and in each, as accuracies are told."""
    present, groups = by_language(about)
    counts, drawing = hits.astype(int), Draws(about.premises, draws)
    each = np.array([hits[groups == at].mean(0) for at in range(len(present))]).T
    drawn = drawing.means(counts, groups).mean(1)  # (draw head)
    low, high = around(each.mean(1), drawn, drawing.premises)
    rows = [groups == at for at in range(len(present))]
    found = [wilson(hits[one].mean(0), worth(counts[one], about.premises[one])) for one in rows]
    least, most = np.stack(found, axis=-1)
    return Measure(
        average=each.mean(1),
        low=low,
        high=high,
        p=np.full(hits.shape[1], np.nan),
        by_language=_spread(each, present, codes),
        language_low=_spread(least, present, codes),
        language_high=_spread(most, present, codes),
    )


def _spread(
    values: Float[np.ndarray, "head _"], present: tuple[str, ...], codes: tuple[str, ...]
) -> Float[np.ndarray, "head language"]:
    """Return values of some languages among all of them; NaN for the others."""
    wide = np.full((len(values), len(codes)), np.nan)
    wide[:, [codes.index(code) for code in present]] = values
    return wide


def _p(
    drawn: Float[np.ndarray, "draw head"],
    found: Float[np.ndarray, " head"],
    differing: Int[np.ndarray, " head"],
) -> Float[np.ndarray, " head"]:
    """Return p-values that may be smaller than one in as many as there are draws.

    Corrected over hundreds of tests, no p that draws alone give could stand. Where none strays as
    far as the difference, the normal distribution of their spread tells how rare it is; a sign
    test of the premises that differ stays the floor.
    """
    from scipy.special import ndtr

    p = p_values(drawn, found, differing)
    spread = drawn.std(0)
    rare = (p <= 1 / (1 + len(drawn))) & (spread > 0)
    far = np.divide(np.abs(found), spread, out=np.zeros_like(found), where=rare)
    tail = np.maximum(2 * ndtr(-far), 2.0 ** (1 - np.minimum(differing, 60)))
    return np.where(rare, np.minimum(p, tail), p)


def _doubled(gains: Gains, about: Evaluation, codes: tuple[str, ...], draws: int) -> Measure:
    """Return the mean of gains from −2 to 2: each example twice, with its sign and with the rest.

    Both halves are −1, 0 or 1, as the intervals want; premises are drawn, so that an example does
    not count as two. The score interval takes the variance of |gain| / 2 for that of its square,
    which is never more.
    """
    halves = np.concatenate([np.sign(gains), gains - np.sign(gains)])
    twice = about.part(np.tile(np.arange(len(gains)), 2))
    return _measure(halves, twice, codes, draws).scaled(2.0)


MEASURES = ("clean", "after", "drop", "extra", "flips")
TESTED = ("drop", "extra")


def _effect(each: list[Measure], names: tuple[str, ...], *, tested: bool) -> Effect:
    """Return one measure of all perturbations, its p-values, if any, corrected together."""
    every = {one.name: np.stack([getattr(m, one.name) for m in each]) for one in fields(Measure)}
    p = every.pop("p") if tested else np.full_like(every.pop("p"), np.nan)
    apart = np.array([name != IDENTITY.name for name in names])[:, None] & np.isfinite(p)
    corrected = np.full(p.shape, np.nan)
    if apart.any():
        corrected[apart] = holm(p[apart])
    return Effect(**every, p=p, p_holm=corrected)
