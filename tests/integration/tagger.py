"""A tiny model that tags words, saved as a trained one is."""

from pathlib import Path

import torch

from tests.integration.tiny import save_encoder


def save_tagger(folder: Path, task: str = "ner") -> Path:
    """Save a random tagger for a task; return the checkpoint's folder."""
    from dlfa.data.tasks import TASKS
    from dlfa.model import checkpoints
    from dlfa.model.backbones import load_encoder
    from dlfa.model.modeling import DlfaConfig

    encoder = load_encoder(str(save_encoder(folder / "encoder")))
    config = DlfaConfig(
        encoder=encoder.model.config.to_dict(),
        backbone=str(folder / "encoder"),
        task=task,
        labels=TASKS[task].labels,
        pooling="none",
        adapter={"r": 2, "lora_alpha": 4, "target_modules": ["query", "dense"]},
        gate_init="neutral",
    )
    model = checkpoints.new(config, encoder)
    generator = torch.Generator().manual_seed(1)
    for parameter in model.heads.parameters():  # as if something had been learned
        parameter.data += 0.3 * torch.randn(parameter.shape, generator=generator)
    checkpoints.save(model, folder / f"tiny-{task}")
    return folder / f"tiny-{task}"
