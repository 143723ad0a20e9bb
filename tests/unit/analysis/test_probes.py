"""Linear probes: against scikit-learn, and on vectors that tell everything or nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.unit.analysis.sentence_sets import cloud, layer_vectors, sentence_set


def labelled(words=300, dim=8, classes=4, seed=0):
    draw = np.random.default_rng(seed)
    tags = draw.integers(0, classes, words)
    vectors = draw.normal(size=(words, dim)) * np.arange(1, dim + 1) + 2 * np.eye(dim)[tags] + 5
    return vectors.astype(np.float32), tags


def sums(vectors, *tags, classes=4):
    from dlfa.analysis.linear_probe import ProbeSums

    return ProbeSums.of(torch.from_numpy(vectors)[None], torch.from_numpy(np.stack(tags)), classes)


def apart(probe):
    """Return what tells classes apart: what all weights have in common changes no answer."""
    return probe.weight - probe.weight.mean(2, keepdim=True)


class TestLinearProbe:
    @pytest.mark.parametrize("shrinkage", [0.05, 0.5])
    def test_is_scikit_learns_discriminant_of_standardised_channels(self, shrinkage) -> None:
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

        vectors, tags = labelled()
        scale = vectors.astype(float).std(0)
        theirs = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage)
        theirs.fit(vectors / scale, tags)
        ours = sums(vectors, tags).fit(shrinkage)
        weight = theirs.coef_ - theirs.coef_.mean(0)
        assert apart(ours)[0, 0].numpy() * scale == pytest.approx(weight, rel=1e-3, abs=1e-3)
        fresh, _tags = labelled(seed=1)
        found = ours.predict(torch.from_numpy(fresh)[None])[0, 0].numpy()
        assert (found == theirs.predict(fresh / scale)).mean() > 0.99

    def test_sums_of_parts_are_the_whole_and_can_be_taken_off_again(self) -> None:
        vectors, tags = labelled()
        first = sums(vectors[:100], tags[:100])
        rest = first.like(torch.from_numpy(vectors[100:])[None], torch.from_numpy(tags[100:])[None])
        whole, alone = (first + rest).fit(), sums(vectors, tags).fit()
        assert torch.allclose(apart(whole), apart(alone), atol=1e-4)
        given = torch.from_numpy(vectors)[None]
        assert torch.equal(whole.predict(given), alone.predict(given))
        back = (first + rest - rest).fit()
        assert torch.allclose(back.weight, first.fit().weight, atol=1e-4)

    def test_every_labelling_is_fitted_by_itself(self) -> None:
        vectors, tags = labelled()
        shuffled = np.random.default_rng(1).permutation(tags)
        both = sums(vectors, tags, shuffled).fit()
        assert torch.allclose(both.weight[0], sums(vectors, tags).fit().weight[0], atol=1e-5)
        assert torch.allclose(both.weight[1], sums(vectors, shuffled).fit().weight[0], atol=1e-5)

    def test_a_class_that_was_never_seen_is_never_given(self) -> None:
        vectors, tags = labelled()
        found = sums(vectors, tags, classes=6).fit().predict(torch.from_numpy(vectors)[None])
        assert found.max() < 4

    def test_of_a_constant_nothing_is_learned_but_what_is_common(self) -> None:
        vectors = np.full((100, 8), 0.1, np.float32)
        tags = np.array([2] * 60 + [1] * 40)
        found = sums(vectors, tags).fit().predict(torch.from_numpy(vectors)[None])
        assert (found == 2).all()


class TestLanguages:
    def test_separate_languages_are_told_and_mixed_ones_are_not(self) -> None:
        from dlfa.analysis.probes import language_probe

        apart = [cloud(60, seed=at) + 9 * np.eye(12)[at] for at in range(3)]
        mixed = [cloud(60, seed=10 + at) for at in range(3)]
        found = language_probe(layer_vectors(apart, mixed), sentence_set(items=60))
        assert found.values[:, 0] == pytest.approx(1)
        assert found.average[1] == pytest.approx(1 / 3, abs=0.1)
        assert found.control == pytest.approx([1 / 3, 1 / 3], abs=0.1)
        assert found.majority == pytest.approx(1 / 3)
        assert found.languages == found.trained_on == ("de", "en", "fr")
        assert (found.low < found.values).all()
        assert found.average_low[0] < 1 == found.average_high[0]

    def test_what_is_asked_for_was_not_learned_from(self) -> None:
        """Each item is there twice in a language, so that half of it would give away the rest."""
        from dlfa.analysis.probes import language_probe

        draw = np.random.default_rng(0)
        tables = [np.tile(draw.normal(size=(40, 400)), (2, 1)) for _ in range(3)]
        sentences = sentence_set(items=80)
        items = np.array([f"item-{at % 40}" for at in range(240)])
        vectors = layer_vectors(tables)
        grouped = language_probe(vectors, replace(sentences, items=items))
        apart = language_probe(vectors, replace(sentences, items=np.full(240, "")))
        assert grouped.average[0] < 0.5 < 0.6 < apart.average[0]

    def test_nobodys_language_is_left_out(self) -> None:
        from dlfa.analysis.probes import language_probe

        tables = [cloud(60, seed=at) for at in range(3)]
        found = language_probe(layer_vectors(tables), sentence_set("de und fr", 60))
        assert found.languages == ("de", "fr")
        assert found.n.tolist() == [60, 60]

    def test_too_little_to_learn_from_is_said(self) -> None:
        from dlfa.analysis.probes import language_probe
        from dlfa.errors import InputError

        with pytest.raises(InputError):
            language_probe(layer_vectors([cloud(60)]), sentence_set("de", 60))
        with pytest.raises(InputError):
            language_probe(layer_vectors([cloud(4)] * 3), sentence_set(items=4))

    def test_exchanged_labels_stay_within_their_item(self) -> None:
        from dlfa.analysis.probes import _exchanged

        items, spoken = np.repeat(np.arange(50), 3), np.tile(np.arange(3), 50)
        found = _exchanged(spoken, items, np.random.default_rng(0))
        assert not np.array_equal(found, spoken)
        assert np.array_equal(np.sort(found.reshape(50, 3)), spoken.reshape(50, 3))


@pytest.fixture(scope="module")
def embedder(tiny_checkpoint: Path):
    from dlfa.analysis.embedding import load_encoder

    return load_encoder(str(tiny_checkpoint))


class TestPartsOfSpeech:
    @pytest.fixture
    def treebank(self, monkeypatch: pytest.MonkeyPatch):
        """Made-up sentences whose words have one tag each, whatever stands around them."""
        from dlfa.analysis import pos_probe
        from dlfa.data.tagged import Tagged
        from tests.integration.tiny import WORDS
        from tests.unit.analysis.tagger import sentences

        def known(count: int, code: str) -> list[Tagged]:
            return [
                replace(one, tags=tuple(WORDS.index(w) % 5 if w in WORDS else 0 for w in one.words))
                for one in sentences(count, code, parallel=True)
            ]

        monkeypatch.setattr(pos_probe, "training_sentences", lambda *_: (known(300, "en"), []))
        monkeypatch.setattr(
            pos_probe, "evaluation_sentences", lambda _task, code, _split: known(40, code)
        )
        return known

    def test_what_the_word_alone_says_is_read_out_of_layer_0(self, treebank, embedder) -> None:
        from dlfa.analysis.probes import pos_probe

        found = pos_probe(embedder, ["en", "de"], train_words=900)
        assert found is not None
        assert found.spaces == embedder.spaces
        assert found.languages == ("en", "de")
        assert found.average[0] > 0.75  # places blur it
        assert found.control[0] < 0.5
        assert 0.15 < found.majority < 0.5
        assert (found.low < found.high).all()

    def test_words_that_the_encoder_does_not_see_are_not_counted(self, treebank, embedder) -> None:
        from dlfa.analysis.probes import pos_probe

        found = pos_probe(embedder, ["de"], spaces=["0"], train_words=300, test_sentences=40)
        assert found is not None
        cut = 90 - (embedder.max_tokens - 2)
        words = sum(len(one.words) for one in treebank(40, "de"))
        assert found.n.tolist() == [words - cut - 1]  # and one of which nothing is left

    def test_all_languages_are_tested_on_the_same_sentences(self, treebank, embedder) -> None:
        from dlfa.analysis.probes import pos_probe

        seen = []
        pos_probe(
            embedder,
            ["en", "de"],
            spaces=["0"],
            train_words=300,
            test_sentences=7,
            on_progress=lambda done, total: seen.append((done, total)),
        )
        assert seen[-1][0] == seen[-1][1]
        from dlfa.analysis.pos_probe import _testing

        first, second = ([one.id for one in _testing(code, 7, 0)] for code in ("en", "de"))
        assert first == second
        assert len(set(first)) == 7

    def test_it_stops_where_it_is_told_to(self, treebank, embedder) -> None:
        from dlfa.analysis.probes import pos_probe

        asked = []
        found = pos_probe(
            embedder, ["en"], spaces=["0"], train_words=900, stop=lambda: asked.append(1) or True
        )
        assert found is None
        assert len(asked) == 1


class TestWordStates:
    @pytest.fixture(autouse=True)
    def float32(self, monkeypatch: pytest.MonkeyPatch):
        from dlfa.model.device import hardware

        monkeypatch.setenv("DLFA_DTYPE", "float32")
        hardware.cache_clear()
        yield
        hardware.cache_clear()

    def test_are_the_reference_models_at_each_first_piece(self, tiny_checkpoint: Path) -> None:
        from dlfa.analysis.embedder import Embedder
        from dlfa.analysis.predict import inputs, load
        from dlfa.analysis.word_states import word_states
        from dlfa.data.collation import collate, encode_words

        predictor = load(tiny_checkpoint)
        embedder = Embedder.of(predictor)
        names = "D_2", "D_1_aff"
        words = [["a", "man", "runs"], ["dog"], ["the", "old", "red", "house", "is"]]
        features = encode_words(embedder.tokenizer, words, embedder.max_tokens)
        batch = collate(features, embedder.tokenizer.pad_token_id)
        spaces = ("D_2", "0", "4", "D_1_aff")
        found = word_states(embedder, batch, features, spaces)
        with torch.no_grad():
            given = inputs(batch)
            states = predictor.model.encode(**given)
            fused = predictor.model(**given, heads=names, return_states=True).fused
        whole = [fused["D_2"].states, states[0], states[4], fused["D_1_aff"].states]
        at = 0
        for row, one in enumerate(features):
            for place in one["first"]:
                for space, tokens in enumerate(whole):
                    assert torch.allclose(found[space, at], tokens[row, place], atol=1e-5)
                at += 1
        assert found.shape[1] == at == 9
