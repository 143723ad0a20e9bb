"""Weights in a small file come out as they went in, bit for bit."""

import numpy as np
import pytest
import torch

from dlfa.errors import BrokenFileError
from dlfa.model.embedded import dequantise_q4
from dlfa.model.packed import load_packed, quantised_q4, save_packed


def blocks(count: int = 50, seed: int = 0) -> np.ndarray:
    """Return Q4_0 blocks as a quantiser makes them: the largest weight of each is -8 steps."""
    draw = np.random.default_rng(seed)
    codes = draw.integers(1, 16, (count, 32)).astype(np.uint8)
    codes[np.arange(count), draw.integers(0, 32, count)] = 0
    scale = draw.normal(0, 0.01, (count, 1)).astype("<f2")
    scale[0] = 0
    return np.concatenate([scale.view(np.uint8), codes[:, :16] | (codes[:, 16:] << 4)], axis=1)


def test_weights_that_were_blocks_become_blocks_again():
    weights = dequantise_q4(blocks()).reshape(40, 40)
    found = quantised_q4(weights)
    assert found.nbytes == weights.size // 32 * 18
    np.testing.assert_array_equal(dequantise_q4(found).reshape(40, 40), weights)


@pytest.mark.parametrize(
    "weights",
    [
        np.random.default_rng(0).normal(size=(4, 32)).astype(np.float32),
        np.ones(33, np.float32),
        np.full((1, 32), np.inf, np.float32),
        np.full((1, 32), np.nan, np.float32),
        np.full((1, 32), 1e30, np.float32),
        np.zeros((0, 32), np.float32),
    ],
)
def test_weights_that_blocks_would_change_are_left(weights):
    assert quantised_q4(weights) is None


def test_a_file_gives_back_every_tensor_bit_for_bit(tmp_path):
    tensors = {
        "blocks": torch.from_numpy(dequantise_q4(blocks())).reshape(5, 320),
        "others": torch.randn(7, 32),
        "few": torch.randn(3),
        "numbers": torch.arange(64),
    }
    save_packed(tensors, tmp_path / "file")
    found = load_packed(tmp_path / "file")
    assert found.keys() == tensors.keys()
    assert all(torch.equal(found[name], tensor) for name, tensor in tensors.items())
    assert all(found[name].dtype == tensor.dtype for name, tensor in tensors.items())


def test_the_encoder_in_the_package_takes_an_eighth(tmp_path):
    from dlfa.model.embedded import embedded_path, read_e5

    weights = torch.from_numpy(read_e5(embedded_path(), sha256=None).tensor("l3.fi.w"))
    save_packed({"weights": weights}, tmp_path / "file")
    assert (tmp_path / "file").stat().st_size < weights.nbytes / 7
    assert torch.equal(load_packed(tmp_path / "file")["weights"], weights)


@pytest.mark.parametrize("harm", ["cut", "missing", "other"])
def test_a_damaged_file_is_told(tmp_path, harm):
    file = tmp_path / "file"
    save_packed({"weights": torch.randn(64)}, file)
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-9])
    elif harm == "missing":
        file.unlink()
    else:
        from safetensors.torch import save_file

        save_file({"weights": torch.randn(4)}, file)
    with pytest.raises(BrokenFileError):
        load_packed(file)
