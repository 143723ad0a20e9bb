"""What an evaluation of a tagging task says: measures that are seqeval's, intervals that hold."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.analysis.tagger import guessed, shuffled, tagged

DRAWS = 400


def report(evaluation, metric=None, draws: int = DRAWS):
    from dlfa.analysis.reports import report as made

    return made(evaluation, metric, draws=draws)


def seqeval_f1(evaluation, code: str, head: int) -> float:
    from seqeval.metrics import f1_score

    lines = np.split(np.arange(len(evaluation.gold)), np.cumsum(evaluation.sizes)[:-1])
    mine = [
        words for words, other in zip(lines, evaluation.languages, strict=True) if other == code
    ]
    names = np.array(evaluation.labels)
    wanted = [names[evaluation.gold[words]].tolist() for words in mine]
    found = [names[evaluation.answers[words, head]].tolist() for words in mine]
    return f1_score(wanted, found)


@pytest.mark.parametrize("task", ["ner", "pos"])
def test_f1_is_seqevals_in_every_language(task) -> None:
    run = guessed(0, task=task)
    told = report(run).accuracies
    assert told.metric == "f1"
    for at, code in enumerate(told.languages):
        for head in range(len(told.heads)):
            assert told.share[head, at] == pytest.approx(seqeval_f1(run, code, head), abs=1e-9)
    np.testing.assert_allclose(told.average, told.share.mean(1))


def test_word_accuracy_and_macro_f1_are_sklearns() -> None:
    from sklearn.metrics import f1_score

    run = guessed(1, task="pos")
    words = np.repeat(run.languages, run.sizes) == "de"
    accuracy = report(run, "word_accuracy").accuracies
    assert accuracy.share[2, 0] == pytest.approx(run.right[words, 2].mean())
    macro = report(run, "macro_f1").accuracies
    gold, said = run.gold[words], run.answers[words, 2]
    wanted = f1_score(gold, said, average="macro", labels=np.unique(gold))
    assert macro.share[2, 0] == pytest.approx(wanted)


@pytest.mark.parametrize("metric", ["f1", "word_accuracy", "macro_f1"])
class TestEveryMeasure:
    def test_the_order_of_sentences_changes_nothing(self, metric):
        run = guessed(2, task="pos")
        one, other = report(run, metric), report(shuffled(run), metric)
        for part in ("accuracies", "differences"):
            for name, value in vars(getattr(one, part)).items():
                if isinstance(value, np.ndarray):
                    again = getattr(getattr(other, part), name)
                    np.testing.assert_allclose(value, again, atol=1e-12, err_msg=name)

    def test_a_head_that_answers_as_the_baseline_does_not_differ(self, metric):
        run = guessed(3, rates=(0.8, 0.8), task="pos")
        alike = replace(run, answers=run.answers[:, [0, 0]])
        told = report(alike, metric).differences
        assert told.average[0] == 0
        assert told.p_holm[0] == 1
        assert told.low[0] < 0 < told.high[0]  # that none differs here does not mean none ever will

    def test_a_better_head_stands_after_holm(self, metric):
        told = report(guessed(4, rates=(0.7, 0.7, 0.9), task="pos"), metric).differences
        assert told.claimed() == ("D_2",)
        assert told.low[1] > 0


class TestIntervals:
    @pytest.mark.parametrize("metric", ["f1", "word_accuracy"])
    def test_hold_the_truth_about_as_often_as_they_say(self, metric):
        rates = (0.75, 0.8)
        truth = report(guessed(99, rates, count=6000), metric, draws=20)
        wanted, apart = truth.accuracies.average, truth.differences.average[0]
        inside, beyond, times = 0, 0, 60
        for seed in range(times):
            found = report(guessed(seed, rates, count=40), metric, draws=300)
            told = found.accuracies
            inside += bool(told.average_low[0] <= wanted[0] <= told.average_high[0])
            beyond += not found.differences.low[0] <= apart <= found.differences.high[0]
        assert inside / times >= 0.85
        assert beyond / times <= 0.15

    def test_of_translations_draw_the_same_sentences_in_all_languages(self):
        """Translations that are hard together leave an average less sure than strangers would."""
        one = guessed(5, (0.8, 0.8), count=60, languages="en")
        twice = {
            name: np.concatenate([getattr(one, name)] * 2)
            for name in ("sizes", "cut", "gold", "answers", "tokens")
        }
        codes = np.repeat(["en", "de"], 60)
        apart = replace(one, **twice, languages=codes, ids=np.arange(120).astype(str))
        together = replace(apart, ids=np.tile(np.arange(60).astype(str), 2))
        narrow, wide = (report(run).accuracies for run in (apart, together))
        widths = [(run.average_high - run.average_low)[0] for run in (narrow, wide)]
        assert widths[1] > 1.25 * widths[0]

    def test_of_one_sentence_are_not_certain(self):
        told = report(tagged([[1, 1]], [1], [1], ["en"])).accuracies
        assert told.average[0] == 1
        assert told.average_low[0] < 0.6

    def test_of_partly_shared_sentences_are_numbers(self):
        run = guessed(6, count=20)
        some = np.array([str(at) for at in (*range(20), *range(15, 35))])
        told = report(replace(run, ids=some)).accuracies
        assert np.isfinite([told.average_low, told.average_high]).all()


def test_words_without_an_answer_are_wrong_and_told() -> None:
    run = tagged([[1, -1], [2, 2]], [1, 2], [2], ["en"], cut=np.array([1]))
    found = report(run, "word_accuracy")
    assert found.accuracies.share.tolist() == [[1.0], [0.5]]
    assert len(found.warnings) == 2  # cut, and few sentences


def test_parts_of_speech_say_what_their_f1_is() -> None:
    assert report(guessed(0, task="pos")).notes != report(guessed(0)).notes
    assert report(guessed(0, task="pos"), "word_accuracy").notes == ()


def test_mistakes_are_counted_word_by_word() -> None:
    run = guessed(7)
    counts = report(run).confusions.counts
    assert counts.shape == (3, 2, 7, 7)
    np.testing.assert_array_equal(counts.sum((1, 2, 3)), len(run.gold))
    np.testing.assert_array_equal(np.trace(counts, axis1=2, axis2=3), report(run).accuracies.right)
