"""``python -m dlfa publish``: a trained checkpoint onto the Hugging Face Hub, with its card."""

import argparse
from pathlib import Path

from dlfa.cli.words import say
from dlfa.messages import _

__all__ = ["add", "publish"]


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("folder", metavar="FOLDER", type=Path, help=_("cli.publish.folder.help"))
    command.add_argument("repository", metavar="REPO", help=_("cli.publish.repository.help"))
    command.add_argument("--private", action="store_true", help=_("cli.publish.private.help"))
    command.add_argument("--revision-message", default="", help=_("cli.publish.message.help"))
    command.set_defaults(run=publish)


def publish(options: argparse.Namespace) -> None:
    """Check a checkpoint, push it, and say what to put into ``DLFA_CHECKPOINTS``."""
    from dlfa.data.listed import VARIABLE
    from dlfa.model.publishing import publish

    pinned = publish(
        options.folder,
        options.repository,
        private=options.private,
        message=options.revision_message,
    )
    say(_("cli.publish.done", variable=VARIABLE))
    say(pinned)
