"""``python -m dlfa intervene``: what if the gate were another one? A pair, or a whole set."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlfa.cli.numbers import plain
from dlfa.cli.words import as_typed, check_seed, heads_of, say, tell
from dlfa.data.tasks import TASKS, task
from dlfa.errors import InputError, TextError
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.results import Intervention, InterventionTrial, SetEffect, WhatIf

__all__ = ["add", "intervene"]

DIGITS = 6  # of a number in JSON
USUAL = ("zero", "half", "one")


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("premise", metavar="PREMISE", nargs="?")
    command.add_argument("hypothesis", metavar="HYPOTHESIS", nargs="?")
    command.add_argument(
        "--change", nargs="+", default=list(USUAL), metavar="CHANGE", help=_("cli.change.help")
    )
    command.add_argument(
        "--translation", nargs=2, metavar="TEXT", help=_("cli.intervene.translation.help")
    )
    command.add_argument("--model", help=_("cli.evaluate.model.help"))
    command.add_argument("--heads", nargs="+", default=["all"], help=_("cli.heads.help"))
    command.add_argument("--task", help=_("cli.intervene.task.help"))
    command.add_argument("--languages", nargs="+", default=["all"], help=_("cli.languages.help"))
    splits = (*dict.fromkeys(name for known in TASKS.values() for name in known.sets), "built-in")
    command.add_argument("--split", choices=splits, help=_("cli.split.help"))
    command.add_argument("--limit", type=int, help=_("cli.limit.help"))
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--fresh", action="store_true", help=_("cli.fresh.help"))
    command.add_argument("--out", type=Path, help=_("cli.out.help"))
    command.add_argument("--json", action="store_true", help=_("cli.json.help"))
    command.set_defaults(run=intervene)


def intervene(options: argparse.Namespace) -> None:
    """Answer a pair, or evaluate a set, with the gate changed."""
    from dlfa.results import Intervention

    done = [Intervention.parse(text) for text in options.change]  # said before a model is loaded
    check_seed(options)
    if options.premise is None:
        _over_set(options, done)
    elif options.hypothesis is None:
        raise TextError("error.pair.missing")
    else:
        _on_pair(options, done)


def _on_pair(options: argparse.Namespace, done: "Sequence[Intervention]") -> None:
    from dlfa.analysis.predict import load
    from dlfa.analysis.whatif import what_if

    predictor = load(options.model or f"e5-small-{options.task or 'xnli'}")
    found = what_if(
        predictor,
        (options.premise, options.hypothesis),
        done,
        heads_of(options),
        translation=tuple(options.translation) if options.translation else None,
        seed=options.seed,
    )
    if options.json:
        say(json.dumps(_pair_json(found)))
    else:
        _say_pair(found)


def _pair_json(found: "WhatIf") -> dict[str, Any]:
    return {
        "changes": [str(one) for one in found.interventions],
        "heads": found.heads,
        "labels": found.labels,
        "probabilities": found.probabilities.round(DIGITS).tolist(),
        "deviations": found.deviations.round(DIGITS).tolist(),
        "controls": found.controls.round(DIGITS).tolist(),
        "control_deviations": found.control_deviations.round(DIGITS).tolist(),
        "baseline": plain(found.baseline.round(DIGITS)),
        "draws": found.draws,
        "variants": found.variants,
        "error": found.error,
        "passes": found.passes,
        "milliseconds": round(found.milliseconds, 1),
        "encoder_milliseconds": round(found.encoder_milliseconds, 1),
        "swapped": vars(found.swapped) if found.swapped else None,
        "provenance": found.provenance.to_dict(),
    }


def _say_pair(found: "WhatIf") -> None:
    from dlfa.figures.whatif_words import cost_words

    say(_("cli.intervene.columns", labels="  ".join(_(f"label.{one}") for one in found.labels)))
    for at, head in enumerate(found.heads):
        for place, one in enumerate(found.interventions):
            after, control = (
                "  ".join(f"{share:.3f}" for share in shares[place, at])
                for shares in (found.probabilities, found.controls)
            )
            say(f"{head:9}  {one!s:28}  {after}  |  {control}")
    say(cost_words(found))


def _over_set(options: argparse.Namespace, done: "Sequence[Intervention]") -> None:
    from dlfa.analysis import records
    from dlfa.analysis.intervened import begin_trial
    from dlfa.analysis.intervention_trials import intervention_trial
    from dlfa.analysis.predict import load
    from dlfa.cli.evaluate import watch

    name = options.task or "xnli"
    known = task(name)
    if options.split not in ("built-in", *known.further):
        known.check(tuple(options.languages))
    predictor = load(options.model or f"e5-small-{name}")
    if predictor.model.config.task != name:
        raise InputError("error.evaluation.task", task=name, found=predictor.model.config.task)
    run = begin_trial(
        predictor,
        done,
        options.languages,
        split=options.split,
        limit=options.limit,
        heads=heads_of(options),
        seed=options.seed,
        command=as_typed(),
        store=not options.fresh,
    )
    folders = (
        {change: options.out / _folder(change) for change in run.changes} if options.out else {}
    )
    for folder in folders.values():
        records.reserve(folder)
    watch(run)
    found = run.evaluations()
    for change, folder in folders.items():
        records.write(found[change], folder)
    trial = intervention_trial(found, run.against)
    if options.json:
        say(json.dumps(_trial_json(trial)))
    else:
        _say_trial(trial)


def _folder(change: str) -> str:
    """Return an intervention as a folder's name."""
    return "".join(one if one.isalnum() or one in "-.+" else "_" for one in change)[:80]


