"""How long does a visitor wait? ``python -m benchmarks.latency --json``.

``cold_seconds``: from process start to the first printed prediction of all heads; the floor under
it is ``import_seconds``, what importing torch and transformers alone takes in the same run, and
``ratio`` is the one over the other. ``warm_milliseconds``: median of one pair through all heads in
a running process. ``resident_megabytes``: memory after loading. The last line is the JSON object.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

from benchmarks.output import machine, show

PAIR = ("The train did not leave on time because of the heavy snow.", "The passengers were angry.")
IMPORTS = "import torch, transformers; from transformers import AutoModel; import peft"
INSIDE = """
import json, resource, sys, time
from dlfa.analysis.predict import load
model = load(sys.argv[1])
resident = int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6
pair = tuple(sys.argv[2:4])
times = []
for _ in range(30):
    start = time.perf_counter()
    model.predict([pair])
    times.append(1000 * (time.perf_counter() - start))
print(json.dumps({"times": times[5:], "resident": resident, "heads": len(model.heads)}))
"""


def run(*arguments: str) -> tuple[float, str]:
    """Run a Python process; return its wall time in seconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return time.perf_counter() - start, done.stdout


def measure(model: str, rounds: int) -> dict[str, object]:
    """Measure cold and warm answers of one model, imports and cold starts in turn."""
    imports, colds = [], []
    for _ in range(rounds):
        imports.append(run("-c", IMPORTS)[0])
        colds.append(run("-m", "dlfa", "predict", *PAIR, "--model", model)[0])
    inside = json.loads(run("-c", INSIDE, model, *PAIR)[1].splitlines()[-1])
    pairwise = zip(colds, imports, strict=True)
    return {
        "ratio": round(statistics.median(cold / bare for cold, bare in pairwise), 3),
        "cold_seconds": round(statistics.median(colds), 2),
        "import_seconds": round(statistics.median(imports), 2),
        "warm_milliseconds": round(statistics.median(inside["times"]), 1),
        "resident_megabytes": round(inside["resident"]),
        "heads": inside["heads"],
        "rounds": rounds,
        "model": model,
        **machine(),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--model", default="e5-small-xnli")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    show(measure(options.model, options.rounds), as_json=options.json, name="latency")


if __name__ == "__main__":
    main()
