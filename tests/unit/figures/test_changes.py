"""What changing the gate does, to one answer and to accuracy."""

import numpy as np
import pytest

from tests.unit.figures import samples


class TestChangeEffects:
    def drawn(self, effects):
        from dlfa.figures import Look, change_effects

        return change_effects(effects, Look(), head="D_8")

    def test_points_are_the_probabilities_and_the_baseline_stands_below(self):
        effects = samples.effects()
        at = effects.heads.index("D_8")
        for place, trace in enumerate(self.drawn(effects).data[:3]):
            expected = [*effects.probabilities[:, at, place], effects.baseline[place]]
            assert np.allclose(trace.x, expected)
            assert np.allclose(trace.error_x.array[:-1], effects.deviations[:, at, place])
        assert len({trace.marker.symbol for trace in self.drawn(effects).data[:3]}) == 3

    def test_each_rows_answer_and_shift_stand_at_its_end(self):
        effects = samples.effects()
        at = effects.heads.index("D_8")
        texts = [text.strip() for text in self.drawn(effects).data[-1].text]
        assert len(texts) == 7
        for text, shift in zip(texts, effects.shifts[:, at], strict=False):
            assert text.endswith(f"{100 * shift:.1f}")

    def test_its_alt_text_names_the_change_that_moves_most(self):
        from dlfa.figures import change_word, describe_change_effects

        effects = samples.effects()
        most = effects.shifts[:, effects.heads.index("D_8")].argmax()
        assert change_word(effects.changes[most]) in describe_change_effects(effects, head="D_8")


class TestChangeTrial:
    def drawn(self, trial, head=None):
        from dlfa.figures import Look, change_trial

        return change_trial(trial, Look(), head=head)

    def test_one_head_is_drawn_with_both_intervals(self):
        trial = samples.trial(harm=0.2)
        accuracy, difference = self.drawn(trial, "D_8").data
        at = trial.heads.index("D_8")
        assert np.allclose(accuracy.x, trial.accuracy[:, at])
        assert np.allclose(accuracy.x + accuracy.error_x.array, trial.high[:, at])
        assert np.allclose(
            difference.x - difference.error_x.arrayminus, trial.difference_low[:, at]
        )
        symbols = ["circle-open"] * 5 + ["circle"]
        assert list(difference.marker.symbol) == symbols

    def test_every_head_is_a_point_and_the_mean_a_line(self):
        trial = samples.trial()
        figure = self.drawn(trial)
        assert len(figure.data) == 2 * (22 + 1)
        assert np.allclose(figure.data[22].x, trial.accuracy.mean(1))

    def test_says_plainly_where_there_is_no_effect(self):
        from dlfa.figures import describe_change_trial, trial_verdict

        trial = samples.trial()
        for head in (None, "D_8"):
            verdict = trial_verdict(trial, head=head)
            assert verdict.startswith("No effect found")
            assert verdict in self.drawn(trial, head).layout.title.text
            assert verdict in describe_change_trial(trial, head=head)

    def test_says_how_many_heads_a_change_lowers_and_how_many_chance_would(self):
        from dlfa.figures import trial_verdict

        trial = samples.trial(harm=0.2)
        assert trial_verdict(trial) == (
            "Heads whose 95 % interval of the difference leaves out 0: “shut (s = 0)” lowers 22 "
            "of 22, mean −20.0 points. About 1.1 per change are expected by chance; heads are not "
            "independent; not corrected."
        )
        assert "“shut (s = 0)”, ↑ 0, ↓ 22 of 22" in self.drawn(trial).layout.title.text

    def test_of_one_head_it_names_every_such_change_with_its_direction(self):
        from dataclasses import replace

        from dlfa.figures import trial_verdict

        trial = samples.trial(harm=0.2)
        words = "1 of 5 changes has a difference whose 95 % interval leaves out 0: “shut (s = 0)”"
        assert trial_verdict(trial, head="D_8") == f"{words} (−20.0 points)."
        low, at = trial.difference_low.copy(), trial.heads.index("D_8")
        low[1, at] = 0.001
        two = trial_verdict(replace(trial, difference_low=low), head="D_8")
        assert two.startswith("2 of 5 changes have a difference")
        assert "“untrained twin’s s” (+0.0 points), “shut" in two

    def test_of_all_heads_it_tells_how_many_go_up_and_how_many_down(self):
        from dataclasses import replace

        from dlfa.figures import trial_verdict

        trial = samples.trial(harm=0.2)
        low, high = trial.difference_low.copy(), trial.difference_high.copy()
        low[5, :3], high[5, :3] = 0.01, 0.03
        low[2, 0] = 0.01
        text = trial_verdict(replace(trial, difference_low=low, difference_high=high))
        assert "“s at ½” raises 1 of 22, mean +0.0 points; “shut" in text
        assert "raises 3 and lowers 19 of 22" in text

    def test_the_trained_gate_never_differs_from_itself(self):
        from dataclasses import replace

        from dlfa.figures import trial_verdict

        trial = samples.trial()
        low = trial.difference_low.copy()
        low[0] = 0.01
        assert trial_verdict(replace(trial, difference_low=low)).startswith("No effect found")

    def test_a_head_that_was_not_tried_is_an_error(self):
        with pytest.raises(ValueError, match="not in"):
            self.drawn(samples.trial(), "D_99")
