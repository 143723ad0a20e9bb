"""What training all heads at once, and LoRA, cost: ``python -m benchmarks.calibration --task ner``.

Three runs on one stated budget of English tokens, with one seed: ``joint`` (LoRA, all heads at
once, as the shipped models), ``alone`` (LoRA, the baseline by itself) and ``full`` (all heads, the
whole encoder tuned). Their baselines answer the same examples of the languages that the source
has; the differences are paired, their intervals from the bootstrap that the page Evaluate uses.
They are about these runs: another seed would give other ones. Runs are kept in ``--out`` and go on
where they were stopped. The last line is the JSON object, from which ``make tables`` writes the
cards' sections.
"""

import argparse
import logging
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.output import machine, show
from dlfa.analysis.evaluation import begin
from dlfa.analysis.predict import load
from dlfa.analysis.reports import compare
from dlfa.data.tasks import task
from dlfa.errors import DlfaError
from dlfa.results import BASELINE
from dlfa.training.recipes import Settings, recipe
from dlfa.training.run import Trained, train

TOKENS = 200_000
LIMIT = 200  # examples per language that the arms are compared on
ARMS: Mapping[str, Mapping[str, Any]] = {
    "joint": {"recipe": recipe("joint")},
    "alone": {"recipe": recipe("joint"), "heads": (BASELINE,)},
    "full": {"recipe": recipe("full")},
}
COMPARED = (("joint", "alone"), ("joint", "full"))


def trained(known: str, tokens: int, out: Path) -> dict[str, Trained]:
    """Train every arm, or find it trained already."""
    settings = Settings(
        task=known,
        backbone="e5-small",
        recipe=recipe("joint"),
        max_tokens=tokens,
        validation_limit=500,
        checks=3,
    )
    return {
        arm: train(replace(settings, **changes), out / f"{known}-{arm}")
        for arm, changes in ARMS.items()
    }


def evaluated(arms: Mapping[str, Trained], limit: int) -> dict[str, Any]:
    """Return each arm's answers on the same examples of every language."""
    found = {}
    for arm, done in arms.items():
        run = begin(load(done.folder), limit=limit, store=False)
        for _progress in run.go():
            pass
        found[arm] = run.evaluation()
    return found


def differences(answers: Mapping[str, Any], first: str, second: str) -> dict[str, Any]:
    """Return how two arms differ on the baseline, in points, averaged over languages."""
    found = compare(answers[first], answers[second], (first, second))
    told = found.differences
    at = told.heads.index(BASELINE)
    return {
        "examples": int(found.n),
        "languages": len(told.languages),
        "difference": round(100 * float(told.average[at]), 2),
        "low": round(100 * float(told.low[at]), 2),
        "high": round(100 * float(told.high[at]), 2),
        first: round(100 * float(found.first.average[at]), 2),
        second: round(100 * float(found.second.average[at]), 2),
    }


def measure(known: str, tokens: int, limit: int, out: Path) -> dict[str, object]:
    """Return every figure."""
    arms = trained(known, tokens, out)
    answers = evaluated(arms, limit)
    metric = task(known).chosen_by
    return {
        "task": known,
        "metric": task(known).metrics[0],
        "tokens": tokens,
        "seed": 0,
        "limit": limit,
        "split": answers["joint"].settings["split"],
        "validation_metric": metric,
        "validation": {
            arm: {
                name: round(100 * done.validation[f"eval_{key}"], 2)
                for name, key in (("baseline", f"{metric}_baseline"), ("mean of heads", metric))
            }
            for arm, done in arms.items()
        },
        "minutes": {arm: round(done.seconds / 60, 1) for arm, done in arms.items()},
        "differences": {
            f"{first}-{second}": differences(answers, first, second) for first, second in COMPARED
        },
        **machine(),
    }


def main() -> None:
    """Measure and print."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task", default="xnli")
    parser.add_argument("--max-tokens", type=int, default=TOKENS)
    parser.add_argument("--limit", type=int, default=LIMIT)
    parser.add_argument("--out", type=Path, default=Path("runs") / "calibration")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        found = measure(options.task, options.max_tokens, options.limit, options.out)
    except DlfaError as error:  # no data: the sentence says where it would be looked for
        sys.exit(str(error))
    show(found, as_json=options.json, name=f"calibration-{options.task}")


if __name__ == "__main__":
    main()
