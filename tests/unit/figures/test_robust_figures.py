"""Figures of perturbations: what they draw is what was measured, and they say it in words."""

import html
import json
import re

import numpy as np
import pytest

from tests.unit.analysis.synthetic import varied
from tests.unit.analysis.test_robustness import broken, effects, perturbed

NAMES = {"en": "English", "de": "German", "sw": "Swahili"}


@pytest.fixture(scope="module")
def found():
    """One head that breaks under typos; a test nobody can judge; one language without any."""
    clean = varied()
    answers, _hit = broken(clean, 2)
    some = np.flatnonzero(clean.languages != "sw")
    return effects(
        clean,
        typos=perturbed(clean, answers),
        upper=perturbed(clean).part(some),
        shuffled=perturbed(clean),
        identity=perturbed(clean),
    )


def look(**style):
    from dlfa.figures.palette import Look

    return Look(**({"dark": False} | style))


def drawings(found, **style):
    """Return both figures and what they say."""
    from dlfa.figures.robust_forest import describe_perturbation_forest, perturbation_forest
    from dlfa.figures.robust_heat import describe_perturbation_heatmap, perturbation_heatmap

    told = {"head": "D_8", "names": NAMES, "subject": "extra"}
    return {
        "forest": (
            perturbation_forest(found, look(**style), head="D_8"),
            describe_perturbation_forest(found, head="D_8"),
        ),
        "heat": (
            perturbation_heatmap(found, look(**style), **told),
            describe_perturbation_heatmap(found, **told),
        ),
    }


@pytest.mark.parametrize("name", ["forest", "heat"])
def test_each_is_drawn_in_every_look_and_says_it_in_plain_words(found, name):
    figure, alt = drawings(found)[name]
    dark, large = (drawings(found, **{style: True})[name][0] for style in ("dark", "large"))
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert dark.layout.font.color > "#E" > figure.layout.font.color
    assert large.layout.font.size > figure.layout.font.size
    assert 100 < figure.layout.height < 3000
    assert 20 < len(alt) < 500
    assert alt.endswith(".")
    lines = figure.layout.title.text.split("<br>")
    lines = [html.unescape(re.sub(r"<[^<>]*>", "", line)) for line in lines]
    assert len(lines[0]) <= 45
    assert all(len(line) <= 62 for line in lines), lines


@pytest.mark.parametrize("head", ["baseline", "D_8", "D_8_aff"])
def test_the_forest_draws_accuracy_after_minus_before(found, head):
    from dlfa.figures.robust_forest import perturbation_forest

    figure = json.loads(perturbation_forest(found, look(), head=head).to_json())
    markers = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    assert len(markers) == len({"baseline", head})
    assert len(figure["layout"]["yaxis"]["ticktext"]) == 3  # nobody can judge the shuffled
    drawn = perturbation_forest(found, look(), head=head).data[len(markers) - 1]
    at = [found.perturbations.index(name) for name in ("typos", "upper", "identity")]
    np.testing.assert_allclose(drawn.x, -found.drop.average[at, found.heads.index(head)])


def test_a_marker_is_filled_where_the_loss_stands(found):
    from dlfa.figures.robust_forest import perturbation_forest

    figure = perturbation_forest(found, look(), head="D_8")
    baseline, head = (list(trace.marker.symbol) for trace in figure.data[:2])
    assert [symbol.endswith("open") for symbol in head] == [False, True, True]
    assert all(symbol.endswith("open") for symbol in baseline)


@pytest.mark.parametrize("subject", ["drop", "extra", "flips"])
def test_a_cell_without_pairs_is_empty(found, subject):
    from dlfa.figures.robust_heat import describe_perturbation_heatmap, perturbation_heatmap

    figure = perturbation_heatmap(found, look(), head="D_8", names=NAMES, subject=subject)
    cells = np.array(figure.data[0].z, float)
    assert cells.shape == (4, 3)
    row = found.perturbations.index("upper")
    columns = ["Swahili" in title for title in figure.layout.xaxis.ticktext]
    assert np.isnan(cells[row]).tolist() == columns
    words = describe_perturbation_heatmap(found, head="D_8", names=NAMES, subject=subject)
    assert str(int(np.isnan(cells).sum())) in words


def test_the_verdict_names_what_does_harm_the_control_and_the_cost(found):
    from dataclasses import replace

    from dlfa.figures.robust_words import perturbation_word, robustness_verdict

    said = " ".join(robustness_verdict(found))
    assert "0.0 %" in said
    only = [found.heads.index("D_8")]
    column = replace(
        found,
        heads=("D_8",),
        **{
            name: replace(
                getattr(found, name),
                **{field: values[:, only] for field, values in vars(getattr(found, name)).items()},
            )
            for name in ("clean", "after", "drop", "extra", "flips")
        },
    )
    assert perturbation_word("typos") in robustness_verdict(column)[0]


def test_the_table_has_a_row_per_perturbation_and_head(found):
    from dlfa.figures.robust_tables import robustness_table

    rows = robustness_table(found)
    assert len(rows) == len(found.perturbations) * len(found.heads)
    first = next(row for row in rows if (row["perturbation"], row["head"]) == ("typos", "D_8"))
    assert first["drop"] == pytest.approx(first["clean"] - first["after"], abs=1e-3)
    shuffled = next(row for row in rows if row["perturbation"] == "shuffled")
    assert shuffled["drop"] == ""
