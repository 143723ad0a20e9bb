"""What does asking all fusion layers cost over one encoder pass?

``python -m benchmarks.layer_sweep --json``: the last line is a JSON object whose ``ratio`` is the
time of the baseline and D_1 … D_11 (encoder included) over the time of one encoder pass on the
same batch; ``ratio_all_heads`` is the same with the ``_aff`` heads as well. Both run as the app
runs them (`dlfa.model.frozen`); ``plain`` is the same of the model head by head over the library's
encoder pass. ``calls`` counts the operations that do the work: on a GPU each of them is a kernel
to launch, and their number is what heads cost; ``calls_grouped`` counts them with all layers at
once, as on a GPU. Random weights of the real shape: time does not
depend on what was learned.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from unittest.mock import patch

import torch
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from benchmarks.output import machine, show
from dlfa.data.collation import collate, encode_pairs
from dlfa.data.parallel import own_items
from dlfa.model.backbones import load_encoder
from dlfa.model.checkpoints import assemble, initial_heads
from dlfa.model.config import DlfaConfig
from dlfa.model.device import hardware
from dlfa.model.frozen import FrozenModel
from dlfa.model.modeling import DlfaModel
from dlfa.results import head_names

# What the profiler calls the operations that do work on this path, on a CPU.
WORKING = frozenset(
    """mkldnn::_linear_pointwise aten::_scaled_dot_product_flash_attention_for_cpu aten::_softmax
    aten::add aten::add_ aten::addcmul aten::addmm aten::baddbmm aten::bmm aten::cat aten::clamp
    aten::clamp_min aten::copy_ aten::div aten::gelu aten::index aten::index_select aten::lerp
    aten::mm aten::mul aten::mul_ aten::native_layer_norm aten::ne aten::reciprocal aten::relu
    aten::relu_ aten::rsqrt aten::rsub aten::sigmoid aten::sigmoid_ aten::sub aten::sum aten::tanh
    aten::tanh_ aten::where""".split()
)


def model_and_batch(backbone: str, pairs: int) -> tuple[DlfaModel, dict[str, torch.Tensor]]:
    """Return a model with every head, and a batch of our own sentences."""
    encoder = load_encoder(backbone)
    config = DlfaConfig(
        encoder=encoder.model.config.to_dict(),
        labels=("entailment", "neutral", "contradiction"),
        heads=head_names(encoder.layers),
        pooling=encoder.pooling,
    )
    codes = ("en", "de", "zh", "ar")
    texts = [item.text[code] for code in codes for item in own_items("xnli")]
    features = encode_pairs(encoder.tokenizer, *zip(*texts[:pairs], strict=True), 128)
    model = assemble(config, encoder.model, initial_heads(config)).eval().requires_grad_(False)
    device = hardware().device
    batch = collate(features, encoder.tokenizer.pad_token_id)
    return model.to(device), {name: tensor.to(device) for name, tensor in batch.items()}


def seconds(call: Callable[[], object]) -> float:
    """Return one call's wall time."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    start = time.perf_counter()
    call()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


@torch.inference_mode()
def measure(backbone: str, pairs: int, rounds: int) -> dict[str, object]:
    """Time encoder, sweep and all heads in turn; ratios are medians over the rounds."""
    model, batch = model_and_batch(backbone, pairs)
    layers = model.config.layers
    device = hardware()
    frozen = FrozenModel(model, device.encoder_dtype)
    paper, every = head_names(layers, aff=False), model.heads.choose()
    calls = {
        "encoder": lambda: frozen.states(**batch),
        "sweep": lambda: frozen.logits(paper, **batch),
        "all_heads": lambda: frozen.logits(every, **batch),
        "plain_encoder": lambda: model.encode(**batch),
        "plain_sweep": lambda: model(**batch, heads=paper),
        "plain_all_heads": lambda: model(**batch),
    }
    times: dict[str, list[float]] = {name: [] for name in calls}
    with device.autocast():
        for turn in range(rounds + 2):
            for name, call in calls.items():
                taken = seconds(call)
                if turn >= 2:  # the first two rounds warm up
                    times[name].append(taken)

    def ratio(name: str, of: str = "encoder") -> float:
        pairwise = zip(times[name], times[of], strict=True)
        return round(statistics.median(one / other for one, other in pairwise), 3)

    with device.autocast():
        counts = {name: operations(call) for name, call in calls.items()}
        with patch("dlfa.model.frozen_heads.layers_at_once", lambda device, layers: layers):
            grouped = {name: operations(calls[name]) for name in ("sweep", "all_heads")}
    return {
        "ratio": ratio("sweep"),
        "ratio_all_heads": ratio("all_heads"),
        "plain": [ratio(name, "plain_encoder") for name in ("plain_sweep", "plain_all_heads")],
        "milliseconds": {
            name: round(1000 * statistics.median(values), 1) for name, values in times.items()
        },
        "calls": counts,
        "calls_grouped": grouped,
        "pairs": int(batch["input_ids"].shape[0]),
        "tokens": int(batch["attention_mask"].sum()),
        "rounds": rounds,
        "device": device.name,
        "dtype": device.dtype,
        "threads": torch.get_num_threads(),
        "backbone": backbone,
        **machine(),
    }


def operations(call: Callable[[], object]) -> int:
    """Return how many operations that compute or copy one call makes: a GPU's kernels.

    Views cost nothing, and composite operations are counted by their parts.
    """
    gpu = torch.cuda.is_available()
    watched = ProfilerActivity.CUDA if gpu else ProfilerActivity.CPU
    with profile(activities=[watched]) as seen:
        call()
    if gpu:
        return sum(event.device_type == DeviceType.CUDA for event in seen.events())
    return sum(event.name in WORKING for event in seen.events())


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--backbone", default="e5-small")
    parser.add_argument("--pairs", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    found = measure(options.backbone, options.pairs, options.rounds)
    show(found, as_json=options.json, name="layer_sweep")


if __name__ == "__main__":
    main()
