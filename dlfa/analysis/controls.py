"""The gate's controls: the same heads, never trained."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from dlfa.analysis.predict import Predictor
from dlfa.analysis.tagging import encoded
from dlfa.data.collation import Features
from dlfa.data.parallel import own_items
from dlfa.data.words import word_spans
from dlfa.model.checkpoints import initial_heads
from dlfa.model.modeling import DlfaConfig, Heads

__all__ = ["Controls", "calibrated", "controls"]


@dataclass(frozen=True)
class Controls:
    """The same heads, never trained, with batch norm calibrated on our own English sentences."""

    untrained: Heads
    """Exactly as training found them: the same seed, the same `gate_init`."""
    noise: Heads
    """The untrained twin: the same seed with PyTorch's standard initial weights, what chance
    draws."""


_made: "WeakKeyDictionary[Predictor, Controls]" = WeakKeyDictionary()  # they go with their model


def controls(predictor: Predictor) -> Controls:
    """Return a model's untrained twins, made once per model."""
    if predictor not in _made:
        _made[predictor] = _make(predictor)
    return _made[predictor]


def _make(predictor: Predictor) -> Controls:
    config = predictor.model.config
    standard = DlfaConfig(**{**config.to_dict(), "gate_init": "standard"})
    _, batch = next(iter(predictor.batches(_english(predictor))))
    states = tuple(state.float() for state in predictor.states(batch))
    mask = batch["attention_mask"].bool()
    twins = (initial_heads(made).to(mask.device) for made in (config, standard))
    return Controls(*(calibrated(heads, states, mask) for heads in twins))


def _english(predictor: Predictor) -> list[Features]:
    """Return our own English texts as the model gets them: as pairs, or as sentences of words."""
    items = own_items(predictor.model.config.task) or own_items("xnli")  # texts will do
    pairs = [item.text["en"] for item in items]
    if not predictor.tagging:
        return predictor.encode(pairs)
    texts = [text for pair in pairs for text in pair]
    return encoded(
        predictor, [[text[start:end] for start, end in word_spans(text)] for text in texts]
    )


@torch.no_grad()
def calibrated(heads: Heads, states: tuple[Tensor, ...], mask: Tensor) -> Heads:
    """Set the batch-norm statistics from one batch, as the first training step would see it.

    Without this an untrained gate in eval mode would divide by a variance it never had, and look
    flatter than it is.
    """
    norms = [module for module in heads.modules() if isinstance(module, torch.nn.BatchNorm1d)]
    for norm in norms:
        norm.momentum = None  # a plain average: the batch's own statistics
    heads.train()
    for name in heads.by_name:
        heads[name].fuse(states, mask)
    return heads.eval().requires_grad_(False)
