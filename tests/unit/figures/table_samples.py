"""Made-up tables: what several seeds may say of some heads and languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.unit.figures import samples
from tests.unit.figures.samples import frozen

if TYPE_CHECKING:
    from dlfa.results import Choice, Measured, Source, Trained, Way

APART = {"D_8": 0.02, "D_1": -0.03}  # heads whose difference stands after Holm's correction


def way(**given: object) -> "Way":
    from dlfa.results import Way

    values = {"backbone": samples.provenance().backbone, "recipe": "4", "together": False}
    return Way(**values | given)


def trained(**given: object) -> "Trained":
    from dlfa.results import Trained

    values = {"command": "python -m dlfa sweep --heads D_8", "tokens": 1_000, "seconds": 10.0}
    return Trained(**values | given)


def source(heads: Sequence[str], seed: int = 0, **given: object) -> "Source":
    from dlfa.results import Source

    values = {
        "name": f"record-{seed}",
        "folder": Path(f"record-{seed}"),
        "way": way(),
        "task": "xnli",
        "split": "test",
        "seed": seed,
        "heads": tuple(heads),
        "provenance": samples.provenance(),
        "trained": {head: trained() for head in heads},
        "shipped": True,
    }
    return Source(**values | given)


def measured(heads: Sequence[str], languages: Sequence[str], seeds: int = 3) -> "Measured":
    """Return a table of these heads, the baseline among them; see `APART`."""
    from dlfa.results import AVERAGE, BASELINE, Measured

    heads = tuple(dict.fromkeys((BASELINE, *heads)))
    draw = np.random.default_rng([len(heads), len(languages)])
    shape = 1 + len(languages), len(heads)
    difference = draw.normal(0, 0.003, shape)
    for head, effect in APART.items():
        if head in heads:
            difference[:, heads.index(head)] = effect
    value = draw.uniform(0.5, 0.9, shape)
    p = np.where(np.abs(difference) > 0.01, 0.001, 0.6)
    for cells in (difference, p):
        cells[:, heads.index(BASELINE)] = np.nan
    cells = {
        "value": value,
        "value_low": value - 0.02,
        "value_high": value + 0.02,
        "difference": difference,
        "low": difference - 0.01,
        "high": difference + 0.01,
        "p": p,
        "p_holm": np.minimum(1, 2 * p),
        "between": np.full(shape, 0.001),
    }
    return Measured(
        way=way(),
        task="xnli",
        metric="accuracy",
        split="test",
        heads=heads,
        languages=tuple(languages),
        absent=(),
        n=np.full(len(languages), 100),
        groups=(AVERAGE, *languages),
        sources=tuple(source(heads, seed) for seed in range(seeds)),
        unlike=(),
        missing=(),
        seeds=np.full(len(heads), seeds),
        choice=choice(heads[1:], seeds),
        draws=2000,
        **{name: frozen(array) for name, array in cells.items()},
    )


def choice(heads: Sequence[str], seeds: int = 3) -> "Choice | None":
    """Return a choice of the first by validation and of the last by the test data."""
    from dlfa.results import Choice

    if len(heads) < 2:
        return None
    shares = np.zeros(len(heads))
    shares[-1], shares[0] = 0.75, 0.25
    return Choice(
        heads=tuple(heads),
        seeds=tuple(range(seeds)),
        validation=frozen(np.linspace(0.7, 0.6, seeds * len(heads)).reshape(seeds, -1)),
        chosen=(heads[0],) * seeds,
        chosen_by_mean=heads[0],
        best=heads[-1],
        best_by_seed=(heads[-1],) * seeds,
        draws=frozen(shares),
        shares=frozen(shares[::-1].copy()),
    )
