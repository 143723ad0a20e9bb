"""What training costs on a GPU, computed from its arithmetic: FLOP a token, minutes, share of peak.

Useful arithmetic alone is counted, of matrix products, on real tokens: what padding, normalisation
and the optimiser take is in the share of a device's peak that a run reaches. The way back costs an
activation's gradient per product, and a weight's gradient where the weight learns.
"""

from dataclasses import dataclass

from transformers import PreTrainedConfig

from dlfa.model.config import Tuning
from dlfa.results import head_gate

__all__ = ["PEAKS", "Peak", "epoch_minutes", "peak_of", "share_of_peak", "token_flops"]

FORWARD = 2  # FLOP of a multiplication with its addition
PASSES = {"lora": 2, "full": 3, "frozen": 1}  # forward, activations' gradients, weights' gradients
REDUCTION = 4


@dataclass(frozen=True, kw_only=True)
class Peak:
    """A device's largest rate of dense matrix products, as its maker states it."""

    device: str
    """As CUDA names it, in part."""
    flops: float
    """FLOP/s in the encoder's arithmetic."""
    dtype: str
    """The arithmetic."""


PEAKS = (  # the makers' data sheets, without sparsity
    Peak(device="T4", flops=8.1e12, dtype="float32"),  # it has no bfloat16
    Peak(device="A100", flops=312e12, dtype="bfloat16"),
    Peak(device="H100 PCIe", flops=756e12, dtype="bfloat16"),
    Peak(device="H100", flops=989e12, dtype="bfloat16"),
    Peak(device="H200", flops=989e12, dtype="bfloat16"),
)


def token_flops(
    encoder: PreTrainedConfig, heads: tuple[str, ...], tuning: Tuning, length: int
) -> float:
    """Return the FLOP of training on one token of an example of this length.

    Args:
        encoder: its shape.
        heads: which of them are trained.
        tuning: what is trained of the encoder.
        length: sub-words of an example.
    """
    dim, inner = encoder.hidden_size, encoder.intermediate_size
    products = 4 * dim * dim + 2 * dim * inner
    attention = 2 * length * dim  # two more products, of activations alone: both need gradients
    passes = PASSES[tuning]
    ways = 1 if tuning == "frozen" else 3
    layers = encoder.num_hidden_layers * (passes * products + ways * attention)
    gates = sum(head_gate(head) is not None for head in heads)
    gate = 2 * dim * (dim // REDUCTION) * (1 + 1 / length)  # local, and global once an example
    dense = dim * dim / length
    return FORWARD * (layers + 3 * (gates * gate + len(heads) * dense))


def epoch_minutes(tokens: int, flops: float, peak: Peak, share: float) -> float:
    """Return the minutes of training on so many tokens.

    Args:
        tokens: padding not counted.
        flops: of one token.
        peak: the device's.
        share: of its peak that is reached.
    """
    return tokens * flops / (peak.flops * share) / 60


def peak_of(device: str) -> Peak | None:
    """Return the peak of the device that CUDA names so, None where we know none."""
    words = set(device.replace("-", " ").split())
    return next((peak for peak in PEAKS if words.issuperset(peak.device.split())), None)


def share_of_peak(device: str, dtype: str, rate: float, flops: float) -> float | None:
    """Return the share of a device's peak that training reaches; None where that is not known.

    Args:
        device: as CUDA names it.
        dtype: the encoder's arithmetic.
        rate: tokens a second.
        flops: of one token.
    """
    peak = peak_of(device)
    return rate * flops / peak.flops if peak and peak.dtype == dtype else None
