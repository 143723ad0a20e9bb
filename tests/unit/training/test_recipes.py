"""Recipes, settings and progress: what decides a run, and what is left of a killed one."""

import json
import math
from pathlib import Path

import pytest
import torch
from torch import nn
from transformers import EvalPrediction

from dlfa.data.tasks import task
from dlfa.errors import RunError, UnknownHeadError
from dlfa.model import checkpoints
from dlfa.shapes import UNLABELLED
from dlfa.training.progress import COMPLETE, last_complete
from dlfa.training.recipes import Settings, recipe
from dlfa.training.run import claim, whole_batches, within_budget
from dlfa.training.setup import Encoded, arguments, build, chosen_heads, drawn
from dlfa.training.trainer import DlfaTrainer, answers, measured
from tests.unit.model import tiny


def test_a_recipe_can_be_changed_but_not_invented() -> None:
    assert recipe("joint", batch_size=8).batch_size == 8
    with pytest.raises(RunError, match="joint"):
        recipe("magic")


@pytest.mark.parametrize(
    "changes", [{"batch_size": 1}, {"epochs": 0}, {"epochs": float("nan")}, {"epochs": math.inf}]
)
def test_a_recipe_that_cannot_be_followed_is_none(changes) -> None:
    with pytest.raises(RunError, match="at least"):
        recipe("joint", **changes)


class TestPaper:
    @pytest.mark.parametrize(
        ("name", "epochs", "corpus"),
        [("xnli", 5, "mnli"), ("paws-x", 5, "paws"), ("ner", 10, "wikiann"), ("pos", 10, "ud")],
    )
    def test_it_is_the_benchmarks(self, name, epochs, corpus) -> None:
        found = recipe("paper", name)
        assert (found.epochs, found.corpora) == (epochs, (corpus,))
        assert (found.encoder_lr, found.heads_lr, found.batch_size) == (2e-5, 2e-5, 32)
        assert (found.warmup, found.weight_decay, found.max_grad_norm) == (0.0, 0.0, 1.0)
        assert (found.tuning, found.gate_init, found.reduction) == ("full", "standard", 4)
        assert (found.encoder_dropout, found.dropout, task(name).max_length) == (0.1, 0.1, 128)
        assert found.adapter() is None

    def test_what_is_named_comes_before_what_the_task_has(self) -> None:
        assert recipe("paper", "xnli", epochs=2, corpora=("snli",)).epochs == 2
        assert recipe("paper", "xnli", epochs=2, corpora=("snli",)).corpora == ("snli",)
        assert recipe("joint", "xnli").corpora == ()

    @pytest.mark.parametrize("heads", [(), ("baseline", "D_2")])
    def test_it_trains_one_head(self, heads) -> None:
        with pytest.raises(RunError, match="one head"):
            Settings(task="xnli", backbone="x", recipe=recipe("paper", "xnli"), heads=heads)

    def test_all_of_the_encoder_learns_with_dropout_inside(self) -> None:
        asked = Settings(
            task="xnli", backbone="tiny", recipe=recipe("paper", "xnli"), heads=("D_2",)
        )
        model = build(task("xnli"), tiny.encoder(), asked)
        assert all(one.requires_grad for one in model.parameters())
        shares = {one.p for one in model.modules() if isinstance(one, nn.Dropout)}
        assert shares == {0.1}


