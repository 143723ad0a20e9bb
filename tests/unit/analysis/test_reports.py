"""What a report says about an evaluation."""

from dataclasses import fields, replace

import numpy as np
import pytest

from tests.unit.analysis.synthetic import LABELS, assert_no_gaps, take, varied


def report(run, draws=300):
    from dlfa.analysis.reports import report

    return report(run, draws=draws)


@pytest.fixture(scope="module")
def run():
    return varied()


@pytest.fixture(scope="module")
def made(run):
    return report(run)


def assert_same(one, other):
    """Hold two results against each other, field by field."""
    assert type(one) is type(other)
    if isinstance(one, tuple):
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    elif hasattr(one, "__dataclass_fields__"):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other


class TestReport:
    def test_is_the_same_again_and_in_any_order_of_examples(self, run, made):
        order = np.random.default_rng(2).permutation(len(run.ids))
        assert_same(made, report(run))
        assert_same(made, report(take(run, order)))

    def test_counts_what_is_right(self, run, made):
        found = made.accuracies
        assert found.languages == ("de", "en", "sw")
        for at, code in enumerate(found.languages):
            rows = run.languages == code
            assert found.n[at] == rows.sum() == 120
            assert found.right[:, at].tolist() == run.right[rows].sum(0).tolist()
        np.testing.assert_allclose(found.average, found.share.mean(1))
        assert (found.low < found.share).all()
        assert (found.share < found.high).all()
        assert (found.average_low < found.average).all()
        assert (found.average < found.average_high).all()
        assert (made.n, made.total, made.premises) == (360, 360, 40)

    def test_holds_differences_against_the_baseline_in_pairs(self, run, made):
        found, of = made.differences, made.accuracies
        assert found.heads == of.heads[1:]
        assert found.reference == "baseline"
        np.testing.assert_allclose(found.by_language, of.share[1:] - of.share[0])
        np.testing.assert_allclose(found.average, of.average[1:] - of.average[0])
        assert ((found.only_head - found.only_reference) / of.n == found.by_language).all()
        english = run.right[run.languages == "en"]
        assert found.only_head[1, 1] == (english[:, 2] & ~english[:, 0]).sum()
        apart = of.average_high[1:] - of.average_low[1:]  # unpaired, it could only be wider
        assert (found.high - found.low < np.sqrt(2) * apart).all()
        assert (found.p_holm >= found.p).all()
        assert_no_gaps(found)

    def test_languages_count_the_same_however_many_examples_they_have(self, run):
        few = take(run, np.flatnonzero((run.languages != "sw") | (np.arange(360) % 9 == 0)))
        found = report(few)
        assert found.accuracies.n.tolist() != [120] * 3
        np.testing.assert_allclose(found.accuracies.average, found.accuracies.share.mean(1))
        np.testing.assert_allclose(found.differences.average, found.differences.by_language.mean(1))

    def test_confusions_hold_every_answer_once(self, run, made):
        counts = made.confusions.counts
        assert counts.shape == (5, 3, 3, 3)
        assert counts.sum(axis=(2, 3)).tolist() == [[120] * 3] * 5
        np.testing.assert_array_equal(np.trace(counts, axis1=2, axis2=3), made.accuracies.right)
        rows = (run.languages == "sw") & (run.gold == 2) & (run.answers[:, 4] == 0)
        assert counts[4, 2, 2, 0] == rows.sum() > 0

    def test_knows_how_firm_the_best_layer_is(self, run, made):
        paper, aff = made.stability
        assert (paper.kind, paper.heads, paper.best) == ("paper", ("D_3", "D_8"), "D_8")
        assert (aff.kind, aff.best) == ("aff", "D_3_aff")
        assert paper.share.sum() == pytest.approx(1)
        assert 0.5 < paper.held < 1
        assert aff.held > 0.95
        twins = replace(run, answers=run.answers[:, [0, 1, 1, 3, 3]])
        for found in report(twins).stability:
            assert found.share.tolist() == [0.5, 0.5]
            assert found.best == found.heads[0]  # of equals the lowest layer


class TestDifferences:
    def test_that_are_none_are_told_plainly(self, run):
        same = replace(run, answers=run.answers[:, [0] * 5])
        found = report(same).differences
        assert not found.average.any()
        np.testing.assert_allclose(
            found.high, 1.96**2 / (40 + 1.96**2), atol=1e-3
        )  # of 40 premises
        np.testing.assert_allclose(found.low, -found.high)
        assert (found.p_holm == 1).all()
        assert (found.mcnemar == 1).all()
        assert found.claimed() == ()

    def test_of_two_heads_with_the_same_answers_are_the_same(self, run):
        twins = replace(run, answers=run.answers[:, [0, 1, 1, 3, 3]])
        found = report(twins).differences
        assert found.low[0] == found.low[1]
        assert found.p[0] == found.p[1]

    def test_on_one_premise_prove_nothing(self, run):
        one = take(run, run.premises == "7")
        one = replace(
            one, answers=np.where(np.arange(5) > 0, one.gold[:, None], 3 - one.gold[:, None])
        )
        found = report(one).differences
        assert found.claimed() == ()
        assert (found.low < 0).all()
        assert (found.language_low < 0).all()


