"""Train every head of one model: the ``train`` command."""

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from transformers import PrinterCallback, TrainerState

from dlfa.data.atomic import write_json
from dlfa.data.collation import collate
from dlfa.data.sources import Pair, evaluation_pairs, training_pairs
from dlfa.data.tagged import Tagged, training_sentences
from dlfa.data.tasks import Metric, Task, task
from dlfa.errors import RunError
from dlfa.model import checkpoints
from dlfa.model.backbones import load_encoder
from dlfa.model.device import hardware
from dlfa.training.progress import Progress, earlier_seconds, last_complete
from dlfa.training.recipes import Settings
from dlfa.training.setup import arguments, build, drawn, encode
from dlfa.training.trainer import DlfaTrainer

__all__ = ["Trained", "train"]

SETTINGS = "settings.json"
TRAINING = "training.json"
LIBRARIES = ("torch", "transformers", "peft", "accelerate")


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What a finished run left."""

    folder: Path
    """The checkpoint in float16, ready to load."""
    tokens: int
    """Training tokens seen, padding not counted."""
    seconds: float
    """Wall time of all the sessions it took, validation included."""
    validation: dict[str, float]
    """English validation figures of the checkpoint that was chosen."""


def train(settings: Settings, out: Path) -> Trained:
    """Train, or resume where a killed run left off, and write ``out/checkpoint``.

    Raises:
        RunError: ``out`` holds a run with other settings.
        MissingDataError, OfflineError, ModelError: see `dlfa.errors`.
    """
    claim(out, settings)
    known = task(settings.task)
    encoder = load_encoder(settings.backbone)
    model = build(known, encoder, settings)
    examples, held_out = material(known, settings)
    data = encode(drawn(examples, settings), known, encoder)
    # A last batch of one example would leave batch norm nothing to learn from: whole batches only.
    del data.examples[len(data) - len(data) % settings.recipe.batch_size :]
    trainer = DlfaTrainer(
        recipe=settings.recipe,
        model=model,
        task=known,
        args=arguments(settings, known, data, out),
        train_dataset=data,
        eval_dataset=encode(held_out[: settings.validation_limit], known, encoder),
        data_collator=partial(collate, pad_id=encoder.tokenizer.pad_token_id),
        callbacks=[Progress(out)],
    )
    trainer.remove_callback(PrinterCallback)  # `Progress` says it better
    began, earlier = time.monotonic(), earlier_seconds(out)
    resumed = last_complete(out)
    trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
    checkpoints.save(model, out / "checkpoint")
    done = Trained(
        folder=out / "checkpoint",
        tokens=int(trainer.state.num_input_tokens_seen),
        seconds=earlier + time.monotonic() - began,
        validation=best_validation(trainer.state, known.chosen_by),
    )
    report(done, settings, out)
    return done


def material(
    known: Task, settings: Settings
) -> tuple[list[Pair], list[Pair]] | tuple[list[Tagged], list[Tagged]]:
    """Return the English examples to train on, and those to choose a checkpoint by."""
    if known.kind == "tagging":
        return training_sentences(known, settings.recipe.corpora)
    pairs = training_pairs(known, settings.recipe.corpora)
    return pairs, evaluation_pairs(known, "en", "validation")


def report(done: Trained, settings: Settings, out: Path) -> None:
    """Write ``training.json`` beside the weights: what a card tells of how they were made."""
    facts = {
        "settings": settings.to_dict(),
        "tokens": done.tokens,
        "seconds": round(done.seconds, 1),
        "validation": {key: round(value, 5) for key, value in done.validation.items()},
        "hardware": f"{hardware().name}, {os.cpu_count()} cores, {hardware().dtype}",
        "versions": {
            name: version(name) for name in ("torch", "transformers", "peft", "accelerate")
        },
        "commit": commit(),
    }
    write_json(done.folder / TRAINING, facts)
    write_json(out / TRAINING, facts)


def commit() -> str:
    """Return the source's git commit, empty outside a repository."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return found.stdout.strip()


def best_validation(state: TrainerState, metric: Metric) -> dict[str, float]:
    """Return the English validation figures of the checkpoint that was chosen."""
    looks = [entry for entry in state.log_history if f"eval_{metric}" in entry]
    best = max(looks, key=lambda entry: entry[f"eval_{metric}"])
    return {key: float(value) for key, value in best.items()}


def claim(out: Path, settings: Settings) -> None:
    """Make the run folder ours, or make sure it is the same run that we go on with."""
    out.mkdir(parents=True, exist_ok=True)
    wanted = json.loads(json.dumps(settings.to_dict()))
    file = out / SETTINGS
    if file.is_file() and json.loads(file.read_text(encoding="utf-8")) != wanted:
        raise RunError("error.run.other_settings", path=out)
    write_json(file, wanted)
