"""Labelled pairs: what is known of them is the same in all their languages."""

import pytest

from dlfa.analysis.examples import built_in, sample, texts
from dlfa.data.features import negated
from dlfa.data.parallel import own_items
from dlfa.data.sources import evaluation_pairs
from dlfa.data.tasks import task
from dlfa.errors import DlfaError

XNLI = task("xnli")


class TestOurOwn:
    def test_translations_share_premise_genre_and_negation(self):
        found: dict[str, set[tuple[str, str, int]]] = {}
        for one in built_in(XNLI):
            found.setdefault(one.id, set()).add((one.premise, one.genre, one.negation))
        assert all(len(known) == 1 for known in found.values())
        assert len({premise for known in found.values() for premise, _, _ in known}) == 24

    def test_the_english_hypothesis_says_whether_there_is_a_negation(self):
        english = {item.id: item.text["en"][1] for item in own_items("xnli")}
        for one in built_in(XNLI, ("sw", "th")):
            assert one.negation == negated(english[one.id])


class TestCorpus:
    def test_negations_come_from_the_english_even_where_that_is_not_asked_for(
        self, tiny_predictor, tiny_mirror
    ):
        english = evaluation_pairs(task("xnli"), "en", "test")
        found = sample(tiny_predictor, ("sw",), "test", None, 0)
        assert [one.negation for one in found] == [int(negated(pair.second)) for pair in english]
        assert [one.premise for one in found] == [pair.premise for pair in english]

    def test_without_the_english_a_negation_is_unknown(
        self, tiny_predictor, tiny_mirror, monkeypatch
    ):
        from dlfa.analysis import examples
        from dlfa.errors import MissingDataError

        def some(known, code, split):
            if code == "en":
                raise MissingDataError("error.data.missing", name="n", config="c", split="s")
            return evaluation_pairs(known, code, split)

        monkeypatch.setattr(examples, "evaluation_pairs", some)
        assert {one.negation for one in sample(tiny_predictor, ("sw",), "test", None, 0)} == {-1}


class TestTexts:
    def test_of_our_own_sentences(self):
        item = own_items("xnli")[3]
        found = texts(task("xnli"), "built-in", [(item.id, "th"), ("none", "th"), (item.id, "xx")])
        assert found == {(item.id, "th"): item.text["th"]}

    def test_of_a_corpus_are_those_that_were_drawn(self, tiny_predictor, tiny_mirror):
        drawn = sample(tiny_predictor, ("en", "sw"), "test", 4, 0)
        found = texts(task("xnli"), "test", iter([(one.id, one.language) for one in drawn]))
        assert found == {(one.id, one.language): one.pair for one in drawn}

    def test_of_nothing_are_none_and_need_no_data(self, monkeypatch):
        monkeypatch.delenv("DLFA_DATA_DIR", raising=False)
        assert texts(task("xnli"), "test", []) == {}

    def test_without_the_data_it_is_one_sentence(self, monkeypatch):
        monkeypatch.delenv("DLFA_DATA_DIR", raising=False)
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        with pytest.raises(DlfaError):
            texts(task("xnli"), "test", [("facebook/xnli/test/0", "en")])


@pytest.mark.parametrize("code", ["en", "ur", "zh"])
def test_xnlis_premises_are_the_same_triples_in_every_language(data_dir, monkeypatch, code):
    monkeypatch.setenv("DLFA_DATA_DIR", str(data_dir))
    pairs = evaluation_pairs(task("xnli"), code, "test")
    heads = [f"facebook/xnli/test/{row - row % 3}" for row in range(5010)]
    assert [pair.premise for pair in pairs] == heads
