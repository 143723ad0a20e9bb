"""``python -m dlfa claims``: the paper's claims on trial, in words and as JSON."""

import argparse
import json
import time
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlfa.cli.words import say
from dlfa.errors import TextError
from dlfa.messages import _
from dlfa.results.claims import Finding, Part, Saying

if TYPE_CHECKING:
    from dlfa.results import SentenceSet

__all__ = ["add", "claims"]

DASH = "–"


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument(
        "--claim", nargs="+", type=int, default=[], metavar="N", help=_("cli.claims.claim.help")
    )
    command.add_argument("--backbone", default="e5-small", help=_("cli.claims.backbone.help"))
    command.add_argument("--recipe", default="joint", help=_("cli.claims.recipe.help"))
    command.add_argument("--store", type=Path, help=_("cli.claims.store.help"))
    command.add_argument("--record", type=Path, help=_("cli.claims.record.help"))
    command.add_argument("--sentences", type=Path, help=_("cli.claims.sentences.help"))
    command.add_argument("--json", action="store_true", help=_("cli.json.help"))
    command.set_defaults(run=claims)


def claims(options: argparse.Namespace) -> None:
    """Judge claims and print each with its verdict, its numbers and why."""
    began = time.monotonic()
    from dlfa.claims.evidence import gather
    from dlfa.claims.verdicts import examine

    evidence = gather(
        options.backbone,
        options.recipe,
        store=options.store,
        record=options.record,
        sentences=_sentences(options.sentences) if options.sentences else None,
    )
    found = examine(evidence, options.claim)
    if options.json:
        say(json.dumps({"findings": [_plain(one) for one in found]}, ensure_ascii=False, indent=1))
        return
    for one in found:
        _say(one)
    seconds = round(time.monotonic() - began)
    say(_("cli.claims.seconds", claims=len(found), seconds=seconds))


def _sentences(path: Path) -> "SentenceSet":
    from dlfa.data.sentence_sets import guessed_columns, own_sentences, read_sentences

    try:
        sheet = read_sentences(path.read_bytes(), path.name)
    except OSError:
        raise TextError("error.file.unreadable", path=path) from None
    return own_sentences(sheet, guessed_columns(sheet)).sentences


def _say(one: Finding) -> None:
    number = _("cli.claims.number", number=one.claim) if one.claim else _("cli.claims.question")
    say(f"{number}: {_(f'claims.{one.claim}.sentence')}")
    say(f"  {one.worded}")
    if isfinite(one.estimate) and one.unit != "checks":
        say(f"  {_numbers(one, one)}")
    for part in one.parts:
        told = f"  {_numbers(one, part)}" if part.kind != "check" else ""
        note = f"  {part.note}" if part.note else ""
        mark = {True: "+", False: "-", None: " "}[part.passes]
        say(f"    {mark} {part.title}{told}{note}")
    for why in one.why:
        say(f"  {why}")
    say("")


def _numbers(one: Finding, told: Finding | Part) -> str:
    """Return estimate, interval, p and n in a row."""
    if not isfinite(told.low):
        return f"{told.estimate:.2f} {_(f'claims.unit.{one.unit}')}"
    corrected = isinstance(told, Finding) and isfinite(told.p_holm)
    p = f"p = {_p(told.p)}"
    if isfinite(told.against):
        p = _("claims.against", p=p, value=f"{told.against:+.2f}" if told.against else "0")
    if corrected:
        p = _("cli.claims.p", p=p, claims=one.family, p_holm=_p(one.p_holm))
    return _(
        "cli.claims.numbers",
        estimate=f"{told.estimate:+.2f}",
        low=f"{told.low:+.2f}",
        high=f"{told.high:+.2f}",
        unit=_(f"claims.unit.{one.unit}"),
        p=p,
        n=f"{told.n:,}" if told.n else DASH,
        of=_(f"claims.of.{told.of}") if told.of else "",
    )


def _p(value: float) -> str:
    return f"{value:.2g}" if isfinite(value) else DASH


def _plain(value: Any) -> Any:
    """Return what JSON takes: sentences in words, no NaN."""
    if isinstance(value, Finding):
        shallow = {name: getattr(value, name) for name in value.__dataclass_fields__}
        about = {"sentence": _(f"claims.{value.claim}.sentence"), "worded": str(value.worded)}
        return about | {name: _plain(one) for name, one in shallow.items()}
    if isinstance(value, Saying):
        return str(value)
    if isinstance(value, Part):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return asdict(value)
    return None if isinstance(value, float) and not isfinite(value) else value
