"""Write ``benchmarks/RESULTS.md`` from what was measured: ``python -m benchmarks.report``.

It reads ``benchmarks/results/*.json``, which the benchmarks leave there when they run with
``DLFA_BENCHMARKS=keep``. ``--run`` runs all of them first (about a quarter of an hour on two quiet
cores; needs `DLFA_DATA_DIR` and Chromium).
"""

import argparse
import json
import operator
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.output import RESULTS

__all__ = ["Target", "markdown"]

PAGE = Path(__file__).parent / "RESULTS.md"
COMMANDS = (
    ("benchmarks.layer_sweep",),
    ("benchmarks.throughput",),
    ("benchmarks.throughput", "--backbone", "mbert-sized"),
    ("benchmarks.startup",),
    ("benchmarks.latency",),
    ("benchmarks.evaluation",),
    ("benchmarks.evaluation", "--limit", "0"),
    ("benchmarks.frozen",),
    ("benchmarks.grid",),
    ("benchmarks.embedding",),
    ("benchmarks.maps",),
    ("benchmarks.attribution",),
    ("benchmarks.interventions",),
)
HEAD = """# Benchmarks

Written by `python -m benchmarks.report` from `benchmarks/results/*.json`; never by hand. Ratios are
medians of measurements taken in turn within one run. Each section names the command that makes its
numbers again.
"""


class Target(NamedTuple):
    """One figure of a benchmark and what it should be."""

    words: str
    path: str
    """Keys into the JSON object, joined by dots."""
    sign: str = ""
    """``"<="`` or ``">="``; empty where there is no target."""
    goal: float = 0.0
    unit: str = ""


