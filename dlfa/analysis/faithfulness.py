"""Do the scores say what the model reads? Words taken away, and put in, in their order.

Deletion and insertion curves (Petsiuk et al. 2018) of one label's probability; a word that is not
there is replaced by the attribution's own baseline. Random orders are the control: a set of scores
that does no better than they do says nothing about this answer.
"""

import time

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from dlfa.analysis.attribution import made_in_float32
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.analysis.score_paths import Explained, Tell
from dlfa.errors import TextError
from dlfa.results.attributions import Attribution, Faithfulness

__all__ = ["DRAWS", "POINTS", "faithfulness"]

DRAWS = 20  # random orders
POINTS = 10  # steps of a curve, where there are more words

Kept = Bool[np.ndarray, "row word"]


def faithfulness(
    predictor: Predictor,
    pair: SentencePair,
    found: Attribution,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    tell: Tell = lambda done, total: None,
) -> Faithfulness:
    """Return deletion and insertion curves of an attribution, beside those of random orders.

    Args:
        predictor: the model.
        pair: the same (premise, hypothesis).
        found: its attribution.
        draws: random orders, at least one.
        seed: of the random orders.
        tell: see `dlfa.analysis.score_paths.Tell`.

    Raises:
        TextError: nothing in the pair is a word.
    """
    began = time.perf_counter()
    explained = Explained.of(predictor, pair, found.head, found.label)
    count = len(found.words)
    if not count:
        raise TextError("error.attribution.words")
    taken = counts(count)
    best = np.argsort(-found.words, kind="stable")
    draw = np.random.default_rng(seed)
    orders = np.stack([best, best[::-1], *(draw.permutation(count) for _ in range(draws))])
    curves = _deleted(explained, orders, taken, found.baseline, tell)
    # What is left when the last k words are gone is what is there when the first n - k are put in.
    return Faithfulness(
        head=found.head,
        label=found.label,
        method=found.method,
        baseline=found.baseline,
        words=count,
        shares=taken / count,
        deletion=curves[0],
        insertion=curves[1, ::-1],
        random_deletion=curves[2:],
        random_insertion=curves[2:, ::-1],
        seed=seed,
        passes=explained.passes,
        milliseconds=1000 * (time.perf_counter() - began),
        provenance=made_in_float32(predictor),
    )


def counts(words: int) -> Int[np.ndarray, " point"]:
    """Return how many words are gone at each point of a curve, the same from both of its ends."""
    steps = min(words, POINTS)
    if steps < words and words % 2 > steps % 2:
        steps -= 1  # an odd number has no half
    found = np.floor(np.arange(steps + 1) * words / steps + 0.5).astype(int)
    early = np.arange(steps // 2 + 1)
    found[steps - early] = words - found[early]
    return found


def _deleted(
    explained: Explained,
    orders: Int[np.ndarray, "order word"],
    taken: Int[np.ndarray, " point"],
    baseline: str,
    tell: Tell,
) -> Float[np.ndarray, "order point"]:
    """Return the label's probability with the first words of each order gone, each set once."""
    places = np.argsort(orders, axis=1)  # (order word): when a word goes
    kept = places[:, None, :] >= taken[:, None]  # (order point word)
    rows, inverse = np.unique(kept.reshape(-1, orders.shape[1]), axis=0, return_inverse=True)
    return _probabilities(explained, rows, baseline, tell)[inverse.ravel()].reshape(kept.shape[:2])


@torch.no_grad()
def _probabilities(
    explained: Explained, kept: Kept, baseline: str, tell: Tell
) -> Float[np.ndarray, " row"]:
    """Return the label's probability for each set of words."""
    start, end = explained.baseline(baseline), explained.input
    word = explained.tokens.word
    there = torch.from_numpy(np.where(word >= 0, kept[:, word], True)).to(end.device)
    found = []
    for at in range(0, len(kept), explained.rows):
        tell(at, len(kept))
        rows = there[at : at + explained.rows, :, None]
        found.append(explained.score(torch.where(rows, end, start)).sigmoid())
    tell(len(kept), len(kept))
    return torch.cat(found).double().cpu().numpy()
