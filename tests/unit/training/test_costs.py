"""The arithmetic of training, held against torch's own count; and the command line's processes."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from dlfa.errors import RunError
from dlfa.training.costs import PEAKS, epoch_minutes, peak_of, share_of_peak, token_flops
from dlfa.training.ranks import first, world
from dlfa.training.setup import shared
from tests.unit.model import tiny

SIZES = {"hidden_size": 64, "intermediate_size": 256, "num_hidden_layers": 4}
PAIRS, LENGTH = 16, 24


@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_flop_are_those_that_torch_counts(tuning) -> None:
    from dlfa.model import checkpoints

    adapter = {**tiny.LORA, "target_modules": ["query", "key", "value", "dense"]}
    encoder = tiny.encoder(**SIZES)
    config = tiny.config(
        encoder=tiny.bert_config(**SIZES).to_dict(),
        tuning=tuning,
        adapter=adapter if tuning == "lora" else None,
    )
    model = checkpoints.new(config, encoder).train()
    batch = tiny.sentences(*[LENGTH] * PAIRS)
    with FlopCounterMode(display=False) as counter:
        model(**batch, labels=torch.zeros(PAIRS, dtype=torch.long)).loss.backward()
    counted = counter.get_total_flops() / (PAIRS * LENGTH)
    ours = token_flops(config.encoder_config, tuple(config.heads), tuning, LENGTH)
    assert ours == pytest.approx(counted, rel=0.1)  # adapter, classifiers and first layer apart


def test_minutes_and_share_are_each_others_inverse() -> None:
    peak = peak_of("NVIDIA H100 80GB HBM3")
    assert peak is not None
    minutes = epoch_minutes(15_000_000, 4e8, peak, 0.1)
    rate = 15_000_000 / (60 * minutes)
    assert share_of_peak("NVIDIA H100 80GB HBM3", "bfloat16", rate, 4e8) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("device", "flops"),
    [("Tesla T4", 8.1e12), ("NVIDIA H100 PCIe", 756e12), ("NVIDIA A100-SXM4-80GB", 312e12)],
)
def test_devices_are_known_by_cudas_names(device: str, flops: float) -> None:
    peak = peak_of(device)
    assert peak is not None
    assert peak.flops == flops


def test_an_unknown_device_has_no_share() -> None:
    assert peak_of("cpu") is None
    assert share_of_peak("cpu", "float32", 1.0, 1.0) is None
    assert share_of_peak("Tesla T4", "bfloat16", 1.0, 1.0) is None  # another arithmetic
    assert len({peak.device for peak in PEAKS}) == len(PEAKS)


def test_processes_share_a_batch_equally_or_not_at_all(monkeypatch) -> None:
    assert (world(), first()) == (1, True)
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("RANK", "2")
    assert (world(), first()) == (4, False)
    assert shared(32) == 32
    with pytest.raises(RunError, match="34"):
        shared(34)
