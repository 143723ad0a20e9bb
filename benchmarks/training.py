"""How fast does mBERT train here? ``python -m benchmarks.training --json``.

Steps of the recipe with random weights of mBERT's size (the vocabulary cut: looking up an
embedding costs nothing) on made-up pairs whose lengths are spread like MNLI's, in batches of like
length, timed after a warm-up, without data sets and without the Hub. ``share`` is the useful
arithmetic over the device's stated peak; ``epoch_minutes`` is what 392,702 pairs take at that pace,
validation apart. Copied to a bare GPU machine with the package it needs torch, transformers, peft
and accelerate. On a CPU take ``--layers 2 --steps 3``: it shows that it runs, no more.
"""

import argparse
import statistics
import time
from functools import partial

import numpy as np
import torch
from torch import nn
from transformers import BertConfig, BertModel

from benchmarks.output import machine, show
from dlfa.data.collation import Features, TokenBatch, collate, to_device
from dlfa.model import checkpoints
from dlfa.model.backbones import Encoder
from dlfa.model.config import DlfaConfig
from dlfa.model.device import hardware
from dlfa.model.modeling import DlfaModel
from dlfa.results import head_names
from dlfa.training.costs import epoch_minutes, peak_of, share_of_peak, token_flops
from dlfa.training.recipes import recipe

PAIRS, MEAN, SPREAD, LONGEST = 392_702, 39, 0.45, 128  # MNLI's lengths: about log-normal
VOCABULARY = 4_096
WARM = 3  # batches


def batches(size: int, count: int, seed: int = 0) -> list[TokenBatch]:
    """Return batches of pairs of like length, in no order of length."""
    draw = np.random.default_rng(seed)
    middle = np.log(MEAN) - SPREAD**2 / 2
    lengths = np.exp(draw.normal(middle, SPREAD, size * count)).clip(8, LONGEST).astype(int)
    rows = np.sort(lengths).reshape(count, size)[draw.permutation(count)]
    return [collate([pair(length, draw) for length in row], 0) for row in rows]


def pair(length: int, draw: np.random.Generator) -> Features:
    """Return one made-up pair."""
    ids = draw.integers(5, VOCABULARY, length).tolist()
    segments = [0] * (length // 2) + [1] * (length - length // 2)
    return Features(input_ids=ids, token_type_ids=segments, labels=int(draw.integers(3)))


def model(name: str, layers: int) -> DlfaModel:
    """Return a model of mBERT's size with random weights, set up as a recipe says."""
    shape = BertConfig(vocab_size=VOCABULARY, num_hidden_layers=layers)
    chosen = recipe(name)
    encoder = Encoder(
        key="mbert-sized",
        revision="random",
        pooling="cls",
        model=BertModel(shape, add_pooling_layer=False),
        tokenizer=None,  # type: ignore[arg-type]
    )
    config = DlfaConfig(
        encoder=shape.to_dict(),
        task="xnli",
        labels=("entailment", "neutral", "contradiction"),
        heads=head_names(layers),
        adapter=chosen.adapter(),
        tuning=chosen.tuning,
        gate_init=chosen.gate_init,
    )
    made = checkpoints.new(config, encoder)
    nn.Module.to(made, torch.device(hardware().device))
    return made.train()


def timed(made: DlfaModel, given: list[TokenBatch]) -> float:
    """Return the seconds of a step, all of them together over their number."""
    gpu = made.device.type == "cuda"
    learned = [p for p in made.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1e-4, fused=gpu or None)
    pinned = [{k: v.pin_memory() for k, v in one.items()} for one in given] if gpu else given
    began = 0.0
    for at, batch in enumerate(pinned):
        if at == WARM:
            wait(gpu)
            began = time.perf_counter()
        step(made, to_device(batch, made.device), optimizer, learned)  # type: ignore[arg-type]
    wait(gpu)
    return (time.perf_counter() - began) / (len(given) - WARM)


def wait(gpu: bool) -> None:
    """Let the device finish what it was given."""
    if gpu:
        torch.cuda.synchronize()


def step(
    made: DlfaModel, batch: TokenBatch, optimizer: torch.optim.Optimizer, learned: list
) -> None:
    """Make one update, as Trainer does."""
    with hardware().autocast():
        loss = made(**batch).loss
    loss.backward()
    nn.utils.clip_grad_norm_(learned, 1.0)
    optimizer.step()
    optimizer.zero_grad()


def measure(name: str, size: int, layers: int, steps: int, rounds: int) -> dict[str, object]:
    """Return the pace of a recipe at one batch size."""
    made = model(name, layers)
    given = batches(size, WARM + steps)
    tokens = sum(int(batch["attention_mask"].sum()) for batch in given[WARM:]) / steps
    seconds = statistics.median(map(partial(timed, made), [given] * rounds))
    flops = token_flops(
        made.config.encoder_config, tuple(made.config.heads), made.config.tuning, MEAN
    )
    rate, device = tokens / seconds, hardware().name
    peak = peak_of(device)
    least = epoch_minutes(PAIRS * MEAN, flops, peak, 1.0) if peak else None
    memory = torch.cuda.max_memory_allocated() / 1e9 if made.device.type == "cuda" else None
    return {
        "recipe": name,
        "batch_size": size,
        "layers": layers,
        "device": device,
        "dtype": hardware().dtype,
        "step_milliseconds": round(1e3 * seconds, 2),
        "tokens_per_second": round(rate, 1),
        "teraflops": round(rate * flops / 1e12, 3),
        "share": share_of_peak(device, hardware().dtype, rate, flops),
        "epoch_minutes": round(PAIRS * MEAN / rate / 60, 2),
        "epoch_minutes_at_peak": least and round(least, 3),
        "memory_gigabytes": memory and round(memory, 2),
    }


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="joint", choices=("joint", "full"))
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    found = measure(asked.recipe, asked.batch_size, asked.layers, asked.steps, asked.rounds)
    sized = "training-mbert" if asked.layers == 12 else "training-small"
    name = sized if asked.recipe == "joint" else f"{sized}-{asked.recipe}"
    show({**found, **machine()}, as_json=asked.json, name=name)


if __name__ == "__main__":
    main()
