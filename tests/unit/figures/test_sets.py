"""Gates over a set of pairs."""

import numpy as np
import pytest

from tests.unit.figures import samples


@pytest.fixture
def study():
    return samples.study()


class TestShareDistribution:
    def drawn(self, study, by, head="D_8"):
        from dlfa.figures import Look, share_distribution

        return share_distribution(study, Look(), by=by, head=head)

    def test_boxes_and_means_are_of_each_languages_pairs_english_first(self, study):
        box, means, _twin_box, twins = self.drawn(study, "language").data
        at = study.heads.index("D_8")
        order = [study.languages.index(code) for code in ("en", "ar", "sw")]
        expected = [study.whole[study.language == one, at] for one in order]
        assert np.allclose(means.x, [one.mean() for one in expected])
        assert np.allclose(box.median, [np.median(one) for one in expected])
        assert np.allclose(box.q1, [np.percentile(one, 25) for one in expected])
        twin = [study.noise_whole[study.language == one, at] for one in order]
        assert np.allclose(twins.x, [one.mean() for one in twin])

    def test_parts_leave_out_pairs_that_lack_them_and_say_how_many_there_are(self, study):
        figure = self.drawn(study, "part")
        assert [text.rpartition(" ")[2] for text in figure.layout.yaxis.ticktext] == [
            "(18)",
            "(17)",
            "(17)",
        ]

    def test_layers_are_all_those_with_the_heads_kind_of_gate(self, study):
        figure = self.drawn(study, "layer", "D_3_aff")
        assert len(figure.data[1].x) == 11
        assert np.allclose(figure.data[1].x, study.whole[:, 11:].mean(0))

    def test_its_alt_text_names_the_groups_with_the_highest_and_lowest_mean(self, study):
        from dlfa.figures import describe_share_distribution

        text = describe_share_distribution(study, by="label", head="D_8")
        at = study.heads.index("D_8")
        means = {
            name: study.whole[study.label == one, at].mean()
            for one, name in enumerate(study.labels)
        }
        high = max(means, key=means.__getitem__)
        assert f"highest for {high} ({100 * means[high]:.1f} %)" in text

    def test_how_far_groups_are_apart_is_the_difference_of_the_numbers_it_tells(self, study):
        from dataclasses import replace

        from dlfa.figures import describe_share_distribution

        whole = np.zeros_like(study.whole)
        whole[:] = np.array([0.52449, 0.52551, 0.52449])[study.language][:, None]
        text = describe_share_distribution(replace(study, whole=whole), by="language", head="D_8")
        assert "(52.6 %)" in text
        assert "(52.4 %), 0.2 points apart" in text

    def test_a_head_that_was_not_studied_is_an_error(self, study):
        with pytest.raises(ValueError, match="not in tuple"):
            self.drawn(study, "label", "D_99")


class TestStatisticsDrift:
    @pytest.mark.parametrize(("branch", "at"), [("global", 0), ("local", 1)])
    def test_cells_are_the_drift_of_each_language_and_layer_english_first(self, study, branch, at):
        from dlfa.figures import Look, statistics_drift

        (trace,) = statistics_drift(study, Look(), branch=branch, kind="aff").data
        assert np.array_equal(trace.z, study.drift[11:, at].T[[1, 0, 2]])
        spread = f"{study.spread[11, at, 1]:+.2f}".replace("-", "−")
        assert trace.customdata[0][0][1] == spread

    def test_says_that_no_head_has_this_gate(self):
        from dlfa.figures import Look, describe_statistics_drift, statistics_drift

        study = samples.study(heads=("D_8",))
        assert not statistics_drift(study, Look(), branch="local", kind="aff").data
        assert "No head" in describe_statistics_drift(study, branch="local", kind="aff")


class TestVarianceExplained:
    def test_bars_are_each_factors_share_trained_and_untrained(self, study):
        from dlfa.figures import Look, variance_explained
        from dlfa.results import FACTORS

        figure = variance_explained(study, Look(), kind="paper")
        for trace, state in zip(figure.data, ("trained", "noise"), strict=True):
            assert trace.x.tolist() == [study.explained["paper"][state][one] for one in FACTORS]
        assert {trace.marker.pattern.shape for trace in figure.data} == {"", "/"}

    def test_the_variances_themselves_stand_above(self, study):
        from dlfa.figures import Look, variance_explained

        title = variance_explained(study, Look(), kind="paper").layout.title.text
        assert "0.01230" in title
        assert "0.07000" in title
