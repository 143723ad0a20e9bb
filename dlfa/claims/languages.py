"""Claims 1 and 8: what the encoder as published knows of languages, layer by layer."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from dlfa.analysis.directions import centred_by_language
from dlfa.analysis.layer_measures import measure
from dlfa.analysis.retrieval import found
from dlfa.analysis.statistics import DRAWS, Draws
from dlfa.analysis.translations import translations
from dlfa.claims.evidence import Evidence
from dlfa.claims.findings import listed, measured, part, refs, task_title
from dlfa.claims.quantities import Drawn, Student, correlation, mean_of
from dlfa.claims.reliability import reliability
from dlfa.claims.rules import everywhere
from dlfa.claims.sources import Runs
from dlfa.results import BASELINE, LayerVectors, Probe, SentenceSet
from dlfa.results.claims import Finding, Saying

__all__ = ["division_of_labour", "features", "thirds"]

POINTS = 100
RHO = 0.5  # a "crucial reason" goes along with at least this
RELIABLE = 0.8  # share of the variance between languages that is no error: rho loses a tenth
FEWEST_LANGUAGES = 8  # of a rank correlation: Fisher's z is no good for fewer
BOTH = ("retrieval", "probe")
ENGLISH = "en"


def thirds(spaces: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the places of the lowest and of the highest third of the layers, 0 left out."""
    layers = [at for at, name in enumerate(spaces) if name.isdecimal() and name != "0"]
    size = max(1, len(layers) // 3)
    return layers[:size], layers[-size:]


def division_of_labour(evidence: Evidence) -> Finding:
    """Judge claim 1: retrieval is better low, the probe of parts of speech better high.

    Two things have to hold: translations are found more often (P@1, each language's mean taken
    off) in layers 1 to L/3 than in the top third, with an interval over the items of all
    languages; and parts of speech, learned from English, are found again more often in the top
    third than in the lowest, with an interval over languages, which is what such a claim is about.
    """
    notes = []
    parts: dict[str, Student | Drawn] = {"retrieval": _retrieved(evidence)}
    sizes = {"retrieval": (len(_items(evidence.sentences)), "items")}
    if evidence.probe is not None:
        parts["probe"], languages = _tagged(evidence.probe)
        sizes["probe"] = languages, "languages"
    else:
        notes.append(Saying(key="claims.why.probe", params={"backbone": evidence.backbone}))
    ruled = everywhere(parts, len(BOTH))
    told = [
        part(
            name,
            "measure",
            Saying(key=f"claims.part.{name}"),
            one,
            ruled,
            against=0.0,
            n=sizes[name][0],
            of=sizes[name][1],
        )
        for name, one in parts.items()
    ]
    data = (evidence.sentences.name, *(["pos/pud"] if evidence.probe is not None else []))
    return measured(1, ruled, told, "points", (0.0,), *notes, data=data, recipe="raw")


def _items(sentences: SentenceSet) -> np.ndarray:
    return np.unique(np.concatenate([pair.items for pair in translations(sentences)]))


def _retrieved(evidence: Evidence) -> Drawn:
    """Return how much better retrieval is low than high, in points, items drawn for all pairs."""
    vectors, sentences = evidence.vectors, evidence.sentences
    low, high = thirds(vectors.spaces)
    pairs = translations(sentences)
    weights = {at: (1 if at in low else -1) / len(low) for at in (*low, *high)}
    gains = [np.zeros(len(pair.items)) for pair in pairs]
    for at, weight in weights.items():
        space = centred_by_language(vectors.vectors[at], sentences.languages)
        for place, pair in enumerate(pairs):
            hits = found(space[pair.rows[0]], space[pair.rows[1]], margin=False)
            gains[place] += weight * (hits == np.arange(len(pair.items))).mean(0)
    items = [pair.items for pair in pairs]
    draws = Draws(np.concatenate(items))
    return Drawn(
        np.array([POINTS * np.mean([one.mean() for one in gains])]),
        POINTS * _averaged(draws, items, gains)[None],
    )


def _averaged(
    draws: Draws, items: Sequence[np.ndarray], gains: Sequence[Float[np.ndarray, " item"]]
) -> Float[np.ndarray, " draw"]:
    """Return the mean over pairs of languages of each one's mean over its drawn items."""
    names = np.unique(np.concatenate(items))
    means = []
    for own, gain in zip(items, gains, strict=True):
        counts = draws.counts[:, np.searchsorted(names, own)].astype(float)
        total = counts.sum(1)
        means.append(
            np.divide(counts @ gain, total, out=np.full(DRAWS, gain.mean()), where=total > 0)
        )
    averaged: np.ndarray = np.mean(means, axis=0)
    return averaged


def _tagged(probe: Probe) -> tuple[Student, int]:
    """Return how much better the probe is high than low, in points, over the other languages."""
    low, high = thirds(probe.spaces)
    others = [at for at, code in enumerate(probe.languages) if code != ENGLISH]
    gains = probe.values[:, high].mean(1) - probe.values[:, low].mean(1)
    return mean_of(POINTS * gains[others]), len(others)


def features(evidence: Evidence) -> Finding:
    """Judge claim 8: languages that the encoder serves well are those to which it transfers well.

    Over languages, the rank correlation of zero-shot accuracy (the baseline's) with two features
    of the encoder as published, in its last layer: how near a language's sentences are to their
    English translations, and how well English parts of speech are found again in it. Each has to
    exceed rho = 0.5 in every task with enough languages that differ by more than their error. The
    tagging of parts of speech is left out of the second: it would be held against itself. An
    association, never a cause.
    """
    semantic = _similarity(evidence.vectors, evidence.sentences)
    structural = _probed(evidence.probe) if evidence.probe is not None else {}
    values: dict[str, Student] = {}
    sizes: dict[str, int] = {}
    noisy = []
    for task, runs in evidence.runs.items():
        scores = _baseline(runs)
        others = sorted(scores.keys() - {ENGLISH})
        if len(others) >= FEWEST_LANGUAGES and reliability(runs, others) < RELIABLE:
            noisy.append(task)
            continue
        for name, feature in (("semantic", semantic), ("structural", structural)):
            shared = sorted(scores.keys() & feature.keys() - {ENGLISH})
            if len(shared) >= FEWEST_LANGUAGES and (name, task) != ("structural", "pos"):
                about = [feature[code] for code in shared], [scores[code] for code in shared]
                values[f"{name}-{task}"] = correlation(*about)
                sizes[f"{name}-{task}"] = len(shared)
    kinds = {name.partition("-")[0] for name in values}
    wanted = len(values) + 2 - len(kinds)  # both features have to be there
    ruled = everywhere(values, max(wanted, 2), RHO)
    parts = [
        part(
            name,
            "measure",
            _feature_title(name),
            one,
            ruled,
            against=RHO,
            n=sizes[name],
            of="languages",
        )
        for name, one in values.items()
    ]
    notes = [Saying(key="claims.why.association")]
    if evidence.probe is None:
        notes.append(Saying(key="claims.why.probe", params={"backbone": evidence.backbone}))
    if noisy:
        about_noise = {"tasks": listed(noisy), "least": RELIABLE}
        notes.append(Saying(key="claims.why.noisy", params=about_noise))
    if len(kinds) < 2:
        notes.append(Saying(key="claims.why.languages", params={"least": FEWEST_LANGUAGES}))
    used = [record for runs in evidence.runs.values() for record in runs.records]
    return measured(8, ruled, parts, "rho", (RHO,), *notes, **refs(used))


def _feature_title(name: str) -> Saying:
    kind, _, task = name.partition("-")
    return Saying(key=f"claims.part.{kind}", params={"task": task_title(task)})


def _similarity(vectors: LayerVectors, sentences: SentenceSet) -> dict[str, float]:
    """Return each language's similarity to English in the last layer, its mean taken off."""
    last = LayerVectors(
        **{**vars(vectors), "spaces": vectors.spaces[-1:], "vectors": vectors.vectors[-1:]}
    )
    told = measure("similarity", last, sentences, centred=True, draws=2)
    return {
        other: float(value)
        for (one, other), value in zip(told.pairs, told.values[:, 0], strict=True)
        if one == ENGLISH
    }


def _probed(probe: Probe) -> dict[str, float]:
    layers = [at for at, name in enumerate(probe.spaces) if name.isdecimal()]
    return dict(zip(probe.languages, probe.values[:, layers[-1]].tolist(), strict=True))


def _baseline(runs: Runs) -> dict[str, float]:
    """Return the baseline's score in each language, the mean over the seeds, from the summaries."""
    found: dict[str, list[float]] = {}
    for record in runs.records:
        for code, heads in record.content["summary"].items():
            row: Mapping[str, float] = heads[BASELINE]
            found.setdefault(code, []).append(row["f1"] if "f1" in row else row["accuracy"])
    return {code: float(np.mean(values)) for code, values in found.items()}
