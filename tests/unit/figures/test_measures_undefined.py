"""Words of measures that are not defined in a space, such as CKA of equal vectors in layer 0."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.figures import embedding_samples as made

PARTS = ("values", "low", "high", "average", "average_low", "average_high", "control")


def undefined(spaces):
    """Return a measure without values in its first spaces."""
    found = made.measure()
    lost = np.arange(len(found.spaces)) < spaces
    return replace(found, **{name: np.where(lost, np.nan, getattr(found, name)) for name in PARTS})


@pytest.mark.parametrize("spaces", [1, len(made.LAYERS)])
def test_nobody_reads_nan(spaces):
    from dlfa import figures

    words = [figures.measure_verdict(undefined(spaces))]
    words.append(figures.describe_measure_curves(undefined(spaces)))
    assert not [word for word in words if "nan" in word.lower()]


def test_the_other_layers_are_judged_as_if_it_were_not_there():
    from dlfa import figures
    from dlfa.figures.spaces import space_word
    from dlfa.messages import _

    found = made.measure()
    best = int(found.average[1 : len(made.LAYERS)].argmax()) + 1
    told = figures.measure_verdict(undefined(1))
    assert told.startswith(_("figure.verdict.curve.undefined", spaces=space_word("0")))
    assert f"{100 * found.average[best]:.1f}" in told.partition(";")[0]


def test_a_measure_without_any_value_can_be_drawn():
    from dlfa.figures import Look, measure_curves

    figure = measure_curves(undefined(len(made.measure().spaces)), Look())
    low, high = figure.layout.yaxis.range
    assert low < high
