"""The tasks, as data."""

import re

import pytest

from dlfa.data.tasks import TASKS, Corpus, Task, task
from dlfa.errors import UnknownLanguageError, UnknownModelError

tasks = pytest.mark.parametrize("each", TASKS.values(), ids=TASKS)


def corpora(each: Task) -> list[Corpus]:
    return [each.evaluation, *each.training.values(), *each.further.values()]


@tasks
class TestEveryTask:
    def test_is_found_by_its_key(self, each):
        assert task(each.key) is each

    def test_all_means_every_language_in_order(self, each):
        assert each.check(("all",)) == each.languages

    def test_some_languages_come_back_as_they_were_asked_for(self, each):
        some = each.languages[3::-2]
        assert each.check(some) == some

    @pytest.mark.parametrize("asked", [("xx",), (), ("all", "en"), ("EN",), ("",), ("en", "tlh")])
    def test_an_unknown_language_is_refused_with_those_there_are(self, each, asked):
        with pytest.raises(UnknownLanguageError) as caught:
            each.check(asked)
        assert ", ".join(each.languages) in str(caught.value)
        assert str(caught.value) != caught.value.key

    def test_english_comes_first_then_the_alphabet(self, each):
        assert each.languages[0] == "en"
        assert list(each.languages[1:]) == sorted(each.languages[1:])

    def test_every_corpus_is_pinned_to_a_commit(self, each):
        for corpus in corpora(each):
            if corpus.beside:
                assert not corpus.revision
                continue
            assert re.fullmatch(r"[\w-]+/[\w-]+", corpus.hub_id)
            assert re.fullmatch(r"[0-9a-f]{40}", corpus.revision)

    def test_evaluation_has_validation_and_test_and_training_has_both_too(self, each):
        assert {"validation", "test"} <= set(each.evaluation.splits)
        assert all(
            {"train", "validation"} <= set(corpus.splits) for corpus in each.training.values()
        )

    def test_every_language_has_a_configuration_of_its_own(self, each):
        configurations = {each.evaluation.configuration(code) for code in each.languages}
        assert len(configurations) == len(each.languages)
        assert not any("{" in name for name in configurations if name)

    def test_what_chooses_a_checkpoint_is_measured(self, each):
        assert each.chosen_by in each.metrics
        assert ("accuracy" in each.metrics) is (each.kind == "pair")

    def test_words_are_tagged_where_a_row_has_one_text(self, each):
        for corpus in corpora(each):
            assert len(corpus.columns) == (1 if each.kind == "tagging" else 2)


def test_xnli_is_what_the_paper_evaluates_on():
    xnli = TASKS["xnli"]
    assert xnli.labels == ("entailment", "neutral", "contradiction")
    assert len(xnli.languages) == 15
    assert xnli.max_length == 128


def test_published_numbers_are_another_models_and_agree_with_each_other():
    """Table 1's means are those of table 2's groups, weighted by their languages, to a rounding."""
    for each in TASKS.values():
        if (told := each.published) is None:
            continue
        assert told.model == "mBERT"
        assert len(told.means) == 12
        for head, cells in told.by_language.items():
            mean = sum(cells.values()) / len(cells)
            assert mean == pytest.approx(told.means[head], abs=0.02)
        if not told.groups:
            continue
        assert sorted(code for codes in told.groups.values() for code in codes) == sorted(
            each.languages
        )
        for head in set.intersection(*(set(rows) for rows in told.grouped.values())):
            total = sum(told.grouped[name][head] * len(told.groups[name]) for name in told.groups)
            assert total / len(each.languages) == pytest.approx(told.means[head], abs=0.02)


def test_an_unknown_task_is_refused_with_those_there_are():
    with pytest.raises(UnknownModelError, match="xnli"):
        task("nosuch")
