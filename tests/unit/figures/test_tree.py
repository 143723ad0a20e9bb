"""The tree of languages: its joints against scipy's, its heat map, its families."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.figures import embedding_samples as made


@pytest.fixture
def look():
    from dlfa.figures import Look

    return Look()


class TestJoints:
    @pytest.mark.parametrize("count", [2, 3, 10, 40])
    def test_are_those_of_scipy(self, count):
        from scipy.cluster.hierarchy import dendrogram

        from dlfa.figures.joints import joints, leaf_order

        linkage = made.tree([f"l{at}" for at in range(count)], "?" * count).linkage[0]
        theirs = dendrogram(linkage, no_plot=True)
        assert leaf_order(linkage) == theirs["leaves"]
        ours = joints(linkage)
        expected = {
            (tuple((np.array(x) - 5) / 10), tuple(y))
            for x, y in zip(theirs["icoord"], theirs["dcoord"], strict=True)
        }
        assert {(tuple(one[:, 0]), tuple(one[:, 1])) for one in ours} == expected

    def test_no_two_branches_cross(self):
        from dlfa.figures.joints import joints

        for left, _up, _across, right in joints(made.tree().linkage[0]):
            assert left[0] < right[0]


class TestTree:
    def test_rows_and_columns_stand_in_the_order_of_the_leaves(self, look):
        from dlfa.figures import language_tree
        from dlfa.figures.joints import leaf_order

        tree = made.tree()
        figure = language_tree(tree, look, space="6", names=made.NAMES)
        order = leaf_order(tree.linkage[1])
        assert list(figure.layout.xaxis.ticktext) == [f"{tree.languages[leaf]}" for leaf in order]
        cells = next(trace for trace in figure.data if trace.type == "heatmap")
        assert np.array_equal(cells.z, tree.distances[1][np.ix_(order, order)])

    def test_one_scale_serves_all_spaces(self, look):
        from dlfa.figures import language_tree

        tree = made.tree()
        ends = {language_tree(tree, look, space=one).layout.coloraxis.cmax for one in tree.spaces}
        assert ends == {tree.distances.max()}

    def test_families_have_a_letter_each_the_largest_first(self):
        from dlfa.figures.tree_words import family_letters

        tree = made.tree(families="b b b b a a a c ? ?".split())
        assert family_letters(tree) == {"b": "A", "a": "B", "c": "C", "?": "?"}

    def test_a_language_shows_its_own_familys_letter(self, look):
        from dlfa.figures import language_tree
        from dlfa.figures.joints import leaf_order

        tree = made.tree(families=["x"] * 9 + ["?"])
        letters = next(trace for trace in language_tree(tree, look).data if trace.text is not None)
        assert list(letters.text).index("?") == leaf_order(tree.linkage[0]).index(9)


class TestWords:
    def test_agreement_is_claimed_only_below_the_level(self):
        from dlfa.figures import tree_verdict

        assert "more than shuffled names do" in tree_verdict(made.tree(p=0.01))
        assert "not agree" in tree_verdict(made.tree(p=0.3))
        assert "4 of 4 spaces" in tree_verdict(made.tree(p=0.01))
        assert "0 of 4 spaces" in tree_verdict(made.tree(p=0.3))

    def test_branches_are_never_called_families(self):
        from dlfa.figures import Look, describe_language_tree, language_tree, tree_verdict

        tree = made.tree(p=0.01)
        title = language_tree(tree, Look(), level="branch").layout.title.text
        for said in (
            tree_verdict(tree, level="branch"),
            describe_language_tree(tree, level="branch"),
            title,
        ):
            assert "branches" in said
            assert "famil" not in said

    def test_languages_all_of_one_family_have_nothing_to_agree_with(self):
        from dlfa.figures import tree_verdict

        assert "nothing to agree" in tree_verdict(made.tree(families=["x"] * 10))

    def test_the_nearest_and_the_farthest_are_named(self):
        from dlfa.figures import describe_language_tree

        tree = made.tree(("en", "ar", "sw"), ("x", "y", "z"), ("0",))
        distances = np.array([[[0, 0.1, 0.5], [0.1, 0, 0.9], [0.5, 0.9, 0]]])
        text = describe_language_tree(replace(tree, distances=distances), names=made.NAMES)
        assert "\u2068English\u2069 and \u2068<b>Arabic</b>\u2069 (0.10)" in text
        assert "\u2068Swahili\u2069 (0.90)" in text

    def test_the_table_has_every_pair_once(self):
        from dlfa.figures import tree_table

        rows = tree_table(made.tree(), space="12")
        assert len(rows) == 45
        assert rows[0]["distance"] == made.tree().distances[2, 0, 1]


def test_where_there_is_nothing_to_agree_with_nobody_reads_nan():
    from dlfa.figures import Look, describe_language_tree, language_tree
    from dlfa.messages import _

    tree = made.tree()
    tree = replace(tree, agreement=np.full(len(tree.spaces), np.nan))
    title = language_tree(tree, Look()).layout.title
    assert _("figure.tree.agreement.none") in f"{title.text}{title.subtitle.text}"
    assert "nan" not in describe_language_tree(tree).lower()
