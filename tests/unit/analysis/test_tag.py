"""Typed text: its words, their tags, their gates."""

from pathlib import Path

import numpy as np
import pytest

from tests.integration.tagger import save_tagger

TEXTS = ("the man eats", "  a  dog, the cat!", "ali 玛丽亚在柏林。 في برلين")


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory):
    from dlfa.analysis.predict import load

    return load(save_tagger(tmp_path_factory.mktemp("tagger")))


def test_words_are_those_of_the_text_and_their_places_are_kept(tagger):
    from dlfa.analysis.tag import tag

    for text, one in zip(TEXTS, tag(tagger, TEXTS), strict=True):
        assert one.text == text
        assert [text[start:end] for start, end in one.spans] == list(one.words)
        assert "".join(one.words) == "".join(text.split())


def test_a_sentence_does_not_see_its_batch_mates(tagger):
    from dlfa.analysis.tag import tag

    together = tag(tagger, TEXTS)
    for text, one in zip(TEXTS, together, strict=True):
        (alone,) = tag(tagger, [text])
        assert np.allclose(alone.probabilities, one.probabilities, atol=1e-6)
        assert np.allclose(one.probabilities.sum(-1), 1, atol=1e-5)


def test_tags_are_those_of_training_for_the_same_words(tagger):
    """The reference: one forward pass of the model itself, its logits at first sub-words."""
    import torch

    from dlfa.analysis.tag import tag

    (one,) = tag(tagger, ["the man eats"], ("D_2", "baseline"))
    assert one.heads == ("D_2", "baseline")
    encoded = tagger.tokenizer([list(one.words)], is_split_into_words=True, return_tensors="pt")
    with torch.inference_mode():
        logits = tagger.model(**encoded, heads=("D_2", "baseline")).logits
    expected = logits[0].softmax(-1)[:, 1:-1].numpy()  # every word is one sub-word here
    assert np.allclose(one.probabilities, expected, atol=1e-3)  # the encoder may be in bfloat16


def test_what_is_cut_has_no_answer_and_says_so(tagger):
    from dlfa.analysis.tag import tag

    (one,) = tag(tagger, ["dog " * 100])
    assert one.truncated
    assert one.tokens == 64
    assert one.cut.sum() == 100 - 62
    assert not one.answered[one.cut].any()
    assert set(np.unique(one.answers[:, one.cut])) == {-1}
    assert one.tags("baseline")[-1] == ""


def test_a_long_text_in_a_script_without_spaces_is_not_too_long(tagger):
    from dlfa.analysis.tag import tag

    (one,) = tag(tagger, ["玛丽亚在柏林工作。" * 555])  # 4,995 characters of 5,000
    assert len(one.text) == 4_995


@pytest.mark.parametrize(
    ("text", "error"), [("", "empty"), (" \n", "empty"), ("x" * 5_001, "long")]
)
def test_a_text_that_is_none_is_refused(tagger, text, error):
    from dlfa.analysis.tag import tag
    from dlfa.errors import TextError

    with pytest.raises(TextError) as raised:
        tag(tagger, [text])
    assert raised.value.key == f"error.text.{error}"


def test_a_model_for_pairs_is_refused_and_the_reverse(tagger, tiny_predictor):
    from dlfa.analysis.tag import tag, word_gate
    from dlfa.errors import WrongTaskError

    for call in (
        lambda: tag(tiny_predictor, ["a dog"]),
        lambda: word_gate(tiny_predictor, "a dog", "D_1"),
        lambda: tagger.predict([("a", "b")]),
    ):
        with pytest.raises(WrongTaskError):
            call()


@pytest.mark.parametrize("head", ["D_1", "D_2_aff"])
class TestGates:
    def test_a_gate_stands_beside_its_twins_word_by_word(self, tagger, head):
        from dlfa.analysis.tag import word_gate

        found = word_gate(tagger, "the man, eats", head)
        assert found.gate.head == head
        assert found.tokens.words == ("the", "man", ",", "eats")
        assert found.tokens.word.tolist() == [-1, 0, 1, 2, 3, -1]
        for share in (found.gate.share, found.gate.noise_share):
            assert share.shape == (6,)
            assert ((share >= 0) & (share <= 1)).all()
        assert np.abs(found.gate.noise - found.gate.attention).max() > 1e-3

    def test_the_gate_is_the_one_that_answers(self, tagger, head):
        """L of equation (2) from the gate that is shown gives the tags that are shown."""
        import torch

        from dlfa.analysis.tag import tag, word_gate
        from dlfa.analysis.tagging import encoded

        text = "the man eats"
        gate = torch.from_numpy(word_gate(tagger, text, head).gate.gate)
        ((_, batch),) = tagger.batches(encoded(tagger, [text.split()]))
        states = tagger.states(batch)
        trained = tagger.model.heads[head]
        lower, last = states[trained.layer][0].float(), states[-1][0].float()
        fused = lower * gate + last * (1 - gate)
        with torch.inference_mode():
            expected = trained.classify(fused).softmax(-1)[1:-1]
        (one,) = tag(tagger, [text], (head,))
        assert np.allclose(one.probabilities[0], expected.numpy(), atol=1e-4)


def test_a_head_without_a_gate_is_refused(tagger):
    from dlfa.analysis.tag import word_gate
    from dlfa.errors import UnknownHeadError

    with pytest.raises(UnknownHeadError):
        word_gate(tagger, "a dog", "baseline")


def test_the_twins_are_calibrated_on_sentences_of_words(tagger):
    from dlfa.analysis.controls import controls

    twins = controls(tagger)
    norms = [one for one in twins.noise.modules() if hasattr(one, "running_mean")]
    assert norms
    assert all(float(norm.num_batches_tracked) == 1 for norm in norms)


def test_the_checkpoint_says_what_it_is_for(tagger, tmp_path: Path):
    assert tagger.tagging
    assert tagger.provenance.state == "tuned(ner)"