SWEEP = (
    Target("12 heads and encoder / encoder", "ratio", "<=", 1.20),
    Target("23 heads and encoder / encoder", "ratio_all_heads", "<=", 1.40),
    Target("one encoder pass", "milliseconds.encoder", unit="ms"),
    Target("the library's encoder pass", "milliseconds.plain_encoder", unit="ms"),
    Target("operations: encoder", "calls.encoder"),
    Target("operations: 12 heads, layers together as on a GPU", "calls_grouped.sweep"),
    Target("operations: 23 heads, layers together as on a GPU", "calls_grouped.all_heads"),
    Target("operations: 23 heads one by one", "calls.plain_all_heads"),
)
RACE = (
    Target("12 heads / pipeline with one, bfloat16", "ratio.bfloat16", ">=", 2.5),
    Target("12 heads / pipeline with one, float32", "ratio.float32", ">=", 1.5),
    Target("ours in bfloat16 / pipeline's default", "ratio_default", ">=", 5.0),
    Target("share of the matrix-product rate, bfloat16", "share.bfloat16", ">=", 0.6),
    Target("share of the matrix-product rate, float32", "share.float32", ">=", 0.6),
    Target("ours, bfloat16", "pairs_per_second.ours_bfloat16", unit="pairs/s"),
    Target("ours, float32", "pairs_per_second.ours_float32", unit="pairs/s"),
    Target("pipeline, bfloat16", "pairs_per_second.pipeline_bfloat16", unit="pairs/s"),
    Target("pipeline, float32", "pairs_per_second.pipeline_float32", unit="pairs/s"),
    Target("matrix product, bfloat16", "teraflops.bfloat16", unit="TFLOP/s"),
    Target("matrix product, float32", "teraflops.float32", unit="TFLOP/s"),
    Target("largest change of a float32 logit", "drift", "<=", 1e-4),
    Target("answers that bfloat16 changes", "flipped"),
)
START = (
    Target("`import dlfa`", "import_seconds", "<=", 0.3, "s"),
    Target("start to first prediction", "first_prediction_seconds", "<=", 12, "s"),
    Target("warm click, 23 heads, median", "click_milliseconds", "<=", 250, "ms"),
    Target("warm click, 23 heads, nine of ten", "click_milliseconds_p90", unit="ms"),
    Target("page switch, median", "switch_milliseconds", "<=", 150, "ms"),
    Target("page switch, nine of ten", "switch_milliseconds_p90", unit="ms"),
)
LATENCY = (
    Target("cold answer on the command line", "cold_seconds", unit="s"),
    Target("of that, importing torch, transformers and peft", "import_seconds", unit="s"),
    Target("the one over the other", "ratio"),
    Target("warm answer of 23 heads", "warm_milliseconds", unit="ms"),
    Target("memory after loading", "resident_megabytes", unit="MB"),
)
QUICK = (
    Target("15 languages x 100 pairs x 23 heads", "seconds", "<=", 60, "s"),
    Target("first partial result", "first_partial_seconds", "<=", 5, "s"),
    Target("engine / bare passes over the sorted whole", "ratio"),
    Target("share of the matrix-product rate", "share"),
    Target("pairs", "pairs_per_second", unit="pairs/s"),
    Target("memory at most", "peak_megabytes", "<=", 2000, "MB"),
)
FULL = (Target("all 75,150 pairs x 23 heads", "seconds", unit="s"), *QUICK[1:])
TRAINING = (
    Target("an epoch of 392,702 pairs at this pace", "epoch_minutes", "<=", 4.0, "min"),
    Target("the same at the device's stated peak", "epoch_minutes_at_peak", unit="min"),
    Target("training tokens", "tokens_per_second", unit="tokens/s"),
    Target("share of the stated peak", "share"),
    Target("useful arithmetic", "teraflops", unit="TFLOP/s"),
    Target("a step", "step_milliseconds", unit="ms"),
    Target("the device's memory at most", "memory_gigabytes", unit="GB"),
)
SMALL = TRAINING[2:]
FROZEN = (
    Target("2,000 pairs x 12 heads, from nothing to a checkpoint", "seconds", "<=", 180, "s"),
    Target("processor time of it", "processor_seconds", unit="s"),
    Target("memory at most", "peak_megabytes", "<=", 4000, "MB"),
    Target("English validation accuracy, mean of heads", "validation_accuracy"),
)
GRID = (
    Target("a step of the paper's recipe: whole vocabulary / cut", "cut.quicker", ">=", 1.0),
    Target("processor time of a step, cut", "cut.cut.step_seconds", unit="s"),
    Target("of that, the optimiser's", "cut.cut.optimizer_seconds", unit="s"),
    Target("the optimiser's, whole", "cut.whole.optimizer_seconds", unit="s"),
    Target("a checkpoint to go on from, cut", "cut.cut.checkpoint_megabytes", unit="MB"),
    Target("a checkpoint to go on from, whole", "cut.whole.checkpoint_megabytes", unit="MB"),
    Target("processes of one thread / one process on all cores", "side_by_side.quicker", ">=", 1.0),
    Target("side by side", "side_by_side.side_by_side", unit="tokens/s"),
)
EMBEDDING = (
    Target("memory at most, 100,000 sentences / 10,000", "growth", "<=", 1.1),
    Target("memory at most, 10,000 sentences", "peak_megabytes.10000", unit="MB"),
    Target("memory at most, 100,000 sentences", "peak_megabytes.100000", unit="MB"),
    Target("pace, loading included", "per_second.100000", unit="sentences/s"),
    Target("written, all layers", "written_megabytes.100000", unit="MB"),
)
MAPS = (
    Target("AlignedUMAP's time / ours, 13 layers of 500 sentences", "ratio", ">=", 5),
    Target("trustworthiness: ours / AlignedUMAP's", "trustworthiness", ">=", 0.98),
    Target("drift between layers: ours / AlignedUMAP's", "drift", "<=", 3),
    Target("first map in a fresh process, nothing compiled", "first_seconds", "<=", 20, "s"),
    Target("the same where code was kept", "again_seconds", unit="s"),
    Target("PCA of all layers, with its quality", "pca_seconds", "<=", 2, "s"),
    Target("ours, raw vectors", "raw.ours.seconds", unit="s"),
    Target("AlignedUMAP, raw vectors", "raw.aligned_umap.seconds", unit="s"),
    Target("trustworthiness of ours, raw", "raw.ours.trustworthiness"),
    Target("trustworthiness of ours, centred", "centred.ours.trustworthiness"),
    Target("drift of ours, raw", "raw.ours.drift"),
    Target("drift of ours, centred", "centred.ours.drift"),
)
CALIBRATION = (
    Target("all heads at once, LoRA: baseline", "differences.joint-alone.joint", unit="%"),
    Target("baseline alone, LoRA", "differences.joint-alone.alone", unit="%"),
    Target(
        "all heads at once, whole encoder tuned: baseline", "differences.joint-full.full", unit="%"
    ),
    Target("all at once minus alone", "differences.joint-alone.difference", unit="points"),
    Target("at least", "differences.joint-alone.low", unit="points"),
    Target("at most", "differences.joint-alone.high", unit="points"),
    Target("LoRA minus full", "differences.joint-full.difference", unit="points"),
    Target("at least", "differences.joint-full.low", unit="points"),
    Target("at most", "differences.joint-full.high", unit="points"),
)
WHY = (
    Target(
        "Integrated Gradients, one pair, one head",
        "milliseconds.integrated_gradients",
        "<=",
        2500,
        "ms",
    ),
    Target("the same / one forward pass", "ratio"),
    Target("largest gap, mask tokens", "largest_gap.mask", "<=", 2, "%"),
    Target("largest gap, padding", "largest_gap.padding", "<=", 2, "%"),
    Target("largest gap, mean embedding", "largest_gap.mean", "<=", 2, "%"),
    Target("Layer Conductance", "milliseconds.layer_conductance", unit="ms"),
    Target("by door", "milliseconds.doors", unit="ms"),
    Target("deletion and insertion, 20 random orders", "milliseconds.curves", unit="ms"),
)
WHAT_IF = (
    Target("200 gates of every head", "milliseconds", "<=", 60, "ms"),
    Target("the same / one encoder pass", "ratio"),
    Target("fused one by one / the same", "one_by_one_ratio"),
    Target("largest difference of a probability to that", "error"),
)
CALIBRATED = ("xnli", "paws-x", "ner", "pos")
SECTIONS = {
    "layer_sweep": ("All layers from one encoder pass", SWEEP),
    "throughput-e5-small": ("Many pairs: e5-small", RACE),
    "throughput-mbert-sized": ("Many pairs: mBERT's size, random weights", RACE),
    "startup": ("In the browser", START),
    "latency": ("On the command line", LATENCY),
    "evaluation-e5-small": ("A quick evaluation", QUICK),
    "evaluation-e5-small-all": ("A whole test set", FULL),
    "training-mbert": ("Training mBERT's size, random weights", TRAINING),
    "training-mbert-full": ("The same, all of the encoder tuned", TRAINING),
    "training-small": ("Training on a CPU: three layers, to show that it runs", SMALL),
    "frozen": ("Heads on a frozen encoder", FROZEN),
    "grid": ("A grid of trainings", GRID),
    "embedding": ("A file of sentences to their vectors in every layer", EMBEDDING),
    "attribution": ("Why an answer: attribution", WHY),
    "interventions": ("What if the gate were another one", WHAT_IF),
    "maps": ("Maps of every layer, beside umap-learn's AlignedUMAP", MAPS),
    **{
        f"calibration-{name}": (f"All heads at once, and LoRA: {name}", CALIBRATION)
        for name in CALIBRATED
    },
}
SIGNS = {"<=": ("≤", operator.le), ">=": ("≥", operator.ge)}


