"""``python -m dlfa train``: every head of a task, or a forecast of how long that takes."""

import argparse
from pathlib import Path
from typing import Any

from dlfa.cli.words import say
from dlfa.messages import _

__all__ = ["add", "train"]


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("--task", default="xnli")
    command.add_argument("--backbone", default="e5-small")
    command.add_argument("--recipe", default="joint")
    command.add_argument("--heads", nargs="+", default=(), help=_("cli.train.heads.help"))
    command.add_argument("--examples", type=int, help=_("cli.examples.help"))
    command.add_argument("--max-tokens", type=int, help=_("cli.max_tokens.help"))
    command.add_argument("--corpora", nargs="+", help=_("cli.corpora.help"))
    command.add_argument("--batch-size", type=int, help=_("cli.batch_size.help"))
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--validation-limit", type=int, help=_("cli.validation_limit.help"))
    command.add_argument("--out", type=Path, help=_("cli.out.help"))
    command.add_argument("--forecast", action="store_true", help=_("cli.forecast.help"))
    command.set_defaults(run=train)


def train(options: argparse.Namespace) -> None:
    """Train every head of a task, or resume a run that was killed."""
    from dlfa.training.recipes import Settings, recipe
    from dlfa.training.run import train

    changes: dict[str, Any] = {"corpora": tuple(options.corpora)} if options.corpora else {}
    if options.batch_size:
        changes["batch_size"] = options.batch_size
    settings = Settings(
        task=options.task,
        backbone=options.backbone,
        recipe=recipe(options.recipe, **changes),
        heads=() if tuple(options.heads) == ("all",) else tuple(options.heads),
        examples=options.examples,
        max_tokens=options.max_tokens,
        seed=options.seed,
        validation_limit=options.validation_limit,
    )
    if options.forecast:
        from dlfa.training.forecast import forecast

        say(forecast(settings).words())
        return
    name = f"{options.backbone}-{options.task}-{options.recipe}-seed{options.seed}".replace(
        "/", "_"
    )
    done = train(settings, options.out or Path("runs") / name)
    say(_("cli.train.done", folder=done.folder, tokens=done.tokens, seconds=round(done.seconds)))
