"""Write every number in README and cards anew from the run records: ``make tables``."""

import json
import re
from pathlib import Path

from dlfa.analysis import records
from dlfa.analysis.card_tables import LEVEL, METRICS
from dlfa.analysis.cards import accuracy_table, averages, card, claims, drawn
from dlfa.data.tasks import TASKS, task
from dlfa.results import BASELINE
from docs.mbert import MBERT, mbert_costs

ROOT = Path(__file__).parents[1]
CARDS = "assets/checkpoints"
CHECKPOINTS = ROOT / CARDS
RESULTS = "assets/results"
RECORD = "assets/results/e5-small-xnli"
FURTHER = tuple(f"-{name}" for known in TASKS.values() for name in known.further)
CALIBRATION = ROOT / "benchmarks" / "results"
MARKED = re.compile(r"(<!-- results:begin -->\n).*?(\n<!-- results:end -->)", re.DOTALL)


def results() -> str:
    """Return the README's results: all shipped models, then XNLI's table and how it was made."""
    record = records.read_summary(ROOT / RECORD)
    sampling, provenance = record["settings"], record["provenance"]
    pairs = next(iter(next(iter(record["summary"].values())).values()))["n"]
    return (
        f"{shipped()}\n\n"
        f"Zero-shot accuracy in percent of `e5-small-xnli` on XNLI {sampling['split']}, "
        f"{pairs:,} pairs a language{drawn(sampling)}, encoder in {provenance['dtype']}. "
        "In brackets the 95 % interval of the baseline, which knows that three pairs share a "
        f"premise. {claims(record)}\n\n"
        f"{accuracy_table(record)}\n\n"
        f"Made by `{provenance['command']}`; the record is in "
        f"[{RECORD}]({RECORD}), the card in "
        "[assets/checkpoints/e5-small-xnli](assets/checkpoints/e5-small-xnli/README.md)."
    )


def shipped() -> str:
    """Return a table of the shipped models: a row for every set that one was measured on."""
    lines = [
        "| model | set | languages | measure | baseline | fused heads | better / worse |",
        "|---|---|---|---|---|---|---|",
        *(
            _row(checkpoint.name, ROOT / name)
            for checkpoint in sorted(CHECKPOINTS.iterdir())
            for name in _records(checkpoint)
        ),
    ]
    return "\n".join(lines) + (
        "\n\nIn percent, averaged over languages; in brackets the 95 % interval of the baseline. "
        "Fused heads: the lowest and the highest of them; better and worse than the baseline are "
        "those that stand after Holm's correction."
    )


def _row(model: str, folder: Path) -> str:
    record = records.read_summary(folder)
    known = task(record["settings"]["task"])
    metric = known.metrics[0]
    told = averages(record["summary"], metric)
    alone = told.pop(BASELINE)
    bounds = record["averages"][BASELINE]
    steps = [
        row["difference"]
        for head, row in record["averages"].items()
        if head != BASELINE and row["p_holm"] < LEVEL
    ]
    cells = [
        f"[{model}]({CARDS}/{model}/README.md)",
        f"{known.key} {record['settings']['split']}",
        str(len(record["summary"])),
        METRICS[metric],
        f"{alone:.1f} ({100 * bounds['low']:.1f} to {100 * bounds['high']:.1f})",
        f"{min(told.values()):.1f} … {max(told.values()):.1f}",
        f"{sum(step > 0 for step in steps)} / {sum(step < 0 for step in steps)} of {len(told)}",
    ]
    return f"| {' | '.join(cells)} |"


def _records(checkpoint: Path) -> list[str]:
    """Return the names of a checkpoint's records, its own first; none where it has none yet."""
    own, *others = (f"{RESULTS}/{checkpoint.name}{suffix}" for suffix in ("", *FURTHER))
    if not (ROOT / own / records.RUN).is_file():
        return []
    return [own, *(one for one in others if (ROOT / one / records.RUN).is_file())]


def filled(readme: str) -> str:
    """Return the README with its results and costs as the records have them."""
    costs = MBERT.sub(lambda found: found[1] + mbert_costs(ROOT) + found[2], readme)
    return MARKED.sub(lambda found: found[1] + results() + found[2], costs)


def carded(checkpoint: Path) -> str:
    """Return a checkpoint's card; empty where it has no record yet.

    Args:
        checkpoint: its folder; ``<its name>`` below `RESULTS` is its record, ``<its name>-pud``
            that of a further set.
    """
    names = _records(checkpoint)
    if not names:
        return ""
    further = [(ROOT / one, one) for one in names[1:]]
    trained = json.loads((checkpoint / "training.json").read_text(encoding="utf-8"))
    measured = CALIBRATION / f"calibration-{trained['settings']['task']}.json"
    calibration = measured if measured.is_file() else None
    counted = CALIBRATION / f"overlap-{checkpoint.name}.json"
    return card(
        checkpoint,
        ROOT / names[0],
        names[0],
        further=further,
        calibration=calibration,
        overlap=counted if counted.is_file() else None,
    )


def main() -> None:
    """Rewrite the README's table and every checkpoint's card."""
    readme = ROOT / "README.md"
    readme.write_text(filled(readme.read_text(encoding="utf-8")), encoding="utf-8")
    for checkpoint in sorted(CHECKPOINTS.iterdir()):
        if made := carded(checkpoint):
            (checkpoint / "README.md").write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
