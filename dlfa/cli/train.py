"""``python -m dlfa train``: every head of a task, or a forecast of how long that takes."""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlfa.cli.words import say
from dlfa.data.atomic import write_json
from dlfa.data.folders import runs_folder
from dlfa.data.processes import process_of
from dlfa.errors import DlfaError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.training.recipes import Settings

__all__ = ["FAILURE", "add", "train"]

FAILURE = "failure.json"  # in the run's folder: why it ended, for the page that shows it
CHANGES = ("batch_size", "epochs", "gate_init")  # options that change a recipe


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("--task", default="xnli")
    command.add_argument("--backbone", default="e5-small")
    command.add_argument("--recipe", default="joint", help=_("cli.recipe.help"))
    command.add_argument("--heads", "--head", nargs="+", default=(), help=_("cli.train.heads.help"))
    command.add_argument("--examples", type=int, help=_("cli.examples.help"))
    command.add_argument("--epochs", type=float, help=_("cli.epochs.help"))
    command.add_argument("--max-tokens", type=int, help=_("cli.max_tokens.help"))
    command.add_argument("--corpora", nargs="+", help=_("cli.corpora.help"))
    command.add_argument("--batch-size", type=int, help=_("cli.batch_size.help"))
    command.add_argument(
        "--gate-init", choices=("neutral", "standard"), help=_("cli.gate_init.help")
    )
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--validation-limit", type=int, help=_("cli.validation_limit.help"))
    command.add_argument("--out", type=Path, help=_("cli.out.help"))
    command.add_argument("--forecast", action="store_true", help=_("cli.forecast.help"))
    command.set_defaults(run=train)


def train(options: argparse.Namespace) -> None:
    """Train every head of a task, or resume a run that was killed."""
    settings = _settings(options)
    if options.forecast:
        from dlfa.training.forecast import forecast

        say(forecast(settings).words())
        return
    from dlfa.training.ranks import first
    from dlfa.training.run import train

    head = f"-{settings.heads[0]}" if settings.recipe.one_head else ""
    name = f"{options.backbone}-{options.task}-{options.recipe}{head}-seed{options.seed}"
    out = options.out or runs_folder() / name.replace("/", "_")
    with _failing(out, settings):
        done = train(settings, out)
    if not first():
        return
    say(_("cli.train.done", folder=done.folder, tokens=done.tokens, seconds=round(done.seconds)))
    if done.stopped:
        say(_("cli.train.stopped"))


def _settings(options: argparse.Namespace) -> "Settings":
    from dlfa.training.recipes import Settings, recipe

    changes: dict[str, Any] = {"corpora": tuple(options.corpora)} if options.corpora else {}
    for name in CHANGES:
        if getattr(options, name) is not None:
            changes[name] = getattr(options, name)
    return Settings(
        task=options.task,
        backbone=options.backbone,
        recipe=recipe(options.recipe, options.task, **changes),
        heads=() if tuple(options.heads) == ("all",) else tuple(options.heads),
        examples=options.examples,
        max_tokens=options.max_tokens,
        seed=options.seed,
        validation_limit=options.validation_limit,
    )


@contextmanager
def _failing(out: Path, settings: "Settings") -> Iterator[None]:
    """Leave a word in the folder if the run that is its own fails, for whoever looks later."""
    with suppress(OSError):  # there is no such folder: whoever trains says so
        (out / FAILURE).unlink()
    try:
        yield
    except DlfaError as error:
        params = {name: str(value) for name, value in error.params.items()}
        if _is_ours(out, settings):
            write_json(out / FAILURE, {"key": error.key, "params": params})
        raise


def _is_ours(out: Path, settings: "Settings") -> bool:
    """Return whether the folder holds this run, and no other process works there."""
    from dlfa.training.run import SETTINGS

    holder = process_of(out)
    if holder is not None and holder.pid != os.getpid():
        return False
    try:
        found = json.loads((out / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == json.loads(json.dumps(settings.to_dict())))
