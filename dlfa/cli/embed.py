"""``python -m dlfa embed``: a file of sentences of any size, to their vectors in every layer."""

import argparse
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.cli.words import as_typed, tell
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.analysis.embedder import Embedder
    from dlfa.analysis.embedding_file import FileProgress

__all__ = ["add", "embed"]

EACH = 5.0  # seconds between two words on how far it is


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("file", metavar="FILE", type=Path, help=_("cli.embed.file.help"))
    command.add_argument("--model", default="e5-small", help=_("cli.embed.model.help"))
    command.add_argument("--layers", default="all", help=_("cli.layers.help"))
    command.add_argument(
        "--pooling", default="mean", choices=("mean", "first"), help=_("cli.pooling.help")
    )
    command.add_argument("--column", default="", help=_("cli.embed.column.help"))
    command.add_argument("--out", type=Path, required=True, help=_("cli.embed.out.help"))
    command.set_defaults(run=embed)


def embed(options: argparse.Namespace) -> None:
    """Write the vectors of a file's sentences, or go on with that."""
    from dlfa.data.row_streams import open_rows

    rows = open_rows(options.file, options.column)  # what is wrong is said before a model is loaded
    from dlfa.analysis.embedding import load_encoder
    from dlfa.analysis.embedding_file import embed_file

    embedder = load_encoder(options.model)
    spaces = _spaces(options.layers, embedder)
    told, progress = time.monotonic(), None
    for progress in embed_file(
        embedder, rows, options.out, spaces=spaces, pooled_by=options.pooling, command=as_typed()
    ):
        if time.monotonic() - told >= EACH:
            told = time.monotonic()
            tell(_so_far(progress))
    if progress is not None:
        _say_refused(progress)
        done, kept = f"{progress.done:,}", f"{progress.kept:,}"
        tell(_("cli.embed.done", path=options.out, done=done, kept=kept))


def _spaces(asked: str, embedder: "Embedder") -> tuple[str, ...]:
    """Return what ``--layers`` names, in that order."""
    groups = {"all": embedder.layers, "heads": embedder.heads}
    named = [one.strip() for one in asked.split(",")]
    return tuple(space for one in named if one for space in groups.get(one, (one,)))


def _so_far(progress: "FileProgress") -> str:
    if not progress.rate or math.isnan(progress.left):
        return _("cli.embed.kept", kept=f"{progress.kept:,}")
    return _(
        "cli.embed.progress",
        done=f"{progress.done:,}",
        share=f"{100 * progress.share:.0f}",
        rate=f"{progress.rate:.0f}",
        left=round(progress.left),
    )


def _say_refused(progress: "FileProgress") -> None:
    for reason, count in progress.refusals.items():
        shown = progress.refused[reason]
        numbers = ", ".join(map(str, shown)) + (" …" if count > len(shown) else "")
        words = _(f"cli.embed.refused.{reason}")
        tell(_("cli.embed.refused", reason=words, count=f"{count:,}", rows=numbers))
