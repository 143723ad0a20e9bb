"""The waist: names of heads, and what a prediction says of itself."""

import dataclasses
import json

import numpy as np
import pytest

from dlfa.results import (
    BASELINE,
    GateSweep,
    HeadGate,
    Prediction,
    Provenance,
    Tokens,
    head_gate,
    head_layer,
    head_names,
)

PROVENANCE = Provenance(
    backbone="e5-small",
    state="tuned(xnli)",
    checkpoint="0123456789abcdef",
    revision="sha256:1571fc9827503943",
    device="cpu",
    dtype="float32",
    seed=0,
    versions={"torch": "2.13.0"},
)


def prediction(*probabilities: float) -> Prediction:
    return Prediction(
        head="D_8",
        probabilities=np.array(probabilities),
        labels=("entailment", "neutral", "contradiction")[: len(probabilities)],
        tokens=9,
        truncated=False,
        provenance=PROVENANCE,
    )


def gate(head: str) -> HeadGate:
    table = np.full((2, 3), 0.5)
    return HeadGate(
        head=head,
        layer=head_layer(head) or 0,
        kind=head_gate(head) or "",
        attention=table,
        gate=table,
        share=np.full(2, 0.5),
        untrained=table,
        noise=table,
        cell_share=table,
        noise_share=np.full(2, 0.5),
        global_logits=np.zeros(3),
        local_logits=np.zeros((2, 3)),
    )


class TestHeadNames:
    def test_of_twelve_layers_are_those_of_the_paper_and_their_twins(self):
        names = head_names(12)
        assert len(names) == len(set(names)) == 23
        assert names[:3] == ("baseline", "D_1", "D_2")
        assert names[11:13] == ("D_11", "D_1_aff")
        assert names[-1] == "D_11_aff"

    def test_without_the_second_reading_there_are_twelve(self):
        assert head_names(12, aff=False) == head_names(12)[:12]

    @pytest.mark.parametrize("layers", [3, 4, 12, 24])
    def test_every_name_says_its_layer_and_its_gate(self, layers):
        lower = list(range(1, layers))
        names = head_names(layers)
        assert [head_layer(name) for name in names] == [None, *lower, *lower]
        assert [head_gate(name) for name in names] == [
            None,
            *["paper"] * len(lower),
            *["aff"] * len(lower),
        ]

    def test_the_baseline_fuses_nothing(self):
        assert head_layer(BASELINE) is None
        assert head_gate(BASELINE) is None

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "D_0",
            "D_01",
            "D_-1",
            "D_x",
            "d_1",
            "D_1_",
            "D_1_AFF",
            "D_1_aff ",
            "Baseline",
            "D_1\n",
        ],
    )
    def test_anything_else_is_no_heads_name(self, name):
        with pytest.raises(ValueError, match="not a head's name"):
            head_layer(name)
        with pytest.raises(ValueError, match="not a head's name"):
            head_gate(name)


class TestPrediction:
    @pytest.mark.parametrize(
        ("probabilities", "label", "margin"),
        [
            ((0.2, 0.7, 0.1), "neutral", 0.5),
            ((0.5, 0.1, 0.4), "entailment", 0.1),
            ((0.0, 0.0, 1.0), "contradiction", 1.0),
            ((0.3, 0.7), "neutral", 0.4),
        ],
    )
    def test_label_is_the_likeliest_and_margin_its_lead(self, probabilities, label, margin):
        found = prediction(*probabilities)
        assert found.label == label
        assert found.margin == pytest.approx(margin)

    def test_a_tie_has_no_margin_and_the_first_label(self):
        found = prediction(0.4, 0.2, 0.4)
        assert found.margin == 0
        assert found.label == "entailment"

    def test_margin_is_a_plain_number(self):
        assert type(prediction(0.2, 0.7, 0.1).margin) is float


@pytest.mark.parametrize("result", [PROVENANCE, prediction(0.2, 0.7, 0.1), gate("D_1")], ids=type)
def test_results_cannot_be_changed(result):
    for field in dataclasses.fields(result):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, field.name, None)


def test_provenance_can_be_written_as_json_and_made_again():
    assert Provenance(**json.loads(json.dumps(PROVENANCE.to_dict()))) == PROVENANCE


class TestGateSweep:
    def test_gates_are_found_by_the_name_of_their_head(self):
        tokens = Tokens(
            pieces=("<s>", "▁a"),
            special=np.array([True, False]),
            segment=("special", "premise"),
            truncated=False,
            word=np.array([-1, 0]),
            words=("a",),
        )
        gates = (gate("D_1"), gate("D_2_aff"))
        sweep = GateSweep(
            tokens=tokens,
            heads=gates,
            predictions=(),
            passes=1,
            milliseconds=1.0,
            provenance=PROVENANCE,
        )
        assert sweep["D_2_aff"] is gates[1]
        assert len(sweep.tokens) == 2
        with pytest.raises(KeyError):
            sweep["baseline"]
