"""Model cards and tables: words made from records, never typed by hand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dlfa.analysis import records
from dlfa.data.languages import language
from dlfa.results import BASELINE

__all__ = ["accuracy_table", "averages", "card", "claims", "drawn"]

TRAINING = "training.json"
LEVEL = 0.05  # of a claim


def averages(summary: Mapping[str, Mapping[str, Mapping[str, float]]]) -> dict[str, float]:
    """Return each head's accuracy averaged over the languages, in percent."""
    heads = next(iter(summary.values()))
    return {
        head: 100 * sum(row[head]["accuracy"] for row in summary.values()) / len(summary)
        for head in heads
    }


def accuracy_table(record: Mapping[str, Any]) -> str:
    """Return a Markdown table: a row per language, the baseline and the spread of fused heads.

    Args:
        record: a ``run.json`` (see `dlfa.analysis.records`).
    """
    lines = [
        "| language | baseline | D_1 … D_11, lowest to highest | aff gates, lowest to highest |",
        "|---|---|---|---|",
    ]
    summary = record["summary"]
    for code, heads in summary.items():
        shown = {head: 100 * row["accuracy"] for head, row in heads.items()}
        lines.append(_row(f"{language(code).name} ({code})", shown, _bounds(heads[BASELINE])))
    whole = record.get("averages", {}).get(BASELINE, {})
    lines.append(_row("**average**", averages(summary), _bounds(whole)))
    return "\n".join(lines)


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
        record: a ``run.json`` with its report.
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
    return f"{count} {len(found)} differ: {', '.join(found)}. All this is about one checkpoint."


def card(checkpoint: Path, record_folder: Path, record_name: str) -> str:
    """Return a checkpoint's card: data, command, commit, hardware, seconds, metrics.

    Args:
        checkpoint: the checkpoint's folder, with its ``training.json``.
        record_folder: the run record of its evaluation.
        record_name: how the card names the record, such as ``assets/results/e5-small-xnli``.

    Raises:
        RunError: the record cannot be read.
    """
    training = json.loads((checkpoint / TRAINING).read_text(encoding="utf-8"))
    record = records.read_summary(record_folder)
    settings, provenance = training["settings"], record["provenance"]
    recipe, sampling = settings["recipe"], record["settings"]
    pairs = next(iter(next(iter(record["summary"].values())).values()))["n"]
    versions = ", ".join(f"{name} {number}" for name, number in training["versions"].items())
    return f"""---
license: cc-by-sa-4.0
base_model: intfloat/multilingual-e5-small
datasets: [nyu-mll/multi_nli, stanfordnlp/snli]
---
# {checkpoint.name}: a multilingual encoder with DLFA heads

Adapter (LoRA, rank {recipe["lora_rank"]}) and {len(record["heads"])} heads for
`{provenance["backbone"]}`, trained on English {settings["task"].upper()} data only: `baseline`,
`D_1` … `D_11` (gate as printed, g = W ⊙ s) and `D_1_aff` … `D_11_aff` (g = s), all in one run
(recipe `{recipe["name"]}`, gate_init `{recipe["gate_init"]}`). The encoder itself is not in this
folder; it is loaded from its own source ({provenance["revision"]}).

**This is not the paper's model.** The encoder is multilingual-e5-small, which has seen
translations and labelled sentence pairs in its own training; what is measured here is about it,
not about mBERT, and the heads share one encoder.

## Training
- Data: {" + ".join(recipe["corpora"])} from a partial mirror (33,897 MNLI and, after leaving out
  premises that are Flickr8k captions, part of 37,483 SNLI pairs); English only.
- {training["tokens"]:,} training tokens, {training["seconds"] / 60:.0f} minutes of wall time on a
  shared machine ({training["hardware"]}); {versions}.
- The checkpoint was chosen on English validation out of {settings["checks"]} looks: mean accuracy
  over all heads {100 * training["validation"]["eval_accuracy"]:.1f} % on
  {settings["validation_limit"] or "all"} pairs, after
  {int(training["validation"]["num_input_tokens_seen"]):,} tokens.
- Command: `{_train_command(settings)}`
- Commit: `{training["commit"][:12]}`. Seed {settings["seed"]}. Stored in float16 and rounded
  before it was measured.

## Zero-shot accuracy in percent
XNLI {sampling["split"]}, {pairs:,} pairs a language{drawn(sampling)}, encoder in
{provenance["dtype"]}; in brackets the 95 % interval of the baseline (Wilson, on as many pairs as
three hypotheses to a premise are worth; the average's by a bootstrap of premises).
{claims(record)}

{accuracy_table(record)}

Record: `{record_name}`, made by `{provenance["command"]}`.

## Licences
Encoder: MIT. MNLI: OANC and others. SNLI: CC BY-SA 4.0, hence this adapter and these heads are
offered under CC BY-SA 4.0. XNLI (evaluation only): CC BY-NC 4.0.
"""


def _train_command(settings: Mapping[str, Any]) -> str:
    recipe = settings["recipe"]
    parts = [
        f"python -m dlfa train --task {settings['task']} --backbone {settings['backbone']}",
        f"--recipe {recipe['name']}",
    ]
    if settings["max_tokens"]:
        parts.append(f"--max-tokens {settings['max_tokens']}")
    if settings["validation_limit"]:
        parts.append(f"--validation-limit {settings['validation_limit']}")
    return " ".join([*parts, f"--seed {settings['seed']}"])


def drawn(sampling: Mapping[str, Any]) -> str:
    """Return how a record's pairs were drawn, in brackets.

    Args:
        sampling: its settings.
    """
    if not sampling["limit"]:
        return " (all)"
    return f" (stratified by label, seed {sampling['sampling_seed']}, the same in every language)"
