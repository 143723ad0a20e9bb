"""A tiny trained-looking model, saved and loaded as a real one is."""

from pathlib import Path

import pytest

from tests.integration.tiny import save_encoder, save_mirror


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch

    from dlfa.model import checkpoints
    from dlfa.model.backbones import load_encoder
    from dlfa.model.modeling import DlfaConfig

    root = tmp_path_factory.mktemp("tiny")
    encoder = load_encoder(str(save_encoder(root / "encoder")))
    config = DlfaConfig(
        encoder=encoder.model.config.to_dict(),
        backbone=str(root / "encoder"),
        task="xnli",
        labels=("entailment", "neutral", "contradiction"),
        pooling="mean",
        adapter={"r": 2, "target_modules": ["query", "dense"]},
        gate_init="neutral",
    )
    model = checkpoints.new(config, encoder)
    generator = torch.Generator().manual_seed(1)
    for parameter in model.heads.parameters():  # as if something had been learned
        parameter.data += 0.3 * torch.randn(parameter.shape, generator=generator)
    checkpoints.save(model, root / "checkpoint")
    return root / "checkpoint"


@pytest.fixture(scope="session")
def tiny_predictor(tiny_checkpoint: Path):
    from dlfa.analysis.predict import load

    return load(tiny_checkpoint)


@pytest.fixture
def tiny_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DLFA_DATA_DIR", str(save_mirror(tmp_path / "hub")))
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "hub"
