"""``python -m dlfa attribute``: what each word, and each door of a head, adds to its answer."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dlfa.cli.words import as_typed, check_seed, heads_of, say
from dlfa.messages import _
from dlfa.results.attributions import BASELINES, METHODS, QUADRATURES

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor
    from dlfa.results.attributions import Attribution, Doors, Faithfulness

__all__ = ["add", "attribute_pair"]

Found = dict[str, Any]


def add(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("premise", metavar="PREMISE")
    command.add_argument("hypothesis", metavar="HYPOTHESIS")
    command.add_argument("--model", default="e5-small-xnli", help=_("cli.model.help"))
    command.add_argument(
        "--head", dest="heads", nargs="+", default=["D_8"], help=_("cli.attribute.head.help")
    )
    command.add_argument("--label", default="", help=_("cli.attribute.label.help"))
    for name, known in (("method", METHODS), ("baseline", BASELINES), ("quadrature", QUADRATURES)):
        words = _(f"cli.attribute.{name}.help", known=", ".join(known))
        command.add_argument(f"--{name}", default=known[0], help=words)
    command.add_argument("--doors", action="store_true", help=_("cli.attribute.doors.help"))
    command.add_argument("--curves", action="store_true", help=_("cli.attribute.curves.help"))
    command.add_argument(
        "--translation",
        nargs=2,
        metavar=("PREMISE", "HYPOTHESIS"),
        help=_("cli.attribute.translation.help"),
    )
    command.add_argument("--seed", type=int, default=0, help=_("cli.attribute.seed.help"))
    command.add_argument("--json", action="store_true", help=_("cli.json.help"))
    command.set_defaults(run=attribute_pair)


def attribute_pair(options: argparse.Namespace) -> None:
    """Explain one pair's answer: a line, or a JSON object, for each head and each text."""
    from dlfa.analysis.predict import load

    check_seed(options)
    predictor = load(options.model)
    for head in predictor.model.heads.choose(heads_of(options)):
        for found, words in _explained(predictor, options, head):
            made = predictor.provenance.to_dict() | {"dtype": "float32", "command": as_typed()}
            told = json.dumps({**found, "provenance": made}, ensure_ascii=False)
            say(told if options.json else words)


def _explained(
    predictor: "Predictor", options: argparse.Namespace, head: str
) -> Iterator[tuple[Found, str]]:
    """Yield what was found, as plain values and in words."""
    from dlfa.figures.attribution_words import (
        attribution_verdict,
        comparison_words,
        doors_verdict,
        faithfulness_verdict,
        gap_words,
    )

    pair = options.premise, options.hypothesis
    ways = {"baseline": options.baseline, "quadrature": options.quadrature}
    if options.doors:
        from dlfa.analysis.doors import by_door

        doors = by_door(predictor, pair, head, options.label, **ways)
        yield _of_doors(doors), f"{head}: {doors_verdict(doors)} {gap_words(doors.gap)}"
        return
    ways["method"] = options.method
    if options.translation:
        from dlfa.analysis.attributed_translations import compare_attributions

        two = pair, tuple(options.translation)
        both = compare_attributions(predictor, two, head, options.label, seed=options.seed, **ways)
        links = zip(both.alignment.first.tolist(), both.alignment.second.tolist(), strict=True)
        found: Found = {"links": list(links), "correlation": _number(both.correlation)}
        found |= {name: _of_words(getattr(both, name)) for name in ("first", "second")}
        yield found, f"{head}: {comparison_words(both)}"
        return
    from dlfa.analysis.attribution import attribute

    one = attribute(predictor, pair, head, options.label, **ways)
    found, words = _of_words(one), f"{head}: {attribution_verdict(one)} {gap_words(one.gap)}"
    if options.curves:
        from dlfa.analysis.faithfulness import faithfulness

        curves = faithfulness(predictor, pair, one, seed=options.seed)
        found["faithfulness"] = _of_curves(curves)
        words = f"{words} {faithfulness_verdict(curves)}"
    yield found, words


def _of_words(found: "Attribution") -> Found:
    return _about(found) | {
        "method": found.method,
        "layer": found.layer,
        "words": [
            {"word": word, "score": round(score, 6)}
            for word, score in zip(found.tokens.words, found.words.tolist(), strict=True)
        ],
        "special": found.special,
    }


def _of_doors(found: "Doors") -> Found:
    parts = zip(found.doors, found.parts.round(6).tolist(), strict=True)
    return _about(found) | {"doors": dict(parts)}


def _about(found: "Attribution | Doors") -> Found:
    """Return what is explained, what of it is missed, and what it took."""
    return {
        "head": found.head,
        "label": found.label,
        "baseline": found.baseline,
        "quadrature": found.quadrature,
        "score": "log-odds",
        "start": found.start,
        "end": found.end,
        "gap": _number(found.gap),
        "steps": found.steps,
        "passes": found.passes,
        "milliseconds": round(found.milliseconds, 1),
    }


def _number(number: float) -> float | None:
    """Return a number that JSON knows; it has neither NaN nor infinity."""
    return number if abs(number) < float("inf") else None


def _of_curves(found: "Faithfulness") -> Found:
    areas = {
        curve: {"area": found.areas[at], "random": found.random_areas[at].round(6).tolist()}
        for at, curve in enumerate(("deletion", "insertion"))
    }
    points = {name: getattr(found, name).round(6).tolist() for name in ("shares", *areas)}
    return {"areas": areas, "draws": found.draws, "seed": found.seed, **points}
