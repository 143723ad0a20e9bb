"""Single examples under perturbations: the surest wrong turns of a suite, and one pair closely."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.analysis.robust_effects import matched
from dlfa.data.perturbations import (
    IDENTITY,
    Perturbation,
    chosen,
    expected,
    perturb,
    perturbation,
)
from dlfa.data.texts import check_text
from dlfa.errors import WrongTaskError
from dlfa.results import Evaluation, Prediction
from dlfa.results.robustness import Flip, PerturbedPair

__all__ = ["flips_of", "perturbed_pairs"]


def flips_of(clean: Evaluation, after: Evaluation, name: str, head: str) -> tuple[Flip, ...]:
    """Return the examples that a head answers otherwise, the surest new answer first.

    Of a behaviour test, whose answer is to turn, those that are wrong afterwards: also where the
    answer stayed.

    Args:
        clean: with probabilities.
        after: the run over perturbed examples.
        name: the perturbation's.
        head: one of theirs.

    Raises:
        ValueError: a head that is not there.
    """
    found = matched(clean, after, name)
    if found is None or found.before.probabilities is None or found.after.probabilities is None:
        return ()
    column, labels = clean.heads.index(head), clean.labels
    told = perturbation(name)
    turned = found.flipped[:, column]
    wrong = found.judged & ~found.passed[:, column]
    keep = wrong if told.expects in ("negated", "parted") else turned & (wrong | ~found.judged)
    there = (found.before.answers[:, column] >= 0) & (found.after.answers[:, column] >= 0)
    rows = np.flatnonzero(keep & there)
    sure = [
        one.probabilities[:, column].max(-1)
        for one in (found.before, found.after)
        if one.probabilities is not None
    ]
    order = rows[np.argsort(-sure[1][rows], kind="stable")]
    return tuple(
        Flip(
            perturbation=name,
            head=head,
            id=str(found.before.ids[row]),
            language=str(found.before.languages[row]),
            gold=labels[int(found.before.gold[row])],
            expected=tuple(labels[at] for at in np.flatnonzero(found.fits[row])),
            before=labels[int(found.before.answers[row, column])],
            after=labels[int(found.after.answers[row, column])],
            sure_before=float(sure[0][row]),
            sure_after=float(sure[1][row]),
        )
        for row in order.tolist()
    )


def perturbed_pairs(
    predictor: Predictor,
    pair: SentencePair,
    language: str,
    perturbations: Iterable[str] = ("all",),
    *,
    gold: str | None = None,
    heads: Iterable[str] | str = "all",
    seed: int = 0,
    example: str = "",
) -> tuple[PerturbedPair, ...]:
    """Return one pair under every perturbation, with every head's answer before and after.

    Args:
        predictor: a model of sentence pairs.
        pair: premise and hypothesis.
        language: ISO 639-1 code.
        perturbations: names, or ``("all",)``; the control is always there, and last.
        gold: the right label; None where nobody knows: then only flips can be told.
        heads: names, or ``"all"``.
        seed: of the perturbations.
        example: the example's id, where it is one: then it is perturbed as in a suite.

    Raises:
        WrongTaskError: the model tags words.
        TextError: an empty or over-long text.
        InputError, UnknownHeadError: an unknown perturbation or head.
    """
    if predictor.tagging:
        raise WrongTaskError("error.robustness.tagging", task=predictor.model.config.task)
    for text in pair:
        check_text(text)
    began = time.perf_counter()
    every = (*(one for one in chosen(perturbations) if one is not IDENTITY), IDENTITY)
    made = [perturb(pair, one, language=language, seed=seed, example=example) for one in every]
    fit = [one.pair for one in made if one.pair is not None]
    answers = predictor.predict([pair, *fit], heads)
    known = dict(zip(fit, answers[1:], strict=True))
    told = [
        _told(how, found.pair, found.reason.value if found.reason else "", gold, answers[0], known)
        for how, found in zip(every, made, strict=True)
    ]
    spent = 1000 * (time.perf_counter() - began)
    return tuple(replace(one, milliseconds=spent) for one in told)


def _told(
    how: Perturbation,
    pair: SentencePair | None,
    reason: str,
    gold: str | None,
    before: Sequence[Prediction],
    known: dict[SentencePair, tuple[Prediction, ...]],
) -> PerturbedPair:
    old = np.stack([answer.probabilities for answer in before])
    after = known.get(pair) if pair is not None else None
    new = np.stack([one.probabilities for one in after]) if after else np.full_like(old, np.nan)
    labels = before[0].labels
    fits = expected(how.expects, gold, labels) if gold in labels else None
    return PerturbedPair(
        perturbation=how.name,
        pair=pair if after else None,
        reason=reason,
        expected=tuple(labels[at] for at in sorted(fits or ())),
        heads=tuple(answer.head for answer in before),
        labels=labels,
        before=old,
        after=new,
        milliseconds=0.0,  # known when all are there
        provenance=before[0].provenance,
    )
