"""``python -m dlfa robustness``: do answers survive small changes? Of a set, or of one pair."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.cli.evaluate import EACH
from dlfa.cli.numbers import plain
from dlfa.cli.words import as_typed, check_seed, heads_of, say, tell
from dlfa.data.perturbations import PERTURBATIONS
from dlfa.data.tasks import task
from dlfa.errors import InputError, RunError, TextError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.analysis.robustness import Suite, Tested

__all__ = ["add", "robustness"]

NUMBERS = "numbers.json"


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("premise", metavar="PREMISE", nargs="?")
    command.add_argument("hypothesis", metavar="HYPOTHESIS", nargs="?")
    command.add_argument("--language", default="en", help=_("cli.robustness.language.help"))
    command.add_argument("--gold", metavar="LABEL", help=_("cli.robustness.gold.help"))
    command.add_argument("--example", default="", help=_("cli.robustness.example.help"))
    command.add_argument("--model", default="e5-small-xnli", help=_("cli.model.help"))
    command.add_argument(
        "--perturb",
        nargs="+",
        default=["all"],
        metavar="NAME",
        help=_("cli.robustness.perturb.help", names=", ".join(PERTURBATIONS)),
    )
    command.add_argument("--languages", nargs="+", default=["all"], help=_("cli.languages.help"))
    splits = ("built-in", "test", "validation")
    command.add_argument("--split", choices=splits, default=splits[0], help=_("cli.split.help"))
    command.add_argument("--limit", type=int, help=_("cli.limit.help"))
    command.add_argument("--heads", nargs="+", default=["all"], help=_("cli.heads.help"))
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--fresh", action="store_true", help=_("cli.fresh.help"))
    command.add_argument("--out", type=Path, help=_("cli.robustness.out.help"))
    command.set_defaults(run=robustness)


def robustness(options: argparse.Namespace) -> None:
    """Perturb a set of labelled pairs, or one pair, and tell what becomes of the answers."""
    if options.premise is not None and options.hypothesis is None:
        raise TextError("error.pair.missing")
    check_seed(options)
    from dlfa.analysis.predict import load

    if options.premise is not None:
        _one_pair(options)
        return
    from dlfa.analysis.robustness import begin_suite

    if options.out is not None:
        _reserve(options.out)
    suite = begin_suite(
        load(options.model),
        options.perturb,
        options.languages,
        split=options.split,
        limit=options.limit,
        heads=heads_of(options),
        seed=options.seed,
        command=as_typed(),
        store=not options.fresh,
    )
    _watch(suite)
    tested = suite.tested()
    assert tested is not None, "nobody stops it"
    if options.out is not None:
        _write(tested, options.out)
    _say(tested)


def _reserve(out: Path) -> None:
    """Make sure, before the work, that records can be written."""
    from dlfa.analysis import records

    for name in ("clean", *PERTURBATIONS):
        if (out / name).exists():
            records.reserve(out / name)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError("error.run.unwritable", path=out, reason=error.strerror) from error


def _watch(suite: "Suite") -> None:
    """Do all runs to their end and tell how far they are."""
    import time

    if suite.done:
        tell(_("cli.evaluate.kept", kept=f"{suite.done:,}", total=f"{suite.total:,}"))
    told = time.monotonic()
    for progress in suite.go():
        if time.monotonic() - told < EACH or not progress.rate:
            continue
        told = time.monotonic()
        tell(
            _(
                "cli.robustness.progress",
                done=f"{progress.answered:,}",
                total=f"{progress.total:,}",
                rate=f"{progress.rate:.0f}",
                left=round((progress.total - progress.answered) / progress.rate),
            )
        )


def _write(tested: "Tested", out: Path) -> None:
    """Write a record per run, and what they say together."""
    from dlfa.analysis import records
    from dlfa.data.atomic import write_json

    for name, evaluation in {"clean": tested.clean, **tested.perturbed}.items():
        records.write(evaluation, out / name)
    write_json(out / NUMBERS, plain(tested.robustness))


def _say(tested: "Tested") -> None:
    """Print a line per perturbation and head, then what stands, the control and the cost."""
    from dlfa.figures.robust_tables import robustness_table
    from dlfa.figures.robust_words import robustness_verdict

    _say_rows(robustness_table(tested.robustness))
    for line in robustness_verdict(tested.robustness):
        say(line)


def _say_rows(rows: Sequence[Mapping[str, object]]) -> None:
    """Print a table, its columns apart by tabulators."""
    say("\t".join(rows[0]))
    for row in rows:
        say("\t".join(str(row.get(name, "")) for name in rows[0]))


def _one_pair(options: argparse.Namespace) -> None:
    from dlfa.analysis.predict import load
    from dlfa.analysis.robust_examples import perturbed_pairs
    from dlfa.figures.robust_tables import perturbed_pairs_table

    predictor = load(options.model)
    known = task(predictor.model.config.task)
    if options.gold is not None and options.gold not in known.labels:
        raise InputError("error.robustness.gold", name=options.gold, known=", ".join(known.labels))
    told = perturbed_pairs(
        predictor,
        (options.premise, options.hypothesis),
        options.language,
        options.perturb,
        gold=options.gold,
        heads=heads_of(options),
        seed=options.seed,
        example=options.example,
    )
    _say_rows(perturbed_pairs_table(told))
