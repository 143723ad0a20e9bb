"""What does asking all fusion layers cost over one encoder pass?

``python -m benchmarks.layer_sweep --json``: the last line is a JSON object whose ``ratio`` is the
time of the baseline and D_1 … D_11 (encoder included) over the time of one encoder pass on the
same batch; ``ratio_all_heads`` is the same with the ``_aff`` heads as well. Random weights of the
real shape: time does not depend on what was learned.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch

from benchmarks.output import show
from dlfa.data.collation import collate, encode_pairs
from dlfa.data.sources import own_items
from dlfa.model.backbones import load_encoder
from dlfa.model.checkpoints import assemble, initial_heads
from dlfa.model.device import hardware
from dlfa.model.modeling import DlfaConfig, DlfaModel
from dlfa.results import head_names


def model_and_batch(backbone: str, pairs: int) -> tuple[DlfaModel, dict[str, torch.Tensor]]:
    """Return a model with every head, and a batch of our own sentences."""
    encoder = load_encoder(backbone)
    config = DlfaConfig(
        encoder=encoder.model.config.to_dict(),
        labels=("entailment", "neutral", "contradiction"),
        heads=head_names(encoder.layers),
        pooling=encoder.pooling,
    )
    texts = [item.text[language] for language in ("en", "de", "zh", "ar") for item in own_items()]
    features = encode_pairs(encoder.tokenizer, *zip(*texts[:pairs], strict=True), 128)
    model = assemble(config, encoder.model, initial_heads(config)).eval()
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
    calls = {
        "encoder": lambda: model.encode(**batch),
        "sweep": lambda: model(**batch, heads=head_names(layers, aff=False)),
        "all_heads": lambda: model(**batch),
    }
    times: dict[str, list[float]] = {name: [] for name in calls}
    with device.autocast():
        for turn in range(rounds + 2):
            for name, call in calls.items():
                taken = seconds(call)
                if turn >= 2:  # the first two rounds warm up
                    times[name].append(taken)

    def ratio(name: str) -> float:
        pairwise = zip(times[name], times["encoder"], strict=True)
        return statistics.median(one / other for one, other in pairwise)

    return {
        "ratio": round(ratio("sweep"), 3),
        "ratio_all_heads": round(ratio("all_heads"), 3),
        "milliseconds": {
            name: round(1000 * statistics.median(values), 1) for name, values in times.items()
        },
        "pairs": int(batch["input_ids"].shape[0]),
        "tokens": int(batch["attention_mask"].sum()),
        "rounds": rounds,
        "device": device.name,
        "dtype": device.dtype,
        "threads": torch.get_num_threads(),
        "backbone": backbone,
    }


def main() -> None:
    """Print the measurement, as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--backbone", default="e5-small")
    parser.add_argument("--pairs", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    show(measure(options.backbone, options.pairs, options.rounds), as_json=options.json)


if __name__ == "__main__":
    main()
