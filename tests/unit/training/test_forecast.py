"""How long training will take: extrapolated from a probe, measured on a tiny encoder."""

from pathlib import Path

import pytest

from tests.integration.tiny import save_encoder


def settings(backbone: str = "mbert", **changes):
    from dlfa.training.recipes import Settings, recipe

    options = {"task": "xnli", "backbone": backbone, "recipe": recipe("joint")} | changes
    return Settings(**options)


def made(*steps: float, busy: bool = False):
    from dlfa.training.probe import Probe

    return Probe(tokens=600, steps=steps, look=0.0, busy=busy, seconds=9.0)


class TestExtrapolation:
    def test_is_the_pace_times_the_tokens(self):
        from dlfa.training.forecast import extrapolated

        found = extrapolated(settings(max_tokens=6_000), made(2.0, 3.0, 5.0))
        assert found.tokens_per_second == 200
        assert found.likely == 30
        assert (found.low, found.high) == (20, 100)  # the quickest step; half the slowest's pace

    def test_twice_the_tokens_take_twice_as_long(self):
        from dlfa.training.forecast import extrapolated

        once, twice = (
            extrapolated(settings(max_tokens=tokens), made(1.0, 2.0)).likely
            for tokens in (50_000, 100_000)
        )
        assert twice == pytest.approx(2 * once)

    def test_looks_at_validation_come_on_top(self):
        from dlfa.training.forecast import extrapolated
        from dlfa.training.probe import LENGTH, Probe

        slow = Probe(tokens=LENGTH, steps=(1.0,), look=1.0, busy=False, seconds=1.0)
        found = extrapolated(settings(max_tokens=LENGTH, validation_limit=10, checks=3), slow)
        assert found.likely == pytest.approx(1 + 3 * 10)

    def test_without_a_budget_it_is_the_recipes_passes_over_its_corpora(self):
        from dlfa.training.forecast import PAIRS, planned_tokens
        from dlfa.training.probe import LENGTH
        from dlfa.training.recipes import recipe

        short = settings(recipe=recipe("joint", corpora=("mnli",), epochs=0.5))
        assert planned_tokens(short) == round(0.5 * PAIRS["mnli"] * LENGTH)

    def test_says_that_the_computer_was_busy_only_where_it_was(self):
        from dlfa.messages import _
        from dlfa.training.forecast import extrapolated

        words = {
            busy: extrapolated(settings(), made(1.0, busy=busy)).words() for busy in (False, True)
        }
        assert _("forecast.busy") in words[True]
        assert _("forecast.busy") not in words[False]

    @pytest.mark.parametrize(
        ("seconds", "key", "count"),
        [
            (20.0, "minutes", 1),
            (3_600.0, "minutes", 60),
            (9_000.0, "hours", 2),
            (864_000.0, "days", 10),
        ],
    )
    def test_times_are_told_as_exactly_as_they_are_known(self, seconds, key, count):
        from dlfa.messages import _
        from dlfa.training.forecast import duration

        assert duration(seconds) == _(f"forecast.{key}", count=count)


class TestProbe:
    def test_times_steps_of_any_encoder_in_a_folder(self, tmp_path: Path):
        from dlfa.training.forecast import forecast

        folder = save_encoder(tmp_path / "tiny")
        found = forecast(settings(str(folder), max_tokens=10_000))
        assert found.steps >= 2
        assert 0 < found.low <= found.likely <= found.high
        assert found.tokens_per_second > 0

    def test_leaves_chance_as_it_was(self, tmp_path: Path):
        import torch

        from dlfa.training.probe import probe

        folder = save_encoder(tmp_path / "tiny")
        torch.manual_seed(3)
        expected = torch.rand(3)
        torch.manual_seed(3)
        probe(settings(str(folder)), patience=0.0)
        assert torch.equal(torch.rand(3), expected)

    def test_knows_the_shape_of_encoders_with_a_short_name_without_their_files(self):
        from dlfa.model.backbones import BACKBONES
        from dlfa.training.probe import SHAPES, shape

        assert set(SHAPES) == set(BACKBONES)
        assert (shape("mbert").hidden_size, shape("mbert").num_hidden_layers) == (768, 12)
        assert (shape("e5-small").hidden_size, shape("e5-small").num_hidden_layers) == (384, 12)

    def test_a_wrong_name_gets_one_sentence(self, tmp_path: Path, monkeypatch):
        from dlfa.data import hub
        from dlfa.errors import BrokenFileError, OfflineError, UnknownModelError
        from dlfa.training.probe import shape

        monkeypatch.setattr(hub, "reachable", lambda: False)
        (tmp_path / "empty").mkdir()
        broken = tmp_path / "broken"
        broken.mkdir()
        (broken / "config.json").write_text("{")
        for name, error in (
            (str(tmp_path / "empty"), UnknownModelError),
            ("no such//name", UnknownModelError),
            ("owner/name@" + "0" * 40, OfflineError),
            (str(broken), (BrokenFileError, UnknownModelError)),
        ):
            with pytest.raises(error):
                shape(name)


def test_the_command_says_it_and_trains_nothing(tmp_path: Path, monkeypatch, capsys):
    from dlfa.__main__ import main

    monkeypatch.chdir(tmp_path)
    folder = save_encoder(tmp_path / "tiny")
    assert main(["train", "--backbone", str(folder), "--max-tokens", "5000", "--forecast"]) == 0
    assert "5,000" in capsys.readouterr().out
    assert not (tmp_path / "runs").exists()
