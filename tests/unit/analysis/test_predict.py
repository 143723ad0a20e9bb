"""Predictions: laws of asking a model."""

import numpy as np
import pytest

PAIRS = [
    ("a man runs", "no one sleeps"),
    ("the old red house", "the house is not red"),
    ("a dog", "a dog eats a cat in the old red house the dog runs"),
]


def test_every_pair_gets_one_answer_per_head_in_the_order_asked_for(tiny_predictor) -> None:
    answers = tiny_predictor.predict(PAIRS, ("D_2", "baseline"))
    assert [[answer.head for answer in row] for row in answers] == [["D_2", "baseline"]] * 3


def test_probabilities_sum_to_one_and_name_the_label(tiny_predictor) -> None:
    for row in tiny_predictor.predict(PAIRS):
        for answer in row:
            assert answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
            assert answer.label == answer.labels[int(answer.probabilities.argmax())]


def test_an_answer_does_not_depend_on_the_other_pairs(tiny_predictor) -> None:
    together = tiny_predictor.predict(PAIRS)
    for pair, row in zip(PAIRS, together, strict=True):
        (alone,) = tiny_predictor.predict([pair])
        for one, other in zip(alone, row, strict=True):
            np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-5)


def test_no_pairs_give_no_answers(tiny_predictor) -> None:
    assert tiny_predictor.predict([]) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "error.text.empty"),
        (" \n\t", "error.text.empty"),
        ("\u202e\u200b\x00", "error.text.empty"),
        ("x" * 5001, "error.text.long"),
        ("x" * 1_000_000, "error.text.long"),
        ("bad \ud800 surrogate", "error.text.not_text"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_bad_text_gets_its_own_sentence(tiny_predictor, text, key, place) -> None:
    from dlfa.errors import TextError

    pair = ["a man runs", "a man runs"]
    pair[place] = text
    with pytest.raises(TextError) as caught:
        tiny_predictor.predict([tuple(pair)])
    assert caught.value.key == key
    assert len(str(caught.value)) > 20


@pytest.mark.parametrize(
    "text", ["😀 man", "<img src=x onerror=alert(1)>", "a\x00man", "\u202eman"]
)
def test_odd_but_readable_text_is_answered(tiny_predictor, text) -> None:
    (answers,) = tiny_predictor.predict([(text, "a man")])
    assert np.isfinite(answers[0].probabilities).all()


def test_a_long_text_is_cut_and_says_so(tiny_predictor) -> None:
    (answers,) = tiny_predictor.predict([("man " * 400, "a dog")], ("baseline",))
    assert answers[0].tokens == tiny_predictor.max_tokens == 64
    assert answers[0].truncated
    assert tiny_predictor.tokens(("man " * 400, "a dog")).truncated


def test_a_text_that_just_fits_is_not_called_cut(tiny_predictor) -> None:
    words = 64 - 3 - 1  # [CLS], two [SEP] and one word of hypothesis
    (answers,) = tiny_predictor.predict([("man " * words, "dog")], ("baseline",))
    assert answers[0].tokens == 64
    assert not answers[0].truncated


def test_an_unknown_head_names_the_known_ones(tiny_predictor) -> None:
    from dlfa.errors import UnknownHeadError

    with pytest.raises(UnknownHeadError, match="D_1"):
        tiny_predictor.predict(PAIRS, ("D_12",))


def test_tokens_say_which_sentence_each_piece_is_from(tiny_predictor) -> None:
    tokens = tiny_predictor.tokens(("a man", "a dog"))
    assert tokens.pieces == ("[CLS]", "a", "man", "[SEP]", "a", "dog", "[SEP]")
    assert tokens.segment[1:3] == ("premise", "premise")
    assert tokens.segment[4:6] == ("hypothesis", "hypothesis")
    assert tokens.special.tolist() == [True, False, False, True, False, False, True]


@pytest.mark.parametrize("lengths", [[], [5], [3, 900, 3, 3], list(range(1, 200)), [5000, 1]])
def test_batches_hold_every_row_once_and_keep_the_budget(lengths) -> None:
    from dlfa.analysis.predict import batches

    found = list(batches(lengths, budget=1000))
    assert sorted(row for rows in found for row in rows) == list(range(len(lengths)))
    for rows in found:
        padded = len(rows) * max(lengths[row] for row in rows)
        assert padded <= 1000 or len(rows) == 1


class TestLoading:
    def test_an_encoder_without_heads_says_what_to_do(self) -> None:
        from dlfa.analysis.predict import load
        from dlfa.errors import UntrainedError

        with pytest.raises(UntrainedError, match="train"):
            load("mbert")

    @pytest.mark.parametrize("name", ["nothing", "", "x" * 3000, "a\x00b"])
    def test_an_unknown_name_is_refused_in_one_sentence(self, name) -> None:
        from dlfa.analysis.predict import load
        from dlfa.errors import UnknownModelError

        with pytest.raises(UnknownModelError):
            load(name)

    def test_a_public_instance_takes_no_folders(self, tiny_checkpoint, monkeypatch) -> None:
        from dlfa.analysis.predict import load
        from dlfa.errors import PolicyError

        monkeypatch.setenv("DLFA_PUBLIC", "1")
        with pytest.raises(PolicyError):
            load(tiny_checkpoint)

    def test_provenance_names_encoder_state_and_checkpoint(self, tiny_predictor) -> None:
        provenance = tiny_predictor.provenance
        assert provenance.backbone == "encoder"
        assert provenance.state == "tuned(xnli)"
        assert len(provenance.checkpoint) == 16
        assert provenance.versions["torch"]
