"""Runs whose heads have known accuracies, written as records; evidence made of them."""

from dataclasses import replace
from functools import cache

import numpy as np

from tests.unit.analysis.synthetic import drawn

TASKS = ("xnli", "paws-x", "ner", "pos")
FLAT = (0.5,) * 12  # the baseline and D_1 ... D_11, all the same


def run(levels, *, seed=0, task="xnli", premises=60, languages=("en", "sw"), split="test"):
    """Return an evaluation of heads of these levels; the baseline is the first."""
    settings = {"task": task, "split": split, "data": task, "recipe": "joint", "seed": seed}
    found = drawn(seed, levels, premises, 2, languages, settings=settings)
    return replace(found, provenance=replace(found.provenance, backbone="e5-small", seed=seed))


def stored(folder, evaluation, **settings):
    """Write a record without numbers; return its folder."""
    from dlfa.analysis import records

    about = replace(evaluation, settings={**evaluation.settings, **settings})
    records.write(about, folder, numbers=False)
    return folder


def runs_of(evaluations, folder):
    """Return the task's runs, one record a seed."""
    from dlfa.analysis import records
    from dlfa.claims.sources import Record, Runs

    every = []
    for one in evaluations:
        place = stored(folder / f"{one.settings['task']}-{one.provenance.seed}", one)
        every.append(Record(place, records.read_summary(place), "joint"))
    about = evaluations[0].settings
    return Runs(about["task"], about["split"], tuple(every))


@cache
def no_vectors():
    """Embed nothing: for claims that ask no encoder."""
    raise AssertionError("nobody asked for vectors")


def evidence(runs, **given):
    """Return evidence of some tasks' runs alone."""
    from dlfa.claims.evidence import Evidence
    from dlfa.data.sentence_sets import built_in

    about = {"backbone": "e5-small", "recipe": "joint", "sentences": built_in(), "arms": {}}
    return Evidence(**{**about, "runs": runs, "embedded": no_vectors, **given})


def four(levels, folder, seeds=(0,), **given):
    """Return evidence of four tasks whose heads have these levels, by task or for all."""
    found = {}
    for task in TASKS:
        own = levels[task] if isinstance(levels, dict) else levels
        several = [
            run(own, seed=7 * seed + TASKS.index(task), task=task, **given) for seed in seeds
        ]
        found[task] = runs_of(several, folder)
    return evidence(found)


def bent(top=0.5, gain=0.6):
    """Return levels of a curve over the layers with its top inside."""
    layers = np.arange(1, 12)
    return (top, *(top + gain * (1 - ((layers - 6) / 5) ** 2)))
