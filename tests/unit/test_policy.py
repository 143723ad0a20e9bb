"""What an instance allows: decided by one variable of the environment."""

import dataclasses

import pytest

from dlfa.policy import LOCAL, PUBLIC, Policy, policy


def test_a_desk_is_the_default(monkeypatch):
    monkeypatch.delenv("DLFA_PUBLIC", raising=False)
    assert policy() is LOCAL
    assert (LOCAL.any_model, LOCAL.training, LOCAL.clearing) == (True, True, True)


def test_dlfa_public_makes_it_a_demo(monkeypatch):
    monkeypatch.setenv("DLFA_PUBLIC", "1")
    assert policy() is PUBLIC
    assert (PUBLIC.any_model, PUBLIC.training, PUBLIC.clearing) == (False, False, False)


@pytest.mark.parametrize("value", ["", "0"])
def test_anything_that_says_no_does_not(monkeypatch, value):
    monkeypatch.setenv("DLFA_PUBLIC", value)
    assert policy() is LOCAL


@pytest.mark.parametrize("each", [LOCAL, PUBLIC], ids=lambda each: each.name)
def test_every_policy_bounds_its_inputs_as_the_app_promises(each):
    assert each.max_characters == 5_000
    assert each.max_tokens == 512


def test_strangers_may_open_smaller_files_than_oneself():
    assert 0 < PUBLIC.max_upload_bytes < LOCAL.max_upload_bytes <= 5_000_000  # Streamlit's limit


def test_strangers_may_evaluate_on_smaller_files_than_oneself():
    assert PUBLIC.max_own_bytes == 5_000_000 < LOCAL.max_own_bytes
    assert PUBLIC.max_own_rows == 5_000 < LOCAL.max_own_rows


@pytest.mark.parametrize(
    "limit", ["max_characters", "max_tokens", "max_upload_bytes", "max_own_bytes", "max_own_rows"]
)
@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_that_is_none_is_refused(limit, value):
    with pytest.raises(ValueError, match="positive"):
        Policy(name="x", any_model=True, training=True, **{limit: value})


def test_nobody_changes_a_policy():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LOCAL.any_model = False
