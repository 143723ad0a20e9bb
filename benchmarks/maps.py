"""How long does a map of every layer take, and how good is it, beside umap-learn's `AlignedUMAP`?

``python -m benchmarks.maps --json``: 500 sentences of XNLI's validation set in 15 languages,
translations among them, mean-pooled from all 13 layers; needs `DLFA_DATA_DIR` or the Hub. Both are
fitted to the same vectors in turn, as pooled (``raw``) and ``centred`` by language, after a fit of
two layers has warmed `AlignedUMAP` (it compiles its last loop in every fit all the same, which is
part of its time). ``ratio`` is its time over ours, neighbours included, quality left out of both;
``trustworthiness`` is ours over its, ``drift`` ours over its, after its maps were turned onto each
other as ours are. On top stands the worse of raw and centred.

``first_seconds``: the first map of all layers in a process that has torch but nothing of numba,
with no machine code kept from before, quality included; ``again_seconds``: with code kept.
``pca_seconds``: PCA's maps and their quality. The last line is the JSON object.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.output import machine, show
from dlfa.analysis.held import Work, layouts
from dlfa.analysis.layer_maps import pca_map
from dlfa.analysis.map_quality import drift, quality, spread
from dlfa.analysis.neighbours import directions
from dlfa.analysis.predict import Predictor, load
from dlfa.analysis.principal import turned
from dlfa.analysis.stopping import never
from dlfa.data.sources import evaluation_pairs
from dlfa.data.tasks import TASKS
from dlfa.results import LayerVectors, Provenance, SentenceSet

K = 15
BATCH = 50  # sentences of one encoder pass
FIRST = """
import sys, time, torch
import numpy as np
from benchmarks.maps import known
vectors, sentences = known(sys.argv[1])
start = time.perf_counter()
from dlfa.analysis.layer_maps import umap_map
umap_map(vectors, sentences, centred=False)
sys.stdout.write(str(time.perf_counter() - start))
"""


class Fitted(NamedTuple):
    """One side's maps: ``(space sentence axis)``, centred on 0."""

    points: np.ndarray
    seconds: float

    def measured(self, units: list[np.ndarray]) -> dict[str, float]:
        """Return the means over the spaces."""
        found = [quality(unit, points, K) for unit, points in zip(units, self.points, strict=True)]
        return {
            "seconds": round(self.seconds, 2),
            "trustworthiness": round(float(np.mean([one.trustworthiness for one in found])), 4),
            "overlap": round(float(np.mean([one.overlap for one in found])), 4),
            "drift": round(float(drift(self.points / spread(self.points)).mean()), 4),
        }