class TestBudget:
    SIZES = tuple(range(2, 202))

    def data(self) -> Encoded:
        return Encoded([{"input_ids": [1] * size, "labels": 0} for size in self.SIZES])

    def asked(self, tokens, name="paper", seed=0) -> Settings:
        chosen = recipe(name, "xnli", batch_size=8)
        return Settings(
            task="xnli", backbone="x", recipe=chosen, heads=("D_2",), max_tokens=tokens, seed=seed
        )

    def test_what_fits_is_drawn_from_short_and_long_alike_and_seen_once(self, tmp_path) -> None:
        data = self.data()
        budget = within_budget(data, self.asked(5000))
        sizes = [len(one["input_ids"]) for one in data.examples]
        assert 4000 < sum(sizes) <= 5000
        assert budget.max_tokens == sum(sizes)
        assert len(sizes) % 8 == 0
        assert abs(sum(sizes) / len(sizes) - sum(self.SIZES) / len(self.SIZES)) < 25
        asked = arguments(budget, task("xnli"), data, tmp_path)
        assert asked.max_steps == len(sizes) // 8

    def test_the_seed_draws(self) -> None:
        drawn_by = []
        for seed in (0, 0, 1):
            data = self.data()
            within_budget(data, self.asked(5000, seed=seed))
            drawn_by.append([len(one["input_ids"]) for one in data.examples])
        assert drawn_by[0] == drawn_by[1] != drawn_by[2]

    @pytest.mark.parametrize(("tokens", "name"), [(None, "paper"), (10**6, "paper"), (50, "joint")])
    def test_all_is_left_where_it_fits_or_another_recipe_asks(self, tokens, name) -> None:
        data, asked = self.data(), self.asked(tokens, name)
        assert within_budget(data, asked) is asked
        assert len(data) == len(self.SIZES)

    def test_a_budget_below_one_batch_takes_one_batch(self) -> None:
        data = self.data()
        within_budget(data, self.asked(1))
        assert len(data) == 8


@pytest.mark.parametrize("option", ["examples", "max_tokens", "validation_limit", "checks"])
@pytest.mark.parametrize("found", [0, -3])
def test_a_number_that_asks_for_nothing_is_told_and_not_taken_for_all(option, found) -> None:
    with pytest.raises(RunError, match=option.replace("_", "-")):
        Settings(task="xnli", backbone="x", recipe=recipe("joint"), **{option: found})


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_is_one_that_every_library_takes(seed) -> None:
    with pytest.raises(RunError, match="--seed"):
        Settings(task="xnli", backbone="x", recipe=recipe("joint"), seed=seed)


@pytest.mark.parametrize(("found", "left"), [(8, 8), (15, 8), (16, 16)])
def test_whole_batches_are_trained_on(found, left) -> None:
    data = Encoded([{"input_ids": [1], "labels": 0} for _ in range(found)])
    whole_batches(data, 8)
    assert len(data) == left


def test_too_few_examples_for_one_batch_are_told() -> None:
    with pytest.raises(RunError, match="7 training examples"):
        whole_batches(Encoded([{"input_ids": [1], "labels": 0} for _ in range(7)]), 8)


def test_settings_survive_json() -> None:
    settings = Settings(task="xnli", backbone="e5-small", recipe=recipe("joint"))
    assert json.loads(json.dumps(settings.to_dict()))["recipe"]["gate_init"] == "neutral"


def test_a_run_folder_belongs_to_one_set_of_settings(tmp_path: Path) -> None:
    settings = Settings(task="xnli", backbone="e5-small", recipe=recipe("joint"))
    claim(tmp_path, settings)
    claim(tmp_path, settings)  # going on with the same run is fine
    other = Settings(task="xnli", backbone="e5-small", recipe=recipe("joint"), seed=1)
    with pytest.raises(RunError):
        claim(tmp_path, other)


def test_a_run_whose_settings_are_damaged_is_nobodys(tmp_path: Path) -> None:
    settings = Settings(task="xnli", backbone="e5-small", recipe=recipe("joint"))
    (tmp_path / "settings.json").write_text('{"task"')
    with pytest.raises(RunError, match=r"settings\.json is damaged"):
        claim(tmp_path, settings)
    assert (tmp_path / "settings.json").read_text() == '{"task"'


def test_only_checkpoints_written_to_the_end_are_resumed(tmp_path: Path) -> None:
    assert last_complete(tmp_path) is None
    for step in (9, 10, 200):
        (tmp_path / f"checkpoint-{step}").mkdir()
    for step in (9, 10):
        (tmp_path / f"checkpoint-{step}" / COMPLETE).touch()
    assert last_complete(tmp_path) == tmp_path / "checkpoint-10"


@pytest.mark.parametrize("max_tokens", [None, 1_000, 12_345])
def test_a_token_budget_decides_the_number_of_updates(tmp_path: Path, max_tokens) -> None:
    data = Encoded([{"input_ids": [1] * 10, "labels": 0} for _ in range(640)])
    settings = Settings(
        task="xnli", backbone="x", recipe=recipe("joint", batch_size=8), max_tokens=max_tokens
    )
    found = arguments(settings, task("xnli"), data, tmp_path)
    wanted = (max_tokens or 6400) / 80
    assert wanted <= found.max_steps < wanted + 1
    assert found.per_device_train_batch_size == 8


