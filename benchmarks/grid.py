"""What makes a grid of trainings quick: ``python -m benchmarks.grid --json``.

Steps of the ``paper`` recipe on e5-small (D_8, batches of 32 made-up pairs of 43 sub-words), in one
run, in turns: with the whole vocabulary and with the 20,583 rows that the MNLI pairs of our mirror
have (``cut``: processor seconds of a step, of its optimiser, bytes of what a checkpoint holds); and
one process on all cores beside as many single-thread processes (``side_by_side``: tokens a second
of all together; other programs slow both, so that only their ratio says something).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import torch

from benchmarks.output import machine, show
from dlfa.data.tasks import task
from dlfa.model.backbones import Encoder, load_encoder
from dlfa.model.device import hardware
from dlfa.model.modeling import DlfaModel
from dlfa.model.vocabulary import WORDS, assembled, body_of, cut_config
from dlfa.training.recipes import Settings, recipe
from dlfa.training.setup import build

ROWS, BATCH, LENGTH = 20_583, 32, 43
ROUNDS, STEPS = 3, 4
SECONDS = 20.0  # of one measurement side by side


def encoder(*, cut: bool) -> Encoder:
    """Return e5-small, whole or with as many rows of its embedding as a training reads."""
    whole = load_encoder("e5-small")
    if not cut:
        return whole
    weights = {**body_of(whole), WORDS: whole.model.state_dict()[WORDS][:ROWS]}
    about = {"key": whole.key, "revision": whole.revision, "pooling": whole.pooling}
    return assembled(cut_config(whole, ROWS), weights, about)


class Steps:
    """Steps of one cell's training.

    Args:
        cut: whether with a cut vocabulary.
    """

    def __init__(self, *, cut: bool) -> None:
        settings = Settings(
            task="xnli", backbone="e5-small", recipe=recipe("paper", "xnli"), heads=("D_8",)
        )
        self.model: DlfaModel = build(task("xnli"), encoder(cut=cut), settings).train()
        self.learned = [one for one in self.model.parameters() if one.requires_grad]
        self.optimizer = torch.optim.AdamW(self.learned, lr=2e-5, weight_decay=0.0, fused=True)
        ids = torch.randint(5, ROWS, (BATCH, LENGTH))
        self.batch = {"input_ids": ids, "labels": torch.arange(BATCH) % 3}

    def one(self) -> tuple[float, float]:
        """Make a step; return its processor seconds, and those of the optimiser in it."""
        start = time.process_time()
        with hardware().autocast():
            loss = self.model(**self.batch).loss
        assert loss is not None
        loss.backward()
        before = time.process_time()
        torch.nn.utils.clip_grad_norm_(self.learned, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return time.process_time() - start, time.process_time() - before

    @property
    def checkpoint(self) -> int:
        """Bytes of a checkpoint: the weights and the optimiser's two moments, in float32."""
        return 3 * 4 * sum(one.numel() for one in self.learned)


def vocabulary() -> dict[str, object]:
    """Return what a cut vocabulary saves."""
    steps = {name: Steps(cut=name == "cut") for name in ("whole", "cut")}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
    for one in steps.values():
        one.one()
    for _ in range(ROUNDS * STEPS):
        for name, one in steps.items():
            times[name].append(one.one())
    found = {
        name: {
            "step_seconds": round(statistics.median(step for step, _ in times[name]), 3),
            "optimizer_seconds": round(statistics.median(own for _, own in times[name]), 3),
            "checkpoint_megabytes": steps[name].checkpoint // 1_000_000,
        }
        for name in steps
    }
    return {
        **found,
        "quicker": _ratio(found["whole"]["step_seconds"], found["cut"]["step_seconds"]),
    }


def _ratio(one: float, other: float) -> float:
    return round(one / other, 2)


def beside(cores: int) -> dict[str, object]:
    """Return what many processes of one thread do, and one process with as many threads."""
    rates: dict[str, list[float]] = {"one_process": [], "side_by_side": []}
    for _ in range(ROUNDS):
        rates["one_process"].append(sum(_rates(1, cores)))
        rates["side_by_side"].append(sum(_rates(cores, 1)))
    found = {name: round(statistics.median(values)) for name, values in rates.items()}
    ratios = np.array(rates["side_by_side"]) / np.array(rates["one_process"])
    return {**found, "quicker": round(float(np.median(ratios)), 2), "cores": cores}


def _rates(processes: int, threads: int) -> Iterator[float]:
    command = [sys.executable, "-m", "benchmarks.grid", "--worker"]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    for one in running:
        said, _errors = one.communicate()
        yield float(said.split()[-1])


def work() -> float:
    """Return the tokens a second of this process."""
    steps = Steps(cut=True)
    steps.one()
    start, count = time.monotonic(), 0
    while time.monotonic() - start < SECONDS:
        steps.one()
        count += 1
    return count * BATCH * LENGTH / (time.monotonic() - start)


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(work())
        return
    asked = getattr(os, "sched_getaffinity", None)
    cores = len(asked(0)) if asked else os.cpu_count() or 1
    found = {
        "cut": vocabulary(),
        "side_by_side": beside(cores),
        "device": hardware().name,
        "dtype": hardware().dtype,
        "threads": torch.get_num_threads(),
        **machine(),
    }
    show(json.loads(json.dumps(found)), as_json=options.json, name="grid")


if __name__ == "__main__":
    main()
