"""The numbers behind the figures."""

import csv
import io
import json

import numpy as np
import pytest

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


def test_a_cell_is_told_with_its_tokens_and_its_channels_mean():
    from dlfa.figures import cell_table

    tokens = samples.tokens("words in pieces")
    gate = samples.gate("D_8", len(tokens))
    rows = {row["quantity"]: row for row in cell_table(gate, tokens, token=2, channel=7)}
    assert set(rows) == {
        *("attention", "gate", "cell_share", "global_logits", "local_logits"),
        *("untrained", "noise"),
    }
    for name in ("attention", "noise", "local_logits"):
        cells = getattr(gate, name)
        assert rows[name]["value"] == cells[2, 7]
        assert np.isclose(rows[name]["token_mean"], cells[2].mean())
        assert np.isclose(rows[name]["channel_mean"], cells[:, 7].mean())
    assert rows["global_logits"]["value"] == gate.global_logits[7]


def test_changes_are_told_for_every_head_and_the_baseline_last():
    from dlfa.figures import effects_table

    effects = samples.effects()
    rows = effects_table(effects)
    assert len(rows) == 6 * 22 + 1
    assert [rows[30]["p_neutral"], rows[30]["shift"]] == [
        effects.probabilities[1, 8, 1],
        effects.shifts[1, 8],
    ]
    assert (rows[-1]["head"], rows[-1]["p_entailment"]) == ("baseline", 0.7)


def test_a_trial_is_told_with_both_intervals_and_every_languages_counts():
    from dlfa.figures import trial_table

    trial = samples.trial(harm=0.2)
    last = trial_table(trial)[-1]
    assert (last["change"], last["head"], last["right_ar"], last["n"]) == (
        "shut",
        "D_11_aff",
        50,
        200,
    )
    assert last["difference"] == trial.difference[-1, -1]
    assert last["difference_low"] == trial.difference_low[-1, -1]


def _where(row):
    return {name: row[name] for name in ("language", "label", "head")}


def test_a_study_is_told_by_language_label_head_and_part():
    from dlfa.figures import drift_table, explained_table, study_table

    study = samples.study()
    rows = study_table(study)
    assert len(rows) == 3 * 3 * 22 * 4
    chosen = (study.language == 1) & (study.label == 2)
    (row,) = [
        one
        for one in rows
        if (one["language"], one["label"]) == ("en", "contradiction")
        and (one["head"], one["part"]) == ("D_3", "special")
    ]
    assert np.isclose(row["share_mean"], study.share[chosen, 2, 2].mean())
    assert row["pairs"] == chosen.sum()
    (whole,) = [one for one in rows if one == one | {**_where(row), "part": "all"}]
    assert np.isclose(whole["share_mean"], study.whole[chosen, 2].mean())
    assert len(drift_table(study)) == 22 * 2 * 3
    assert explained_table(study)[0]["explained_layer_channel"] == 0.55


def test_a_comparison_is_told_by_head_and_its_words_by_link():
    from dlfa.figures import alignment_table, comparison_table

    comparison = samples.comparison()
    rows = comparison_table(comparison)
    assert [row["head"] for row in rows] == list(comparison.heads)
    assert rows[3]["r"] == comparison.correlation[3]
    assert rows[3]["gain"] == comparison.correlation[3] - comparison.noise_correlation[3]
    assert rows[3]["gain_low"] == comparison.gain_low[3]
    assert rows[3]["beyond_twin"] == comparison.beyond_twin[3]
    links = alignment_table(comparison, head="D_8")
    first, second = comparison.first.tokens.words, comparison.second.tokens.words
    found = [(row["first_word"], row["second_word"]) for row in links]
    ends = zip(comparison.alignment.first, comparison.alignment.second, strict=True)
    assert found == [(first[one], second[other]) for one, other in ends]
    assert {row["part"] for row in links} == {"premise", "hypothesis"}


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("groups", [0, 6])
def test_cells_are_those_of_the_picture_in_its_order(groups, merged):
    from dlfa.figures import Look, cells_table, gate_with_control

    tokens = samples.tokens("words in pieces")
    gate = samples.gate("D_8", len(tokens))
    options = {"order": "variance", "groups": groups, "merged": merged, "what": "share"}
    left, right = gate_with_control(gate, tokens, Look(), **options).data
    rows = cells_table(gate, tokens, **options)
    assert [row["trained"] for row in rows] == np.ravel(left.z).tolist()
    assert [row["twin"] for row in rows] == np.ravel(right.z).tolist()
    order = np.argsort(-gate.cell_share.var(0), kind="stable")
    assert rows[0]["first_channel" if groups else "channel"] == order[0]
    assert (rows[-1]["last_channel"] if groups else rows[-1]["channel"]) == order[-1]
    assert ("Unbelievable" in {row.get("word") for row in rows}) == merged


def test_a_trial_is_summed_up_as_its_figure_shows_it():
    from dlfa.figures import trial_summary

    trial = samples.trial(harm=0.2)
    *_others, shut = trial_summary(trial, head="D_8")
    assert list(shut.values()) == ["shut", 50.0, 44.0, 55.0, -20.0, -22.0, -17.0, 3.0]
    *_others, shut = trial_summary(trial, head=None)
    assert shut == {
        "change": "shut",
        "heads": 22,
        "accuracy": 50.0,
        "difference": -20.0,
        "raised": 0,
        "lowered": 22,
        "flipped": 3.0,
    }


def test_effects_are_summed_up_as_their_figure_shows_them():
    from dlfa.figures import effects_summary

    effects = samples.effects()
    rows = effects_summary(effects, head="D_8")
    assert [row["change"] for row in rows] == [*effects.changes, "none"]
    at = effects.heads.index("D_8")
    assert rows[3]["p_neutral"] == round(100 * effects.probabilities[3, at, 1], 1)
    assert rows[3]["moved"] == round(100 * effects.shifts[3, at], 1)
    assert (rows[3]["sd_neutral"], rows[2]["sd_neutral"]) == (1.0, 0.0)


def test_values_are_plain_so_that_any_format_can_hold_them():
    from dlfa import figures as f

    tokens = samples.tokens("hostile tokens")
    one, made = samples.gate("D_1", len(tokens)), samples.provenance()
    both, study = samples.comparison("hostile tokens"), samples.study()
    tables = [
        f.probabilities_table(samples.predictions()),
        f.gates_table(one, tokens),
        f.cell_table(one, tokens, made, token=1, channel=2),
        f.branches_table(one, tokens, made),
        f.effects_table(samples.effects()),
        f.effects_summary(samples.effects(), head="D_8"),
        f.trial_table(samples.trial()),
        f.trial_summary(samples.trial(), head="D_8"),
        f.trial_summary(samples.trial(), head=None),
        f.cells_table(one, tokens, made, groups=3),
        f.study_table(study),
        f.drift_table(study),
        f.explained_table(study),
        f.alignment_table(both, head="D_8"),
        [row for row in f.comparison_table(both) if row["r"] == row["r"]],  # NaN equals nothing
    ]
    for rows in tables:
        assert json.loads(json.dumps(rows)) == rows
        writer = csv.DictWriter(io.StringIO(), list(rows[0]))
        writer.writerows(rows)  # every row has the same columns
