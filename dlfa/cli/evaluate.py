"""``python -m dlfa evaluate``: all heads, many languages, from a few examples to a whole set."""

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.cli.words import as_typed, heads_of, say, tell
from dlfa.data.tasks import TASKS, task
from dlfa.errors import InputError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.analysis.evaluation import Progress, Run
    from dlfa.results import Accuracies, Report

__all__ = ["add", "evaluate", "watch"]

EACH = 5.0  # seconds between two words on how far a run is


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("--task", default="xnli", help=_("cli.task.help"))
    command.add_argument("--model", help=_("cli.evaluate.model.help"))
    command.add_argument("--languages", nargs="+", default=["all"], help=_("cli.languages.help"))
    splits = (*dict.fromkeys(name for known in TASKS.values() for name in known.sets), "built-in")
    command.add_argument("--split", choices=splits, help=_("cli.split.help"))
    command.add_argument("--limit", type=int, help=_("cli.limit.help"))
    command.add_argument("--heads", nargs="+", default=["all"], help=_("cli.heads.help"))
    command.add_argument("--gate", nargs="+", default=["trained"], help=_("cli.gate.help"))
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--fresh", action="store_true", help=_("cli.fresh.help"))
    command.add_argument("--small", action="store_true", help=_("cli.small.help"))
    command.add_argument("--out", type=Path, help=_("cli.out.help"))
    command.set_defaults(run=evaluate)


def evaluate(options: argparse.Namespace) -> None:
    """Evaluate a model's heads on labelled examples of many languages, or go on with that."""
    from dlfa.analysis import records
    from dlfa.analysis.evaluation import begin
    from dlfa.analysis.predict import load
    from dlfa.analysis.reports import metrics, report

    known = task(options.task)
    if options.split not in ("built-in", *known.further):  # said before a model is loaded
        known.check(tuple(options.languages))
    predictor = load(options.model or f"e5-small-{options.task}")
    if predictor.model.config.task != options.task:
        raise InputError(
            "error.evaluation.task", task=options.task, found=predictor.model.config.task
        )
    run = begin(
        predictor,
        options.languages,
        split=options.split,
        limit=options.limit,
        heads=heads_of(options),
        seed=options.seed,
        changes=options.gate,
        command=as_typed(),
        store=not options.fresh,
    )
    folders = _folders(run.changes, options.out) if options.out else {}
    for folder in folders.values():
        records.reserve(folder)
    watch(run)
    found = run.evaluations()
    for change, evaluation in found.items():
        first, *further = (report(evaluation, metric) for metric in metrics(evaluation))
        if change in folders:
            records.write(
                evaluation,
                folders[change],
                report=first,
                further=further,
                numbers=not options.small,
            )
        if len(found) > 1:
            say(f"# {change}")
        _say(first, further)


def _folders(changes: Sequence[str], out: Path) -> dict[str, Path]:
    """Return where each change's record goes: one alone into the folder itself."""
    if len(changes) == 1:
        return {changes[0]: out}
    return {change: out / change for change in changes}


def watch(run: "Run") -> None:
    """Do a run to its end and tell how far it is, with a first head's accuracy so far."""
    from dlfa.analysis.reports import accuracies

    if run.kept:
        tell(_("cli.evaluate.kept", kept=f"{run.kept:,}", total=f"{run.total:,}"))
    told = time.monotonic()
    for progress in run.go():
        if not progress.whole or time.monotonic() - told < EACH:
            continue
        told = time.monotonic()
        so_far = run.evaluation()
        if so_far is None or not progress.rate:
            continue
        first = accuracies(so_far)
        tell(_so_far(progress, first))


def _so_far(progress: "Progress", first: "Accuracies") -> str:
    low, average, high = (
        f"{100 * float(column[0]):.1f}"
        for column in (first.average_low, first.average, first.average_high)
    )
    return _(
        "cli.evaluate.progress",
        done=f"{progress.done:,}",
        total=f"{progress.total:,}",
        rate=f"{progress.rate:.0f}",
        left=round((progress.total - progress.done) / progress.rate),
        head=first.heads[0],
        measure=_(f"metric.{first.metric}"),
        accuracy=average,
        low=low,
        high=high,
    )


def _say(found: "Report", further: "Sequence[Report]") -> None:
    """Print a measure by language and head, all averages, and what stands of the differences."""
    from dlfa import figures

    table = found.accuracies
    say(_("cli.evaluate.measure", measure=_(f"metric.{table.metric}")))
    counted = "n" if table.metric == "accuracy" else "words"  # --limit counts sentences
    for at, language in enumerate(table.languages):
        shown = _by_head(table.heads, table.share[:, at])
        say(f"{language}  {counted}={table.n[at]}  {shown}")
    say(f"{_('cli.evaluate.average')}  {_by_head(table.heads, table.average)}")
    for one in further:
        name = _(f"metric.{one.accuracies.metric}")
        say(f"{name}  {_by_head(table.heads, one.accuracies.average)}")
    flips = found.settings.get("flips")
    if flips:
        say(figures.flips_words(flips, found.provenance.dtype))
    for line in (figures.report_verdict(found), *found.notes, *found.warnings):
        say(line)


def _by_head(heads: Sequence[str], shares: Iterable[float]) -> str:
    return "  ".join(f"{head} {100 * share:.1f}" for head, share in zip(heads, shares, strict=True))
