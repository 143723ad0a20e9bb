"""Made-up maps and measures of sentences in every space, as awkward as they can be."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tests.unit.figures import samples

if TYPE_CHECKING:
    from dlfa.results import (
        LanguageTree,
        LayerMap,
        LayerMeasure,
        Neighbours,
        Probe,
        SentenceSet,
    )

LAYERS = tuple(map(str, range(13)))
CODES = tuple("en ar sw de fr es ru zh th tr".split())
NAMES = {"en": "English", "ar": "<b>Arabic</b>", "sw": "Swahili"}
TEXTS = (
    "<b>5</b> $6$ & 7",
    "كان الجو باردًا \u202e12",
    "1 2 3 4 5 6 7 8 9 " * 30,
    "12345" * 40,
    "\x00\n1",
)


def sentences(items: int = 12, codes: Sequence[str] = ("en", "ar", "sw")) -> "SentenceSet":
    """Return translations of ``items`` sentences into each language, one after the other."""
    from dlfa.results import SentenceSet

    n = items * len(codes)
    draw = np.random.default_rng(n)
    texts = tuple(f"{at} {TEXTS[at % len(TEXTS)]}" for at in range(n))
    return SentenceSet(
        texts=texts,
        languages=np.repeat(np.array(codes), items),
        items=np.tile([f"item-{at}" for at in range(items)], len(codes)),
        columns={"label": draw.choice(["neutral", "entailment", ""], n)},
        guessed=samples.frozen(np.arange(n) % 7 == 0),
        copies=samples.frozen(1 + (np.arange(n) % 5 == 0)),
        name="built-in",
        digest="0" * 32,
    )


def layer_map(
    n: int = 36,
    dims: int = 2,
    spaces: Sequence[str] = (*LAYERS, "D_1", "D_8"),
    method: str = "umap",
    trust: float = 0.93,
) -> "LayerMap":
    """Return places that wander a little from space to space."""
    from dlfa.results import LayerMap

    draw = np.random.default_rng([n, dims])
    steps = draw.normal(0, [[[1.0]], *[[[0.2]]] * (len(spaces) - 1)], (len(spaces), n, dims))
    quality = np.linspace(trust, trust + 0.03, len(spaces))
    pca = method == "pca"
    return LayerMap(
        spaces=tuple(spaces),
        method="pca" if pca else "umap",
        centred=not pca,
        points=samples.frozen(np.cumsum(steps, 0).astype(np.float32)),
        k=5,
        trustworthiness=samples.frozen(quality),
        overlap=samples.frozen(quality - 0.4),
        chance=5 / max(1, n - 1),
        judged=n,
        stability=samples.frozen(np.ones(len(spaces)) if pca else quality - 0.2),
        drift=samples.frozen(draw.uniform(0.1, 0.25, len(spaces) - 1)),
        explained=samples.frozen(np.tile([0.23, 0.11, 0.08][:dims], (len(spaces), 1)))
        if pca
        else None,
        seed=0,
        provenance=samples.provenance(),
    )


def neighbours(mapped: "LayerMap", k: int = 5) -> "Neighbours":
    from dlfa.results import Neighbours

    spaces, n, _ = mapped.points.shape
    rows = (np.arange(n)[:, None] + np.arange(1, k + 1)) % n
    return Neighbours(
        spaces=mapped.spaces,
        rows=samples.frozen(np.tile(rows, (spaces, 1, 1))),
        similarity=samples.frozen(np.tile(np.linspace(0.95, 0.5, k), (spaces, n, 1))),
        centred=mapped.centred,
    )


def measure(
    name: str = "p_at_1",
    codes: Sequence[str] = ("en", "ar", "sw"),
    spaces: Sequence[str] = (*LAYERS, "D_1", "D_8"),
    *,
    width: float = 0.04,
    lift: float = 0.6,
    single: bool = False,
) -> "LayerMeasure":
    """Return values that rise to the middle layers by ``lift`` over the control and fall again."""
    from dlfa.results import LayerMeasure

    pairs = [(code, "") for code in codes] if single else [(codes[0], code) for code in codes[1:]]
    arch = 1 - np.abs(np.linspace(-1, 1, len(spaces))) ** 2
    values = 0.1 + lift * arch + 0.02 * np.arange(len(pairs))[:, None]
    average = values.mean(0)
    return LayerMeasure(
        name=name,
        spaces=tuple(spaces),
        pairs=tuple(pairs),
        values=samples.frozen(values),
        low=samples.frozen(values - 2 * width),
        high=samples.frozen(values + 2 * width),
        average=samples.frozen(average),
        average_low=samples.frozen(average - width),
        average_high=samples.frozen(average + width),
        control=samples.frozen(np.full(len(spaces), 0.05)),
        n=samples.frozen(np.full(len(pairs), 48)),
        provenance=samples.provenance(),
    )


def probe(
    name: str = "pos", codes: Sequence[str] = ("en", "ar", "sw"), majority: float = 0.2
) -> "Probe":
    from dlfa.results import Probe

    found = measure("p_at_1", codes, single=True)
    shared = {
        part: getattr(found, part)
        for part in "spaces values low high average average_low average_high control".split()
    }
    return Probe(
        name=name,
        languages=tuple(codes),
        majority=majority,
        trained_on=("en",) if name == "pos" else tuple(codes),
        n=samples.frozen(np.full(len(codes), 1500)),
        provenance=samples.provenance(),
        **shared,
    )


def tree(
    codes: Sequence[str] = CODES,
    families: Sequence[str] = tuple("ABCAAAADEF"),
    spaces: Sequence[str] = ("0", "6", "12", "D_8"),
    p: float = 0.01,
) -> "LanguageTree":
    """Return clusters of random distances, as scipy finds them."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    from dlfa.results import LanguageTree

    draw = np.random.default_rng(len(codes))
    places = draw.normal(0, 1, (len(spaces), len(codes), 3))
    distances = np.linalg.norm(places[:, :, None] - places[:, None], axis=-1) / 4
    linkages = [linkage(squareform(one, checks=False), "average") for one in distances]
    return LanguageTree(
        spaces=tuple(spaces),
        languages=tuple(codes),
        families=tuple(families),
        distances=samples.frozen(distances),
        linkage=samples.frozen(np.array(linkages)),
        agreement=samples.frozen(np.linspace(0.1, 0.4, len(spaces))),
        p=samples.frozen(np.full(len(spaces), p)),
        provenance=samples.provenance(),
    )
