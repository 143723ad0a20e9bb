"""What changing the gate costs: ``python -m benchmarks.interventions --json``.

``milliseconds``: each label's probability of every head under ``--variants`` gates, one head-only
pass over the kept hidden states of one pair, the gates as trained and the untrained twins'
computed anew; ``encoder_milliseconds``: one pass of the encoder over the same pair, in turn with
it; ``ratio`` is the one over the other, and ``one_by_one_ratio`` what fusing every token with each
gate takes, as a multiple of the head-only pass. ``error`` is the largest difference of a
probability between these two. Medians of ``--rounds``; the last line is the JSON object.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from benchmarks.output import machine, show
from dlfa.analysis.changes import Shuffles, shuffles
from dlfa.analysis.forced import changed_gate, fused_logits
from dlfa.analysis.gates import fusing
from dlfa.analysis.interventions import Gates
from dlfa.analysis.predict import inputs, load
from dlfa.analysis.whatif import hold
from dlfa.results import Intervention

PAIR = (
    "The train did not leave on time because of the heavy snow and the ice on the tracks.",
    "The passengers on the platform were angry about it.",
)
FIXED = "zero half one mean-tokens no-global no-local twin twin+no-global twin+no-local".split()
DRAWS = 20


def variants(count: int) -> list[Intervention]:
    """Return so many different gates: all kinds, a curve of factors, the rest edits."""
    found = [Intervention.parse(text) for text in FIXED]
    for kind in ("shuffle-tokens", "shuffle-channels"):
        found += [Intervention(kind=kind, draw=draw) for draw in range(DRAWS)]
    found += [Intervention(kind="scale", amount=at / 20) for at in range(41)]
    draw = np.random.default_rng(0)
    while len(found) < count:
        channels = tuple(sorted(draw.choice(384, 96, replace=False).tolist()))
        tokens = tuple(sorted(draw.choice(20, 4, replace=False).tolist()))
        found.append(Intervention(kind="set", amount=0.0, tokens=tokens, channels=channels))
    return found[:count]


def timed(call: Callable[[], object]) -> float:
    """Return what a call takes, in ms."""
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


@torch.inference_mode()
def one_by_one(
    gates: Gates, names: tuple[str, ...], done: list[Intervention], moved: Shuffles
) -> np.ndarray:
    """Return the same probabilities from every token fused, gate by gate."""
    found = []
    for name in names:
        seen = gates.seen(name, twin=True)
        for one in done:
            drawn = Shuffles(moved.tokens[[one.draw]], moved.channels[[one.draw]])
            logits = fused_logits(gates.heads[name], seen, changed_gate(one, seen, drawn))
            found.append(logits.softmax(-1)[0].numpy())
    return np.array(found).reshape(len(names), len(done), -1).swapaxes(0, 1)


def measure(model: str, count: int, rounds: int) -> dict[str, object]:
    """Measure the head-only pass and the encoder in turn."""
    predictor = load(model)
    names, done = fusing(predictor), variants(count)
    gates = hold(predictor, PAIR, names).gates
    keys = [str(draw) for draw in range(DRAWS)]
    moved = shuffles(gates.mask.expand(DRAWS, -1), gates.states[0].shape[-1], keys)
    ((_rows, batch),) = predictor.batches(predictor.encode([PAIR]))
    with torch.inference_mode():
        found = gates.answers(names, done, moved)[:, 0]
        predictor.frozen.states(**inputs(batch))
        pairs = [
            (
                timed(lambda: gates.answers(names, done, moved)),
                timed(lambda: predictor.frozen.states(**inputs(batch))),
            )
            for _round in range(rounds)
        ]
    slow = timed(lambda: one_by_one(gates, names, done, moved))
    quick = statistics.median(heads for heads, _encoder in pairs)
    return {
        "ratio": round(statistics.median(heads / encoder for heads, encoder in pairs), 3),
        "milliseconds": round(quick, 1),
        "encoder_milliseconds": round(statistics.median(encoder for _heads, encoder in pairs), 1),
        "one_by_one_ratio": round(slow / quick, 1),
        "error": float(np.abs(one_by_one(gates, names, done, moved) - found).max()),
        "variants": count,
        "heads": len(names),
        "tokens": int(gates.mask.sum()),
        "rounds": rounds,
        "threads": torch.get_num_threads(),
        "model": model,
        **machine(),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--model", default="e5-small-xnli")
    parser.add_argument("--variants", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    found = measure(options.model, options.variants, options.rounds)
    show(found, as_json=options.json, name="interventions")


if __name__ == "__main__":
    main()
