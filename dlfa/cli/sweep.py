"""``python -m dlfa sweep``: a grid of trainings, each head with an encoder of its own."""

import argparse
import logging
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.cli.words import say, tell
from dlfa.data.folders import runs_folder
from dlfa.errors import RunError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.training.cells import Cell, Plan

__all__ = ["add", "sweep"]

SEEDS = 3
FIRST, EACH = 15.0, 60.0  # seconds until how far it is is told first, and between two such words


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("--task", nargs="+", required=True, help=_("cli.sweep.task.help"))
    command.add_argument("--backbone", default="e5-small")
    command.add_argument("--recipe", default="paper", help=_("cli.sweep.recipe.help"))
    command.add_argument("--heads", nargs="+", default=["all"], help=_("cli.sweep.heads.help"))
    command.add_argument("--seeds", type=int, default=SEEDS, help=_("cli.sweep.seeds.help"))
    command.add_argument("--seed", type=int, nargs="+", help=_("cli.sweep.seed.help"))
    command.add_argument("--max-tokens", type=int, help=_("cli.max_tokens.help"))
    command.add_argument("--limit", type=int, help=_("cli.sweep.limit.help"))
    command.add_argument("--side-by-side", type=int, help=_("cli.sweep.side_by_side.help"))
    command.add_argument("--store", type=Path, help=_("cli.sweep.store.help"))
    command.add_argument("--shards", type=Path, help=_("cli.sweep.shards.help"))
    command.add_argument("--prepare", type=Path, help=_("cli.sweep.prepare.help"))
    command.add_argument("--forecast", action="store_true", help=_("cli.sweep.forecast.help"))
    command.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=sweep)


def sweep(options: argparse.Namespace) -> None:
    """Train and evaluate what is not in the store yet."""
    plan = _plan(options)
    if options.worker:
        _work(plan)
        return
    _prepare(plan, options)
    if options.prepare:
        return
    if options.forecast:
        _foretell(plan, options.side_by_side)
        return
    _watch(plan, options.side_by_side)


def _plan(options: argparse.Namespace) -> "Plan":
    from dlfa.training.cells import Plan, own_shards
    from dlfa.training.recipes import check_number

    check_number("--seeds", options.seeds, 1)
    if options.side_by_side is not None:
        check_number("--side-by-side", options.side_by_side, 1)
    return Plan(
        tasks=tuple(dict.fromkeys(options.task)),
        backbone=options.backbone,
        recipe=options.recipe,
        heads=() if options.heads == ["all"] else tuple(options.heads),
        seeds=tuple(dict.fromkeys(options.seed or range(options.seeds))),
        max_tokens=options.max_tokens,
        limit=options.limit,
        store=options.store or runs_folder() / "grid",
        shards=options.prepare or options.shards or own_shards(options.backbone),
    )


def _prepare(plan: "Plan", options: argparse.Namespace) -> None:
    """Tokenise what is not yet, unless a folder of shards was named."""
    from dlfa.training.sharding import prepare

    if options.shards and not options.prepare:
        plan.shard  # noqa: B018  (says which one is missing)
        return
    with plan.preparing():
        for name in plan.tasks:
            if options.prepare or not plan.prepared(name):
                tell(_("cli.sweep.preparing", task=name))
                folder = prepare(plan.first(name), plan.shards)
                tell(_("cli.sweep.prepared", task=name, folder=folder))


def _work(plan: "Plan") -> None:
    """Be one of the processes of a sweep."""
    from dlfa.training.beside import end_with
    from dlfa.training.sweep import work

    end_with()
    logging.getLogger("dlfa").setLevel(logging.WARNING)  # the sweep itself tells how far all are
    work(plan, _say)


def _say(cell: "Cell", record: Path) -> None:
    """Say what a finished cell came to."""
    from dlfa.analysis.records import read_summary

    content = read_summary(record)
    found = content["averages"][cell.head]
    measure = next(name for name in found if name not in ("low", "high"))
    made = content["settings"]["trained"][cell.head]
    say(
        _(
            "cli.sweep.done",
            cell=cell.words,
            measure=_(f"metric.{measure}"),
            value=f"{100 * found[measure]:.1f}",
            languages=len(content["summary"]),
            tokens=f"{made['tokens']:,}",
            seconds=round(made["seconds"]),
            evaluation=round(made["evaluation"]["seconds"]),
        )
    )
    sys.stdout.flush()


def _watch(plan: "Plan", count: int | None) -> None:
    """Let processes do the work side by side, and tell how far they are."""
    from dlfa.training.beside import beside, how_many
    from dlfa.training.outlook import Outlook

    outlook = Outlook(plan)
    if not outlook.open:
        say(_("cli.sweep.nothing", store=plan.store, total=outlook.total))
        return
    count = min(count or how_many(), len(outlook.open))
    tell(_("cli.sweep.begin", open=len(outlook.open), total=outlook.total, count=count))
    told = time.monotonic() - EACH + FIRST

    def look() -> None:
        nonlocal told
        if time.monotonic() - told >= EACH:
            told = time.monotonic()
            tell(outlook.words())

    command = [sys.executable, "-m", "dlfa", "sweep", *plan.options(), "--worker"]
    ended = beside(command, count, look)
    left = len(Outlook(plan).open)
    if left:
        raise RunError("error.grid.left", left=left, total=outlook.total, codes=_codes(ended))
    plan.tidy()
    say(_("cli.sweep.finished", total=outlook.total, store=plan.store))


def _codes(ended: list[int]) -> str:
    return ", ".join(map(str, ended))


def _foretell(plan: "Plan", count: int | None) -> None:
    """Say how long it will take."""
    from dlfa.training.beside import how_many
    from dlfa.training.outlook import foretold

    say(foretold(plan, count or how_many()))
