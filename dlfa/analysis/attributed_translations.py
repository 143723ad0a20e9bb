"""Do the same words decide in a translation? Two attributions of one label, word by word."""

import time
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.alignment import DRAWS, FEWEST, INTERVAL, align, random_orders, word_parts
from dlfa.analysis.attribution import attribute
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.analysis.score_paths import Tell
from dlfa.results import Alignment
from dlfa.results.attributions import Attribution, AttributionComparison

__all__ = ["compare_attributions", "compared_attributions"]


def compare_attributions(
    predictor: Predictor,
    pairs: tuple[SentencePair, SentencePair],
    head: str,
    label: str = "",
    languages: tuple[str, str] = ("", ""),
    *,
    method: str = "integrated_gradients",
    baseline: str = "mask",
    quadrature: str = "gausslegendre",
    seed: int = 0,
    tell: Tell = lambda done, total: None,
) -> AttributionComparison:
    """Return what the words of a pair and of its translation add to the same label's score.

    Args:
        predictor: the model.
        pairs: the pair in two languages.
        head: whose score.
        label: of which label; empty for the answer to the first pair.
        languages: their codes, as far as known.
        method: see `dlfa.analysis.attribution.attribute`, as are the next two.
        baseline: of both.
        quadrature: of both.
        seed: of bootstrap and random alignments.
        tell: see `dlfa.analysis.score_paths.Tell`.

    Raises:
        WrongTaskError, TextError, UnknownHeadError, InputError: see `attribute`.
    """
    about: dict[str, Any] = {"method": method, "baseline": baseline, "quadrature": quadrature}
    tell(0, 3)
    first = attribute(predictor, pairs[0], head, label, tell=_still(tell, 0), **about)
    second = attribute(predictor, pairs[1], head, first.label, tell=_still(tell, 1), **about)
    tell(2, 3)
    began = time.perf_counter()
    links = align(predictor, pairs)
    took = 1000 * (time.perf_counter() - began)
    return compared_attributions(first, second, links, languages, seed=seed, milliseconds=took)


def _still(tell: Tell, done: int) -> Tell:
    """Return a way to be asked to stop, within one of three parts."""
    return lambda _done, _total: tell(done, 3)


def compared_attributions(
    first: Attribution,
    second: Attribution,
    links: Alignment,
    languages: tuple[str, str] = ("", ""),
    *,
    seed: int = 0,
    milliseconds: float = 0.0,
) -> AttributionComparison:
    """Return the comparison of two attributions whose words are aligned.

    Args:
        first: of the pair.
        second: of its translation.
        links: which word is which.
        languages: codes, as far as known.
        seed: of bootstrap and random alignments.
        milliseconds: that the alignment took.
    """
    scores = np.stack([first.words[links.first], second.words[links.second]])
    parts = word_parts(first.tokens)[links.first]
    r, low, high, chance_low, chance_high = _correlation(scores, parts, seed)
    return AttributionComparison(
        languages=languages,
        first=first,
        second=second,
        alignment=links,
        correlation=r,
        low=low,
        high=high,
        chance_low=chance_low,
        chance_high=chance_high,
        passes=first.passes + second.passes + 2,
        milliseconds=first.milliseconds + second.milliseconds + milliseconds,
        provenance=first.provenance,
    )


def _correlation(
    scores: Float[np.ndarray, "side link"], parts: np.ndarray, seed: int
) -> tuple[float, ...]:
    """Return r, its bootstrap interval, and where r lies under random alignments."""
    n = scores.shape[1]
    if n < FEWEST:
        return (float("nan"),) * 5
    draw = np.random.default_rng(seed)
    drawn = draw.integers(n, size=(DRAWS, n))
    moved = random_orders(parts, draw)
    whole = np.arange(n)[None]
    r = _pearson(scores, whole, whole)[0]
    bounds = (_pearson(scores, drawn, drawn), _pearson(scores, whole, moved))
    found = [np.nanpercentile(values, INTERVAL) for values in bounds]
    return (float(r), *map(float, (*found[0], *found[1])))


def _pearson(
    scores: Float[np.ndarray, "side link"],
    first: Int[np.ndarray, "#draw link"],
    second: Int[np.ndarray, "#draw link"],
) -> Float[np.ndarray, " draw"]:
    one, other = (scores[side][rows] for side, rows in enumerate((first, second)))
    one, other = (side - side.mean(1, keepdims=True) for side in (one, other))
    scale = np.sqrt((one**2).sum(1) * (other**2).sum(1))
    both = (one * other).sum(1)
    found: np.ndarray = np.divide(both, scale, out=np.full(len(both), np.nan), where=scale > 0)
    return found
