"""The numbers behind the figures."""

import csv
import io
import json

import numpy as np

from tests.unit.figures import samples


def test_a_row_of_probabilities_has_the_answer_the_shares_and_the_source():
    from dlfa.figures import probabilities_table

    answers = samples.predictions(("baseline", "D_8"))
    rows = probabilities_table(answers)
    assert [row["head"] for row in rows] == ["baseline", "D_8"]
    for row, answer in zip(rows, answers, strict=True):
        assert row["answer"] == answer.label
        assert [row[f"p_{label}"] for label in answer.labels] == answer.probabilities.tolist()
        assert (row["backbone"], row["state"]) == ("e5-small", "tuned(xnli)")


def test_a_row_of_a_gate_has_the_token_its_place_and_its_moments():
    from dlfa.figures import gates_table

    tokens = samples.tokens("duplicate tokens")
    gate = samples.gate("D_8", len(tokens))
    rows = gates_table(gate, tokens, samples.provenance())
    assert [row["token"] for row in rows] == list(tokens.pieces)
    assert [row["position"] for row in rows] == list(range(len(tokens)))
    assert np.allclose([row["lower_share"] for row in rows], gate.share)
    for name in ("attention", "gate", "untrained", "noise"):
        assert np.allclose([row[f"{name}_mean"] for row in rows], getattr(gate, name).mean(1))
        assert np.allclose([row[f"{name}_sd"] for row in rows], getattr(gate, name).std(1))
    assert {row["gate_init"] for row in rows} == {"neutral"}


def test_values_are_plain_so_that_any_format_can_hold_them():
    from dlfa.figures import gates_table, probabilities_table

    tokens = samples.tokens("hostile tokens")
    tables = [
        probabilities_table(samples.predictions()),
        gates_table(samples.gate("D_1", len(tokens)), tokens),
    ]
    for rows in tables:
        assert json.loads(json.dumps(rows)) == rows
        writer = csv.DictWriter(io.StringIO(), list(rows[0]))
        writer.writerows(rows)  # every row has the same columns
