"""The command line: ``python -m dlfa predict | train | evaluate``."""

import argparse
import json
import logging
import os
import shlex
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlfa.errors import DlfaError, TextError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.results import Prediction

__all__ = ["main", "parser"]


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    root = argparse.ArgumentParser(prog="python -m dlfa", description=_("cli.description"))
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_predict(commands.add_parser("predict", help=_("cli.predict.help")))
    _add_train(commands.add_parser("train", help=_("cli.train.help")))
    _add_evaluate(commands.add_parser("evaluate", help=_("cli.evaluate.help")))
    return root


def _add_predict(command: argparse.ArgumentParser) -> None:
    command.add_argument("premise", metavar="PREMISE", nargs="?")
    command.add_argument("hypothesis", metavar="HYPOTHESIS", nargs="?")
    command.add_argument("--pairs", metavar="FILE", type=Path, help=_("cli.pairs.help"))
    command.add_argument("--model", default="e5-small-xnli", help=_("cli.model.help"))
    command.add_argument("--heads", nargs="+", default=["all"], help=_("cli.heads.help"))
    command.add_argument("--json", action="store_true", help=_("cli.json.help"))
    command.set_defaults(run=predict)


def _add_train(command: argparse.ArgumentParser) -> None:
    command.add_argument("--task", default="xnli")
    command.add_argument("--backbone", default="e5-small")
    command.add_argument("--recipe", default="joint")
    command.add_argument("--max-tokens", type=int, help=_("cli.max_tokens.help"))
    command.add_argument("--corpora", nargs="+", help=_("cli.corpora.help"))
    command.add_argument("--batch-size", type=int, help=_("cli.batch_size.help"))
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--validation-limit", type=int, help=_("cli.validation_limit.help"))
    command.add_argument("--out", type=Path, help=_("cli.out.help"))
    command.add_argument("--forecast", action="store_true", help=_("cli.forecast.help"))
    command.set_defaults(run=train)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", default="e5-small-xnli", help=_("cli.model.help"))
    command.add_argument("--languages", nargs="+", default=["all"])
    splits = ("validation", "test", "built-in")
    command.add_argument("--split", default="test", choices=splits, help=_("cli.split.help"))
    command.add_argument("--limit", type=int, help=_("cli.limit.help"))
    command.add_argument("--heads", nargs="+", default=["all"], help=_("cli.heads.help"))
    command.add_argument("--gate", nargs="+", default=["trained"], help=_("cli.gate.help"))
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--out", type=Path, help=_("cli.out.help"))
    command.set_defaults(run=evaluate)


def predict(options: argparse.Namespace) -> None:
    """Answer one sentence pair, or a table of them."""
    from dlfa.analysis.predict import load

    pairs = _pairs(options)
    predictor = load(options.model)
    answers = predictor.predict(list(pairs.values()), _heads(options))
    if not options.json:
        say(_("cli.predict.model", model=options.model, backbone=predictor.provenance.backbone))
    for (number, pair), row in zip(pairs.items(), answers, strict=True):
        told = {"row": number, "premise": pair[0], "hypothesis": pair[1]} if options.pairs else {}
        (_say_json if options.json else _say_words)(row, told)


def _pairs(options: argparse.Namespace) -> dict[int, tuple[str, str]]:
    """Return the pair on the command line, or the table's by row; rows that are unfit are named."""
    if options.pairs is None:
        if options.hypothesis is None:
            raise TextError("error.pair.missing")
        return {1: (options.premise, options.hypothesis)}
    from dlfa.analysis.predict import sorted_out
    from dlfa.data.tables import decoded, parse
    from dlfa.data.tasks import task

    try:
        text = decoded(options.pairs.read_bytes())
    except OSError:
        raise TextError("error.file.unreadable", path=options.pairs) from None
    rows = parse(text, task("xnli").labels, most=len(text)).rows
    pairs = [(row.premise, row.hypothesis) for row in rows]
    fit, unfit = sorted_out(pairs)
    for reason, places in unfit.items():
        named = ", ".join(str(at + 1) for at in places)
        sys.stderr.write(_("predict.pairs.unfit", rows=named, reason=reason) + "\n")
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


def evaluate(options: argparse.Namespace) -> None:
    """Evaluate a model's heads on labelled examples of many languages."""
    from dlfa.analysis import records, trials
    from dlfa.analysis.evaluation import evaluate_changes
    from dlfa.analysis.predict import load

    found = evaluate_changes(
        load(options.model),
        options.gate,
        options.languages,
        split=options.split,
        limit=options.limit,
        heads=_heads(options),
        seed=options.seed,
        command=as_typed(),
    )
    if options.out and len(found) == 1:
        records.write(next(iter(found.values())), options.out)
    elif options.out:
        trials.write_trial(found, options.out)
    for change, evaluation in found.items():
        if len(found) > 1:
            say(f"# {change}")
        for language, heads in records.summary(evaluation).items():
            shown = "  ".join(f"{head} {100 * row['accuracy']:.1f}" for head, row in heads.items())
            say(f"{language}  n={next(iter(heads.values()))['n']}  {shown}")


def as_typed() -> str:
    """Return this command as it can be repeated, with the settings that shape its numbers."""
    names = ("DLFA_DEVICE", "DLFA_DTYPE")
    settings = [f"{name}={os.environ[name]}" for name in names if os.environ.get(name)]
    return shlex.join([*settings, "python", "-m", "dlfa", *sys.argv[1:]])


def _heads(options: argparse.Namespace) -> str | tuple[str, ...]:
    return "all" if options.heads == ["all"] else tuple(options.heads)


def say(line: str) -> None:
    """Write one line of results to standard output."""
    sys.stdout.write(line + "\n")


def quieten() -> None:
    """Leave standard error to our own words: no library's reports and progress bars."""
    for name in ("HF_HUB_DISABLE_PROGRESS_BARS", "HF_DATASETS_DISABLE_PROGRESS_BARS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    warnings.filterwarnings("ignore", module="transformers")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; expected failures end with one sentence and status 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    for noisy in ("httpx", "transformers", "datasets", "accelerate"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    options = parser().parse_args(arguments)
    try:
        quieten()
        options.run(options)
    except DlfaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(_("cli.interrupted") + "\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
