"""What mBERT's training costs, computed: ``python -m benchmarks.costs --json``.

Minutes follow from FLOP and a device's peak at a stated share of it; memory and disk from the
tensors that one real step with random weights of mBERT's size keeps. Nothing here is a time that
was measured: see `benchmarks.training`.
"""

import argparse

from benchmarks.output import machine, show
from dlfa.data.tasks import task
from dlfa.results import head_names
from dlfa.training.costs import PEAKS, epoch_minutes, token_flops
from dlfa.training.forecast import examples
from dlfa.training.probe import probe, shape
from dlfa.training.recipes import Settings, recipe
from dlfa.training.room import room

LENGTH = 39  # sub-words of a pair of MNLI, about
SHARES = {"float32": (0.3, 0.6), "bfloat16": (0.05, 0.3)}  # of the peak; from slow to good
AIM = 4.0  # minutes for an epoch of MNLI on one H100


def costs(name: str) -> dict[str, object]:
    """Return one recipe's arithmetic, minutes, memory and disk for an epoch of MNLI."""
    settings = Settings(task="xnli", backbone="mbert", recipe=recipe(name, corpora=("mnli",)))
    pairs = examples(settings)
    flops = token_flops(shape("mbert"), head_names(12), settings.recipe.tuning, LENGTH)
    minutes = {
        peak.device: [
            round(epoch_minutes(pairs * LENGTH, flops, peak, share), 1)
            for share in SHARES[peak.dtype][::-1]
        ]
        for peak in PEAKS
    }
    taken = room(settings, probe(settings, patience=0.0), pairs, 2_490, LENGTH)
    h100 = next(peak for peak in PEAKS if peak.device == "H100")
    return {
        "pairs": pairs,
        "tokens": pairs * LENGTH,
        "gigaflop_a_token": round(flops / 1e9, 3),
        "minutes": minutes,
        "share_for_aim": round(epoch_minutes(pairs * LENGTH, flops, h100, 1.0) / AIM, 4),
        "memory_gigabytes": [round(value / 1e9, 1) for value in (taken.least, taken.most)],
        "disk_gigabytes": round(taken.disk / 1e9, 2),
        "max_length": task("xnli").max_length,
        "batch_size": settings.recipe.batch_size,
    }


def main() -> None:
    """Compute and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    found = {name: costs(name) for name in ("joint", "full")}
    show({**found, "shares": SHARES, **machine()}, as_json=options.json, name="costs-mbert")


if __name__ == "__main__":
    main()
