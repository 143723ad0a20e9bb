"""The paper's tables out of records: seeds and sentences crossed, Holm over heads, gaps named."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from dlfa.analysis import records
from dlfa.analysis.choices import choice
from dlfa.analysis.drawn import drawn, metric_of
from dlfa.analysis.statistics import DRAWS
from dlfa.analysis.table_cells import CELLS, Run, row_of
from dlfa.data.tasks import task
from dlfa.errors import RunError
from dlfa.results import (
    AVERAGE,
    BASELINE,
    Choice,
    Evaluated,
    Evaluation,
    GateKind,
    Measured,
    Source,
    TaggedEvaluation,
    head_gate,
    head_names,
)

__all__ = ["measured", "tabled"]

LAYERS = 12  # of the paper's encoder


def measured(
    sources: Sequence[Source], kind: GateKind = "paper", *, draws: int = DRAWS
) -> Measured:
    """Return what the records of one task and way say, read from the disk; see `tabled`.

    Raises:
        RunError: a record cannot be read, or has no baseline.
    """
    return tabled(sources, [records.read(one.folder) for one in sources], kind, draws=draws)


def tabled(
    sources: Sequence[Source],
    evaluations: Sequence[Evaluated],
    kind: GateKind = "paper",
    *,
    draws: int = DRAWS,
) -> Measured:
    """Return what records say that differ by seed only.

    Every seed answers the same examples, and a draw takes the same ones in all of them, jointly
    over languages. A head's difference is to the baseline of its own seed.

    Args:
        sources: of one task and way, a record per seed.
        evaluations: theirs.
        kind: the reading of the gate, which the fused heads have.
        draws: of the bootstrap.

    Raises:
        RunError: no record has a baseline.
    """
    both = sorted(zip(sources, evaluations, strict=True), key=lambda one: one[0].seed)
    usable = [(source, found) for source, found in both if BASELINE in found.heads]
    if not usable:
        raise RunError("error.results.baseline", path=sources[0].name)
    first = _examples(usable[0][1])
    like = [(source, found) for source, found in usable if _examples(found) == first]
    runs = [Run(source, drawn(found, _heads(found, kind), draws)) for source, found in like]
    known, codes = task(sources[0].task), runs[0].said.codes
    groups = _groups(known.key, codes)
    heads = tuple(head for head in _every(kind) if any(head in run.said.heads for run in runs))
    shape = len(groups), len(heads)
    table = {name: np.full(shape, np.nan) for name in CELLS}
    for row, places in enumerate(groups.values()):
        for name, cells in row_of(runs, heads, places).items():
            table[name][row] = cells
    return Measured(
        way=sources[0].way,
        task=known.key,
        metric=metric_of(usable[0][1]),
        split=str(usable[0][1].settings["split"]),
        heads=heads,
        languages=codes,
        absent=tuple(code for code in known.languages if code not in codes),
        n=np.unique(usable[0][1].languages, return_counts=True)[1],
        groups=tuple(groups),
        sources=tuple(run.source for run in runs),
        unlike=tuple(one.seed for one, _found in usable if one not in [run.source for run in runs]),
        missing=tuple(
            (head, run.source.seed)
            for head in _every(kind)
            for run in runs
            if head not in run.said.heads
        ),
        seeds=np.array([sum(head in run.said.heads for run in runs) for head in heads]),
        choice=_choice(runs, heads),
        draws=draws,
        **table,
    )


def _every(kind: GateKind) -> tuple[str, ...]:
    """Return the rows of the paper's table 1, of one reading of the gate."""
    return tuple(head for head in head_names(LAYERS) if head_gate(head) in (None, kind))


def _heads(found: Evaluated, kind: GateKind) -> tuple[str, ...]:
    """Return those of a record's heads that are in the table, the baseline first."""
    return tuple(head for head in _every(kind) if head in found.heads)


def _examples(found: Evaluated) -> tuple[bytes, ...]:
    """Return what is equal for records of the same examples in the same order."""
    right = cast("Evaluation | TaggedEvaluation", found).gold
    return tuple(one.tobytes() for one in (found.ids, found.languages, right.astype(np.int64)))


def _groups(key: str, codes: Sequence[str]) -> dict[str, list[int]]:
    """Return the languages' indices by group; a group of which one is missing is left out."""
    published = task(key).published
    named: Mapping[str, Sequence[str]] = published.groups if published else {}
    whole = {name: some for name, some in named.items() if set(some) <= set(codes)}
    return {
        AVERAGE: list(range(len(codes))),
        **{name: [codes.index(code) for code in some] for name, some in whole.items()},
        **{code: [at] for at, code in enumerate(codes)},
    }


def _choice(runs: Sequence[Run], heads: Sequence[str]) -> Choice | None:
    """Return which layer is taken, of those that every seed has."""
    names = [head for head in heads if all(head in run.said.heads for run in runs)]
    columns = [[run.said.heads.index(head) for head in names] for run in runs]
    both = list(zip(runs, columns, strict=True))
    found = np.array([run.said.found[at].mean(axis=1) for run, at in both])
    drawn = np.mean([run.said.drawn[..., at].mean(axis=1) for run, at in both], axis=0)
    return choice(names, [run.source for run in runs], found, drawn)
