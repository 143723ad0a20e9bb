"""The README's table of what training mBERT takes, from what was computed and what was measured."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["MBERT", "mbert_costs"]

MBERT = re.compile(r"(<!-- mbert:begin -->\n).*?(<!-- mbert:end -->)", re.DOTALL)
COMPUTED = "benchmarks/results/costs-mbert.json"
MEASURED = "benchmarks/results/training-mbert.json"
TUNED = {"joint": "LoRA (`joint`)", "full": "all of the encoder (`full`)"}
SHOWN = ("T4", "A100", "H100")


def mbert_costs(root: Path) -> str:
    """Return the table with its footing.

    Args:
        root: the repository.
    """
    found = json.loads((root / COMPUTED).read_text(encoding="utf-8"))
    lines = [
        f"| an epoch of {found['joint']['pairs']:,} pairs | {' | '.join(SHOWN)} | memory | disk |",
        "|---" * (len(SHOWN) + 3) + "|",
        *(_row(name, found[name]) for name in TUNED),
    ]
    slow, good = found["shares"]["bfloat16"]
    old = found["shares"]["float32"]
    return (
        "\n".join(lines)
        + f"\n\nMinutes are computed, not measured: from {found['joint']['gigaflop_a_token']} and "
        f"{found['full']['gigaflop_a_token']} GFLOP a token and the maker's peak, of which "
        f"{100 * slow:.0f} to {100 * good:.0f} % are reached in bf16 (A100, H100) and "
        f"{100 * old[0]:.0f} to {100 * old[1]:.0f} % in float32 (the T4 has no bf16). Four minutes "
        f"on an H100 take {100 * found['joint']['share_for_aim']:.1f} % of its peak with LoRA. "
        "Memory is the device's, counted from the tensors that a step of "
        f"{found['joint']['batch_size']} pairs keeps, at usual and at the longest sentences; disk "
        "is the run's folder, and the encoder itself takes 0.7 GB more in the Hub's cache. "
        f"Computed by `{found['command']}`. An epoch with SNLI, which comes in too where "
        f"Flickr8k's captions are at hand, is 2.4 times as long. {_measured(root)}\n"
    )


def _row(name: str, found: Mapping[str, Any]) -> str:
    minutes = [f"{low:g} to {high:g} min" for low, high in map(found["minutes"].get, SHOWN)]
    least, most = found["memory_gigabytes"]
    cells = [*minutes, f"{least:g} to {most:g} GB", f"{found['disk_gigabytes']:g} GB"]
    return f"| {TUNED[name]} | {' | '.join(cells)} |"


def _measured(root: Path) -> str:
    file = root / MEASURED
    if not file.is_file():
        return "On a GPU nothing was measured yet: `python -m benchmarks.training --json` does."
    found = json.loads(file.read_text(encoding="utf-8"))
    share = f", {100 * found['share']:.1f} % of its peak" if found.get("share") else ""
    return (
        f"Measured on {found['device']}: {found['tokens_per_second']:,.0f} tokens a second{share}, "
        f"{found['epoch_minutes']:g} minutes an epoch (`{found['command']}`)."
    )
