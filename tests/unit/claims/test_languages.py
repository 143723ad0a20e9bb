"""Claims 1, 8 and 9 on made-up encoders."""

from dataclasses import replace

import numpy as np
import pytest

from dlfa.claims.languages import _baseline, division_of_labour, features, thirds
from dlfa.claims.relatives import families
from tests.unit.claims.evaluations import evidence, run, runs_of

LANGUAGES = "ar bg de el en es fr hi ru sw th tr".split()
LAYERS = tuple(map(str, range(13)))
ITEMS = 40


def encoder(noise, seed=0, shared=()):
    """Return sentences and their vectors: translations are a common point and a layer's noise.

    Args:
        noise: by layer.
        seed: of all numbers.
        shared: a centroid for each language; none by default.
    """
    from dlfa.data.sentences import sentence_set
    from dlfa.results import LayerVectors
    from tests.unit.figures.samples import provenance

    draw = np.random.default_rng(seed)
    texts = [f"{code} {at}" for code in LANGUAGES for at in range(ITEMS)]
    codes = [code for code in LANGUAGES for _at in range(ITEMS)]
    items = [str(at) for _code in LANGUAGES for at in range(ITEMS)]
    sentences = sentence_set("made up", texts, codes, items=items, columns={})
    points = np.tile(draw.normal(size=(ITEMS, 24)), (len(LANGUAGES), 1))
    centres = np.repeat(shared, ITEMS, axis=0) if len(shared) else np.zeros_like(points)
    vectors = [points + centres + one * draw.normal(size=points.shape) for one in noise]
    size = len(texts)
    return sentences, LayerVectors(
        spaces=LAYERS,
        vectors=np.array(vectors, np.float32),
        pooled_by="mean",
        tokens=np.full(size, 5),
        cut=np.zeros(size, bool),
        provenance=provenance(),
    )


def probe(by_layer, languages=LANGUAGES, seed=0):
    """Return a probe with these accuracies by layer, and a language's own luck."""
    from dlfa.results import Probe
    from tests.unit.figures.samples import provenance

    values = np.clip(
        np.array(by_layer)[None]
        + 0.02 * np.random.default_rng(seed).normal(size=(len(languages), 13)),
        0,
        1,
    )
    one = np.full(13, 0.5)
    return Probe(
        name="pos",
        spaces=LAYERS,
        languages=tuple(languages),
        values=values,
        low=values,
        high=values,
        average=values.mean(0),
        average_low=one,
        average_high=one,
        control=one,
        majority=0.2,
        trained_on=("en",),
        n=np.full(len(languages), 100),
        provenance=provenance(),
    )


def given(noise, tags, **about):
    sentences, vectors = encoder(noise)
    tagged = None if tags is None else probe(tags)
    return evidence({}, sentences=sentences, embedded=lambda: vectors, probe=tagged, **about)


UP, DOWN = np.linspace(0.3, 3, 13), np.linspace(3, 0.3, 13)
BETTER_HIGH, BETTER_LOW = np.linspace(0.4, 0.8, 13), np.linspace(0.8, 0.4, 13)


def test_thirds_leave_out_the_embeddings():
    assert thirds(LAYERS) == ([1, 2, 3, 4], [9, 10, 11, 12])


class TestDivisionOfLabour:
    @pytest.mark.parametrize(
        ("noise", "tags", "verdict"),
        [
            (UP, BETTER_HIGH, "supported"),
            (DOWN, BETTER_HIGH, "contradicted"),
            (UP, BETTER_LOW, "contradicted"),
            (np.full(13, 1.5), BETTER_HIGH, "undecided"),
        ],
    )
    def test_takes_both_halves(self, noise, tags, verdict):
        assert division_of_labour(given(noise, tags)).verdict == verdict

    def test_without_a_probe_is_undecided_and_says_how_to_get_one(self):
        found = division_of_labour(given(UP, None))
        assert found.verdict == "undecided"
        assert "precompute e5-small" in str(found.why[-1])

    def test_without_a_probe_one_half_is_enough_to_contradict(self):
        assert division_of_labour(given(DOWN, None)).verdict == "contradicted"


