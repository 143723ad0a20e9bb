"""Sentences -> one vector in every layer and fused space of an encoder.

A vector is the mean over all real tokens of its sentence, the special ones included, as
multilingual-e5 was trained to be read (Wang et al. 2024, arXiv 2402.05672), or that of the first
token. Sentences go in batches of like length; each batch's states are pooled as they are computed,
so that what is kept grows with sentences x spaces, and not with tokens.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from jaxtyping import Float

from dlfa.analysis.embedder import Embedder, load_encoder
from dlfa.analysis.predict import batches
from dlfa.data.collation import Features, collate, to_device
from dlfa.data.texts import check_text
from dlfa.errors import MemoryFullError
from dlfa.results.embeddings import LayerVectors, PooledBy

__all__ = ["Embedder", "Embedding", "Part", "embed", "load_encoder"]

STEP_TOKENS = 2048  # a step's sub-words on a CPU: under half a second on two cores
GPU_TOKENS = 16_384  # and on a GPU, which would idle at less

OnProgress = Callable[[int, int], object]


@dataclass(frozen=True)
class Part:
    """What one step found: some sentences in every space."""

    rows: list[int]
    vectors: Float[np.ndarray, "space row dim"]


def embed(
    embedder: Embedder,
    texts: Sequence[str],
    spaces: Sequence[str] | None = None,
    pooled_by: PooledBy = "mean",
    on_progress: OnProgress = lambda done, total: None,
) -> LayerVectors:
    """Return the vectors of some sentences, in their order.

    Args:
        embedder: see `load_encoder`.
        texts: any number; what is longer than the encoder reads is cut, and the result says so.
        spaces: of ``embedder.spaces``; all by default.
        pooled_by: ``"mean"`` or ``"first"``.
        on_progress: called after every batch with the sentences done and all of them.

    Raises:
        TextError: an empty or over-long text.
        InputError: a space that this encoder does not have.
        MemoryFullError: the device's memory does not hold one of them.
    """
    work = Embedding(embedder, texts, spaces, pooled_by)
    return work.result(_told(work, on_progress))


def _told(work: "Embedding", on_progress: OnProgress) -> Iterable[Part]:
    done = 0
    for step in work.steps():
        part = step()
        yield part
        done += len(part.rows)
        on_progress(done, len(work.encoded))


class Embedding:
    """The same in short steps, for those who share the machine with others.

    Args:
        embedder: see `load_encoder`.
        texts: any number.
        spaces: of ``embedder.spaces``; all by default.
        pooled_by: ``"mean"`` or ``"first"``.

    Raises:
        TextError: an empty or over-long text.
        InputError: a space that this encoder does not have.
    """

    def __init__(
        self,
        embedder: Embedder,
        texts: Sequence[str],
        spaces: Sequence[str] | None = None,
        pooled_by: PooledBy = "mean",
    ) -> None:
        self.embedder, self.pooled_by = embedder, pooled_by
        self.spaces = embedder.choose(spaces)
        self.encoded: list[Features] = embedder.encode([check_text(text) for text in texts])

    def steps(self) -> list[Callable[[], Part]]:
        """Return the steps, the longest sentences first; what they give makes the result."""
        budget = STEP_TOKENS if self.embedder.device.type == "cpu" else GPU_TOKENS
        lengths = [len(one["input_ids"]) for one in self.encoded]
        return [partial(self._take, rows) for rows in batches(lengths, budget)]

    def _take(self, rows: list[int]) -> Part:
        with suppress(torch.OutOfMemoryError):  # its traceback would keep the batch in memory
            return Part(rows, self._vectors(rows))
        if len(rows) == 1:
            tokens = len(self.encoded[rows[0]]["input_ids"])
            raise MemoryFullError("error.memory.one", id=rows[0] + 1, tokens=tokens)
        torch.cuda.empty_cache()
        half = len(rows) // 2
        parts = [self._take(some) for some in (rows[:half], rows[half:])]
        return Part(rows, np.concatenate([part.vectors for part in parts], axis=1))

    def _vectors(self, rows: Sequence[int]) -> Float[np.ndarray, "space row dim"]:
        padding = self.embedder.tokenizer.pad_token_id
        batch = collate([self.encoded[row] for row in rows], padding)
        batch = to_device(batch, self.embedder.device)
        found = self.embedder.pooled(batch, self.spaces, self.pooled_by)
        return torch.stack([found[name] for name in self.spaces]).cpu().numpy()

    def result(self, parts: Iterable[Part]) -> LayerVectors:
        """Put together what all the steps found, in any order."""
        shape = len(self.spaces), len(self.encoded), self.embedder.dim
        vectors = np.zeros(shape, np.float32)
        for part in parts:
            vectors[:, part.rows] = part.vectors
        return LayerVectors(
            spaces=self.spaces,
            vectors=vectors,
            pooled_by=self.pooled_by,
            tokens=np.array([len(one["input_ids"]) for one in self.encoded], int),
            cut=np.array([one["truncated"] for one in self.encoded], bool),
            provenance=self.embedder.provenance,
        )
