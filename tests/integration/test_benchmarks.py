"""The benchmarks run and end with one JSON object."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def last_line(*arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", *arguments, "--json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_the_layer_sweep_prints_its_ratio() -> None:
    found = last_line("benchmarks.layer_sweep", "--pairs", "8", "--rounds", "2")
    # two rounds beside other tests say nothing about time: only that it was measured
    assert all(found["milliseconds"][name] > 0 for name in ("encoder", "sweep", "all_heads"))
    assert found["ratio"] > 0
    assert found["pairs"] == 8


@pytest.mark.slow
def test_latency_prints_cold_and_warm_times(checkpoint: Path) -> None:
    found = last_line("benchmarks.latency", "--rounds", "1")
    assert found["heads"] == 23
    assert found["cold_seconds"] > found["import_seconds"]
    assert found["warm_milliseconds"] > 0
