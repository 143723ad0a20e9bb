"""Train a tiny model without dropout, in one process or several: ``curve.py FOLDER OUT TASK``."""

import sys
from pathlib import Path

from dlfa.training.recipes import Settings, recipe
from dlfa.training.run import train

STEPS = 8

if __name__ == "__main__":
    place, out, task = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    corpora = {"xnli": ("mnli",), "ner": ()}[task]
    chosen = recipe("joint", corpora=corpora, batch_size=8, dropout=0.0, epochs=1.0)
    settings = Settings(
        task=task,
        backbone=str(place / "tiny"),
        recipe=chosen,
        examples=8 * STEPS,
        validation_limit=16,
        checks=STEPS,
        bf16=False,
    )
    train(settings, out)
