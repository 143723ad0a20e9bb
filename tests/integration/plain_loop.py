"""A model's heads evaluated by a plain loop: transformers, float32, one example at a time.

It shares nothing with `dlfa.analysis` and `dlfa.model.fusion`: what the engine says is held
against it. Equations (1) and (2) of Chen et al. 2022 stand here once more, as simply as they can.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn.functional import batch_norm, relu


def branch(weights: dict, name: str, x: torch.Tensor) -> torch.Tensor:
    """Squeeze, ReLU, expand; x is (position dim)."""
    for conv, norm in ((0, 1), (3, 4)):
        w = {key: weights[f"{name}.{key}"] for key in weights_of(conv, norm)}
        x = x @ w[f"{conv}.weight"][..., 0].T + w[f"{conv}.bias"]
        x = batch_norm(x, *(w[f"{norm}.{key}"] for key in NORM))
        x = relu(x) if conv == 0 else x
    return x


NORM = ("running_mean", "running_var", "weight", "bias")


def weights_of(conv: int, norm: int) -> list[str]:
    return [f"{conv}.weight", f"{conv}.bias", *(f"{norm}.{key}" for key in NORM)]


def adapted(encoder, checkpoint: Path) -> dict:
    """Adapt the encoder, which is the untouched one, and return the heads' weights."""
    config = json.loads((checkpoint / "config.json").read_text())
    adapter, scale = load_file(checkpoint / "adapter.safetensors"), config["adapter"]["lora_alpha"]
    for key in [key for key in adapter if "lora_A" in key]:
        module = encoder.get_submodule(key.split("model.", 2)[2].split(".lora_A")[0])
        a, b = adapter[key].float(), adapter[key.replace("lora_A", "lora_B")].float()
        module.weight += scale / config["adapter"]["r"] * (b @ a)
    return {
        key: value.float() for key, value in load_file(checkpoint / "heads.safetensors").items()
    }


def plain_head(weights: dict, head: str, states: list, pooled: bool = False) -> torch.Tensor:
    """Return a head's scores from (token dim) states: of each token, or of their mean."""
    start = f"by_name.{head}."
    own = {key[len(start) :]: value for key, value in weights.items() if key.startswith(start)}
    fused = states[-1]
    if head != "baseline":
        lower, last = states[int(head.split("_")[1])], states[-1]
        w = (lower + last) / 2
        s = (
            branch(own, "fusion.aif.global_branch", w.mean(0, keepdim=True))
            + branch(own, "fusion.aif.local_branch", w)
        ).sigmoid()
        gate = s if head.endswith("aff") else w * s
        fused = lower * gate + last * (1 - gate)
    hidden = fused.mean(0) if pooled else fused
    if "dense.weight" in own:
        hidden = torch.tanh(hidden @ own["dense.weight"].T + own["dense.bias"])
    return hidden @ own["classifier.weight"].T + own["classifier.bias"]


@torch.no_grad()
def plain_loop(encoder, tokenizer, checkpoint: Path, pairs: list, heads: tuple) -> torch.Tensor:
    """Return (pair head label) probabilities; the encoder is the untouched one, and is adapted."""
    weights = adapted(encoder, checkpoint)
    found = []
    for premise, hypothesis in pairs:
        encoded = tokenizer(premise, hypothesis, truncation="longest_first", max_length=128)
        states = encoder(torch.tensor([encoded["input_ids"]]), output_hidden_states=True)
        states = [state[0] for state in states.hidden_states]  # (token dim)
        row = [plain_head(weights, head, states, pooled=True).softmax(0) for head in heads]
        found.append(torch.stack(row))
    return torch.stack(found)


@torch.no_grad()
def plain_tags(
    encoder, tokenizer, checkpoint: Path, sentences: list, heads: tuple, longest: int
) -> list:
    """Return each sentence's (word head) likeliest labels, −1 where a word has no sub-word."""
    weights = adapted(encoder, checkpoint)
    found = []
    for words in sentences:
        given = {"is_split_into_words": True, "truncation": True, "max_length": longest}
        encoded = tokenizer(list(words), **given)
        states = encoder(torch.tensor([encoded["input_ids"]]), output_hidden_states=True)
        states = [state[0] for state in states.hidden_states]  # (token dim)
        tags = torch.stack([plain_head(weights, head, states).argmax(-1) for head in heads], -1)
        first = [
            encoded.word_ids().index(at) if at in encoded.word_ids() else None
            for at in range(len(words))
        ]
        none = torch.full((len(heads),), -1)
        found.append(torch.stack([none if at is None else tags[at] for at in first]).numpy())
    return found
