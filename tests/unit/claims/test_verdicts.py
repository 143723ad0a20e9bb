"""All claims together: the list is whole, corrections hold, wording is of what was measured."""

from dataclasses import replace

import numpy as np
import pytest

from dlfa.claims.listed import CLAIMS, MEASURED
from dlfa.claims.structure import CHECKS
from dlfa.claims.verdicts import corrected, examine
from dlfa.errors import InputError, OfflineError
from dlfa.messages import catalogue
from dlfa.results.claims import VERDICTS, Finding
from tests.unit.claims.evaluations import evidence


def finding(p, verdict="supported", claim=2):
    return Finding(claim=claim, verdict=verdict, p=p, backbone="e5-small", recipe="joint")


def offline():
    raise OfflineError("error.hub.offline", name="e5-small")


def test_seventeen_claims_and_a_question():
    assert sorted(CLAIMS) == list(range(18))
    assert {*MEASURED, *CHECKS, 0} == set(CLAIMS)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda one: one.number)
def test_each_has_its_words(claim, language):
    told = (claim.sentence, claim.must, claim.statistic, claim.rule)
    assert {one.key for one in told} <= set(catalogue(language))


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("backbone", ["e5-small", "mbert"])
def test_a_verdict_names_its_encoder_and_recipe(verdict, backbone):
    if verdict == "structural":
        return
    said = str(Finding(claim=2, verdict=verdict, backbone=backbone, recipe="joint").worded)
    assert backbone in said.replace("mBERT,", "mbert,")
    if verdict in ("supported", "contradicted"):
        assert "joint" in said
        assert ("not about the paper's mBERT" in said) == (backbone != "mbert")


@pytest.mark.parametrize("verdict", ["supported", "contradicted", "undecided"])
@pytest.mark.parametrize("backbone", ["e5-small", "mbert"])
def test_a_recipe_that_was_cut_short_is_worded_as_such(verdict, backbone):
    cut = Finding(claim=2, verdict=verdict, backbone=backbone, recipe="paper", tokens=(200_000,))
    assert "recipe paper cut to 200,000 training tokens a head" in str(cut.worded)
    assert "tokens" not in str(replace(cut, tokens=()).worded)


class TestCorrection:
    def test_is_over_all_claims_with_a_statistic_also_for_one_alone(self):
        (alone,) = corrected([finding(0.02)])
        assert alone.family == len(MEASURED) == 9
        assert alone.p_holm == pytest.approx(0.18)
        assert alone.verdict == "undecided"
        assert "0.18" in str(alone.why[0])

    def test_leaves_standing_what_stands(self):
        (one,) = corrected([finding(0.001, "contradicted")])
        assert (one.verdict, one.p_holm) == ("contradicted", pytest.approx(0.009))

    def test_of_many_is_holms(self):
        found = corrected([finding(0.001), finding(0.006), finding(float("nan"), "undecided")])
        assert [one.p_holm for one in found[:2]] == pytest.approx([0.009, 0.048])
        assert found[2].family == 0

    def test_nine_claims_without_effect_yield_one_verdict_in_twenty_tries(self):
        draw = np.random.default_rng(0)
        wrong = sum(
            any(
                one.verdict == "supported"
                for one in corrected([finding(p) for p in draw.random(9).tolist()])
            )
            for _try in range(400)
        )
        assert wrong / 400 <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 400)


class TestExamine:
    def test_without_any_evidence_nothing_is_claimed(self):
        found = examine(evidence({}, embedded=offline))
        by_claim = {one.claim: one for one in found}
        assert {by_claim[number].verdict for number in MEASURED} == {"undecided"}
        assert {by_claim[number].verdict for number in CHECKS} == {"structural"}
        assert by_claim[0].verdict == "not_run"
        assert by_claim[1].why[0].key == "error.hub.offline"

    def test_one_claim_alone(self):
        (found,) = examine(evidence({}), [12])
        assert found.claim == 12
        assert found.command == "python -m dlfa claims --claim 12"

    def test_its_command_names_encoder_recipe_and_own_data(self):
        (found,) = examine(evidence({}, own=("--record", "my run")), [2])
        assert found.command.endswith("--backbone e5-small --recipe joint --record 'my run'")

    def test_its_command_names_all_that_were_corrected_with_it(self):
        every = {one.claim: one.command for one in examine(evidence({}, embedded=offline))}
        assert "--claim" not in every[2]
        two = {one.claim: one.command for one in examine(evidence({}), [2, 12, 5])}
        assert "--claim 2 5 --backbone" in two[2] == two[5]
        assert two[12] == "python -m dlfa claims --claim 12"

    def test_an_unknown_claim_is_refused(self):
        with pytest.raises(InputError, match="18"):
            examine(evidence({}), [18])

    def test_tells_what_it_is_at(self):
        told: list[int] = []
        examine(evidence({}), [4, 12], told.append)
        assert told == [4, 12]


def test_a_finding_of_the_module_is_of_no_encoder():
    (found,) = examine(evidence({}), [15])
    assert found.worded.key == "claims.worded.module.structural"
    assert replace(found, verdict="contradicted").worded.key == "claims.worded.module.contradicted"
