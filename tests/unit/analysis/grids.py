"""Records of heads that were trained apart, on made-up examples, and stores of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.unit.analysis.synthetic import drawn
from tests.unit.figures.samples import provenance
from tests.unit.figures.table_samples import source, trained

LANGUAGES = ("en", "de", "es", "fr", "ja", "ko", "zh")  # of PAWS-X, whose groups are published
LEVELS = (0.4, 0.9, 0.4, 0.1)  # of the baseline, D_1, D_2, D_3


def run(seed: int = 0, levels=LEVELS, languages=LANGUAGES, **given):
    """Return what a seed's heads answer: other seeds, other answers to the same examples."""
    found = drawn(7 + seed, levels, 30, languages=languages, **given)
    settings = {"task": "paws-x", "split": "test", "seed": seed}
    return replace(found, settings=settings)


def sources(*evaluations, **given):
    """Return the records of evaluations, a seed each."""
    return [source(one.heads, one.settings["seed"], task="paws-x", **given) for one in evaluations]


def without(evaluation, head: str):
    """Return an evaluation in which one head was not run."""
    at = evaluation.heads.index(head)
    heads = tuple(name for name in evaluation.heads if name != head)
    return replace(evaluation, heads=heads, answers=np.delete(evaluation.answers, at, axis=1))


def only(evaluation, *languages: str):
    """Return an evaluation on some languages only."""
    return evaluation.part(np.flatnonzero(np.isin(evaluation.languages, languages)))


def validated(source, **figures: float):
    """Return a record whose heads did so well on English validation data."""
    told = {head: trained(validation=figures.get(head, 0.5)) for head in source.heads}
    return replace(source, trained=told)


def store(folder: Path, seeds: int = 2, heads=("baseline", "D_1", "D_2"), **given) -> Path:
    """Write a store of records as a sweep does, head by head; return its folder."""
    from dlfa.analysis.joining import join

    about = {
        "backbone": "e5-small",
        "task": "paws-x",
        "recipe": "paper",
        "max_tokens": 2_000,
        "limit": 90,
        "training": {},
        **given,
    }
    for seed in range(seeds):
        every = run(seed)
        for head in heads:
            at = every.heads.index(head)
            one = replace(
                every,
                heads=(head,),
                answers=every.answers[:, [at]],
                settings={
                    "task": "paws-x",
                    "split": "test",
                    "sampling_seed": 0,
                    "max_length": 128,
                    "total": len(every.ids),
                    "passes": 1,
                    "seconds": 2.0,
                    "faults": [],
                },
                provenance=replace(provenance(state="tuned(paws-x)"), seed=seed),
            )
            facts = {
                "tokens": 2_000,
                "seconds": 30.0,
                "validation": {"accuracy": 0.6 + 0.1 * (head == "D_2")},
                "hardware": "cpu, 2 cores, float32",
                "versions": {},
                "commit": "0123456789abcdef",
            }
            command = f"python -m dlfa sweep --task paws-x --seed {seed} --heads"
            join(folder, one, {**about, "seed": seed, "command": command}, facts)
    return folder
