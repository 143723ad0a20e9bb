"""Does training data stand in test data? ``python -m benchmarks.overlap --json``.

For every shipped model: the training texts that its card names against every set that this
computer's source has of its task, the English sets of the other tasks (all models learn from
English), and the sentences held out for choosing a checkpoint. Exact after normalising (small
letters, no punctuation), and near duplicates by MinHash, each checked (see
`benchmarks.duplicates`). What is kept is counts and a digest, never a text; ``make tables`` writes
them into the cards.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.duplicates import overlap
from benchmarks.output import machine, show
from dlfa.analysis.predict import CHECKPOINTS
from dlfa.data.sources import evaluation_pairs, named_corpora, offered, origin, training_pairs
from dlfa.data.splits import offered_splits
from dlfa.data.tagged import evaluation_sentences, training_sentences
from dlfa.data.tasks import TASKS, Task, task
from dlfa.errors import DlfaError

Texts = list[tuple[str, ...]]
ENGLISH = "en"
HELD_OUT = "held-out"


def trained_on(known: Task, corpora: Sequence[str]) -> tuple[Texts, Texts]:
    """Return the texts of each training example, and of each that was held out."""
    if known.kind == "pair":
        return [(pair.first, pair.second) for pair in training_pairs(known, corpora)], []
    found, held_out = training_sentences(known, corpora)
    return [(" ".join(one.words),) for one in found], [(" ".join(one.words),) for one in held_out]


def tested(known: Task, split: str, language: str) -> Texts:
    """Return the texts of each example of a test set."""
    if known.kind == "pair":
        return [(pair.first, pair.second) for pair in evaluation_pairs(known, language, split)]
    found = evaluation_sentences(known, language, split)
    return [(" ".join(one.words),) for one in found]


def sets(known: Task, held_out: Texts) -> Iterator[tuple[str, str, Texts]]:
    """Yield set, ``"en"`` or ``"other"`` languages, and the examples' texts."""
    if held_out:
        yield HELD_OUT, ENGLISH, held_out
    for split in splits(known):
        codes = offered(known, split)
        if ENGLISH in codes:
            yield split, ENGLISH, tested(known, split, ENGLISH)
        others = [code for code in codes if code != ENGLISH]
        yield split, "other", [row for code in others for row in tested(known, split, code)]
    for other in TASKS.values():
        for split in splits(other) if other != known else ():
            if ENGLISH in offered(other, split):
                yield f"{other.key} {split}", ENGLISH, tested(other, split, ENGLISH)


def splits(known: Task) -> Sequence[str]:
    """Return the sets that a task is measured on."""
    return offered_splits(known) if known.kind == "tagging" else ("test", "validation")


def measured(checkpoint: Path) -> dict[str, Any]:
    """Return how much of each set stands in a checkpoint's training data."""
    settings = json.loads((checkpoint / "training.json").read_text(encoding="utf-8"))["settings"]
    known, corpora = task(settings["task"]), settings["recipe"]["corpora"]
    training, held_out = trained_on(known, corpora)
    return {
        "sources": [origin(corpus) for corpus in named_corpora(known, corpora)],
        "examples": len(training),
        "sets": [
            {"set": name, "languages": languages, **asdict(overlap(training, rows))}
            for name, languages, rows in sets(known, held_out)
            if rows
        ],
    }


def main() -> int:
    """Measure every shipped checkpoint."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--models", nargs="+", help="checkpoints (default: all that are shipped)")
    options.add_argument("--json", action="store_true", help="keep the result, print it as JSON")
    asked = options.parse_args()
    names = asked.models or sorted(path.name for path in CHECKPOINTS.iterdir())
    try:
        for name in names:
            began = time.monotonic()
            found = {"model": name, **measured(CHECKPOINTS / name), "machine": machine()}
            found["seconds"] = round(time.monotonic() - began, 1)
            show(found, as_json=asked.json, name=f"overlap-{name}")
    except DlfaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
