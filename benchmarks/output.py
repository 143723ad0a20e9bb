"""How every benchmark prints what it measured, and keeps it for the report."""

import json
import os
import platform
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

__all__ = ["RESULTS", "machine", "show"]

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("torch", "transformers", "streamlit")


def machine() -> dict[str, object]:
    """Return what every measurement depends on."""
    return {
        "cores": os.cpu_count(),
        "processor": processor(),
        "python": platform.python_version(),
        "versions": {library: version(library) for library in LIBRARIES},
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def processor() -> str:
    """Return the processor's own name, where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.is_file() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def show(found: Mapping[str, object], *, as_json: bool, name: str) -> None:
    """Print a line per figure, or one JSON object as the last line; keep it if asked.

    With ``DLFA_BENCHMARKS=keep`` in the environment the result is written to
    ``benchmarks/results/<name>.json``, which `benchmarks.report` reads.

    Args:
        found: the measurement.
        as_json: print JSON.
        name: of the file, without its suffix.
    """
    if os.environ.get("DLFA_BENCHMARKS") == "keep":
        RESULTS.mkdir(exist_ok=True)
        made = {"command": command(), "date": f"{datetime.now(UTC):%Y-%m-%d}", **found}
        (RESULTS / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n")
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for figure, value in found.items():
        sys.stdout.write(f"{figure}: {value}\n")


def command() -> str:
    """Return the command that was typed."""
    settings = [f"{key}={os.environ[key]}" for key in SETTINGS if key in os.environ]
    return shlex.join(
        [*settings, "python", "-m", f"benchmarks.{Path(sys.argv[0]).stem}", *sys.argv[1:]]
    )


SETTINGS = ("OMP_NUM_THREADS", "DLFA_DEVICE", "DLFA_DTYPE")
