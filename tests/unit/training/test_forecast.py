"""How long training will take: extrapolated from a probe, measured on a tiny encoder."""

from pathlib import Path

import pytest

from tests.integration.tiny import save_encoder


def settings(backbone: str = "mbert", **changes):
    from dlfa.training.recipes import Settings, recipe

    options = {"task": "xnli", "backbone": backbone, "recipe": recipe("joint")} | changes
    return Settings(**options)


def made(*steps: float, **changes):
    from dlfa.training.probe import Probe

    options = {
        "tokens": 600,
        "look": 0.0,
        "encoding": 0.0,
        "activations": 60_000_000,
        "learned": 1_000_000,
        "held": 100_000_000,
        "heads": 1_000_000,
        "state": 9_216,
        "busy": False,
        "seconds": 9.0,
    }
    return Probe(steps=steps, **options | changes)


def frozen(**changes):
    from dlfa.training.recipes import recipe

    return settings(recipe=recipe("frozen", epochs=4.0), examples=2_000, **changes)


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
        from dlfa.training.probe import length

        slow, each = made(1.0, tokens=length("xnli"), look=1.0), length("xnli")
        found = extrapolated(settings(max_tokens=each, validation_limit=10, checks=3), slow)
        assert found.likely == pytest.approx(1 + 3 * 10)

    def test_without_a_budget_it_is_the_recipes_passes_over_its_corpora(self):
        from dlfa.training.forecast import PAIRS, planned_tokens
        from dlfa.training.probe import length
        from dlfa.training.recipes import recipe

        short = settings(recipe=recipe("joint", corpora=("mnli",), epochs=0.5))
        assert planned_tokens(short) == round(0.5 * PAIRS["mnli"] * length("xnli"))

    def test_snli_is_counted_only_where_it_would_be_trained_on(self, tmp_path, monkeypatch):
        from dlfa.training.forecast import PAIRS, examples

        (tmp_path / "hub").mkdir()
        monkeypatch.setenv("DLFA_DATA_DIR", str(tmp_path / "hub"))
        assert examples(settings()) == PAIRS["mnli"]
        (tmp_path / "flickr8k").mkdir()
        assert examples(settings()) == PAIRS["mnli"] + PAIRS["snli"]

    def test_a_number_of_examples_bounds_it(self):
        from dlfa.training.forecast import planned_tokens
        from dlfa.training.probe import length

        assert planned_tokens(settings(examples=100)) == 100 * length("xnli")
        assert planned_tokens(settings(examples=10**9)) == planned_tokens(settings())
        assert planned_tokens(settings(task="ner", examples=100)) == 100 * length("ner")

    def test_a_frozen_encoder_runs_once_over_all_examples_and_never_again(self):
        from dlfa.training.forecast import extrapolated
        from dlfa.training.probe import length

        wanted = frozen(validation_limit=500)
        once = extrapolated(wanted, made(1.0, encoding=1.0)).likely
        heads = extrapolated(wanted, made(1.0)).likely
        assert once - heads == pytest.approx(2_500 * length("xnli") / 600)

    def test_without_room_for_its_states_it_runs_at_every_step(self, monkeypatch):
        from dlfa.training import frozen as training
        from dlfa.training.forecast import extrapolated

        kept = extrapolated(frozen(), made(1.0, encoding=1.0)).likely
        monkeypatch.setattr(training, "MOST", 10)
        assert extrapolated(frozen(), made(1.0, encoding=1.0)).likely > 2 * kept

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


class TestRoom:
    def test_what_learns_takes_four_times_its_weights(self):
        from dlfa.training.forecast import extrapolated

        few, many = (
            extrapolated(settings(), made(1.0, learned=count)).room
            for count in (1_000_000, 101_000_000)
        )
        assert many.least - few.least == 100_000_000 * 3 * 4

    def test_is_told_from_usual_batches_to_those_of_the_longest_sentences(self):
        from dlfa.messages import _
        from dlfa.training.forecast import extrapolated, size

        found = extrapolated(settings(), made(1.0))
        assert found.room.least < found.room.most
        assert size(found.room.least) in found.words()
        assert size(found.room.most) in found.words()
        assert size(2_500_000_000) == _("forecast.gigabytes", count="2.5")

    def test_hidden_states_lie_on_the_disk_while_it_trains(self):
        from dlfa.training.forecast import extrapolated, size
        from dlfa.training.probe import length

        taken = extrapolated(frozen(validation_limit=500), made(1.0)).room
        assert taken.states == 2_500 * length("xnli") * 9_216
        assert taken.states < taken.disk
        assert size(taken.states) in extrapolated(frozen(validation_limit=500), made(1.0)).words()
        assert extrapolated(settings(), made(1.0)).room.states == 0


class TestProbe:
    @pytest.mark.parametrize("tuning", ["joint", "full", "frozen"])
    @pytest.mark.parametrize("task", ["xnli", "pos"])
    def test_times_pairs_and_words_however_the_encoder_is_tuned(self, tmp_path, tuning, task):
        from dlfa.training.probe import probe
        from dlfa.training.recipes import recipe

        folder = save_encoder(tmp_path / "tiny")
        asked = settings(str(folder), task=task, recipe=recipe(tuning), heads=("baseline", "D_2"))
        found = probe(asked, patience=0.0)
        assert min(found.steps) > 0
        assert found.activations > 0
        assert (found.encoding > 0) is (tuning == "frozen")
        assert (found.learned == found.held) is (tuning == "full")
        assert (found.learned == found.heads) is (tuning == "frozen")

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
