"""Write every number in README and cards anew from the run records: ``make tables``."""

import re
from pathlib import Path

from dlfa.analysis import records
from dlfa.analysis.cards import accuracy_table, card, claims, drawn
from dlfa.data.tasks import TASKS
from docs.mbert import MBERT, mbert_costs

ROOT = Path(__file__).parents[1]
CHECKPOINTS = ROOT / "assets" / "checkpoints"
RESULTS = "assets/results"
RECORD = "assets/results/e5-small-xnli"
FURTHER = tuple(f"-{name}" for known in TASKS.values() for name in known.further)
MARKED = re.compile(r"(<!-- results:begin -->\n).*?(\n<!-- results:end -->)", re.DOTALL)


def results() -> str:
    """Return the README's results: the table, how it was measured, and the command."""
    record = records.read_summary(ROOT / RECORD)
    sampling, provenance = record["settings"], record["provenance"]
    pairs = next(iter(next(iter(record["summary"].values())).values()))["n"]
    return (
        f"Zero-shot accuracy in percent of `e5-small-xnli` on XNLI {sampling['split']}, "
        f"{pairs:,} pairs a language{drawn(sampling)}, encoder in {provenance['dtype']}. "
        "In brackets the 95 % interval of the baseline, which knows that three pairs share a "
        f"premise. {claims(record)}\n\n"
        f"{accuracy_table(record)}\n\n"
        f"Made by `{provenance['command']}`; the record is in "
        f"[{RECORD}]({RECORD}), the card in "
        "[assets/checkpoints/e5-small-xnli](assets/checkpoints/e5-small-xnli/README.md)."
    )


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
    own, *others = (f"{RESULTS}/{checkpoint.name}{suffix}" for suffix in ("", *FURTHER))
    if not (ROOT / own / records.RUN).is_file():
        return ""
    further = [(ROOT / one, one) for one in others if (ROOT / one / records.RUN).is_file()]
    return card(checkpoint, ROOT / own, own, further=further)


def main() -> None:
    """Rewrite the README's table and every checkpoint's card."""
    readme = ROOT / "README.md"
    readme.write_text(filled(readme.read_text(encoding="utf-8")), encoding="utf-8")
    for checkpoint in sorted(CHECKPOINTS.iterdir()):
        if made := carded(checkpoint):
            (checkpoint / "README.md").write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