def markdown(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page.

    Args:
        results: the benchmarks' JSON objects by the names of their files.
    """
    parts = [HEAD]
    for name, (title, targets) in SECTIONS.items():
        if name in results:
            parts.append(section(title, targets, results[name]))
    return "\n".join(parts)


def section(title: str, targets: tuple[Target, ...], found: Mapping[str, Any]) -> str:
    """Return one benchmark's section: command, machine, numbers against targets."""
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    facts = [f"{key} {found[key]}" for key in ("device", "dtype", "threads") if key in found]
    where = ", ".join([found["processor"], f"{found['cores']} cores", *facts])
    lines = [
        f"## {title}\n",
        f"    {found['command']}\n",
        f"{found['date']}; {where}; Python {found['python']}, {versions}; load {found['load']}.\n",
        "| | measured | aim | |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *(row for one in targets if (row := line(one, found)))]) + "\n"


def line(target: Target, found: Mapping[str, Any]) -> str:
    """Return one row; empty where this run did not measure it."""
    value: Any = found
    for key in target.path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    if value is None:
        return ""
    shown = f"{value:.1e}" if 0 < abs(value) < 1e-3 else f"{value:g}"
    cells = [target.words, f"{shown} {target.unit}".strip(), "", ""]
    if target.sign:
        sign, holds = SIGNS[target.sign]
        cells[2] = f"{sign} {target.goal:g} {target.unit}".strip()
        cells[3] = "reached" if holds(value, target.goal) else "**missed**"
    return f"| {' | '.join(cells)} |"


def run_all() -> None:
    """Run every benchmark, one after the other, and keep what it measured."""
    for command in COMMANDS:
        environment = os.environ | {"DLFA_BENCHMARKS": "keep"}
        subprocess.run([sys.executable, "-m", *command, "--json"], env=environment, check=True)


def main() -> None:
    """Write the page, after running everything if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", action="store_true", help="run all benchmarks first")
    if parser.parse_args().run:
        run_all()
    results = {file.stem: json.loads(file.read_text()) for file in RESULTS.glob("*.json")}
    if not results:
        sys.exit("Nothing was measured yet: python -m benchmarks.report --run")
    PAGE.write_text(markdown(results), encoding="utf-8")


if __name__ == "__main__":
    main()
