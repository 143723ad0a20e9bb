"""An encoder's weights in a small file, bit for bit: 4-bit blocks where they came from such.

e5-small's weights are 4-bit numbers with a scale for each 32 (see `dlfa.model.embedded`). Taken out
of float32 they take an eighth; a tensor that is none of the kind stays as it is.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from torch import Tensor

from dlfa.errors import BrokenFileError
from dlfa.model.embedded import Q4_BLOCK, dequantise_q4

__all__ = ["load_packed", "quantised_q4", "save_packed"]

SHAPES = "shapes"  # in the file's metadata: of the tensors that are blocks
LOWEST = -8  # of a 4-bit number: what the largest weight of a block became


def quantised_q4(weights: np.ndarray) -> np.ndarray | None:
    """Return float32 weights as Q4_0 blocks; None where those would not give them back exactly.

    Args:
        weights: of any shape, float32.
    """
    if weights.size == 0 or weights.size % Q4_BLOCK:
        return None
    rows = weights.reshape(-1, Q4_BLOCK)
    largest = np.take_along_axis(rows, np.abs(rows).argmax(1)[:, None], axis=1)
    with np.errstate(over="ignore"):
        scale = (largest / LOWEST).astype("<f2")
    if not np.isfinite(scale).all():
        return None
    divisor = np.where(scale == 0, 1, scale).astype(np.float32)
    codes = (np.rint(rows / divisor) - LOWEST).clip(0, 15).astype(np.uint8)
    half = Q4_BLOCK // 2
    blocks = np.concatenate(
        [scale.view(np.uint8), codes[:, :half] | (codes[:, half:] << 4)], axis=1
    )
    return blocks if np.array_equal(dequantise_q4(blocks).reshape(rows.shape), rows) else None


def save_packed(tensors: Mapping[str, Tensor], file: Path) -> None:
    """Write tensors, each as small as it can be without a loss.

    Args:
        tensors: by name, on any device.
        file: is replaced if it exists.
    """
    shapes, stored = dict[str, list[int]](), dict[str, np.ndarray]()
    for name, tensor in tensors.items():
        array = tensor.detach().cpu().numpy()
        blocks = quantised_q4(array) if array.dtype == np.float32 else None
        if blocks is not None:
            shapes[name] = list(array.shape)
        stored[name] = np.ascontiguousarray(array if blocks is None else blocks)
    save_file(stored, file, metadata={SHAPES: json.dumps(shapes)})


def load_packed(file: Path) -> dict[str, Tensor]:
    """Return the tensors of a file that `save_packed` wrote.

    Raises:
        BrokenFileError: it is not there, truncated, or none of ours.
    """
    try:
        with safe_open(file, "np") as found:
            shapes = json.loads((found.metadata() or {})[SHAPES])
            arrays = {name: found.get_tensor(name) for name in found.keys()}  # noqa: SIM118
        for name, shape in shapes.items():
            arrays[name] = dequantise_q4(arrays[name]).reshape(shape)
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise BrokenFileError("error.file.truncated", path=file.name) from error
    return {name: torch.from_numpy(array) for name, array in arrays.items()}
