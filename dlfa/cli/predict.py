"""``python -m dlfa predict``: one sentence pair, a table of them, or sentences to tag."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlfa.cli.tagged import tag_texts
from dlfa.cli.words import heads_of, say, tell
from dlfa.errors import TextError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.results import Prediction

__all__ = ["add", "predict"]


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("premise", metavar="PREMISE", nargs="?")
    command.add_argument("hypothesis", metavar="HYPOTHESIS", nargs="?")
    command.add_argument("--pairs", metavar="FILE", type=Path, help=_("cli.pairs.help"))
    command.add_argument("--text", action="append", metavar="TEXT", help=_("cli.text.help"))
    command.add_argument("--model", default="e5-small-xnli", help=_("cli.model.help"))
    command.add_argument("--heads", nargs="+", default=["all"], help=_("cli.heads.help"))
    command.add_argument("--json", action="store_true", help=_("cli.json.help"))
    command.set_defaults(run=predict)


def predict(options: argparse.Namespace) -> None:
    """Answer one sentence pair, or a table of them; or tag sentences."""
    if options.text:
        tag_texts(options.model, options.text, heads_of(options), as_json=options.json)
        return
    if options.pairs is None and options.hypothesis is None:  # said before a model is loaded
        raise TextError("error.pair.missing")
    from dlfa.analysis.predict import load
    from dlfa.data.tasks import task

    predictor = load(options.model)
    pairs = _pairs(options, predictor.labels)
    answers = predictor.predict(list(pairs.values()), heads_of(options))
    first, second = task(predictor.model.config.task).evaluation.columns
    if not options.json:
        say(_("cli.predict.model", model=options.model, backbone=predictor.provenance.backbone))
    for (number, pair), row in zip(pairs.items(), answers, strict=True):
        told = {"row": number, first: pair[0], second: pair[1]} if options.pairs else {}
        (_say_json if options.json else _say_words)(row, told)


def _pairs(options: argparse.Namespace, labels: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Return the pair on the command line, or the table's by row; rows that are unfit are named."""
    if options.pairs is None:
        return {1: (options.premise, options.hypothesis)}
    from dlfa.data.tables import decoded, parse
    from dlfa.data.texts import sorted_out

    try:
        text = decoded(options.pairs.read_bytes())
    except OSError:
        raise TextError("error.file.unreadable", path=options.pairs) from None
    rows = parse(text, labels, most=len(text)).rows
    pairs = [(row.premise, row.hypothesis) for row in rows]
    fit, unfit = sorted_out(pairs)
    for reason, places in unfit.items():
        named = ", ".join(str(at + 1) for at in places)
        tell(_("predict.pairs.unfit", rows=named, reason=reason))
    if not fit:
        raise TextError("error.table.unfit")
    return {at + 1: pairs[at] for at in fit}


def _say_json(answers: Sequence["Prediction"], told: Mapping[str, Any]) -> None:
    rows = [
        {
            "head": answer.head,
            "label": answer.label,
            "probabilities": dict(
                zip(answer.labels, answer.probabilities.round(6).tolist(), strict=True)
            ),
        }
        for answer in answers
    ]
    found = {**told, "predictions": rows, "provenance": answers[0].provenance.to_dict()}
    say(json.dumps(found, ensure_ascii=not told))


def _say_words(answers: Sequence["Prediction"], told: Mapping[str, Any]) -> None:
    if told:
        say("  ".join(map(str, told.values())))
    for answer in answers:
        shares = "  ".join(
            f"{_(f'label.{label}')} {share:.3f}"
            for label, share in zip(answer.labels, answer.probabilities, strict=True)
        )
        say(f"{answer.head:9}  {_(f'label.{answer.label}'):13}  {shares}")
