"""Principal components: where every map begins."""

import numpy as np
import pytest

from dlfa.analysis.neighbours import directions
from dlfa.analysis.principal import principal
from tests.unit.analysis.clusters import merging


@pytest.mark.parametrize("space", [0, 3])
def test_no_bit_depends_on_the_order_in_which_sentences_are_summed_up(space: int) -> None:
    """As it would with the number of threads; UMAP makes another map of another last bit."""
    vectors, _ = merging(items=200)
    unit = directions(vectors.vectors[space], None)
    order = np.random.default_rng(0).permutation(len(unit))
    assert (principal(unit[order], 2)[0] == principal(unit, 2)[0][order]).all()