LITTLE = {
    "one example": lambda run: take(run, [0]),
    "one language": lambda run: take(run, run.languages == "sw"),
    "one head": lambda run: replace(run, heads=("baseline",), answers=run.answers[:, :1]),
    "only right answers": lambda run: replace(run, answers=np.tile(run.gold[:, None], 5)),
    "no answers": lambda run: replace(run, answers=np.full_like(run.answers, -1)),
    "two labels": lambda run: replace(
        run, labels=("yes", "no"), gold=run.gold % 2, answers=run.answers % 2
    ),
    "a premise each": lambda run: replace(run, premises=np.arange(360).astype(str)),
    "a few items in each language": lambda run: take(run, np.arange(360) % 5 == 0),
}


@pytest.mark.parametrize("spoil", LITTLE.values(), ids=LITTLE)
class TestEvenOf:
    def test_this_a_report_has_no_gaps(self, run, spoil):
        found = report(spoil(run))
        parts = (found.accuracies, found.differences, found.agreement, *found.slices)
        for part in parts:
            if part is not None:
                assert_no_gaps(part)

    def test_this_no_accuracy_is_certain(self, run, spoil):
        found = report(spoil(run)).accuracies
        assert (found.high > found.low).all()
        assert (found.average_high > found.average_low).all()


class TestWarnings:
    def test_a_whole_sound_run_has_none(self, made):
        assert made.warnings == ()

    def test_a_partial_run_says_so(self, run):
        part = replace(run, settings={**run.settings, "total": 75150})
        (warning,) = report(part).warnings
        assert "360" in warning
        assert "75150" in warning

    def test_missing_answers_are_counted_and_one_is_named(self, run):
        answers = run.answers.copy()
        answers[run.ids == "17", 2] = -1
        (warning,) = report(replace(run, answers=answers)).warnings
        assert "3" in warning
        assert "17 (de)" in warning

    def test_few_premises_are_told(self, run):
        (warning,) = report(take(run, np.isin(run.premises, ["0", "1", "2"]))).warnings
        assert "3" in warning

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_a_wrong_order_of_labels_is_found(self, run, language, monkeypatch):
        from dlfa import messages

        monkeypatch.setattr(messages, "_asked", [lambda: language])
        turned = (run.answers + 1) % 3  # entailment is called neutral, ...
        below, order = report(replace(run, answers=turned)).warnings
        assert "baseline" in below
        assert ("33.3" if language == "en" else "33,3") in below
        words = [messages._(f"label.{label}") for label in LABELS]
        for at in range(3):
            assert f"{words[(at + 1) % 3]} → {words[at]}" in order
        right = f"{run.right[:, 0].mean():.1%}".removesuffix("%")
        assert right.replace(".", "," if language == "de" else ".") in order

    @pytest.mark.parametrize("order", [(0, 2, 1), (1, 0, 2), (2, 1, 0)])
    def test_two_swapped_labels_are_found_also_where_that_is_no_worse_than_chance(self, run, order):
        turned = np.array([*order, -1])[run.answers]
        order_told = report(replace(run, answers=turned)).warnings[-1]
        swapped = [at for at in range(3) if order[at] != at]
        for said, right in (swapped, swapped[::-1]):
            assert f"{LABELS[said]} → {LABELS[right]}" in order_told
        assert "baseline" in order_told

    def test_small_samples_of_a_sound_run_or_of_guesses_hardly_ever_warn_of_the_order(self, run):
        from dlfa.analysis.accuracies import accuracies, averages
        from dlfa.analysis.confusions import confusions
        from dlfa.analysis.statistics import Draws
        from dlfa.analysis.suspicions import suspicions

        def warns(part):
            draws = Draws(part.premises, 200)
            found = accuracies(part, averages(part, draws)), confusions(part)
            return any("order" in one for one in suspicions(part, *found, draws))

        draw = np.random.default_rng(0)
        alone = replace(run, heads=("baseline",), answers=run.answers[:, :1])
        parts = [take(alone, draw.choice(360, 40, replace=False)) for _sample in range(100)]
        guessed = [replace(part, answers=draw.integers(0, 3, (40, 1))) for part in parts]
        assert sum(map(warns, parts)) == 0
        assert sum(map(warns, guessed)) <= 10

    def test_a_wrong_order_of_labels_without_the_baseline_or_names_is_found_too(self, run):
        turned = replace(
            run,
            heads=("D_3",),
            labels=("yes", "perhaps", "no"),
            answers=(run.answers[:, :1] + 1) % 3,
        )
        below, order = report(turned).warnings
        assert "D_3" in below
        assert "perhaps → yes" in order
