"""Which device and number format this process computes with: chosen once, shown everywhere."""

import json
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from dlfa.data.folders import cache_folder
from dlfa.errors import InputError

__all__ = ["Hardware", "hardware"]

GAIN = 1.1  # bf16 must be this much faster than float32 before it is taken on a CPU


@dataclass(frozen=True, kw_only=True)
class Hardware:
    """A device and the encoder's arithmetic on it."""

    device: str
    """``"cuda"``, ``"mps"`` or ``"cpu"``."""
    bf16: bool
    """Whether the encoder runs under bfloat16 autocast; heads always run in float32."""
    name: str
    """The device's own name, for people."""

    @property
    def dtype(self) -> str:
        """The encoder's arithmetic, as `Provenance` names it."""
        return "bfloat16" if self.bf16 else "float32"

    @property
    def encoder_dtype(self) -> torch.dtype:
        """The dtype of the encoder's matrix products."""
        return torch.bfloat16 if self.bf16 else torch.float32

    def autocast(self) -> AbstractContextManager:
        """Return the context in which the encoder runs."""
        return torch.autocast(self.device, torch.bfloat16, enabled=self.bf16)


@cache
def hardware() -> Hardware:
    """Return the device and dtype of this process.

    ``DLFA_DEVICE`` (``cuda``, ``mps``, ``cpu``) and ``DLFA_DTYPE`` (``bfloat16``, ``float32``)
    override the choice: CUDA with bf16, else Apple's MPS in float32, else the CPU with bf16 where
    the processor has instructions for it and a short probe (cached per machine) shows a gain.

    Raises:
        InputError: a variable asks for something that does not exist, or not here.
    """
    device = chosen("DLFA_DEVICE", ("cuda", "mps", "cpu")) or (
        "cuda"
        if torch.cuda.is_available()
        else "mps"
        if torch.backends.mps.is_available()
        else "cpu"
    )
    wanted = chosen("DLFA_DTYPE", ("bfloat16", "float32"))
    if wanted:
        bf16 = wanted == "bfloat16"
    elif device == "cpu":
        bf16 = has_bf16_instructions() and probe() >= GAIN
    else:
        bf16 = device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    name = torch.cuda.get_device_name() if device == "cuda" else device
    return Hardware(device=device, bf16=bf16, name=name)


def chosen(variable: str, allowed: tuple[str, ...]) -> str:
    """Return what an environment variable asks for, empty where it asks for nothing.

    Raises:
        InputError: for something else than it allows, or a device that is not there.
    """
    value = os.environ.get(variable, "")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if value and (value not in allowed or not there.get(value, True)):
        raise InputError("error.device", variable=variable, value=value, known=", ".join(allowed))
    return value


def has_bf16_instructions() -> bool:
    """Return whether this CPU multiplies bfloat16 matrices in hardware."""
    return torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()


def probe(cache_file: Path | None = None) -> float:
    """Return how much faster a batch's matrix product is in bf16 than in float32, as a ratio.

    Measured once per machine (about 0.3 s) and kept in the user's cache folder.
    """
    file = cache_file or cache_folder() / "bf16.json"
    key = f"{torch.__version__} {torch.get_num_threads()} {torch.backends.cpu.get_cpu_capability()}"
    known = _remembered(file)
    if key not in known:
        known[key] = _measure()
        with suppress(OSError):  # a read-only home: the probe runs again next time
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(known))
    return known[key]


def _remembered(file: Path) -> dict[str, float]:
    """Read earlier probes' ratios; a file that cannot be read holds none."""
    try:
        found = json.loads(file.read_text())
        return {key: float(ratio) for key, ratio in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _measure() -> float:
    layer = torch.nn.Linear(384, 1536)
    states = torch.randn(1024, 384)

    def once(bf16: bool) -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            layer(states)

    return _best(lambda: once(False)) / _best(lambda: once(True))


def _best(call: Callable[[], None], repeats: int = 15) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)
