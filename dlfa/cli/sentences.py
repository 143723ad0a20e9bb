"""Which sentences ``python -m dlfa layers`` measures: a set by name, or the columns of a file."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.errors import TextError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.results import SentenceSet

__all__ = ["add_sentences", "asked_sentences"]

COLUMNS = ("text", "language", "code", "item", "groups")  # as in `SentenceColumns`


def add_sentences(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument(
        "--set", default="built-in", dest="data", metavar="SET", help=_("cli.layers.set.help")
    )
    command.add_argument(
        "--languages", nargs="+", default=(), metavar="CODE", help=_("cli.layers.languages.help")
    )
    command.add_argument("--count", type=int, help=_("cli.layers.count.help"))
    own = command.add_argument_group(_("cli.layers.own"))
    own.add_argument("--text", metavar="COLUMN", help=_("cli.layers.text.help"))
    own.add_argument("--language", metavar="COLUMN", help=_("cli.layers.language.help"))
    own.add_argument("--code", metavar="CODE", help=_("cli.layers.code.help"))
    own.add_argument("--item", metavar="COLUMN", help=_("cli.layers.item.help"))
    own.add_argument(
        "--group",
        action="append",
        dest="groups",
        metavar="COLUMN",
        help=_("cli.layers.group.help"),
    )
    own.add_argument(
        "--header", action=argparse.BooleanOptionalAction, help=_("cli.layers.header.help")
    )


def asked_sentences(options: argparse.Namespace) -> "SentenceSet":
    """Return the sentences that the options name.

    Raises:
        DlfaError: they cannot be read, or a corpus has not got a language.
    """
    from dlfa.data import sentence_sets
    from dlfa.data.sentences import in_languages

    limit = {} if options.count is None else {"limit": options.count}
    if options.data == "xnli":
        return sentence_sets.xnli_sentences(languages=options.languages, **limit)
    if options.data == "ntrex":
        return sentence_sets.ntrex(options.languages, **limit)
    found = sentence_sets.built_in() if options.data == "built-in" else _own(options)
    return in_languages(found, options.languages) if options.languages else found


def _own(options: argparse.Namespace) -> "SentenceSet":
    """Return a file's sentences; which column is what is guessed where nobody says so."""
    from dlfa.data.sentence_sets import guessed_columns, own_sentences, read_sentences

    path = Path(options.data)
    try:
        sheet = read_sentences(path.read_bytes(), path.name)
    except OSError:
        raise TextError("error.file.unreadable", path=path) from None
    given = {part: getattr(options, part) for part in COLUMNS}
    given = {part: value for part, value in given.items() if value is not None}
    if "groups" in given:
        given["groups"] = tuple(given["groups"])
    columns = replace(guessed_columns(sheet, headed=options.header), **given)
    return own_sentences(sheet, columns).sentences
