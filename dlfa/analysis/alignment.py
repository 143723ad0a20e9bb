"""Word by word: a pair and its translation, which words meet, and whether their gates are alike."""

import time
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from dlfa.analysis.gates import gate_sweep
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.results import Alignment, GateComparison, GateSweep, Tokens

__all__ = [
    "MIDDLE",
    "align",
    "by_word",
    "compare_gates",
    "compared",
    "linked",
    "mutual_neighbours",
    "random_orders",
    "word_parts",
]

MIDDLE = 2 / 3  # of the depth: layer 8 of 12, where mBERT aligns words best (Jalili Sabet 2020)
DRAWS = 1_000  # of the bootstrap, and random alignments
FEWEST = 8  # links under which a correlation, and a bootstrap over them, says nothing
INTERVAL = (2.5, 97.5)  # percentiles

Vectors = Float[np.ndarray, "word dim"]


def by_word(cells: Float[np.ndarray, "token dim"], tokens: Tokens) -> Vectors:
    """Return the mean over each word's sub-words."""
    total = np.zeros((len(tokens.words), cells.shape[1]), np.float64)
    real = tokens.word >= 0
    np.add.at(total, tokens.word[real], cells[real])
    sizes = np.bincount(tokens.word[real], minlength=len(tokens.words))
    return total / sizes[:, None]


def word_parts(tokens: Tokens) -> np.ndarray:
    """Return per word whether it stands in the ``"premise"`` or the ``"hypothesis"``."""
    parts = np.empty(len(tokens.words), dtype=object)
    for word, part in zip(tokens.word.tolist(), tokens.segment, strict=True):
        if word >= 0:
            parts[word] = part
    return parts


def align(predictor: Predictor, pairs: tuple[SentencePair, SentencePair]) -> Alignment:
    """Return which word of a pair is which word of its translation.

    Words are neighbours by the cosine of their contextual vectors in a middle layer; only mutual
    nearest neighbours within the same part (premise with premise) are taken, as in SimAlign's
    ``argmax`` (Jalili Sabet et al. 2020).

    Args:
        predictor: the model, as it is tuned.
        pairs: the pair in two languages.

    Raises:
        TextError: an empty or over-long text.
    """
    layer = round(MIDDLE * predictor.model.config.layers)
    seen = [predictor.tokens(pair) for pair in pairs]
    vectors: list[Vectors] = [np.empty(0)] * 2
    for rows, batch in predictor.batches(predictor.encode(pairs)):
        states = predictor.states(batch)[layer].float().cpu().numpy()
        for row, cells in zip(rows, states, strict=True):
            vectors[row] = by_word(cells[: len(seen[row])], seen[row])
    return linked((seen[0], seen[1]), (vectors[0], vectors[1]), layer)


def linked(
    seen: tuple[Tokens, Tokens],
    vectors: tuple[Vectors, Float[np.ndarray, "other dim"]],
    layer: int,
) -> Alignment:
    """Return which word is which, of two texts whose words' vectors are at hand; see `align`.

    Args:
        seen: both texts' tokens.
        vectors: of their words.
        layer: that the vectors are of.
    """
    unit = [found / np.linalg.norm(found, axis=1, keepdims=True) for found in vectors]
    first, second = (word_parts(tokens) for tokens in seen)
    cosine = np.where(first[:, None] == second[None], unit[0] @ unit[1].T, -np.inf)
    links = mutual_neighbours(cosine)
    return Alignment(
        layer=layer,
        first=links[0],
        second=links[1],
        similarity=cosine[links].astype(np.float32),
    )


def mutual_neighbours(
    cosine: Float[np.ndarray, "first second"],
) -> tuple[Int[np.ndarray, " link"], Int[np.ndarray, " link"]]:
    """Return the index pairs that are each other's best; −inf is never a neighbour."""
    if not cosine.size:
        return np.empty(0, int), np.empty(0, int)
    there, back = cosine.argmax(1), cosine.argmax(0)
    first = np.flatnonzero(back[there] == np.arange(len(there)))
    first = first[np.isfinite(cosine[first, there[first]])]
    return first, there[first]


def compare_gates(
    predictor: Predictor,
    pairs: tuple[SentencePair, SentencePair],
    languages: tuple[str, str] = ("", ""),
    *,
    seed: int = 0,
) -> GateComparison:
    """Compare every fusion head's gate on a pair and on its translation, word by word.

    Args:
        predictor: the model.
        pairs: the pair in two languages.
        languages: their codes, as far as known.
        seed: of bootstrap and random alignments.

    Raises:
        TextError: an empty or over-long text.
        UnknownHeadError: the model has no head with a gate.
    """
    began = time.perf_counter()
    first, second = (gate_sweep(predictor, pair) for pair in pairs)
    found = compared(first, second, align(predictor, pairs), languages, seed=seed)
    return replace(found, milliseconds=1000 * (time.perf_counter() - began))


