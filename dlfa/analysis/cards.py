"""Model cards: words made from records, never typed by hand."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dlfa.analysis import records
from dlfa.analysis.card_facts import FACTS
from dlfa.analysis.card_overlap import overlap_lines
from dlfa.analysis.card_tables import (
    METRICS,
    accuracy_table,
    averages,
    calibration_lines,
    claims,
    drawn,
    further_lines,
    sizes,
)
from dlfa.data.tasks import Metric, Task, task

__all__ = ["accuracy_table", "averages", "card", "claims", "drawn", "train_command"]

TRAINING = "training.json"
NAMES = {"xnli": "XNLI", "paws-x": "PAWS-X", "ner": "NER (WikiANN)", "pos": "POS (UD)"}


def card(
    checkpoint: Path,
    record_folder: Path,
    record_name: str,
    *,
    further: Sequence[tuple[Path, str]] = (),
    calibration: Path | None = None,
    overlap: Path | None = None,
) -> str:
    """Return a checkpoint's card: data, command, commit, hardware, seconds, metrics.

    Args:
        checkpoint: the checkpoint's folder, with its ``training.json``.
        record_folder: the run record of its evaluation.
        record_name: how the card names the record, such as ``assets/results/e5-small-xnli``.
        further: folder and name of records of other sets, such as the parallel one.
        calibration: what ``python -m benchmarks.calibration`` measured on the task.
        overlap: what ``python -m benchmarks.overlap`` counted for the checkpoint.

    Raises:
        RunError: a record cannot be read.
    """
    training = json.loads((checkpoint / TRAINING).read_text(encoding="utf-8"))
    record = records.read_summary(record_folder)
    settings, provenance = training["settings"], record["provenance"]
    recipe, known = settings["recipe"], task(settings["task"])
    facts = FACTS[known.key]
    versions = ", ".join(f"{name} {number}" for name, number in training["versions"].items())
    corpora = " + ".join(recipe["corpora"] or known.training)
    more = "".join(f"\n{_results(records.read_summary(folder), name)}" for folder, name in further)
    if calibration is not None:
        more += f"\n{calibration_lines(json.loads(calibration.read_text(encoding='utf-8')))}"
    if overlap is not None:
        more += f"\n{overlap_lines(json.loads(overlap.read_text(encoding='utf-8')))}"
    return f"""---
license: {facts.license}
base_model: intfloat/multilingual-e5-small
datasets: [{", ".join(facts.datasets)}]
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
- Data: {corpora} from {facts.data}
- {training["tokens"]:,} training tokens, {training["seconds"] / 60:.0f} minutes of wall time on a
  shared machine ({training["hardware"]}); {versions}.
{_chosen(known, training)}
- Command: `{train_command(settings)}`
- Commit: `{training["commit"][:12]}`. Seed {settings["seed"]}. Stored in float16 and rounded
  before it was measured.

{_results(record, record_name)}{more}
## Licences
Encoder: MIT. {facts.licences}
"""


def _chosen(known: Task, training: Mapping[str, Any]) -> str:
    """Return on what the checkpoint was chosen, and how good it was there."""
    settings, found = training["settings"], training["validation"]
    things = "pairs" if known.kind == "pair" else "sentences"
    measured = 100 * found[f"eval_{known.chosen_by}"]
    return (
        f"- The checkpoint was chosen on {FACTS[known.key].chosen_on} out of {settings['checks']} "
        f"looks: mean {METRICS[known.chosen_by]}\n  over all heads {measured:.1f} % on\n"
        f"  {settings['validation_limit'] or 'all'} {things}, after\n"
        f"  {int(found['num_input_tokens_seen']):,} tokens."
    )


def _results(record: Mapping[str, Any], name: str) -> str:
    """Return a section on one set: what was measured, what stands, and the table."""
    sampling, provenance = record["settings"], record["provenance"]
    known = task(sampling["task"])
    metric: Metric = known.metrics[0]
    corpus = NAMES[known.key] if sampling["split"] not in known.further else "UD PUD, parallel:"
    measured = (
        f"{corpus} {sampling['split']}, {sizes(record)} a language{drawn(sampling)}, encoder in\n"
        f"{provenance['dtype']}; in brackets the 95 % interval of the baseline "
        f"({FACTS[known.key].intervals})."
    )
    told = [
        f"## Zero-shot {METRICS[metric]} in percent\n{measured}",
        *([" ".join(record["notes"]) + "\n"] if record.get("notes") else []),
        f"{claims(record)}\n",
        *([further_lines(record) + "\n"] if record.get("further") else []),
        f"{accuracy_table(record)}\n",
        f"Record: `{name}`, made by `{provenance['command']}`.\n",
    ]
    return "\n".join(told)


def train_command(settings: Mapping[str, Any]) -> str:
    """Return the command line that repeats a training, by the settings in its ``training.json``."""
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
