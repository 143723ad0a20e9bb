"""What all commands say, and how they read what was typed."""

import argparse
import os
import shlex
import sys

from dlfa.errors import InputError

__all__ = ["as_typed", "check_seed", "heads_of", "say", "tell"]


def as_typed() -> str:
    """Return this command as it can be repeated, with the settings that shape its numbers."""
    names = ("DLFA_DEVICE", "DLFA_DTYPE")
    settings = [f"{name}={os.environ[name]}" for name in names if os.environ.get(name)]
    return shlex.join([*settings, "python", "-m", "dlfa", *sys.argv[1:]])


def heads_of(options: argparse.Namespace) -> str | tuple[str, ...]:
    """Return the heads that ``--heads`` names."""
    return "all" if options.heads == ["all"] else tuple(options.heads)


def check_seed(options: argparse.Namespace) -> None:
    """Make sure, before a model is loaded, that ``--seed`` can be drawn from.

    Raises:
        InputError: it is below 0.
    """
    if options.seed < 0:
        raise InputError("error.evaluation.seed", seed=options.seed)


def say(line: str) -> None:
    """Write one line of results to standard output."""
    sys.stdout.write(line + "\n")


def tell(line: str) -> None:
    """Write one line about the work itself to standard error."""
    sys.stderr.write(line + "\n")
