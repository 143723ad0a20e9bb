"""Write small files in the embedded encoder's format, and read its 4-bit blocks the slow way."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

HEADER = ("hidden", "layers", "heads", "ffn", "vocab", "positions", "types")
Q4_PARTS = ("q", "k", "v", "ao", "fi", "fo")


@dataclass
class Writer:
    """Collects bytes and remembers where each section ends."""

    content: bytearray = field(default_factory=bytearray)
    sections: dict[str, int] = field(default_factory=dict)

    def add(self, section: str, data: bytes) -> None:
        self.content += data
        self.sections[section] = len(self.content)


def write_e5(
    shape: Mapping[str, int],
    pieces: Sequence[tuple[str, float]],
    normaliser: Mapping[str, str],
    tensors: Mapping[str, np.ndarray | bytes],
) -> Writer:
    """Lay out a file: arrays are stored as float32, bytes as the Q4 blocks that they are."""
    file = Writer()
    file.add("magic", b"E5S1")
    file.add("header", struct.pack("<I7ifi", 1, *(shape[name] for name in HEADER), 1e-12, 32))
    blobs = [piece.encode() for piece, _ in pieces]
    offsets = np.cumsum([0, *map(len, blobs)])
    file.add("piece count and special ids", struct.pack("<5i", len(pieces), 0, 2, 1, 3))
    file.add("blob length", struct.pack("<Q", offsets[-1]))
    file.add("piece offsets", offsets.astype("<u4").tobytes())
    file.add("scores", np.array([score for _, score in pieces], "<f4").tobytes())
    file.add("blob", b"".join(blobs))
    entries = b"".join(
        struct.pack(f"<IB{len(new)}I", ord(old), len(new), *map(ord, new))
        for old, new in normaliser.items()
    )
    file.add("normaliser", struct.pack("<iI", len(normaliser), len(entries)) + entries)
    stored = {
        name: (1, value) if isinstance(value, bytes) else (0, value.astype("<f4").tobytes())
        for name, value in tensors.items()
    }
    table = sum(2 + len(name.encode()) + 21 for name in stored)
    offset = len(file.content) + 4 + table
    rows = struct.pack("<i", len(stored))
    for name, (kind, data) in stored.items():
        label = name.encode()
        rows += struct.pack("<H", len(label)) + label
        rows += struct.pack("<BIQQ", kind, 0, offset, len(data))
        offset += len(data)
    file.add("tensor table", rows)
    for name, (_, data) in stored.items():
        file.add(name, data)
    return file


def slow_q4(blocks: bytes) -> np.ndarray:
    """Dequantise 4-bit blocks weight by weight, as the format describes them."""
    weights = []
    for start in range(0, len(blocks), 18):
        (scale,) = struct.unpack_from("<e", blocks, start)
        packed = blocks[start + 2 : start + 18]
        nibbles = [byte % 16 for byte in packed] + [byte // 16 for byte in packed]
        weights += [(nibble - 8) * scale for nibble in nibbles]
    return np.array(weights, np.float32)


def random_q4(count: int, draw: np.random.Generator) -> bytes:
    """Return blocks for ``count`` weights (a multiple of 32) of a size that networks have."""
    blocks = b""
    for _ in range(count // 32):
        blocks += struct.pack("<e", draw.uniform(-0.05, 0.05))
        blocks += draw.integers(0, 256, 16, dtype=np.uint8).tobytes()
    return blocks


TINY = {
    "hidden": 32,
    "layers": 3,
    "heads": 2,
    "ffn": 64,
    "vocab": 12,
    "positions": 16,
    "types": 2,
}
PIECES = [
    *((piece, 0.0) for piece in ("<s>", "<pad>", "</s>", "<unk>")),
    ("▁", -2.0),
    ("▁a", -3.0),
    ("b", -3.5),
    ("ß", -4.0),
    ("▁猫", -5.0),
    ("ab", -5.5),
    ("<mask>", 0.0),
]


def tiny_e5(seed: int = 0) -> Writer:
    """Return a whole encoder of 3 layers x 32 with random weights."""
    draw = np.random.default_rng(seed)
    dim, ffn = TINY["hidden"], TINY["ffn"]
    tensors: dict[str, np.ndarray | bytes] = {
        "emb.word": random_q4(TINY["vocab"] * dim, draw),
        "emb.pos": draw.normal(size=(TINY["positions"], dim)),
        "emb.type": draw.normal(size=(TINY["types"], dim)),
        "emb.ln.w": draw.normal(size=dim),
        "emb.ln.b": draw.normal(size=dim),
    }
    for layer in range(TINY["layers"]):
        for part in Q4_PARTS:
            wide = ffn if part in ("fi", "fo") else dim
            tensors[f"l{layer}.{part}.w"] = random_q4(wide * dim, draw)
            tensors[f"l{layer}.{part}.b"] = draw.normal(size=ffn if part == "fi" else dim)
        for part in ("aln", "oln"):
            tensors[f"l{layer}.{part}.w"] = draw.normal(size=dim)
            tensors[f"l{layer}.{part}.b"] = draw.normal(size=dim)
    return write_e5(TINY, PIECES, {"½": "1/2", "\u00a0": " "}, tensors)
