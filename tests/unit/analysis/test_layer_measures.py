"""Cross-lingual measures on vectors whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.analysis.sentence_sets import cloud, layer_vectors, rotation, sentence_set

SENTENCES, DIM = 40, 12
NAMES = ("p_at_1", "margin", "similarity", "cka", "anc")
every = pytest.mark.parametrize("name", NAMES)
raw_and_centred = pytest.mark.parametrize("centred", [False, True])


def run(name, *spaces, sentences=None, centred=False, **given):
    from dlfa.analysis.layer_measures import measure

    sentences = sentences or sentence_set("en de" if len(spaces[0]) == 2 else "en de fr")
    return measure(name, layer_vectors(*spaces), sentences, centred=centred, **given)


def noisy(one, noise=0.3, seed=5):
    return one + noise * np.random.default_rng(seed).normal(size=one.shape)


def rows_of(vectors, rows):
    found = {name: getattr(vectors, name)[rows] for name in ("tokens", "cut")}
    return replace(vectors, vectors=vectors.vectors[:, rows], **found)


def unit(one):
    return one / np.linalg.norm(one, axis=1, keepdims=True)


class TestKnownAnswers:
    @raw_and_centred
    @pytest.mark.parametrize("name", ["p_at_1", "margin", "cka", "anc"])
    def test_identical_vectors_give_one(self, name, centred) -> None:
        one = cloud()
        found = run(name, [one, one, one], centred=centred)
        assert found.values == pytest.approx(np.ones((2, 1)), abs=1e-5)
        assert found.average == pytest.approx([1], abs=1e-5)

    def test_identical_vectors_are_as_similar_as_their_cloud_is_wide(self) -> None:
        one = cloud() - cloud().mean(0)
        apart = unit(one) @ unit(one).T
        other = apart[~np.eye(len(one), dtype=bool)].mean()
        assert run("similarity", [one, one]).average == pytest.approx([1 - other], abs=1e-5)

    def test_a_rotated_language_has_the_same_shape_in_other_channels(self) -> None:
        one = cloud() - cloud().mean(0)
        turned = [one, one @ rotation()]
        assert run("cka", turned).average == pytest.approx([1], abs=1e-5)
        assert run("anc", turned).average[0] < 0.5
        assert run("p_at_1", turned).average[0] < 0.2

    @every
    def test_both_languages_rotated_alike_change_only_the_channels(self, name) -> None:
        one, turn = cloud(), rotation()
        before, after = (
            run(name, pair) for pair in ([one, noisy(one)], [one @ turn, noisy(one) @ turn])
        )
        if name == "anc":
            assert after.average != pytest.approx(before.average, abs=1e-4)
        else:
            assert after.average == pytest.approx(before.average, abs=1e-4)

    @every
    def test_shuffled_translations_give_what_the_control_gives(self, name) -> None:
        one = cloud(200)
        order = np.random.default_rng(3).permutation(200)
        found = run(name, [one, one[order]], sentences=sentence_set("en de", 200))
        assert found.average[0] == pytest.approx(found.control[0], abs=0.03)
        paired = run(name, [one, one], sentences=sentence_set("en de", 200))
        assert paired.average[0] > paired.control[0] + 0.5
        assert paired.control[0] == pytest.approx(found.control[0], abs=0.03)

    @pytest.mark.parametrize("name", ["p_at_1", "margin"])
    def test_chance_is_one_of_as_many_as_there_are(self, name) -> None:
        apart = [cloud(500, seed=1), cloud(500, seed=2)]
        found = run(name, apart, sentences=sentence_set("en de", 500))
        assert found.control[0] == pytest.approx(1 / 500, abs=2e-3)
        assert found.average[0] == pytest.approx(1 / 500, abs=6e-3)

    @every
    def test_a_constant_added_to_a_language_changes_nothing_once_it_is_centred(self, name) -> None:
        one = cloud()
        plain, moved = [one, noisy(one)], [one, noisy(one) + 3 * rotation()[0]]
        before, after = (run(name, pair, centred=True).average for pair in (plain, moved))
        assert after == pytest.approx(before, abs=1e-4)
        raw = run(name, moved).average
        if name in ("cka", "anc"):  # which centre by themselves
            assert raw == pytest.approx(before, abs=1e-4)
        else:
            assert raw[0] < before[0] - 0.05

    @every
    @raw_and_centred
    def test_scale_does_not_count(self, name, centred) -> None:
        one = cloud()
        before, after = (
            run(name, [scale * one, noisy(one)], centred=centred).average for scale in (1, 1000)
        )
        assert after == pytest.approx(before, abs=1e-4)

    @every
    def test_noisier_translations_measure_less(self, name) -> None:
        one = cloud()
        spaces = [[one, noisy(one, noise)] for noise in (0.1, 1, 3)]
        found = run(name, *spaces, centred=True).average
        assert found[0] > found[1] > found[2]

    def test_of_equal_sentences_nothing_is_found_and_likeness_is_undefined(
        self,
    ) -> None:
        """The first token of layer 0 is such a space."""
        same = np.tile(cloud(1), (SENTENCES, 1))
        spaces = [same, same]
        for name in ("p_at_1", "margin"):
            assert run(name, spaces, centred=True).average == pytest.approx([1 / SENTENCES])
        for name in ("cka", "anc"):
            assert np.isnan(run(name, spaces).average).all()


class TestAgainstOthers:
    one, other = cloud(), noisy(cloud(), 1.0)

    def test_cka_is_the_alignment_of_centred_gram_matrices(self) -> None:
        n = SENTENCES
        centre = np.eye(n) - np.ones((n, n)) / n
        first, second = (centre @ x @ x.T @ centre for x in (self.one, self.other))
        wanted = np.trace(first @ second) / np.sqrt(
            np.trace(first @ first) * np.trace(second @ second)
        )
        assert run("cka", [self.one, self.other]).average == pytest.approx([wanted], abs=1e-5)

    def test_cka_is_that_of_the_channels_products(self) -> None:
        x, y = self.one - self.one.mean(0), self.other - self.other.mean(0)
        wanted = np.linalg.norm(y.T @ x) ** 2 / np.linalg.norm(x.T @ x) / np.linalg.norm(y.T @ y)
        assert run("cka", [self.one, self.other]).average == pytest.approx([wanted], abs=1e-5)

    def test_anc_is_the_mean_of_absolute_correlations(self) -> None:
        wanted = np.mean(
            [abs(np.corrcoef(self.one[:, at], self.other[:, at])[0, 1]) for at in range(DIM)]
        )
        assert run("anc", [self.one, self.other]).average == pytest.approx([wanted], abs=1e-5)

    def test_similarity_is_pairs_minus_others(self) -> None:
        cosine = unit(self.one) @ unit(self.other).T
        pairs = np.eye(SENTENCES, dtype=bool)
        wanted = cosine[pairs].mean() - cosine[~pairs].mean()
        assert run("similarity", [self.one, self.other]).average == pytest.approx(
            [wanted], abs=1e-5
        )

    def test_retrieval_is_scikit_learns_nearest_neighbour(self) -> None:
        from sklearn.neighbors import NearestNeighbors

        shares = []
        for x, y in ((self.one, self.other), (self.other, self.one)):
            nearest = NearestNeighbors(n_neighbors=1, metric="cosine").fit(y)
            found = nearest.kneighbors(x, return_distance=False)[:, 0]
            shares.append((found == np.arange(SENTENCES)).mean())
        assert 0 < np.mean(shares) < 1
        assert run("p_at_1", [self.one, self.other]).average == pytest.approx([np.mean(shares)])

    def test_margin_is_the_ratio_of_artetxe_and_schwenk(self) -> None:
        cosine = unit(self.one) @ unit(self.other).T
        score = np.empty_like(cosine)
        for i in range(SENTENCES):
            for j in range(SENTENCES):
                around = np.sort(cosine[i])[-4:].sum() / 8 + np.sort(cosine[:, j])[-4:].sum() / 8
                score[i, j] = cosine[i, j] / around
        right = np.arange(SENTENCES)
        wanted = ((score.argmax(1) == right).mean() + (score.argmax(0) == right).mean()) / 2
        assert run("margin", [self.one, self.other]).average == pytest.approx([wanted])

    def test_hubs_are_found_less_often_by_margin(self) -> None:
        one = np.random.default_rng(0).normal(size=(SENTENCES, DIM))
        other = noisy(one, 1.0)
        other[0] = one.mean(0) * 50 + one.sum(0)  # near to everything
        one = one + 0.8 * unit(other[:1])
        p_at_1, margin = (run(name, [one, other]).average[0] for name in ("p_at_1", "margin"))
        assert margin > p_at_1


class TestWeights:
    """A draw that holds a sentence twice is the measure of data with that sentence twice."""

    counts = np.random.default_rng(2).integers(0, 4, SENTENCES)

    def drawn(self, kind, one, other):
        weights = np.stack([np.ones(SENTENCES), self.counts])
        return kind.of(one, weights).like(kind.of(other, weights))[1]

    @pytest.mark.parametrize("name", ["cka", "anc"])
    def test_is_the_measure_of_repeated_rows(self, name) -> None:
        from dlfa.analysis.layer_measures import SIDES

        one, other = cloud(), noisy(cloud())
        rows = np.repeat(np.arange(SENTENCES), self.counts)
        again = np.ones((1, len(rows)))
        repeated = [SIDES[name].of(x[rows], again) for x in (one, other)]
        wanted = repeated[0].like(repeated[1])[0]
        assert self.drawn(SIDES[name], one, other) == pytest.approx(wanted, abs=1e-9)

    def test_a_sentence_drawn_twice_is_no_wrong_translation_of_itself(self) -> None:
        from dlfa.analysis.likeness import Similarity

        one, other = cloud(), noisy(cloud())
        rows = np.repeat(np.arange(SENTENCES), self.counts)
        cosine = unit(one[rows]) @ unit(other[rows]).T
        same = rows[:, None] == rows
        wanted = np.diagonal(cosine).mean() - cosine[~same].mean()
        assert self.drawn(Similarity, one, other) == pytest.approx(wanted, abs=1e-9)


class TestPairs:
    def test_every_language_meets_english_or_every_other(self) -> None:
        one = cloud()
        assert run("cka", [one, one, one]).pairs == (("en", "de"), ("en", "fr"))
        every_two = run("cka", [one, one, one], pairs="all")
        assert every_two.pairs == (("de", "en"), ("de", "fr"), ("en", "fr"))

    def test_without_english_every_two_meet(self) -> None:
        found = run("anc", [cloud()] * 3, sentences=sentence_set("tr de fr"))
        assert found.pairs == (("de", "fr"), ("de", "tr"), ("fr", "tr"))

    @every
    def test_the_order_of_the_sentences_tells_nothing(self, name) -> None:
        one = cloud()
        sentences = sentence_set()
        vectors = layer_vectors([one, noisy(one), noisy(one, 1.0, 8)])
        order = np.random.default_rng(4).permutation(len(sentences.texts))
        moved = replace(
            sentences,
            texts=tuple(sentences.texts[at] for at in order),
            languages=sentences.languages[order],
            items=sentences.items[order],
        )
        from dlfa.analysis.layer_measures import measure

        first = measure(name, vectors, sentences, centred=True)
        second = measure(name, rows_of(vectors, order), moved, centred=True)
        for field in ("values", "low", "high", "average", "average_low", "average_high"):
            assert getattr(second, field) == pytest.approx(getattr(first, field), abs=1e-4), field

    @every
    def test_the_same_seed_gives_the_same_numbers(self, name) -> None:
        spaces = [cloud(), noisy(cloud())]
        first, second = (run(name, spaces, seed=7) for _ in range(2))
        assert np.array_equal(first.low, second.low)
        assert np.array_equal(first.control, second.control)

    @every
    def test_a_missing_translation_is_left_out_of_its_pair_only(self, name) -> None:
        sentences = sentence_set()
        one = cloud()
        full = layer_vectors([one, noisy(one), noisy(one, 0.8, 9)])
        keep = np.ones(len(sentences.texts), bool)
        keep[40:50] = False  # of de
        cut = replace(
            sentences,
            texts=tuple(np.array(sentences.texts)[keep].tolist()),
            languages=sentences.languages[keep],
            items=sentences.items[keep],
        )
        from dlfa.analysis.layer_measures import measure

        whole = measure(name, full, sentences, centred=False)
        found = measure(name, rows_of(full, keep), cut, centred=False)
        assert found.n.tolist() == [30, 40]
        assert found.values[1] == pytest.approx(whole.values[1], abs=1e-5)
        alone = run(name, [one[10:], noisy(one)[10:]], sentences=sentence_set("en de", 30))
        assert found.values[0] == pytest.approx(alone.values[0], abs=1e-5)

    @pytest.mark.parametrize("name", ["similarity", "cka", "anc"])
    def test_few_sides_are_kept_and_the_numbers_are_the_same(self, name, monkeypatch) -> None:
        """Where every pair shares other items, each has sides of its own: gigabytes of them."""
        from dlfa.analysis import layer_measures

        one = cloud()
        space, sentences = [one, noisy(one), noisy(one, seed=6)], sentence_set("en de fr")
        wanted = run(name, space, sentences=sentences, pairs="all")
        made, kind = [], layer_measures.SIDES[name]

        class Counted(kind):
            @classmethod
            def of(cls, vectors, weights):
                made.append(len(vectors))
                return kind.of(vectors, weights)

        monkeypatch.setattr(layer_measures, "KEPT", 2)
        monkeypatch.setitem(layer_measures.SIDES, name, Counted)
        found = run(name, space, sentences=sentences, pairs="all")
        assert (found.values == wanted.values).all()
        assert len(made) == 4  # English is made again for its second pair

    def test_languages_with_too_few_common_items_are_no_pair(self) -> None:
        from dlfa.analysis.translations import FEWEST, translations
        from dlfa.errors import InputError

        sentences = sentence_set()
        items = sentences.items.copy()
        items[40 + FEWEST - 1 : 80] = ""  # de keeps one too few
        found = translations(replace(sentences, items=items))
        assert [pair.languages for pair in found] == [("en", "fr")]
        with pytest.raises(InputError):
            translations(replace(sentences, items=np.full(120, "")))

    def test_of_very_many_items_some_are_drawn_and_counted(self) -> None:
        found = run("p_at_1", [cloud()] * 3, most=15)
        assert found.n.tolist() == [15, 15]

    def test_nobodys_language_is_in_no_pair(self) -> None:
        found = run("anc", [cloud()] * 3, sentences=sentence_set("en und fr"))
        assert found.pairs == (("en", "fr"),)

    def test_an_unknown_measure_is_said_to_be_one(self) -> None:
        from dlfa.errors import InputError

        with pytest.raises(InputError, match="p_at_1"):
            run("p_at_5", [cloud()] * 2)


class TestIntervals:
    @every
    def test_they_hold_their_value_and_have_a_width(self, name) -> None:
        found = run(name, [cloud(), noisy(cloud(), 0.8), noisy(cloud(), 1.5, 6)])
        assert (found.low < found.values).all()
        assert (found.values < found.high).all()
        assert (found.average_low < found.average).all()
        assert (found.average < found.average_high).all()

    def test_of_only_hits_there_is_still_doubt(self) -> None:
        found = run("p_at_1", [cloud()] * 2)
        assert found.average_low[0] < 0.97
        assert found.average_high[0] == pytest.approx(1)

    @every
    def test_they_cover_what_sets_of_this_size_give(self, name) -> None:
        """95 % of them hold the mean over all sets, within what 200 sets can tell."""
        inside, sets = 0, 200
        draw = np.random.default_rng(0)

        def pair():
            one = draw.normal(size=(SENTENCES, 6))
            return [one, one + 0.9 * draw.normal(size=one.shape)]

        truth = np.mean([run(name, pair(), draws=2).average[0] for _ in range(1500)])
        for _ in range(sets):
            found = run(name, pair())
            inside += found.average_low[0] <= truth <= found.average_high[0]
        assert 0.90 <= inside / sets <= 0.995
