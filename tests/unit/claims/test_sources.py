"""Which records are the evidence: by encoder and recipe, seeds together, the fuller set first."""

import json
from dataclasses import replace

import pytest

from dlfa.claims.sources import found_runs, own_runs, with_arms
from dlfa.errors import RunError
from tests.unit.claims.evaluations import FLAT, run, stored

MANY = 2_000_000
TOLD = {"baseline": 0.7} | {f"D_{layer}": 0.6 + layer / 100 for layer in range(1, 12)}


def grid(store, seeds=(0, 1, 2), task="xnli", heads=FLAT, **about):
    """Write records of heads trained apart, as a sweep does."""
    for seed in seeds:
        one = run(heads, seed=seed, task=task)
        told = {name: {"validation": {"accuracy": TOLD[name] + seed / 1000}} for name in one.heads}
        settings = {"recipe": "paper", "backbone": "e5-small", "max_tokens": MANY, "limit": None}
        stored(
            store / f"{task}-{about.get('max_tokens', MANY)}-{seed}",
            one,
            **{**settings, "trained_apart": True, "trained": told, "seed": seed, **about},
        )
    return store


def paper(store):
    return found_runs("e5-small", "paper", store)[0]


class TestAStoreOfHeadsTrainedApart:
    def test_seeds_come_together(self, tmp_path):
        runs = paper(grid(tmp_path))["xnli"]
        assert [record.seed for record in runs.records] == [0, 1, 2]
        assert runs.gains.found.shape == (3, 11)

    def test_english_validation_is_told_of_every_seed(self, tmp_path):
        validation = paper(grid(tmp_path))["xnli"].validation
        assert validation[11] == pytest.approx((0.71, 0.711, 0.712))
        assert max(validation, key=validation.get) == 11

    def test_heads_that_some_seed_lacks_are_left_out(self, tmp_path):
        grid(tmp_path, seeds=(0,))
        grid(tmp_path, seeds=(1,), heads=FLAT[:5])
        assert paper(tmp_path)["xnli"].heads == ("baseline", "D_1", "D_2", "D_3", "D_4")

    def test_a_seed_that_is_just_begun_takes_nothing_from_the_others(self, tmp_path):
        grid(tmp_path, seeds=(0, 1))
        grid(tmp_path, seeds=(2,), heads=FLAT[:1])  # its baseline alone
        runs = paper(tmp_path)["xnli"]
        assert [record.seed for record in runs.records] == [0, 1]
        assert len(runs.heads) == 12

    def test_more_training_goes_first(self, tmp_path):
        grid(tmp_path, seeds=(0, 1), max_tokens=1000)
        grid(tmp_path, seeds=(0,))
        (record,) = paper(tmp_path)["xnli"].records
        assert record.settings["max_tokens"] == MANY

    def test_without_a_baseline_there_is_nothing_to_compare(self, tmp_path):
        one = run(FLAT[:3])
        from dlfa.claims.gains import kept

        stored(
            tmp_path / "one",
            kept(one, one.heads[1:]),
            recipe="paper",
            trained_apart=True,
            trained={},
        )
        assert paper(tmp_path) == {}

    def test_a_finding_tells_how_far_heads_were_trained(self, tmp_path):
        from dlfa.claims.tasks import about

        assert about(paper(grid(tmp_path)))["tokens"] == (MANY,)
        assert about(paper(grid(tmp_path / "whole", max_tokens=None)))["tokens"] == ()

    def test_a_damaged_record_is_named_and_the_others_are_read(self, tmp_path):
        grid(tmp_path, seeds=(0,))
        (tmp_path / "damaged").mkdir()
        (tmp_path / "damaged" / "run.json").write_text("{", encoding="utf-8")
        runs, damaged = found_runs("e5-small", "paper", tmp_path)
        assert list(runs) == ["xnli"]
        assert "damaged" in damaged[0]

    def test_no_store_has_no_runs(self, tmp_path):
        assert paper(tmp_path / "none") == {}

    def test_another_encoder_has_none(self, tmp_path):
        assert found_runs("mbert", "paper", grid(tmp_path))[0] == {}


def test_what_is_offered_is_what_there_is(tmp_path):
    from dlfa.claims.sources import offered

    assert offered(grid(tmp_path)) == (("e5-small", "joint"), ("e5-small", "paper"))


def test_seeds_on_other_examples_are_refused(tmp_path):
    one, other = run(FLAT[:3]), run(FLAT[:3], seed=1, premises=50)
    for at, some in enumerate((one, other)):
        about = {"recipe": "paper", "seed": at, "trained_apart": True, "trained": {}}
        stored(tmp_path / str(at), some, **about)
    with pytest.raises(RunError, match="same examples"):
        _ = paper(tmp_path)["xnli"].gains


def test_the_shipped_records_are_the_joint_recipes():
    runs, damaged = found_runs("e5-small", "joint", None)
    assert set(runs) == {"xnli", "paws-x", "ner", "pos"}
    assert {one.split for one in runs.values()} == {"test", "validation"}  # pud is another set
    assert all("D_8_aff" not in one.heads for one in runs.values())
    assert damaged == ()


class TestAnIntermediateTask:
    def test_is_no_evidence_for_the_claims(self, tmp_path):
        grid(tmp_path, intermediate="image-text")
        assert paper(tmp_path) == {}
        assert {arm: len(some) for arm, some in with_arms("e5-small", tmp_path).items()} == {
            "image-text": 3
        }

    def test_is_counted_by_the_question(self, tmp_path):
        from dlfa.claims.question import research_question
        from tests.unit.claims.evaluations import evidence

        assert research_question(evidence({})).verdict == "not_run"
        arms = with_arms("e5-small", grid(tmp_path, intermediate="text-text"))
        found = research_question(evidence({}, arms=arms))
        assert found.verdict == "not_run"
        assert "text-text (3)" in str(found.why[0])


class TestAVisitorsOwnRecord:
    def test_is_the_evidence_alone(self, tmp_path):
        folder = stored(tmp_path / "mine", run(FLAT[:4]), recipe="mine")
        backbone, recipe, runs = own_runs(folder)
        assert (backbone, recipe, list(runs)) == ("e5-small", "mine", ["xnli"])

    def test_without_fused_heads_is_refused_in_a_sentence(self, tmp_path):
        one = run(FLAT[:1])
        with pytest.raises(RunError, match="--heads all"):
            own_runs(stored(tmp_path / "mine", one))

    def test_of_another_schema_is_refused(self, tmp_path):
        folder = stored(tmp_path / "mine", replace(run(FLAT[:2])))
        content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        (folder / "run.json").write_text(json.dumps({**content, "schema": 9}), encoding="utf-8")
        with pytest.raises(RunError):
            own_runs(folder)
