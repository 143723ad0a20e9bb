"""Words of maps in whose spaces nothing can be judged, such as the first token's in layer 0."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.figures import embedding_samples as made


def unjudged(spaces, **options):
    """Return a map without quality in its first spaces."""
    mapped = made.layer_map(**options)
    values = {}
    for name in ("trustworthiness", "overlap", "stability"):
        values[name] = np.where(
            np.arange(len(mapped.spaces)) < spaces, np.nan, getattr(mapped, name)
        )
    return replace(mapped, **values)


def words(mapped, at=0):
    from dlfa import figures
    from dlfa.figures.map_words import quality_lines

    return [
        *quality_lines(mapped, at),
        figures.map_verdict(mapped),
        figures.describe_layer_map(mapped, made.sentences(), start=mapped.spaces[at]),
        figures.describe_quality_curves(mapped),
    ]


@pytest.mark.parametrize("method", ["pca", "umap"])
@pytest.mark.parametrize("spaces", [1, 15])
def test_nobody_reads_nan(spaces, method):
    assert not [word for word in words(unjudged(spaces, method=method)) if "nan" in word.lower()]


def test_the_other_spaces_are_judged_as_if_it_were_not_there():
    from dlfa import figures
    from dlfa.messages import _

    told = figures.map_verdict(unjudged(1))
    assert told.startswith(_("figure.verdict.map.same", number=1, spaces=15))
    assert "0.93" in told
    assert "0.96" in told


def test_two_seeds_that_were_not_compared_are_said_to_be_so():
    mapped = made.layer_map()
    mapped = replace(mapped, stability=np.full(len(mapped.spaces), np.nan))
    told = words(mapped)
    assert not [word for word in told if "nan" in word.lower()]
    assert len([word for word in told if "two seeds" in word.lower()]) == 2


def test_a_quality_that_was_counted_on_some_says_so():
    from dlfa.figures.map_words import quality_lines
    from dlfa.messages import _

    mapped = made.layer_map(n=60)
    some = replace(mapped, judged=20)
    trust = f"{mapped.trustworthiness[0]:.2f}"
    said = _("figure.map.quality.trust.some", trust=trust, k=mapped.k, judged="20")
    assert said in quality_lines(some, 0)
    assert said not in quality_lines(mapped, 0)
