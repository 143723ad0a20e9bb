"""How long a quick evaluation takes: ``python -m benchmarks.evaluation --json``.

All heads on ``--limit`` XNLI test pairs in each of 15 languages (``--limit 0``: all 75,150), from
texts to a record on disk, as the page and the command line do it: ``first_partial_seconds`` and
``seconds`` count from the moment the model is loaded, drawing the sample included. ``ratio`` is the
engine's time over the bare one: the same examples, sorted by length as a whole and tokenised
beforehand, through the same model without measuring gates and without anything kept; both measured
in turn in one run on a part of the examples. ``share`` is the engine's useful arithmetic over the
rate of this machine's own matrix product. On a machine with a GPU it runs there, also with
``--backbone mbert-sized``: random weights of mBERT's size. The last line is the JSON object.
"""

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence

import torch

from benchmarks.contenders import predictor
from benchmarks.output import machine, show
from benchmarks.throughput import arithmetic, rate
from dlfa.analysis.evaluation import begin
from dlfa.analysis.examples import Labelled
from dlfa.analysis.predict import Predictor
from dlfa.analysis.runs import Run
from dlfa.errors import DlfaError

ROUNDS = 3
COMPARED = 1500  # examples of the comparison with the bare passes


def engine(run: Run) -> dict[str, float]:
    """Do a run; return when the first partial result and the whole were there, in seconds."""
    start, first = time.perf_counter(), 0.0
    for progress in run.go():
        if progress.whole and not first:
            run.evaluation()
            first = time.perf_counter() - start
    return {"first": first, "seconds": time.perf_counter() - start}


def bare(of: Predictor, examples: Sequence[Labelled]) -> float:
    """Return the seconds of the model's passes alone, in the best order there is."""
    encoded = of.encode([one.pair for one in examples], of.max_tokens)
    start = time.perf_counter()
    for _rows, batch in of.batches(encoded):
        of.probabilities(batch, of.heads)
    return time.perf_counter() - start


def compared(of: Predictor, limit: int) -> dict[str, object]:
    """Return how much the engine takes of what the bare passes take, and of the machine."""
    ratios, shares = [], []
    dtype = of.provenance.dtype
    for seed in range(ROUNDS):
        run = begin(of, limit=max(1, min(limit or COMPARED, COMPARED) // 15), seed=seed)
        alone, whole = bare(of, run.examples), engine(run)["seconds"]
        work = arithmetic(of, [one.pair for one in run.examples], len(of.heads))
        ratios.append(whole / alone)
        shares.append(work / whole / rate(dtype, of.model.device))
    return {
        "ratio": round(statistics.median(ratios), 3),
        "share": round(statistics.median(shares), 3),
    }


def measure(backbone: str, limit: int) -> dict[str, object]:
    """Return every figure."""
    of = predictor(backbone)
    found = compared(of, limit * 15)
    start = time.perf_counter()
    run = begin(of, limit=limit or None, seed=ROUNDS)
    drawing = time.perf_counter() - start
    times = engine(run)
    return {
        "seconds": round(drawing + times["seconds"], 1),
        "first_partial_seconds": round(drawing + times["first"], 1),
        "drawing_seconds": round(drawing, 1),
        "pairs_per_second": round(run.total / times["seconds"], 1),
        **found,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
        "pairs": run.total,
        "heads": len(run.heads),
        "backbone": backbone,
        "device": of.hardware.name,
        "dtype": of.provenance.dtype,
        "threads": torch.get_num_threads(),
        **machine(),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--backbone", choices=("e5-small", "mbert-sized"), default="e5-small")
    parser.add_argument("--limit", type=int, default=100, help="pairs per language; 0: all")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:  # so that no earlier run is read
        os.environ["DLFA_CACHE_DIR"] = folder
        try:
            found = measure(options.backbone, options.limit)
        except DlfaError as error:  # no data: the sentence says where it would be looked for
            sys.exit(str(error))
    size = "" if options.limit == 100 else f"-{options.limit or 'all'}"
    show(found, as_json=options.json, name=f"evaluation-{options.backbone}{size}")


if __name__ == "__main__":
    main()