def drawn(count: int) -> tuple[list[str], np.ndarray]:
    """Return sentences and their languages: the same first premises in every language."""
    task, texts, codes = TASKS["xnli"], [], []
    each = -(-count // len(task.languages))
    for code in task.languages:
        pairs = evaluation_pairs(task, code, "validation")
        premises = list(dict.fromkeys((pair.premise, pair.first) for pair in pairs))
        texts += [text for _, text in premises[:each]]
        codes += [code] * each
    return texts[:count], np.array(codes[:count])


@torch.inference_mode()
def pooled(of: Predictor, texts: list[str]) -> np.ndarray:
    """Return every layer's mean over the real tokens, ``(space sentence dim)``."""
    parts = []
    for start in range(0, len(texts), BATCH):
        batch = of.tokenizer(
            texts[start : start + BATCH],
            padding=True,
            truncation=True,
            max_length=of.max_tokens,
            return_tensors="pt",
        ).to(of.hardware.device)
        mask = batch["attention_mask"][..., None].float()
        with of.hardware.autocast():
            states = of.states(dict(batch))
        parts.append(torch.stack([(s * mask).sum(1) / mask.sum(1) for s in states]).cpu())
    return torch.cat(parts, dim=1).numpy()


def known(path: str) -> tuple[LayerVectors, SentenceSet]:
    """Return what `measure` has written, as the package takes it."""
    with np.load(path) as kept:
        vectors, languages = kept["vectors"], kept["languages"]
    spaces, count, _ = vectors.shape
    # Nobody looks at the provenance; a model loaded for it would warm what is to be cold.
    nothing = dict.fromkeys(("checkpoint", "revision", "device", "dtype"), "")
    return LayerVectors(
        spaces=tuple(str(space) for space in range(spaces)),
        vectors=vectors,
        pooled_by="mean",
        tokens=np.ones(count, dtype=int),
        cut=np.zeros(count, dtype=bool),
        provenance=Provenance(backbone="e5-small", state="tuned(xnli)", seed=0, **nothing),
    ), SentenceSet(
        texts=tuple(str(row) for row in range(count)),
        languages=languages,
        items=np.full(count, ""),
        guessed=np.zeros(count, dtype=bool),
        copies=np.ones(count, dtype=int),
        name="xnli validation",
        digest="",
    )


def ours(vectors: LayerVectors, languages: np.ndarray | None) -> Fitted:
    """Fit ours, from vectors to places."""
    start = time.perf_counter()
    work = Work(vectors, languages, axes=2, k=K, seed=0, neighbours=None, stop=never)
    points = np.stack([points for points, _ in layouts(work)])
    return Fitted(points, time.perf_counter() - start)


def aligned(units: list[np.ndarray]) -> Fitted:
    """Fit `AlignedUMAP` as it comes, to the same directions; turn its maps onto each other."""
    from umap import AlignedUMAP

    same = {row: row for row in range(len(units[0]))}
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a seed means one thread
        fit = AlignedUMAP(n_neighbors=K, random_state=0)
        fit.fit(units, relations=[same] * (len(units) - 1))
    seconds = time.perf_counter() - start
    points: list[np.ndarray] = []
    for space in fit.embeddings_:
        middle = space - space.mean(axis=0)
        points.append(turned(middle, points[-1]) if points else middle)
    return Fitted(np.stack(points), seconds)


def compared(vectors: LayerVectors, languages: np.ndarray | None) -> dict[str, object]:
    """Return both sides, and one over the other; ours twice, before and after, the median."""
    units = [directions(space, languages) for space in vectors.vectors]
    turns = [ours(vectors, languages), aligned(units), ours(vectors, languages)]
    seconds = statistics.median([turns[0].seconds, turns[2].seconds])
    mine, peer = Fitted(turns[0].points, seconds).measured(units), turns[1].measured(units)
    return {
        "ours": mine,
        "aligned_umap": peer,
        "ratio": round(peer["seconds"] / mine["seconds"], 1),
        "trustworthiness": round(mine["trustworthiness"] / peer["trustworthiness"], 4),
        "drift": round(mine["drift"] / peer["drift"], 3),
    }


def fresh(path: Path) -> dict[str, float]:
    """Return the seconds of the first map in two fresh processes, one after the other."""
    with tempfile.TemporaryDirectory() as empty:
        found = [
            float(
                subprocess.check_output(
                    [sys.executable, "-c", FIRST, str(path)],
                    env=os.environ | {"NUMBA_CACHE_DIR": empty},
                    text=True,
                )
            )
            for _ in range(2)
        ]
    return {"first_seconds": round(found[0], 1), "again_seconds": round(found[1], 1)}


def measure(name: str, count: int) -> dict[str, object]:
    """Return everything; see the module."""
    texts, languages = drawn(count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.npz"
        np.savez(path, vectors=pooled(load(name), texts), languages=languages)
        vectors, sentences = known(str(path))
        first = fresh(path)
    start = time.perf_counter()
    pca_map(vectors, sentences, centred=False)
    pca = time.perf_counter() - start
    aligned([directions(space, None) for space in vectors.vectors[:2]])  # warms it
    ours(vectors, None)
    sides = {"raw": compared(vectors, None), "centred": compared(vectors, languages)}
    return {
        "ratio": min(side["ratio"] for side in sides.values()),
        "trustworthiness": min(side["trustworthiness"] for side in sides.values()),
        "drift": max(side["drift"] for side in sides.values()),
        **first,
        "pca_seconds": round(pca, 2),
        **sides,
        "sentences": count,
        "spaces": len(vectors.spaces),
        "model": name,
        "threads": torch.get_num_threads(),
        **machine(),
        "umap_learn": version("umap-learn"),
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--model", default="e5-small-xnli")
    parser.add_argument("--sentences", type=int, default=500)
    options = parser.parse_args()
    show(measure(options.model, options.sentences), as_json=options.json, name="maps")


if __name__ == "__main__":
    main()
