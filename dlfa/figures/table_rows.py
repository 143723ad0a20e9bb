"""The paper's tables as rows of plain values: published and measured never share a column."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dlfa.figures.tables import Row
from dlfa.results import Measured, Source, Way

__all__ = ["cost_rows", "measured_rows", "published_rows", "way_columns"]

NUMBERS = {
    "measured": "value",
    "measured_low": "value_low",
    "measured_high": "value_high",
    "difference": "difference",
    "difference_low": "low",
    "difference_high": "high",
    "p": "p",
    "p_holm": "p_holm",
    "sd_between_seeds": "between",
}


def way_columns(way: Way) -> Row:
    """Return the columns that say how a number was measured."""
    return {
        "encoder": way.backbone,
        "recipe": way.recipe,
        "max_tokens": way.max_tokens or "",
        "limit": way.limit or "",
    }


def measured_rows(found: Measured, groups: Sequence[str], heads: Sequence[str]) -> list[Row]:
    """Return one row per head and group of languages: shares in [0, 1], intervals of 95 %."""
    return list(_measured(found, groups, heads))


def _measured(found: Measured, groups: Sequence[str], heads: Sequence[str]) -> Iterator[Row]:
    seeds = " ".join(str(source.seed) for source in found.sources)
    about: Row = {"task": found.task, "metric": found.metric, "split": found.split}
    for group in groups:
        for head in heads:
            cell = found.at(group, head)
            if cell is None:
                continue
            row: Row = about | {"languages": group, "head": head, "published": "", "model": ""}
            numbers = {name: float(getattr(found, of)[cell]) for name, of in NUMBERS.items()}
            row |= {name: _or_empty(one) for name, one in numbers.items()}
            yield (
                row
                | {"of_seeds": int(found.seeds[cell[1]]), "seeds": seeds}
                | way_columns(found.way)
                | _taken(found, head)
            )


def _or_empty(number: float) -> float | str:
    """A cell that does not apply is empty."""
    return number if np.isfinite(number) else ""


def _taken(found: Measured, head: str) -> Row:
    taken = found.choice
    return {
        "chosen_by_validation": bool(taken and head == taken.chosen_by_mean),
        "best_on_test": bool(taken and head == taken.best),
        "records": " ".join(source.name for source in found.sources),
    }


def published_rows(
    task: str, metric: str, model: str, group: str, numbers: Mapping[str, float]
) -> list[Row]:
    """Return one row per published number, with the columns of `measured_rows`.

    Args:
        task: its key.
        metric: what the number is.
        model: whose.
        group: of languages.
        numbers: by head, in percent.
    """
    about: Row = {"task": task, "metric": metric, "split": "test", "languages": group}
    nothing: Row = dict.fromkeys((*NUMBERS, "of_seeds", "seeds"), "")
    nothing |= dict.fromkeys(("encoder", "recipe", "max_tokens", "limit"), "")
    nothing |= dict.fromkeys(("chosen_by_validation", "best_on_test", "records"), "")
    return [
        about | {"head": head, "published": percent / 100, "model": model} | nothing
        for head, percent in numbers.items()
    ]


def cost_rows(sources: Sequence[Source]) -> list[Row]:
    """Return one row per training: of one head, or of all that share an encoder."""
    return [row for source in sources for row in _costs(source)]


def _costs(source: Source) -> Iterator[Row]:
    heads = source.heads[:1] if source.way.together else source.heads
    for head in heads:
        told = source.trained[head]
        rate = told.tokens / told.seconds if told.tokens and told.seconds else ""
        yield {
            "task": source.task,
            "seed": source.seed,
            "heads": len(source.heads) if source.way.together else head,
            "tokens": told.tokens or "",
            "seconds": told.seconds or "",
            "tokens_per_second": rate,
            "evaluation_seconds": told.tested or "",
            "hardware": told.hardware,
            "commit": told.commit[:12],
            **way_columns(source.way),
            "record": source.name,
            "command": told.command,
        }
