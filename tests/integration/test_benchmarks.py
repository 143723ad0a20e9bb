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


@pytest.mark.slow
def test_the_layer_sweep_prints_its_ratio() -> None:
    found = last_line("benchmarks.layer_sweep", "--pairs", "8", "--rounds", "2")
    # two rounds beside other tests say nothing about time: only that it was measured
    assert all(found["milliseconds"][name] > 0 for name in ("encoder", "sweep", "all_heads"))
    assert found["ratio"] > 0
    assert found["pairs"] == 8


def test_all_heads_at_once_take_a_third_of_the_operations() -> None:
    """What counts on a GPU, where every operation is a kernel to launch."""
    found = last_line("benchmarks.layer_sweep", "--pairs", "4", "--rounds", "1")
    encoder, plain = found["calls"]["encoder"], found["calls"]["plain_encoder"]
    assert encoder < plain
    assert found["calls_grouped"]["sweep"] < 1.2 * encoder
    assert found["calls_grouped"]["all_heads"] < 1.4 * encoder
    one_by_one = found["calls"]["plain_all_heads"] - plain
    assert 3 * (found["calls_grouped"]["all_heads"] - encoder) < one_by_one


@pytest.mark.slow
def test_throughput_races_against_the_library(checkpoint: Path) -> None:
    if not os.environ.get("DLFA_DATA_DIR"):
        pytest.skip("no DLFA_DATA_DIR")
    found = last_line("benchmarks.throughput", "--pairs", "15", "--portions", "1")
    assert found["heads"] == 12
    assert found["ratio"].keys() == found["share"].keys() == {"bfloat16", "float32"}
    assert found["drift"] < 1e-4
    assert 0 <= found["flipped"] < 0.1


@pytest.mark.slow
def test_the_evaluation_benchmark_counts_from_texts_to_a_record(checkpoint: Path) -> None:
    if not os.environ.get("DLFA_DATA_DIR"):
        pytest.skip("no DLFA_DATA_DIR")
    found = last_line("benchmarks.evaluation", "--limit", "3")
    assert (found["pairs"], found["heads"]) == (45, 23)
    assert 0 < found["drawing_seconds"] <= found["first_partial_seconds"] <= found["seconds"]
    assert found["ratio"] > 0.5
    assert 0 < found["share"] < 1


@pytest.mark.slow
def test_the_attribution_benchmark_holds_our_panels_against_plain_steps(checkpoint: Path) -> None:
    found = last_line("benchmarks.attribution", "--pairs", "2", "--steps", "16", "--rounds", "1")
    assert found["ratio"] > 1
    assert found["gap"].keys() == {"mask", "padding", "mean"}
    for ways in found["gap"].values():
        assert ways["panels"][1] <= 0.05
        assert len(ways["plain 16"]) == 2


def test_without_data_throughput_says_in_one_sentence_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.throughput", "--pairs", "15"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"DLFA_DATA_DIR": str(tmp_path), "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 1
    assert "DLFA_DATA_DIR" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_embedding_benchmark_measures_each_file_in_its_own_process() -> None:
    found = last_line("benchmarks.embedding", "--counts", "100", "3000", "--layers", "0,2")
    assert found["growth"] < 1.3
    assert found["peak_megabytes"].keys() == {"100", "3000"}
    assert found["written_megabytes"]["3000"] > 3000 * 2 * 384 * 2 / 1e6 * 0.5


def test_the_report_sets_every_number_against_its_aim() -> None:
    from benchmarks.report import markdown

    made = {"cores": 2, "processor": "P", "python": "3", "versions": {}, "load": 0, "date": "D"}
    page = markdown(
        {
            "layer_sweep": {**made, "command": "python -m benchmarks.layer_sweep", "ratio": 1.3},
            "startup": {**made, "command": "python -m benchmarks.startup", "import_seconds": 0.1},
        }
    )
    assert "    python -m benchmarks.layer_sweep" in page
    assert "| 12 heads and encoder / encoder | 1.3 | ≤ 1.2 | **missed** |" in page
    assert "| `import dlfa` | 0.1 s | ≤ 0.3 s | reached |" in page
    assert "Many pairs" not in page


@pytest.mark.slow
def test_latency_prints_cold_and_warm_times(checkpoint: Path) -> None:
    found = last_line("benchmarks.latency", "--rounds", "1")
    assert found["heads"] == 23
    assert found["cold_seconds"] > found["import_seconds"]
    assert found["warm_milliseconds"] > 0
