"""Two heads or two models side by side, with a pinned pair and over the table."""

import pytest

from tests.pages.visitor import Open, alt_texts, everything_said, figures, messages, word, write


def test_two_heads_of_the_model_stand_side_by_side_at_once(open_app: Open):
    app = open_app(part="compare")
    assert messages(app) == []
    assert {"difference-above", "crossed"} <= set(figures(app))
    assert all(len(alt) > 40 for alt in alt_texts(app).values())
    assert word("predict.compare.one") in everything_said(app)


def test_the_pinned_pair_stays_while_others_are_looked_at(open_app: Open):
    app = open_app(part="compare")
    before = alt_texts(app)["difference-above"]
    pinned = [field.value for field in app.text_area]
    app.button(key="pin").click().run()
    assert set(figures(app)) >= {"difference-pinned"}
    write(app, "Nobody came.", "Somebody came.")
    assert {"difference-pinned", "difference-above"} <= set(figures(app))
    assert alt_texts(app)["difference-pinned"] == before
    assert alt_texts(app)["difference-above"] != before
    assert pinned[0] in everything_said(app)
    app.button(key="unpin").click().run()
    assert "difference-pinned" not in figures(app)


def test_a_link_names_both_heads(open_app: Open):
    app = open_app(part="compare", first_head="D_1", second_head="D_11_aff")
    assert app.selectbox(key="first_head").value == "D_1"
    assert app.selectbox(key="second_head").value == "D_11_aff"
    assert messages(app) == []


def test_over_the_table_differences_are_counted_and_tested(open_app: Open):
    app = open_app(part="compare", second_head="D_1")
    from dlfa.analysis.comparisons import contest
    from dlfa.data.parallel import own_items
    from dlfa.ui import cache

    items = own_items("xnli")
    rows = cache.predictions("e5-small-xnli", [item.text["en"] for item in items])
    heads = [answer.head for answer in rows[0]]
    first, second = ([row[heads.index(head)].label for row in rows] for head in ("baseline", "D_1"))
    differ = sum(a != b for a, b in zip(first, second, strict=True))
    gold = [item.label for item in items]
    found = contest(
        [a == label for a, label in zip(first, gold, strict=True)],
        [b == label for b, label in zip(second, gold, strict=True)],
    )
    said = everything_said(app)
    assert f"**{differ} of {len(items)}**" in said
    assert f"p = {found.p:.2g}" in said


def test_the_same_head_twice_never_differs(open_app: Open):
    app = open_app(part="compare", second_head="baseline")
    assert "**0 of 24**" in everything_said(app)
    assert not [table for table in app.dataframe if table.key == "differing"]


def test_a_second_model_may_be_a_checkpoint_folder(open_app: Open, checkpoint, tmp_path):
    import shutil

    folder = shutil.copytree(checkpoint, tmp_path / "copy")
    app = open_app(part="compare", second_model=str(folder), second_head="baseline")
    assert messages(app) == []
    assert "**0 of 24**" in everything_said(app)  # the same weights
    assert word("ui.card.not_mbert", backbone="e5-small") in everything_said(app)  # the page's own


def test_a_second_model_that_is_none_is_one_sentence(open_app: Open):
    app = open_app(part="compare", second_model="nothing-here")
    assert len(messages(app)) == 1
    assert "nothing-here" in messages(app)[0]
    assert "probabilities" in figures(app)  # the pair above stays


def test_a_public_instance_compares_only_its_own_models(open_app: Open, monkeypatch):
    monkeypatch.setenv("DLFA_PUBLIC", "1")
    app = open_app(part="compare", second_model="/etc")
    assert app.selectbox(key="second_model").value == "same"
    assert messages(app) == []


@pytest.mark.parametrize(("p", "key"), [(0.5, "chance"), (0.001, "better")])
def test_the_verdict_speaks_of_better_only_beyond_chance(p, key):
    from dataclasses import replace

    from dlfa.results.comparisons import Contest
    from dlfa.ui.compare import verdict
    from tests.unit.figures.samples import duel

    contest = Contest(both=9, first_only=1, second_only=14, neither=0, p=p)
    found = replace(duel(("a", "b")), names=("baseline", "D_8"), contest=contest)
    words = verdict(found).replace("\\", "")
    assert word(f"predict.compare.{key}", leader="D_8") in words
