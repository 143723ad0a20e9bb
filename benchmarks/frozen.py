"""How long heads take on a frozen encoder: ``python -m benchmarks.frozen --json``.

The baseline and every ``D_x`` on ``--examples`` English pairs of XNLI, as ``python -m dlfa train
--recipe frozen`` does it, from nothing to a written checkpoint: ``seconds`` is the wall time of the
whole, ``processor_seconds`` what it took of the processor, which tells more on a busy machine;
``peak_megabytes`` counts the pages of the hidden states' files that were mapped, too. The last line
is the JSON object.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from benchmarks.output import machine, show
from dlfa.model.device import hardware
from dlfa.results import head_names

HEADS = head_names(12, aff=False)
LOOKED_AT = 1000  # validation pairs, as on the page Train


def measure(examples: int) -> dict[str, object]:
    """Train in a process of its own and return what that took.

    Raises:
        CalledProcessError: it failed; what it said is on standard error.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        words = ["--recipe", "frozen", "--corpora", "mnli", "--examples", str(examples)]
        words += ["--validation-limit", str(LOOKED_AT), "--heads", *HEADS, "--out", str(out)]
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "dlfa", "train", *words], check=True, stdout=2)
        seconds = time.perf_counter() - start
        told = json.loads((out / "training.json").read_text(encoding="utf-8"))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": round(seconds, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_megabytes": used.ru_maxrss // 1000,
        "tokens": told["tokens"],
        "validation_accuracy": told["validation"]["eval_accuracy"],
        "examples": examples,
        "heads": len(HEADS),
        "backbone": "e5-small",
        "device": hardware().name,
        "dtype": hardware().dtype,
        "threads": torch.get_num_threads(),
        "usable_cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        **machine(),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--examples", type=int, default=2000)
    options = parser.parse_args()
    try:
        found = measure(options.examples)
    except subprocess.CalledProcessError:  # its sentence is there already
        sys.exit(1)
    size = "" if options.examples == 2000 else f"-{options.examples}"
    show(found, as_json=options.json, name=f"frozen{size}")


if __name__ == "__main__":
    main()