def compared(
    first: GateSweep,
    second: GateSweep,
    alignment: Alignment,
    languages: tuple[str, str] = ("", ""),
    *,
    seed: int = 0,
) -> GateComparison:
    """Return the comparison of two sweeps whose words are aligned; see `compare_gates`."""
    began = time.perf_counter()
    columns = _Correlations(first, second, alignment, seed).table()
    own = 1000 * (time.perf_counter() - began)
    return GateComparison(
        languages=languages,
        first=first,
        second=second,
        alignment=alignment,
        heads=tuple(gate.head for gate in first.heads),
        correlation=columns[0],
        low=columns[1],
        high=columns[2],
        chance_low=columns[3],
        chance_high=columns[4],
        noise_correlation=columns[5],
        gain_low=columns[6],
        gain_high=columns[7],
        passes=first.passes + second.passes + 1,
        milliseconds=first.milliseconds + second.milliseconds + own,
        provenance=first.provenance,
    )


def random_orders(parts: np.ndarray, draw: np.random.Generator) -> Int[np.ndarray, "draw link"]:
    """Return links in random orders within premise and hypothesis.

    Args:
        parts: ``(link)``, which of the two each is in.
        draw: of the orders.
    """
    orders = np.tile(np.arange(len(parts)), (DRAWS, 1))
    for part in sorted(set(parts.tolist())):  # a set of words has another order in every process
        places = np.flatnonzero(parts == part)
        orders[:, places] = draw.permuted(np.tile(places, (DRAWS, 1)), axis=1)
    return orders


class _Correlations:
    """Correlation over links, its bootstrap and its null, from Gram matrices of the links."""

    def __init__(self, first: GateSweep, second: GateSweep, links: Alignment, seed: int) -> None:
        self.sweeps, self.links = (first, second), links
        draw = np.random.default_rng(seed)
        n = len(links)
        counts = draw.multinomial(n, np.full(n, 1 / n), DRAWS) if n else np.empty((DRAWS, 0))
        self.counts = counts.astype(float)
        parts = word_parts(first.tokens)[links.first]
        self.orders = random_orders(parts, draw)

    def table(self) -> Float[np.ndarray, "column head"]:
        """Return r, its interval, the null's, the twin's r, and the interval of r − the twin's."""
        return np.array([self.of(at) for at in range(len(self.sweeps[0].heads))]).T

    def of(self, at: int) -> tuple[float, ...]:
        """Return one head's row of the table."""
        if len(self.links) < FEWEST:
            return (np.nan,) * 8
        grams, twins = self._grams(at, "attention"), self._grams(at, "noise")
        whole = np.ones((1, len(self.links)))
        r, twin = _pearson(*grams, whole)[0], _pearson(*twins, whole)[0]
        drawn, drawn_twin = _pearson(*grams, self.counts), _pearson(*twins, self.counts)
        rows = np.arange(len(self.links))
        null = np.array([grams[2][rows, order].sum() for order in self.orders])
        scale = np.sqrt(np.trace(grams[0]) * np.trace(grams[1]))
        chance = null / scale if scale > 0 else np.full(DRAWS, np.nan)
        bounds = [np.nanpercentile(values, INTERVAL) for values in (drawn, chance)]
        gain = np.nanpercentile(drawn - drawn_twin, INTERVAL)
        return (float(r), *map(float, (*bounds[0], *bounds[1], twin, *gain)))

    def _grams(self, at: int, what: str) -> tuple[Vectors, Vectors, Vectors]:
        one, other = self._words(at, what)
        return one @ one.T, other @ other.T, one @ other.T

    def _words(self, at: int, what: str) -> tuple[Vectors, Vectors]:
        """Return both sides' linked words' s, each channel's mean over the links taken out."""
        found = []
        for sweep, links in zip(self.sweeps, (self.links.first, self.links.second), strict=True):
            cells = by_word(getattr(sweep.heads[at], what), sweep.tokens)[links]
            found.append(cells - cells.mean(0))
        return found[0], found[1]


def _pearson(
    one: Float[np.ndarray, "link link"],
    other: Float[np.ndarray, "link link"],
    both: Float[np.ndarray, "link link"],
    counts: Float[np.ndarray, "draw link"],
) -> Float[np.ndarray, " draw"]:
    """Return r over all cells for weighted links, each channel's weighted mean taken out.

    Sums over channels are all that r needs, and the Gram matrices hold them.
    """
    n = counts.sum(1)

    def moment(gram: np.ndarray) -> np.ndarray:
        return counts @ gram.diagonal() - ((counts @ gram) * counts).sum(1) / n

    scale = np.sqrt(np.maximum(moment(one), 0) * np.maximum(moment(other), 0))
    found: np.ndarray = np.divide(moment(both), scale, out=np.full(len(n), np.nan), where=scale > 0)
    return found
