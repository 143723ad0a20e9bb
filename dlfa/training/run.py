"""Train every head of one model: the ``train`` command."""

import json
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import cast

import numpy as np
from transformers import PrinterCallback, TrainerState

from dlfa.data.atomic import write_json
from dlfa.data.processes import note_process
from dlfa.data.sources import Pair, evaluation_pairs, training_pairs, usual_corpora
from dlfa.data.tagged import Tagged, training_sentences
from dlfa.data.tasks import Metric, Task, task
from dlfa.errors import RunError
from dlfa.model import checkpoints
from dlfa.model.backbones import load_encoder
from dlfa.model.config import DlfaConfig
from dlfa.model.device import hardware
from dlfa.model.modeling import DlfaModel
from dlfa.training import frozen
from dlfa.training.costs import token_flops
from dlfa.training.guards import Numbers, alone, room_for
from dlfa.training.material import Material
from dlfa.training.progress import Progress, earlier_seconds, last_complete, share
from dlfa.training.ranks import first
from dlfa.training.recipes import Settings
from dlfa.training.setup import Encoded, arguments, build, drawn, encode
from dlfa.training.states import collate_kept
from dlfa.training.stopping import Stopping
from dlfa.training.trainer import DlfaTrainer

__all__ = ["TRAINING", "Trained", "corpora", "from_corpora", "material", "train"]

SETTINGS = "settings.json"
TRAINING = "training.json"
CHECKPOINT = "checkpoint"
log = logging.getLogger(__name__)
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
    stopped: bool
    """Whether somebody ended it early (SIGTERM): the checkpoint is the best until then."""


def train(
    settings: Settings,
    out: Path,
    source: Callable[[Settings], Material] | None = None,
    *,
    stoppable: bool = True,
) -> Trained:
    """Train, or resume where a killed run left off, and write ``out/checkpoint``.

    A run that is finished is left as it is.

    Args:
        settings: what is trained, on what, how.
        out: the run's folder.
        source: gives encoder and examples; `from_corpora` if None.
        stoppable: whether a SIGTERM ends it early with the best checkpoint so far (see
            `dlfa.training.stopping`), rather than at once, to be gone on with.

    Raises:
        RunError: ``out`` holds a run with other settings, or somebody trains there now; the disk is
            full; the loss is no number any more. What was whole before stays.
        MissingDataError, OfflineError, ModelError: see `dlfa.errors`.
    """
    stopping = Stopping()
    listening = stopping.listening() if stoppable else nullcontext()
    with alone(out), room_for(out), listening:
        claim(out, settings)
        if first():
            note_process(out)
        return finished(out) or _train(settings, out, stopping, source or from_corpora)


def from_corpora(settings: Settings) -> Material:
    """Return the encoder, and the examples that its tokenizer makes of the task's corpora.

    Raises:
        MissingDataError, OfflineError, ModelError: see `dlfa.errors`.
    """
    known, encoder = task(settings.task), load_encoder(settings.backbone)
    examples, held_out = material(known, settings)
    return Material(
        encoder=encoder,
        data=encode(drawn(examples, settings), known, encoder),
        held_out=encode(held_out[: settings.validation_limit], known, encoder),
    )


def _train(
    settings: Settings, out: Path, stopping: Stopping, source: Callable[[Settings], Material]
) -> Trained:
    known, given = task(settings.task), source(settings)
    model = build(known, given.encoder, settings)
    budget = within_budget(given.data, settings)
    pad_id = given.encoder.tokenizer.pad_token_id
    data, looked_at = frozen.kept(model, given.data, given.held_out, pad_id, out)
    flops = arithmetic(model, data)
    trainer = DlfaTrainer(
        recipe=settings.recipe,
        model=model,
        task=known,
        args=arguments(budget, known, data, out),
        train_dataset=data,
        eval_dataset=looked_at,
        data_collator=partial(collate_kept, pad_id=pad_id),
        callbacks=[Progress(out, flops), stopping, Numbers(out)],
    )
    trainer.remove_callback(PrinterCallback)  # `Progress` says it better
    began, earlier = time.monotonic(), earlier_seconds(out)
    trainer.go_on(last_complete(out))
    done = Trained(
        folder=out / CHECKPOINT,
        tokens=int(trainer.state.num_input_tokens_seen),
        seconds=earlier + time.monotonic() - began,
        validation=best_validation(trainer.state, known.chosen_by),
        stopped=trainer.state.global_step < trainer.state.max_steps,
    )
    if first():
        checkpoints.save(model, done.folder)
        report(done, settings, out, flops)
        frozen.forget(out)
    trainer.accelerator.end_training()
    return done


