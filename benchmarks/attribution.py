"""What does an explanation cost? ``python -m benchmarks.attribution --json``.

``ratio``: Integrated Gradients of one pair and one head over a plain forward pass of the same
reference model, medians of the same run; ``milliseconds`` of both, of every other method, of the
doors and of the curves. ``gap``: by baseline, the median and the largest share of the score's
change that our panels miss over our own sentence pairs, and that captum's own Integrated Gradients
misses with as many evenly spread steps; ``largest_gap`` is the first one's, in percent. The last
line is the JSON object.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.output import machine, show

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor, SentencePair

AIM = 2_500  # ms of one pair and one head, e5-small, two cores


def timed(call: Callable[[], object], rounds: int) -> float:
    """Return the median time of a call in ms, after one to warm up."""
    call()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)


def costs(predictor: "Predictor", pair: "SentencePair", head: str, rounds: int) -> dict[str, float]:
    """Return the time of a plain pass and of every analysis of one pair, in ms."""
    from dlfa.analysis.attribution import attribute
    from dlfa.analysis.doors import by_door
    from dlfa.analysis.faithfulness import faithfulness
    from dlfa.analysis.score_paths import Explained
    from dlfa.results.attributions import METHODS

    explained = Explained.of(predictor, pair, head)
    embedded, known = explained.input, attribute(predictor, pair, head)
    calls: dict[str, Callable[[], object]] = {"forward": partial(explained.scores, embedded)}
    for method in METHODS:
        calls[method] = partial(attribute, predictor, pair, head, method=method)
    calls["doors"] = partial(by_door, predictor, pair, head)
    calls["curves"] = partial(faithfulness, predictor, pair, known)
    return {name: round(timed(call, rounds), 1) for name, call in calls.items()}


def gaps(
    predictor: "Predictor", pairs: Sequence["SentencePair"], head: str, steps: Sequence[int]
) -> dict[str, dict[str, list[float]]]:
    """Return by baseline the median and the largest gap: of our panels, and of plain steps."""
    from captum.attr import IntegratedGradients

    from dlfa.analysis.attribution import attribute
    from dlfa.analysis.score_paths import Explained
    from dlfa.results.attributions import BASELINES, relative_gap

    found: dict[str, dict[str, list[float]]] = {}
    for baseline in BASELINES:
        ways: dict[str, list[float]] = {"panels": [], "gradients": []}
        for pair in pairs:
            ours = attribute(predictor, pair, head, baseline=baseline)
            ways["panels"].append(ours.gap)
            ways["gradients"].append(ours.steps)
            explained = Explained.of(predictor, pair, head, ours.label)
            start, end = explained.baseline(baseline), explained.input
            method = IntegratedGradients(explained.score)
            for count in steps:
                parts = method.attribute(
                    end, start, n_steps=count, internal_batch_size=explained.rows
                )
                gap = relative_gap(float(parts.sum()), ours.change)
                ways.setdefault(f"plain {count}", []).append(gap)
        found[baseline] = {
            name: [round(statistics.median(each), 4), round(max(each), 4)]
            for name, each in ways.items()
        }
    return found


def measure(
    model: str, head: str, pairs: int, steps: Sequence[int], rounds: int
) -> dict[str, object]:
    """Measure one model's head on our own sentence pairs, languages in turn."""
    from dlfa.analysis.predict import load
    from dlfa.data.parallel import own_items

    predictor = load(model)
    items = own_items(predictor.model.config.task)
    chosen = [
        item.text[sorted(item.text)[at % len(item.text)]]
        for at, item in enumerate((items * (pairs // len(items) + 1))[:pairs])
    ]
    took = costs(predictor, chosen[0], head, rounds)
    missed = gaps(predictor, chosen, head, steps)
    return {
        "ratio": round(took["integrated_gradients"] / took["forward"], 1),
        "milliseconds": took,
        "within_aim": took["integrated_gradients"] <= AIM,
        "gap": missed,
        "largest_gap": {name: round(100 * each["panels"][1], 3) for name, each in missed.items()},
        "pairs": pairs,
        "head": head,
        "model": model,
        **machine(),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--model", default="e5-small-xnli")
    parser.add_argument("--head", default="D_8")
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--steps", type=int, nargs="+", default=[50])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found = measure(options.model, options.head, options.pairs, options.steps, options.rounds)
    show(found, as_json=options.json, name="attribution")


if __name__ == "__main__":
    main()
