"""``python -m dlfa layers``: one measure in every layer and fused space, as a table and as JSON."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.cli.numbers import plain
from dlfa.cli.sentences import add_sentences, asked_sentences
from dlfa.cli.words import as_typed, say
from dlfa.errors import RunError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.analysis.embedder import Embedder
    from dlfa.results import LanguageTree, LayerMeasure, Probe, SentenceSet

__all__ = ["add", "layers"]

PAIRS = ("p_at_1", "margin", "similarity", "cka", "anc")
CURVE = {"average": "average", "low": "average_low", "high": "average_high", "control": "control"}
TREE = {"agreement": "agreement", "p": "p"}  # what is printed of a result, by column
OTHERS = ("silhouette", "language", "pos", "tree")


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("--model", default="e5-small", help=_("cli.embed.model.help"))
    command.add_argument(
        "--measure", required=True, choices=PAIRS + OTHERS, help=_("cli.layers.measure.help")
    )
    command.add_argument("--centred", action="store_true", help=_("cli.layers.centred.help"))
    command.add_argument(
        "--pooling", default="mean", choices=("mean", "first"), help=_("cli.pooling.help")
    )
    command.add_argument(
        "--pairs", default="english", choices=("english", "all"), help=_("cli.layers.pairs.help")
    )
    command.add_argument("--by", default="label", metavar="COLUMN", help=_("cli.layers.by.help"))
    command.add_argument(
        "--level", default="family", choices=("family", "branch"), help=_("cli.layers.level.help")
    )
    add_sentences(command)
    command.add_argument("--out", type=Path, help=_("cli.layers.out.help"))
    command.set_defaults(run=layers)


def layers(options: argparse.Namespace) -> None:
    """Measure, and print a line a space."""
    sentences = None if options.measure == "pos" else asked_sentences(options)
    from dlfa.analysis.embedding import load_encoder

    embedder = load_encoder(options.model)
    found = _pos(embedder) if sentences is None else _measured(options, embedder, sentences)
    found = replace(found, provenance=replace(found.provenance, command=as_typed()))
    _say(found)
    if options.out is not None:
        said = json.dumps(plain(found), ensure_ascii=False, indent=1)
        _write(options.out, said + "\n")


def _write(path: Path, said: str) -> None:
    try:
        path.write_text(said, encoding="utf-8")
    except OSError as error:
        raise RunError("error.run.unwritable", path=path, reason=error.strerror) from None


def _pos(embedder: "Embedder") -> "Probe":
    from dlfa.analysis.probes import pos_probe

    found = pos_probe(embedder)
    assert found is not None, "nobody stops it"
    return found


def _measured(
    options: argparse.Namespace, embedder: "Embedder", sentences: "SentenceSet"
) -> "LayerMeasure | Probe | LanguageTree":
    from dlfa.analysis.embedding import embed
    from dlfa.analysis.families import language_tree
    from dlfa.analysis.layer_measures import measure
    from dlfa.analysis.probes import language_probe
    from dlfa.analysis.silhouettes import silhouette

    vectors = embed(embedder, sentences.texts, pooled_by=options.pooling)
    match options.measure:
        case "silhouette":
            return silhouette(vectors, sentences, options.by, centred=options.centred)
        case "language":
            return language_probe(vectors, sentences)
        case "tree":
            return language_tree(vectors, sentences, level=options.level)
    return measure(
        options.measure, vectors, sentences, centred=options.centred, pairs=options.pairs
    )


def _say(found: "LayerMeasure | Probe | LanguageTree") -> None:
    """Print each space's average with interval and control, or agreement and p."""
    names = TREE if hasattr(found, "agreement") else CURVE
    columns = {name: getattr(found, field) for name, field in names.items()}
    heads = [_(f"cli.layers.column.{name}") for name in columns]
    say("  ".join([f"{_('cli.layers.column.space'):9}", *(f"{head:>10}" for head in heads)]))
    for at, space in enumerate(found.spaces):
        cells = (f"{values[at]:10.4f}" for values in columns.values())
        say("  ".join([f"{space:9}", *cells]))
