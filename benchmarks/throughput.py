"""How many pairs a second, with every paper head? ``python -m benchmarks.throughput --json``.

Our `Predictor` with all its heads D_1 … D_11 and the baseline, texts to results, against
``transformers.pipeline("text-classification")`` with the same merged encoder and one head at its
best batch size, both in turn on the same portions of XNLI test pairs in all languages. ``ratio``
compares equal dtypes, ``ratio_default`` ours in bfloat16 with the pipeline as it comes (float32);
``share`` is our useful arithmetic (no padding) over the rate of this machine's own matrix product,
measured between the portions. ``drift``: the largest difference of a float32 logit from the plain
model's; ``flipped``: the share of answers that bfloat16 changes. The last line is the JSON object.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Mapping, Sequence

import torch

from benchmarks.contenders import (
    DTYPES,
    Answer,
    answering,
    best_size,
    in_dtype,
    one_head,
    predictor,
    seconds,
    xnli,
)
from benchmarks.output import machine, show
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.errors import DlfaError
from dlfa.results import head_names

SQUARE = 2048  # side of the matrices whose product gives this machine's rate


def rate(dtype: str, device: torch.device) -> float:
    """Return the rate of one large matrix product in FLOP/s."""
    one, other = torch.randn(2, SQUARE, SQUARE, device=device, dtype=DTYPES[dtype])
    times = []
    for _ in range(6):
        start = time.perf_counter()
        (one @ other).sum().item()
        times.append(time.perf_counter() - start)
    return 2 * SQUARE**3 / statistics.median(times[1:])


def arithmetic(of: Predictor, pairs: Sequence[SentencePair], heads: int) -> float:
    """Return the FLOP of all matrix products on the pairs' own tokens, padding not counted."""
    shape = of.model.config.encoder_config
    dim, inner, layers = shape.hidden_size, shape.intermediate_size, shape.num_hidden_layers
    squeezed = dim // of.model.config.reduction
    total = 0.0
    for example in of.encode(pairs):
        tokens = len(example["input_ids"])
        layer = tokens * (4 * dim * dim + 2 * dim * inner) + 2 * tokens * tokens * dim
        gated = tokens if of.model.config.pooling == "mean" else 1
        gate = (gated + 1) * 2 * dim * squeezed  # local and global branch
        total += 2 * (layers * layer + (heads - 1) * gate + heads * dim * dim)
    return total


@torch.inference_mode()
def drift(of: Predictor, pairs: Sequence[SentencePair], heads: Sequence[str]) -> float:
    """Return how far any float32 logit is from the plain model's."""
    worst = 0.0
    for _, batch in of.batches(of.encode(pairs)):
        plain = of.model(**batch, heads=heads).logits
        found = of.frozen.logits(heads, **batch)
        worst = max(worst, float((plain - found).abs().max()))
    return worst


def flipped(
    ours: Sequence[Predictor], pairs: Sequence[SentencePair], heads: Sequence[str]
) -> float:
    """Return the share of (pair, head) answers that differ between two dtypes."""
    labels = [
        [answer.label for row in made.predict(pairs, heads) for answer in row] for made in ours
    ]
    return sum(one != other for one, other in zip(*labels, strict=True)) / len(labels[0])


class Race:
    """Ours and the pipeline in turn, portion by portion; figures are medians over the portions.

    Args:
        base: our model.
        dtypes: to compare in.
        pairs: texts.
    """

    def __init__(self, base: Predictor, dtypes: Sequence[str], pairs: list[SentencePair]) -> None:
        self.base, self.pairs = base, pairs
        self.heads = head_names(base.model.config.layers, aff=False)
        self.ours = {dtype: in_dtype(base, dtype) for dtype in dtypes}
        pipes = {dtype: one_head(base, dtype) for dtype in dtypes}
        self.sizes = {dtype: best_size(pipe, pairs) for dtype, pipe in pipes.items()}
        self.calls: dict[str, Answer] = {}
        for dtype in dtypes:
            made = self.ours[dtype]
            self.calls[f"ours_{dtype}"] = lambda part, made=made: made.predict(part, self.heads)
            self.calls[f"pipeline_{dtype}"] = answering(pipes[dtype], self.sizes[dtype])

    def run(self, portions: int) -> dict[str, object]:
        """Return every figure."""
        for call in self.calls.values():
            call(self.pairs[:32])  # warm up
        speed: dict[str, list[float]] = {name: [] for name in self.calls}
        rates: dict[str, list[float]] = {dtype: [] for dtype in self.ours}
        work = []  # FLOP a pair
        size = -(-len(self.pairs) // portions)
        for start in range(0, len(self.pairs), size):
            part = self.pairs[start : start + size]
            work.append(arithmetic(self.base, part, len(self.heads)) / len(part))
            for name, call in self.calls.items():
                speed[name].append(len(part) / seconds(call, part))
            for dtype, found in rates.items():
                found.append(rate(dtype, self.base.model.device))
        return self.figures(speed, rates, work)

    def figures(
        self,
        speed: Mapping[str, Sequence[float]],
        rates: Mapping[str, Sequence[float]],
        work: Sequence[float],
    ) -> dict[str, object]:
        """Return what the speeds of each portion come to."""
        ratios = {dtype: f"pipeline_{dtype}" for dtype in self.ours}
        found: dict[str, object] = {
            "ratio": {d: ratio(speed[f"ours_{d}"], speed[name]) for d, name in ratios.items()},
            "share": {
                dtype: ratio([s * w for s, w in zip(speed[f"ours_{dtype}"], work, strict=True)], of)
                for dtype, of in rates.items()
            },
            "pairs_per_second": {
                name: round(statistics.median(each), 1) for name, each in speed.items()
            },
            "teraflops": {d: round(statistics.median(of) / 1e12, 3) for d, of in rates.items()},
            "pipeline_batch": self.sizes,
        }
        if set(self.ours) == set(DTYPES):
            found["ratio_default"] = ratio(speed["ours_bfloat16"], speed["pipeline_float32"])
            found["flipped"] = round(flipped([*self.ours.values()], self.pairs, self.heads), 5)
        if "float32" in self.ours:
            sample = self.pairs[:: max(1, len(self.pairs) // 100)]
            found["drift"] = drift(self.ours["float32"], sample, self.heads)
        return found


def ratio(some: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of pairwise ratios."""
    return round(statistics.median(a / b for a, b in zip(some, others, strict=True)), 3)


def measure(backbone: str, dtypes: Sequence[str], count: int, portions: int) -> dict[str, object]:
    """Run the race of one encoder."""
    pairs, base = xnli(count), predictor(backbone)
    race = Race(base, dtypes, pairs)
    return {
        **race.run(portions),
        "heads": len(race.heads),
        "pairs": len(pairs),
        "portions": portions,
        "backbone": backbone,
        "device": base.hardware.name,
        "threads": torch.get_num_threads(),
        **machine(),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--backbone", choices=("e5-small", "mbert-sized"), default="e5-small")
    parser.add_argument("--dtype", choices=(*DTYPES, "both"), default="both")
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--portions", type=int, default=5)
    options = parser.parse_args()
    dtypes = tuple(DTYPES) if options.dtype == "both" else (options.dtype,)
    try:
        found = measure(options.backbone, dtypes, options.pairs, options.portions)
    except DlfaError as error:  # no data: the sentence says where it would be looked for
        sys.exit(str(error))
    show(found, as_json=options.json, name=f"throughput-{options.backbone}")


if __name__ == "__main__":
    main()
