"""Models of any task on a tiny random encoder: what a page does with a task needs no more."""

from pathlib import Path

from tests.integration.tiny import save_encoder


def save_model(root: Path, task: str) -> Path:
    """Save a model with every head for a task, and return its folder."""
    from dlfa.data.tasks import TASKS
    from dlfa.model import checkpoints
    from dlfa.model.backbones import load_encoder
    from dlfa.model.modeling import DlfaConfig

    folder = root / "encoder"
    encoder = load_encoder(str(folder if folder.is_dir() else save_encoder(folder)))
    config = DlfaConfig(
        encoder=encoder.model.config.to_dict(),
        backbone=str(folder),
        backbone_revision=encoder.revision,
        task=task,
        labels=TASKS[task].labels,
        pooling="mean",
        adapter={"r": 2, "target_modules": ["query", "dense"]},
        gate_init="neutral",
    )
    checkpoints.save(checkpoints.new(config, encoder), root / task)
    return root / task
