"""Does memory grow with the file? ``python -m benchmarks.embedding --json``.

`python -m dlfa embed` on files of short sentences, each in a process of its own: ``peak_megabytes``
is the most memory it ever took, ``growth`` the larger file's over the smaller one's, ``per_second``
its sentences over its whole time, loading included. ``--counts`` says how many sentences.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.output import machine, show
from dlfa.data.sentence_sets import built_in

COUNTS = (10_000, 100_000)
WORDS = 6  # of each sentence


def sentences(count: int) -> list[str]:
    """Return short sentences, hardly ever the same one twice, of the words of our own."""
    known = [text.split() for text in built_in().texts]
    words = np.array(sorted({word for text in known for word in text if len(text) > 2}))
    chosen = np.random.default_rng(0).integers(len(words), size=(count, WORDS))
    return [" ".join(row) for row in words[chosen]]


def run(count: int, model: str, layers: str) -> tuple[float, float, float]:
    """Return one run's most memory in MB, its seconds, and the size of what it wrote in MB."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "in.txt", Path(folder) / "out.parquet"
        file.write_text("\n".join(sentences(count)), encoding="utf-8")
        command = [sys.executable, "-m", "dlfa", "embed", str(file), "--model", model]
        began = time.perf_counter()
        process = subprocess.Popen([*command, "--layers", layers, "--out", str(out)])
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(process.returncode)
        unit = 1e6 if sys.platform == "darwin" else 1e6 / 1024  # of ru_maxrss: bytes, or KiB
        return usage.ru_maxrss / unit, seconds, out.stat().st_size / 1e6


def measure(counts: Sequence[int], model: str, layers: str) -> dict[str, object]:
    """Return every figure, of each number of sentences."""
    runs = {str(count): run(count, model, layers) for count in counts}
    peaks = [peak for peak, _, _ in runs.values()]
    return {
        "peak_megabytes": {name: round(peak) for name, (peak, _, _) in runs.items()},
        "growth": round(peaks[-1] / peaks[0], 3),
        "per_second": {name: round(int(name) / took, 1) for name, (_, took, _) in runs.items()},
        "seconds": {name: round(took, 1) for name, (_, took, _) in runs.items()},
        "written_megabytes": {name: round(size, 1) for name, (_, _, size) in runs.items()},
        "model": model,
        "layers": layers,
        **machine(),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--model", default="e5-small")
    parser.add_argument("--layers", default="all")
    options = parser.parse_args()
    found = measure(options.counts, options.model, options.layers)
    show(found, as_json=options.json, name="embedding")


if __name__ == "__main__":
    main()