def within_budget(data: Encoded, settings: Settings) -> Settings:
    """Leave out what fills no batch and, at random, what a budget of less than one pass has no room
    for; return the settings with a budget of what is left.

    Batches are of equal lengths, the longest first: of a pass broken off a run would have seen long
    sentences only. Recipes that train all heads at once keep the way that their models were made.

    Args:
        data: is changed.
        settings: the budget, and the seed of the draw.

    Raises:
        RunError: there is not a single batch.
    """
    sizes = np.array([len(one["input_ids"]) for one in data.examples])
    budget, batch = settings.max_tokens, settings.recipe.batch_size
    if not settings.recipe.one_head or budget is None or budget >= sizes.sum():
        whole_batches(data, batch)
        return settings
    order = np.random.default_rng(settings.seed).permutation(len(sizes))
    count = max(batch, int((sizes[order].cumsum() <= budget).sum()))
    data.examples[:] = [data.examples[at] for at in sorted(order[:count].tolist())]
    whole_batches(data, batch)
    return replace(settings, max_tokens=sum(len(one["input_ids"]) for one in data.examples))


def whole_batches(data: Encoded, size: int) -> None:
    """Leave out what fills no batch: a last one of one example would give batch norm nothing.

    Raises:
        RunError: there is not a single batch.
    """
    if len(data) < size:
        raise RunError("error.run.few", found=len(data), size=size)
    del data.examples[len(data) - len(data) % size :]


def finished(out: Path) -> Trained | None:
    """Return what a run left that came to its end, None for one that has still to go on."""
    try:
        facts = json.loads((out / TRAINING).read_text(encoding="utf-8"))
        found = {name: facts[name] for name in ("tokens", "seconds", "validation", "stopped")}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    done = Trained(folder=out / CHECKPOINT, **found)
    return None if done.stopped or not checkpoints.is_checkpoint(done.folder) else done


def material(
    known: Task, settings: Settings
) -> tuple[list[Pair], list[Pair]] | tuple[list[Tagged], list[Tagged]]:
    """Return the English examples to train on, and those to choose a checkpoint by."""
    log.info("training on %s", ", ".join(corpora(settings)))
    if known.kind == "tagging":
        return training_sentences(known, settings.recipe.corpora)
    pairs = training_pairs(known, settings.recipe.corpora)
    return pairs, evaluation_pairs(known, "en", "validation")


def corpora(settings: Settings) -> tuple[str, ...]:
    """Return the short names of what a run learns from."""
    return settings.recipe.corpora or usual_corpora(task(settings.task))


def arithmetic(model: DlfaModel, data: Encoded) -> float:
    """Return the FLOP of training on one token of these examples."""
    config = cast("DlfaConfig", model.config)
    length = sum(len(one["input_ids"]) for one in data.examples) / max(1, len(data))
    return token_flops(config.encoder_config, tuple(config.heads), config.tuning, round(length))


def report(done: Trained, settings: Settings, out: Path, flops: float) -> None:
    """Write ``training.json`` beside the weights: what a card tells of how they were made."""
    facts = {
        "settings": settings.to_dict(),
        "corpora": corpora(settings),
        "tokens": done.tokens,
        "seconds": round(done.seconds, 1),
        "tokens_per_second": round(done.tokens / max(done.seconds, 1e-9), 1),
        **share(done.tokens / max(done.seconds, 1e-9), flops),
        "stopped": done.stopped,
        "validation": {key: round(value, 5) for key, value in done.validation.items()},
        "hardware": f"{hardware().name}, {os.cpu_count()} cores, {hardware().dtype}",
        "versions": {name: version(name) for name in LIBRARIES},
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
    if not first():
        return
    wanted = json.loads(json.dumps(settings.to_dict()))
    file = out / SETTINGS
    if file.is_file() and settings_in(file) != wanted:
        raise RunError("error.run.other_settings", path=out)
    write_json(file, wanted)


def settings_in(file: Path) -> object:
    """Return the settings that a run was begun with.

    Raises:
        RunError: the file is damaged.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RunError("error.run.settings", path=file) from None
