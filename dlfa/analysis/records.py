"""Run records: one folder per run, one schema for every page, card and benchmark.

``run.json`` holds provenance, settings and a summary per language and head; ``examples.parquet``
every answer, never the texts: of sentence pairs as `dlfa.analysis.pair_records` lays it out, of
tagged sentences as `dlfa.analysis.tag_records` does.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from pathlib import Path
from typing import Any

from dlfa.analysis.pair_records import (
    Summary,
    pair_evaluation,
    pair_summary,
    pair_table,
    rounded,
)
from dlfa.analysis.tag_records import (
    KIND,
    tag_evaluation,
    tag_intervals,
    tag_summary,
    tag_table,
)
from dlfa.data.atomic import replacing, write_json
from dlfa.errors import RunError
from dlfa.results import (
    Evaluated,
    Report,
    TaggedEvaluation,
    pairs_of,
)

__all__ = [
    "EXAMPLES",
    "RUN",
    "SCHEMA",
    "read",
    "read_summary",
    "reserve",
    "summary",
    "tables_of",
    "write",
]

RUN = "run.json"
EXAMPLES = "examples.parquet"
SCHEMA = 1
KEYS = {"schema", "provenance", "settings", "labels", "heads", "summary"}  # of run.json
AT_ONCE = 8_192  # examples of a row group: a table of 23 heads takes 20 MB


def write(
    evaluation: Evaluated,
    folder: Path,
    *,
    report: Report | None = None,
    further: Sequence[Report] = (),
    numbers: bool = True,
) -> None:
    """Write a record, atomically: the folder is either whole or as it was.

    Args:
        evaluation: what it holds.
        folder: is made, or replaced.
        report: what it says; averages, differences and intervals then stand in ``run.json``, for
            whoever reads no parquet.
        further: what it says by other measures than the first.
        numbers: also probabilities, margins and gates; a record without them is a tenth as large
            and knows every head's answer. Of tagged words it always is such.
    """
    import pyarrow.parquet as parquet

    content = {
        "schema": SCHEMA,
        "provenance": evaluation.provenance.to_dict(),
        "settings": dict(evaluation.settings),
        "labels": list(evaluation.labels),
        "heads": list(evaluation.heads),
        "summary": summary(evaluation, report),
    }
    if isinstance(evaluation, TaggedEvaluation):
        content["kind"] = KIND
    if report is not None:
        content |= {"averages": averages(report), "warnings": list(report.warnings)}
        content |= {"notes": list(report.notes)} if report.notes else {}
    if further:
        content["further"] = {one.accuracies.metric: _further(one) for one in further}
    with replacing(folder) as fresh:
        write_json(fresh / RUN, content)
        tables = tables_of(evaluation, numbers=numbers)
        first = next(tables)
        made: dict[str, Any] = {"compression": "zstd", "compression_level": 9}
        with parquet.ParquetWriter(fresh / EXAMPLES, first.schema, **made) as file:
            for table in chain([first], tables):
                file.write_table(table)


def reserve(folder: Path) -> None:
    """Make sure, before the work, that a record can be written there and replaces no other thing.

    Raises:
        RunError: something else lies there, or it cannot be written.
    """
    try:
        if folder.exists() and not (folder / RUN).is_file() and any(folder.iterdir()):
            raise RunError("error.run.occupied", path=folder)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:  # also a file of that name
        raise RunError("error.run.unwritable", path=folder, reason=error.strerror) from error


def _further(report: Report) -> dict[str, object]:
    """Return what another measure says: its values stand in the summary already."""
    return {"averages": averages(report), "summary": tag_intervals(report)}


def summary(evaluation: Evaluated, report: Report | None = None) -> Summary:
    """Return accuracy, its standard error and n, per language and head; of a report the interval.

    The standard error takes examples as independent; the interval knows of shared premises. Of
    tagged words it is all measures, sentences and words; the interval is the first measure's.
    """
    if not isinstance(evaluation, TaggedEvaluation):
        return pair_summary(pairs_of(evaluation), report)
    found = tag_summary(evaluation)
    bounds = tag_intervals(report) if report is not None else {}
    for language, head in product(bounds, evaluation.heads):
        found[language][head] |= bounds[language][head]
    return found


def averages(report: Report) -> dict[str, dict[str, float]]:
    """Return each head's mean over the languages, and its difference to the baseline."""
    told, apart = report.accuracies, report.differences
    found = {
        head: rounded({told.metric: mean, "low": low, "high": high})
        for head, mean, low, high in zip(
            told.heads, told.average, told.average_low, told.average_high, strict=True
        )
    }
    for at, head in enumerate(apart.heads if apart else ()):
        assert apart is not None
        found[head] |= rounded(
            {
                "difference": apart.average[at],
                "difference_low": apart.low[at],
                "difference_high": apart.high[at],
                "p": apart.p[at],
                "p_holm": apart.p_holm[at],
            }
        )
    return found


def tables_of(evaluation: Evaluated, *, numbers: bool = True) -> Iterator[Any]:
    """Yield `pyarrow.Table`s with a row per example and head; of words one, a row per sentence.

    Args:
        evaluation: what it holds, at least one example.
        numbers: also probabilities, margins and gates, where there are any.
    """
    if isinstance(evaluation, TaggedEvaluation):
        yield tag_table(evaluation)
    else:
        pairs = pairs_of(evaluation)
        for first in range(0, len(pairs.ids), AT_ONCE):
            yield pair_table(pairs.part(slice(first, first + AT_ONCE)), numbers=numbers)


def read_summary(folder: Path) -> Mapping[str, Any]:
    """Return a record's ``run.json``.

    Raises:
        RunError: it is not there, cannot be read, or has a newer schema.
    """
    try:
        content = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError("error.run.unreadable", path=_named(folder)) from error
    if not isinstance(content, dict) or not content.keys() >= KEYS:
        raise RunError("error.run.unreadable", path=_named(folder))
    if content["schema"] != SCHEMA:
        raise RunError("error.run.schema", path=_named(folder), found=content.get("schema"))
    return content


def read(folder: Path) -> Evaluated:
    """Return a whole record.

    Raises:
        RunError: it is not there, cannot be read, or has a newer schema.
    """
    import pyarrow.parquet as parquet

    content = read_summary(folder)
    try:
        table = parquet.read_table(folder / EXAMPLES)
    except (OSError, ValueError) as error:
        raise RunError("error.run.unreadable", path=_named(folder)) from error
    try:
        tagged = content.get("kind") == KIND
        return tag_evaluation(content, table) if tagged else pair_evaluation(content, table)
    except (KeyError, TypeError, ValueError) as error:  # not a table of ours
        raise RunError("error.run.unreadable", path=_named(folder)) from error


def _named(folder: Path) -> str:
    """Return a record's place in few words; this computer's own ones are all called alike."""
    return folder.relative_to(folder.parent.parent).as_posix()
