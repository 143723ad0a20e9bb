"""Cross-lingual measures in every layer and fused space, over pairs of languages.

Retrieval: of a sentence, is its translation the nearest sentence of the other language? Margin
retrieval: the same where sentences that are near to everything count less. Similarity: are
translations nearer to each other than other sentences are? CKA: do both languages lay out their
sentences in the same shape? ANC: does each channel say the same in both?
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.directions import centred_by_language, check_finite
from dlfa.analysis.likeness import Anc, Cka, Side, Similarity
from dlfa.analysis.retrieval import found
from dlfa.analysis.statistics import Draws, bounds, wilson, worth
from dlfa.analysis.translations import MOST, Pairs, Parallel, translations
from dlfa.errors import InputError
from dlfa.results import LayerMeasure, LayerVectors, SentenceSet

__all__ = ["DRAWS", "MEASURES", "Interval", "measure"]

MEASURES = ("p_at_1", "margin", "similarity", "cka", "anc")
DRAWS = 200  # of the bootstrap
SHUFFLED = 1_000  # sentences that shuffled pairings come to, over all shuffles of one pair
SHUFFLES = 20  # at most
KEPT = 32  # sides in memory: a Gram matrix of a thousand sentences is 4 MB
SIDES: Mapping[str, type[Side]] = {"similarity": Similarity, "cka": Cka, "anc": Anc}

OnProgress = Callable[[int, int], object]


@dataclass(frozen=True)
class Interval:
    """Values with their intervals: of each pair (or language), and of their average."""

    values: Float[np.ndarray, "pair space"]
    low: Float[np.ndarray, "pair space"]
    high: Float[np.ndarray, "pair space"]
    average: Float[np.ndarray, " space"]
    average_low: Float[np.ndarray, " space"]
    average_high: Float[np.ndarray, " space"]


def measure(
    name: str,
    vectors: LayerVectors,
    sentences: SentenceSet,
    *,
    centred: bool,
    pairs: Pairs = "english",
    draws: int = DRAWS,
    most: int = MOST,
    seed: int = 0,
    on_progress: OnProgress = lambda done, total: None,
) -> LayerMeasure:
    """Measure every pair of languages in every space.

    Intervals of retrieval are Wilson's, of as many independent answers as the items are worth
    (`dlfa.analysis.statistics.worth`), both directions of all pairs together: a bootstrap of only
    hits has no width. The other measures' come from a bootstrap over items, the same draws in all
    pairs and spaces, moved onto the value: drawn twice, a sentence makes CKA and ANC too high.

    Args:
        name: one of `MEASURES`.
        vectors: of the sentences.
        sentences: their languages and items.
        centred: whether each language's mean, over all its sentences, is taken off first.
        pairs: every language with English, or every two (also where there is no English).
        draws: of the bootstrap.
        most: items of one pair; of more, as many are drawn.
        seed: of the draws and the shuffled pairings.
        on_progress: called with spaces done, and all of them.

    Raises:
        InputError: an unknown measure, no two languages share enough items, or values that are no
            finite numbers.
    """
    if name not in MEASURES:
        raise InputError("error.measure.unknown", name=name, known=", ".join(MEASURES))
    check_finite(vectors.vectors)
    parallel = translations(sentences, pairs, most=most, seed=seed)
    run = _Run(parallel, draws, seed)
    for done, table in enumerate(vectors.vectors):
        space = centred_by_language(table, sentences.languages) if centred else table
        if name in SIDES:
            run.like(SIDES[name], space)
        else:
            run.retrieve(space, margin=name == "margin")
        on_progress(done + 1, len(vectors.spaces))
    told = run.interval()
    return LayerMeasure(
        name=name,
        spaces=vectors.spaces,
        pairs=tuple(pair.languages for pair in parallel),
        **vars(told),
        control=np.array(run.control),
        n=np.array([len(pair.items) for pair in parallel]),
        provenance=replace(vectors.provenance, seed=seed),
    )


class _Run:
    """One measure on one space after the other."""

    def __init__(self, parallel: Sequence[Parallel], draws: int, seed: int) -> None:
        self.parallel = parallel
        items = np.unique(np.concatenate([pair.items for pair in parallel]))
        counts = Draws(items, draws, seed=seed).counts
        ones = np.ones((1, len(items)))
        table = np.concatenate([ones, counts]).astype(np.float32)  # (draw item)
        self.weights = [table[:, np.searchsorted(items, pair.items)] for pair in parallel]
        self.orders = [_orders(len(pair.items), seed) for pair in parallel]
        self.hits: list[list[Int[np.ndarray, " item"]]] = []  # by space, by pair
        self.drawn: list[Float[np.ndarray, "pair draw"]] = []  # by space
        self.control: list[float] = []  # by space

    def retrieve(self, vectors: Float[np.ndarray, "sentence dim"], *, margin: bool) -> None:
        hits, chance = [], []
        for pair, orders in zip(self.parallel, self.orders, strict=True):
            places = found(vectors[pair.rows[0]], vectors[pair.rows[1]], margin=margin)
            right = np.arange(len(pair.items))
            hits.append((places == right).sum(0))
            chance.append(np.mean([_back_and_forth(places, order) for order in orders]))
        self.hits.append(hits)
        self.control.append(float(np.mean(chance)))

    def like(self, kind: type[Side], vectors: Float[np.ndarray, "sentence dim"]) -> None:
        sides: dict[bytes, Side] = {}  # a language is in many pairs, mostly with the same rows
        drawn, chance = [], []
        for pair, weights, orders in zip(self.parallel, self.weights, self.orders, strict=True):
            for rows in pair.rows:
                name = rows.tobytes()
                known = sides.pop(name) if name in sides else kind.of(vectors[rows], weights)
                sides[name] = known  # the last one used
            one, other = (sides[rows.tobytes()] for rows in pair.rows)
            for name in list(sides)[:-KEPT]:
                del sides[name]
            drawn.append(one.like(other))
            chance.append(np.mean([one.shuffled(other, order) for order in orders]))
        self.drawn.append(np.array(drawn))
        self.control.append(float(np.mean(chance)))

    def interval(self) -> Interval:
        """Return all values with their intervals."""
        return self._of_hits() if self.hits else self._of_draws()

    def _of_draws(self) -> Interval:
        table = np.stack(self.drawn, axis=1).astype(float)  # (pair space draw)
        pairs, average = _moved(table), _moved(table.mean(0))
        return Interval(*pairs, *average)

    def _of_hits(self) -> Interval:
        by_pair = [np.stack(columns, axis=1) for columns in zip(*self.hits, strict=True)]
        values = np.array([hits.mean(0) / 2 for hits in by_pair])
        independent = [
            worth(hits, pair.items, tries=2)
            for hits, pair in zip(by_pair, self.parallel, strict=True)
        ]
        items = np.concatenate([pair.items for pair in self.parallel])
        together = worth(np.concatenate(by_pair), items, tries=2)
        low, high = wilson(values, np.array(independent))
        average = values.mean(0)
        return Interval(values, low, high, average, *wilson(average, together))


def _orders(n: int, seed: int) -> list[np.ndarray]:
    """Return wrong pairings: many for few sentences, of which a single one says little."""
    draw = np.random.default_rng(seed)
    return [draw.permutation(n) for _ in range(min(SHUFFLES, max(1, SHUFFLED // n)))]


def _back_and_forth(places: Int[np.ndarray, "direction item"], order: np.ndarray) -> float:
    """Return the share that is found where item i is said to belong to item ``order[i]``."""
    back = np.argsort(order)
    return float(((places[0] == order).mean() + (places[1] == back).mean()) / 2)


def _moved(
    drawn: Float[np.ndarray, "... draw"],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return value, low and high: the draws' percentiles, moved by how far their mean is off."""
    value, rest = drawn[..., 0], drawn[..., 1:]
    off = rest.mean(-1) - value
    low, high = bounds(np.moveaxis(rest, -1, 0))
    return value, low - off, high - off