class TestFeatures:
    def records(self, tmp_path, order):
        """Records of a task whose accuracy by language follows an order."""
        languages = [code for code in LANGUAGES if code != "en"]
        one = run((0.5, 0.6), languages=tuple(languages), premises=150)
        answers = one.answers.copy()
        draw = np.random.default_rng(0)
        for rank, code in enumerate(languages):
            rows = one.languages == code
            right = draw.random(rows.sum()) < 0.3 + 0.05 * order[rank]
            answers[rows, 0] = np.where(right, one.gold[rows], (one.gold[rows] + 1) % 3)
        return {"xnli": runs_of([replace(one, answers=answers)], tmp_path)}

    def judged(self, tmp_path, order, tags):
        found = given(UP, None)
        told = probe(np.full(13, 0.5), [code for code in LANGUAGES if code != "en"])
        values = np.tile(np.array(tags)[:, None], (1, 13)) / 20
        return features(
            replace(found, runs=self.records(tmp_path, order), probe=replace(told, values=values))
        )

    def test_a_feature_that_goes_against_accuracy_contradicts(self, tmp_path):
        order = list(range(11))
        found = self.judged(tmp_path, order, [11 - at for at in order])
        parts = {part.name: part for part in found.parts}
        assert parts["structural-xnli"].high < 0.5
        assert found.verdict == "contradicted"

    def test_a_feature_that_goes_along_is_above_and_called_an_association(self, tmp_path):
        order = list(range(11))
        found = self.judged(tmp_path, order, order)
        parts = {part.name: part for part in found.parts}
        assert parts["structural-xnli"].low > 0.5
        assert "claims.why.association" in {why.key for why in found.why}

    @pytest.mark.parametrize(("step", "said"), [(0.0, True), (0.05, False)])
    def test_scores_that_differ_by_chance_correlate_with_nothing(self, tmp_path, step, said):
        """Languages' scores go against the feature, but by no more than their error."""
        found = self.judged(
            tmp_path, [step / 0.05 * at for at in range(11)], list(range(11, 0, -1))
        )
        assert ("claims.why.noisy" in {why.key for why in found.why}) == said
        assert found.verdict == ("undecided" if said else "contradicted")

    @pytest.mark.parametrize("seeds", [1, 3])
    def test_the_reliability_is_the_share_of_variance_that_is_no_error(self, tmp_path, seeds):
        """Of errors that are all particular to a seed, of several seeds up to twice as much."""
        from dlfa.claims.reliability import reliability

        languages, draw = tuple(f"l{at:02}" for at in range(40)), np.random.default_rng(0)
        truth, runs = 0.5 + 0.05 * draw.normal(size=40), []
        for seed in range(seeds):
            one = run((0.5, 0.6), seed=seed, languages=languages, premises=100)
            at = np.searchsorted(languages, one.languages)
            right = draw.random(len(at)) < truth[at]
            answers = np.where(right, one.gold, (one.gold + 1) % 3)[:, None].repeat(2, axis=1)
            runs.append(replace(one, answers=answers))
        if seeds > 1:  # the same examples, another training
            first = runs[0]
            runs = [replace(first, answers=one.answers, provenance=one.provenance) for one in runs]
        several, errors = runs_of(runs, tmp_path), 0.25 / (200 * seeds)
        between = np.var([_baseline(several)[code] for code in languages], ddof=1)
        found = reliability(several, languages, 300)
        assert found == pytest.approx(1 - errors * min(seeds, 2) / between, abs=0.06)

    def test_without_records_nothing_is_said(self):
        assert features(given(UP, BETTER_HIGH)).verdict == "undecided"

    def test_support_is_never_worded_as_a_cause(self, tmp_path):
        found = replace(
            self.judged(tmp_path, list(range(11)), list(range(11))),
            verdict="supported",
            backbone="e5-small",
            recipe="joint",
        )
        assert found.worded.key == "claims.worded.association.supported"


class TestFamilies:
    def centres(self, together):
        """Centroids: languages of one family share a direction, as far as told."""
        from dlfa.analysis.families import family

        draw = np.random.default_rng(0)
        names = sorted({family(code) for code in LANGUAGES})
        own = {name: draw.normal(size=24) for name in names}
        return np.array(
            [
                4 * (together * own[family(code)] + (1 - together) * draw.normal(size=24))
                for code in LANGUAGES
            ]
        )

    def judged(self, together):
        sentences, vectors = encoder(np.full(13, 0.5), shared=self.centres(together))
        return families(evidence({}, sentences=sentences, embedded=lambda: vectors))

    def test_families_that_lie_together_are_supported(self):
        found = self.judged(1.0)
        assert found.verdict == "supported"
        assert found.estimate > 0.95

    def test_families_that_do_not_are_not(self):
        found = self.judged(0.0)
        assert found.verdict != "supported"
        assert found.estimate == pytest.approx(0.5, abs=0.2)

    def test_one_family_alone_decides_nothing(self):
        sentences, vectors = encoder(np.full(13, 0.5))
        kept = np.isin(sentences.languages, ["de", "en", "es", "fr"])
        some = replace(
            sentences,
            texts=tuple(np.array(sentences.texts)[kept].tolist()),
            **{
                name: getattr(sentences, name)[kept]
                for name in ("languages", "items", "guessed", "copies")
            },
        )
        size = int(kept.sum())
        less = replace(
            vectors,
            vectors=vectors.vectors[:, kept],
            tokens=np.full(size, 5),
            cut=np.zeros(size, bool),
        )
        found = families(evidence({}, sentences=some, embedded=lambda: less))
        assert found.verdict == "undecided"
        assert "claims.why.families" in {why.key for why in found.why}