def test_what_is_measured_of_pairs_is_accuracy_over_heads_and_pairs() -> None:
    logits = torch.zeros(4, 2, 3)
    logits[:, 0, 0] = 1  # the first head always says 0
    logits[:, 1, 1] = 1  # the second always says 1
    labels = torch.tensor([0, 0, 0, 1])
    found = measured(task("xnli"), evaluated(answers(logits, labels), labels))
    assert found == {"accuracy": 0.5, "accuracy_baseline": 0.75, "accuracy_best_head": 0.75}


def test_what_is_measured_of_tags_leaves_out_what_begins_no_word() -> None:
    labels = torch.tensor([[UNLABELLED, 1, UNLABELLED, 2], [UNLABELLED, 0, 0, UNLABELLED]])
    logits = torch.zeros(2, 2, 4, 7)  # (batch head token label)
    right = labels.clamp(min=0)
    logits[:, 0] = torch.nn.functional.one_hot(right, 7)
    logits[:, 1, :, 6] = 1  # the second head says I-LOC everywhere
    found = measured(task("ner"), evaluated(answers(logits, labels), labels))
    assert found == {"f1": 0.5, "f1_baseline": 1.0, "f1_best_head": 1.0}


def evaluated(given: torch.Tensor, wanted: torch.Tensor) -> EvalPrediction:
    return EvalPrediction(predictions=given.numpy(), label_ids=wanted.numpy())


@pytest.mark.parametrize("tuning", ["lora", "full", "frozen"])
def test_what_is_tuned_of_the_encoder_is_what_learns_and_what_is_kept(tuning, tmp_path) -> None:
    settings = Settings(task="xnli", backbone="tiny", recipe=recipe("joint", tuning=tuning))
    model = build(task("xnli"), tiny.encoder(), settings)
    learning = {name for name, one in model.backbone.named_parameters() if one.requires_grad}
    assert bool(learning) is (tuning != "frozen")
    assert all("lora" in name for name in learning) is (tuning != "full")
    tiny.randomise(model.heads)
    for name, one in model.backbone.named_parameters():
        if name in learning:
            one.data.normal_(std=0.1)
    checkpoints.save(model, tmp_path / "kept", half=False)
    assert (tmp_path / "kept" / "encoder.safetensors").is_file() is (tuning == "full")
    batch = tiny.sentences(5, 7)
    with torch.inference_mode():
        wanted = model.eval()(**batch).logits
        found, _encoder = checkpoints.load(tmp_path / "kept", tiny.encoder())
        torch.testing.assert_close(found(**batch).logits, wanted, rtol=1e-5, atol=1e-5)


def test_heads_and_examples_can_be_chosen() -> None:
    settings = Settings(
        task="ner", backbone="tiny", recipe=recipe("joint"), heads=("D_2", "baseline"), examples=3
    )
    model = build(task("ner"), tiny.encoder(), settings)
    assert model.heads.choose() == ("baseline", "D_2")
    assert model.config.tagging
    some = drawn(list(range(50)), settings)
    assert some == sorted(some)
    assert len(some) == 3
    assert drawn(list(range(50)), settings) == some
    with pytest.raises(UnknownHeadError):
        chosen_heads(("D_9",), layers=4)


def test_the_optimiser_gives_encoder_and_heads_their_own_rates(tmp_path: Path) -> None:

    class Parts(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone, self.heads = nn.Linear(2, 2), nn.Linear(2, 2)
            self.backbone.bias.requires_grad_(False)

    trainer = DlfaTrainer.__new__(DlfaTrainer)
    trainer.model, trainer.optimizer = Parts(), None
    trainer.recipe = recipe("joint", encoder_lr=0.1, heads_lr=0.2)
    groups = trainer.create_optimizer().param_groups
    assert [group["lr"] for group in groups] == [0.1, 0.2]
    assert [len(group["params"]) for group in groups] == [1, 2]
    assert isinstance(trainer.optimizer, torch.optim.AdamW)