def _trial_json(trial: "InterventionTrial") -> dict[str, Any]:
    return {
        "data": trial.data,
        "changes": trial.changes,
        "controls": trial.controls,
        "heads": trial.heads,
        "n": trial.n,
        "items": trial.items,
        "reference": trial.reference,
        "accuracy": _effect_json(trial.accuracy),
        "agreement": _effect_json(trial.agreement) if trial.agreement else None,
        "flipped": trial.flipped.tolist(),
        "settings": dict(trial.settings),
        "provenance": trial.provenance.to_dict(),
    }


def _effect_json(effect: "SetEffect") -> dict[str, Any]:
    found: dict[str, Any] = plain(
        {
            name: value.round(DIGITS) if hasattr(value, "round") else value
            for name, value in vars(effect).items()
        }
    )
    return found


def _say_trial(trial: "InterventionTrial") -> None:
    for effect in filter(None, (trial.accuracy, trial.agreement)):
        say(_(f"cli.intervene.{effect.measure}", reference=trial.reference or "-"))
        for change, head in (
            (c, h) for c in range(len(trial.changes)) for h in range(len(trial.heads))
        ):
            mean, low, high = (
                f"{100 * float(column[change, head]):+.2f}"
                for column in (effect.average, effect.low, effect.high)
            )
            by_language = "  ".join(
                f"{code} {100 * float(value):+.1f}"
                for code, value in zip(
                    effect.languages, effect.by_language[change, head], strict=True
                )
            )
            p = f"p {float(effect.p_holm[change, head]):.3f}"
            p += _beyond(effect, change, head)
            named = f"{trial.changes[change][:40]:28}  {trial.heads[head]:9}"
            say(f"{named}  {mean} [{low}, {high}]  {p}  {by_language}")
    tell(_("cli.intervene.note", controls=trial.controls, n=trial.n))


def _beyond(effect: "SetEffect", change: int, head: int) -> str:
    """Return what a change does beyond its control; nothing of a control itself."""
    if change >= len(effect.beyond_average):
        return ""
    mean, low, high = (
        f"{100 * float(column[change, head]):+.2f}"
        for column in (effect.beyond_average, effect.beyond_low, effect.beyond_high)
    )
    p = f"p {float(effect.beyond_p_holm[change, head]):.3f}"
    return "  " + _("cli.intervene.beyond", mean=mean, low=low, high=high, p=p)
