"""Tables and sentences of cards and of the README: words made from records, never typed by hand."""

from collections.abc import Mapping
from typing import Any

from dlfa.data.languages import language
from dlfa.data.tasks import Metric, task
from dlfa.results import BASELINE

__all__ = [
    "LEVEL",
    "METRICS",
    "accuracy_table",
    "averages",
    "calibration_lines",
    "claims",
    "drawn",
    "further_lines",
    "sizes",
]

LEVEL = 0.05  # of a claim
NAMED = 6  # claims one by one; more are counted
METRICS: Mapping[Metric, str] = {
    "accuracy": "accuracy",
    "f1": "F1",
    "word_accuracy": "word accuracy",
    "macro_f1": "macro F1",
}

Rows = Mapping[str, Mapping[str, Mapping[str, float]]]


def averages(summary: Rows, metric: Metric = "accuracy") -> dict[str, float]:
    """Return each head's measure averaged over the languages, in percent."""
    heads = next(iter(summary.values()))
    return {
        head: 100 * sum(row[head][metric] for row in summary.values()) / len(summary)
        for head in heads
    }


def accuracy_table(record: Mapping[str, Any]) -> str:
    """Return a Markdown table: a row per language, the baseline and the spread of fused heads.

    Args:
        record: a ``run.json`` (see `dlfa.analysis.records`); its first measure is told.
    """
    lines = [
        "| language | baseline | D_1 … D_11, lowest to highest | aff gates, lowest to highest |",
        "|---|---|---|---|",
    ]
    summary, metric = record["summary"], _first(record)
    for code, heads in summary.items():
        shown = {head: 100 * row[metric] for head, row in heads.items()}
        lines.append(_row(f"{language(code).name} ({code})", shown, _bounds(heads[BASELINE])))
    whole = record.get("averages", {}).get(BASELINE, {})
    lines.append(_row("**average**", averages(summary, metric), _bounds(whole)))
    return "\n".join(lines)


def _first(record: Mapping[str, Any]) -> Metric:
    return task(record["settings"].get("task", "xnli")).metrics[0]


def _bounds(row: Mapping[str, float]) -> str:
    """Return a 95 % interval in percent; empty where the record gives none."""
    return f" ({100 * row['low']:.1f} to {100 * row['high']:.1f})" if "low" in row else ""


def _row(name: str, shown: Mapping[str, float], error: str) -> str:
    printed = [value for head, value in shown.items() if head[-1].isdigit()]
    aff = [value for head, value in shown.items() if head.endswith("_aff")]
    cells = [f"{shown[BASELINE]:.1f}{error}", _range(printed), _range(aff)]
    return f"| {name} | " + " | ".join(cells) + " |"


def _range(values: list[float]) -> str:
    return f"{min(values):.1f} … {max(values):.1f}" if values else "–"


def claims(record: Mapping[str, Any]) -> str:
    """Return in one sentence which heads differ from the baseline after Holm's correction.

    Args:
        record: a ``run.json`` with its report, or what it has in ``further``.
    """
    fused = {head: row for head, row in record["averages"].items() if head != BASELINE}
    found = [
        f"{head} ({100 * row['difference']:+.2f} points, {100 * row['difference_low']:+.2f} to "
        f"{100 * row['difference_high']:+.2f})"
        for head, row in fused.items()
        if row["p_holm"] < LEVEL
    ]
    count = f"Of {len(fused)} fused heads, each tested against the baseline with Holm's correction,"
    if not found:
        return f"{count} none differs from it by more than chance would make it."
    if len(found) > NAMED:
        steps = [100 * row["difference"] for row in fused.values() if row["p_holm"] < LEVEL]
        told = f"{len(found)} differ, by {min(steps):+.2f} to {max(steps):+.2f} points."
        return f"{count} {told} All this is about one checkpoint."
    return f"{count} {len(found)} differ: {', '.join(found)}. All this is about one checkpoint."


def further_lines(record: Mapping[str, Any]) -> str:
    """Return what the record's other measures say, a line each; empty where it has none."""
    lines = []
    for metric, told in record.get("further", {}).items():
        baseline = told["averages"][BASELINE]
        percent = f"{100 * baseline[metric]:.1f} %{_bounds(baseline)}"
        lines.append(f"By {METRICS[metric]}, baseline {percent} on average: {claims(told)}")
    return "\n\n".join(lines)


def calibration_lines(found: Mapping[str, Any]) -> str:
    """Return a card's section on what training all heads at once, and LoRA, cost.

    Args:
        found: what ``python -m benchmarks.calibration`` measured.
    """
    one, other = (found["differences"][name] for name in ("joint-alone", "joint-full"))
    metric = METRICS[found["metric"]]
    return (
        "## Calibration\n"
        f"Three runs on {found['tokens']:,} English tokens each, with seed {found['seed']}; their "
        f"baselines on the same\n{one['examples']:,} examples ({found['split']}, at most "
        f"{found['limit']} a language, {one['languages']} languages), {metric} in percent:\n"
        f"all heads at once with LoRA, as here, {one['joint']:.1f}; the baseline alone with LoRA "
        f"{one['alone']:.1f};\nall heads at once, the whole encoder tuned, {other['full']:.1f}.\n"
        f"- In `joint` minus alone: {_points(one)}.\n"
        f"- LoRA minus full fine-tuning: {_points(other)}.\n\n"
        "The intervals are about examples; another seed would give other runs.\n"
        f"Made by `{found['command']}`.\n"
    )


def _points(found: Mapping[str, Any]) -> str:
    return f"{found['difference']:+.2f} points ({found['low']:+.2f} to {found['high']:+.2f})"


def drawn(sampling: Mapping[str, Any]) -> str:
    """Return how a record's examples were drawn, in brackets.

    Args:
        sampling: its settings.
    """
    known = task(sampling.get("task", "xnli"))
    if not sampling["limit"]:
        return " (all)"
    if known.kind == "tagging":
        return f" (drawn with seed {sampling['sampling_seed']})"
    return f" (stratified by label, seed {sampling['sampling_seed']}, the same in every language)"


def sizes(record: Mapping[str, Any]) -> str:
    """Return how many examples each language has: ``5,010 pairs``, ``80 to 1,500 sentences``."""
    counts = [next(iter(heads.values()))["n"] for heads in record["summary"].values()]
    known = task(record["settings"].get("task", "xnli"))
    things = "sentences" if known.kind == "tagging" else "pairs"
    low, high = min(counts), max(counts)
    return f"{low:,} {things}" if low == high else f"{low:,} to {high:,} {things}"
