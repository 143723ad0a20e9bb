"""Recipes, settings and progress: what decides a run, and what is left of a killed one."""

import json
from pathlib import Path

import pytest


def test_a_recipe_can_be_changed_but_not_invented() -> None:
    from dlfa.errors import RunError
    from dlfa.training.recipes import recipe

    assert recipe("joint", batch_size=8).batch_size == 8
    with pytest.raises(RunError, match="joint"):
        recipe("magic")


def test_a_batch_of_one_is_no_recipe() -> None:
    from dlfa.training.recipes import recipe

    with pytest.raises(ValueError, match="two"):
        recipe("joint", batch_size=1)


def test_settings_survive_json() -> None:
    from dlfa.training.recipes import Settings, recipe

    settings = Settings(task="xnli", backbone="e5-small", recipe=recipe("joint"))
    assert json.loads(json.dumps(settings.to_dict()))["recipe"]["gate_init"] == "neutral"


def test_a_run_folder_belongs_to_one_set_of_settings(tmp_path: Path) -> None:
    from dlfa.errors import RunError
    from dlfa.training.recipes import Settings, recipe
    from dlfa.training.run import claim

    settings = Settings(task="xnli", backbone="e5-small", recipe=recipe("joint"))
    claim(tmp_path, settings)
    claim(tmp_path, settings)  # going on with the same run is fine
    other = Settings(task="xnli", backbone="e5-small", recipe=recipe("joint"), seed=1)
    with pytest.raises(RunError):
        claim(tmp_path, other)


def test_only_checkpoints_written_to_the_end_are_resumed(tmp_path: Path) -> None:
    from dlfa.training.progress import COMPLETE, last_complete

    assert last_complete(tmp_path) is None
    for step in (9, 10, 200):
        (tmp_path / f"checkpoint-{step}").mkdir()
    for step in (9, 10):
        (tmp_path / f"checkpoint-{step}" / COMPLETE).touch()
    assert last_complete(tmp_path) == tmp_path / "checkpoint-10"


@pytest.mark.parametrize("max_tokens", [None, 1_000, 12_345])
def test_a_token_budget_decides_the_number_of_updates(tmp_path: Path, max_tokens) -> None:
    from dlfa.training.recipes import Settings, recipe
    from dlfa.training.setup import Encoded, arguments

    data = Encoded([{"input_ids": [1] * 10, "labels": 0} for _ in range(640)])
    settings = Settings(
        task="xnli", backbone="x", recipe=recipe("joint", batch_size=8), max_tokens=max_tokens
    )
    found = arguments(settings, data, tmp_path)
    wanted = (max_tokens or 6400) / 80
    assert wanted <= found.max_steps < wanted + 1
    assert found.per_device_train_batch_size == 8


def test_mean_accuracy_is_over_heads_and_pairs() -> None:
    import numpy as np
    from transformers import EvalPrediction

    from dlfa.training.trainer import accuracies

    logits = np.zeros((4, 2, 3))
    logits[:, 0, 0] = 1  # the first head always says 0
    logits[:, 1, 1] = 1  # the second always says 1
    found = accuracies(EvalPrediction(predictions=logits, label_ids=np.array([0, 0, 0, 1])))
    assert found["accuracy_baseline"] == 0.75
    assert found["accuracy"] == 0.5
    assert found["accuracy_best_head"] == 0.75


def test_the_optimiser_gives_encoder_and_heads_their_own_rates(tmp_path: Path) -> None:
    import torch
    from torch import nn

    from dlfa.training.recipes import recipe
    from dlfa.training.trainer import DlfaTrainer

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
