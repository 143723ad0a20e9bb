"""Results, as a visitor meets it: published beside measured, what is missing, what is behind."""

import pytest

from tests.pages.visitor import Open, alt_texts, everything_said, figures, messages, word
from tests.unit.analysis import grids

VIEWS = {
    "table1": set(),
    "table2": set(),
    "table3": set(),
    "table4": set(),
    "layers": {"layers-0", "averages-0"},
    "choice": {"choice-0"},
    "cost": set(),
}
GRID = "e5-small~paper~2000~90"


@pytest.fixture(autouse=True)
def own_folders(monkeypatch, tmp_path):
    """Nothing of whoever runs the tests is in the tables."""
    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("DLFA_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def grid(own_folders):
    """A store with two seeds of three heads of PAWS-X."""
    return grids.store(own_folders / "grid")


@pytest.fixture
def nothing(monkeypatch):
    """Nothing was measured, neither here nor in the repository."""
    from dlfa.analysis import recorded

    monkeypatch.setattr(recorded, "recorded", lambda **_: ((), ()))


def table(app, key):
    """A table's cells by column."""
    (found,) = [one for one in app.dataframe if one.key == f"table-{key}"]
    return found.value


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_a_link(open_app: Open, view):
    app = open_app("results", table=view)
    assert messages(app) == []
    assert not app.toast
    assert set(figures(app)) == VIEWS[view]
    assert all(len(alt) > 40 for alt in alt_texts(app).values())
    assert word(f"results.view.{view}.about") in everything_said(app)
    assert len(app.dataframe) == (view not in ("layers", "choice"))


class TestFirstSight:
    def test_table_1_has_published_numbers_in_columns_of_their_own(self, open_app: Open):
        app = open_app("results")
        cells = table(app, "table1")
        published = [name for name in cells if name.startswith("published")]
        measured = [name for name in cells if name.startswith(("measured", "difference"))]
        assert published == [f"published {task}" for task in ("xnli", "paws-x", "ner", "pos")]
        assert len(measured) == 2 * len(published)
        assert cells["published xnli"].tolist()[:2] == ["65.40", "66.91"]  # baseline, D_11
        assert "mBERT" in everything_said(app)

    def test_the_verdict_names_encoder_recipe_and_seed(self, open_app: Open):
        said = everything_said(open_app("results"))
        assert "e5-small, joint" in said
        assert word("results.seeds.one", seed=0) in said
        assert word("results.not_mbert") in said

    def test_the_numbers_are_those_of_the_record(self, open_app: Open, checkpoint):
        from dlfa.analysis.records import read_summary
        from dlfa.analysis.store import RESULTS

        told = read_summary(RESULTS / "e5-small-xnli")["averages"]
        cells = table(open_app("results"), "table1")
        column = next(name for name in cells if name.startswith("measured xnli"))
        assert cells[column].tolist()[0] == f"{100 * told['baseline']['accuracy']:.2f}"

    def test_speaks_german_too(self, open_app: Open):
        app = open_app("results", ui="de")
        assert messages(app) == []
        assert app.title[0].value == "Was wurde gemessen?"


@pytest.mark.parametrize(
    "query",
    [
        {"of": "paws-x", "head": "D_6"},
        {"table": "table2", "tongue": "noenf"},
        {"table": "table4", "task4": "xnli", "tongue": "sw", "head": "D_8"},
        {"table": "layers", "of": "pos", "tongue": "fr"},
        {"gate": "aff", "head": "D_3_aff"},
    ],
    ids=str,
)
def test_a_link_opens_what_was_chosen(open_app: Open, query):
    app = open_app("results", **query)
    assert messages(app) == []
    assert not app.toast
    assert {key: app.query_params[key] for key in query} == query


class TestGrid:
    def test_heads_trained_apart_are_shown_with_all_that_is_missing(self, open_app: Open, grid):
        app = open_app("results", ways=[GRID])
        assert messages(app) == []
        said = everything_said(app)
        assert "e5-small, paper, 2,000 tokens" in said
        assert word("results.seeds", count=2, seeds="0, 1") in said
        assert word("results.gap.heads", heads=word("evaluate.some.heads", count=9)) in said
        cells = table(app, "table1")
        measured = [name for name in cells if name.startswith("measured")]
        assert measured == [f"measured paws-x average {GRID}"]
        values = dict(zip(cells["name"], cells[measured[0]], strict=True))
        assert [bool(values[name]) for name in ("baseline", "D_1", "D_2", "D_3")] == [
            *(True, True, True, False)
        ]

    def test_both_ways_stand_side_by_side_numbered(self, open_app: Open, grid):
        app = open_app("results", ways=["e5-small~joint~whole~all", GRID])
        assert messages(app) == []
        cells = table(app, "table1")
        of_paws = [name for name in cells if name.startswith("measured paws-x")]
        assert len(of_paws) == 2
        assert app.query_params["ways"] == ["e5-small~joint~whole~all", GRID]

    def test_validation_and_test_are_told_apart(self, open_app: Open, grid):
        app = open_app("results", ways=[GRID], table="choice", of="paws-x")
        assert messages(app) == []
        assert "✓" in figures(app)["choice-0"]["data"][-1]["text"]
        (chosen,) = [one.value for one in app.table if word("results.choice.seed") in one.value]
        by_validation = chosen[word("results.choice.by_validation")]
        assert [cell.replace("\\", "") for cell in by_validation] == ["D_2 (70.0 %)"] * 2

    def test_a_number_leads_to_its_record_on_the_page_evaluate(self, open_app: Open, grid):
        app = open_app("results", ways=[GRID], of="paws-x", head="D_1")
        record = next(one for one in app.button if one.key.endswith("seed1"))
        app = record.click().run()
        assert messages(app) == []
        assert app.title[0].value == word("evaluate.title")
        assert app.selectbox(key="record").value == record.key.removeprefix("record-")
        assert set(figures(app)) == {"accuracy"}

    def test_its_command_stands_beside_it(self, open_app: Open, grid):
        app = open_app("results", ways=[GRID], of="paws-x", head="D_1")
        told = [one.value for one in app.code]
        assert any(
            line == "python -m dlfa sweep --task paws-x --seed 1 --heads D_1"
            for text in told
            for line in text.splitlines()
        )

    def test_a_record_that_cannot_be_read_is_told_and_the_page_stands(self, open_app: Open, grid):
        for file in grid.glob("*/examples.parquet"):
            file.write_bytes(b"nothing")
        app = open_app("results", ways=[GRID])
        assert messages(app) == []
        names = [box.value.replace("\\", "") for box in app.warning]
        assert any(next(grid.glob("[!.]*-seed0")).name in name for name in names)
        assert table(app, "table1").shape[0] == 12


class TestNothingMeasured:
    @pytest.mark.parametrize("view", VIEWS)
    def test_published_numbers_stand_alone(self, open_app: Open, nothing, view):
        app = open_app("results", table=view)
        assert messages(app) == []
        assert word("results.none") in everything_said(app)
        if view in ("table1", "table2", "table4"):
            cells = table(app, view)
            assert all(name.startswith(("name", "published")) for name in cells)

    def test_two_ways_to_own_numbers_are_named(self, open_app: Open, nothing):
        (code,) = open_app("results").code
        assert "dlfa sweep" in code.value
        assert "dlfa evaluate" in code.value


class TestPublic:
    def test_shows_what_is_shipped_and_nobody_s_own(self, open_app: Open, grid, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        app = open_app("results")
        assert messages(app) == []
        assert "e5-small, joint" in everything_said(app)
        assert not [name for name in table(app, "table1") if GRID in name]

    def test_is_told_of_no_command_that_it_may_not_run(self, open_app: Open, nothing, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        app = open_app("results")
        assert not app.code
        assert table(app, "table1").shape[0] == 12
