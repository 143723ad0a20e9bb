"""``python -m dlfa precompute``: what the page Embeddings shows at once, written anew."""

import argparse
from functools import partial

from dlfa.cli.words import say
from dlfa.messages import _

__all__ = ["add", "precompute"]


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("models", metavar="MODEL", nargs="*", help=_("cli.precompute.models.help"))
    command.set_defaults(run=precompute)


def precompute(options: argparse.Namespace) -> None:
    """Compute maps, neighbours and measures of the built-in sentences, and write them down."""
    from dlfa.analysis.precomputing import DEFAULTS
    from dlfa.analysis.precomputing import precompute as make

    for name in options.models or DEFAULTS:
        file = make(name, partial(_tell, name))
        say(_("cli.precompute.done", file=file, size=f"{file.stat().st_size / 1e6:.1f}"))


def _tell(name: str, what: str) -> None:
    say(f"{name}: {what}")
