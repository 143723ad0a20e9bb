r"""Layer Conductance: how the change of a score flows through the tokens of one layer.

.. math:: \sum_{j} \int_0^1 \frac{\partial F}{\partial h_{tj}}
    \frac{\partial h_{tj}}{\partial \alpha} \, d\alpha

for token t, its channels j in the layer's hidden states h, along the straight path from the
baseline's embeddings to the pair's (Dhamdhere et al., ICLR 2019). captum's needs a hook on the
shared layer and sums gradients at the left ends of its steps; here each step takes the mean of the
gradients at its two ends, whose error is of second order.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.panels import MOST, NODES, Integral, integrate
from dlfa.analysis.score_paths import Explained, Tell, log_odds
from dlfa.results.attributions import AIM
from dlfa.shapes import TokenStates

__all__ = ["conductance", "read_through"]


def read_through(explained: Explained) -> int:
    """Return the highest layer that all of a head's score passes: its lower layer, or the last."""
    layer = explained.module.layer
    return int(explained.predictor.model.config.layers) if layer is None else layer


def conductance(
    explained: Explained,
    start: TokenStates,
    end: TokenStates,
    *,
    most: int = MOST,
    tell: Tell = lambda done, total: None,
) -> Integral:
    """Return what flows through each token of the head's lower layer (the baseline's last one)."""
    layer = read_through(explained)

    def parts(
        lows: Float[np.ndarray, " panel"], highs: Float[np.ndarray, " panel"]
    ) -> Float[np.ndarray, "panel token"]:
        places = np.linspace(lows, highs, NODES, axis=1)  # (panel node)
        states, gradients = _at(explained, _points(start, end, places.ravel()), layer)
        states, gradients = (
            found.unflatten(0, (len(lows), NODES)) for found in (states, gradients)
        )  # (panel node token dim)
        mean = (gradients[:, 1:] + gradients[:, :-1]) / 2
        return (mean * states.diff(dim=1)).double().sum((1, 3)).cpu().numpy()

    def value(places: Float[np.ndarray, " place"]) -> Float[np.ndarray, " place"]:
        return explained.scores(_points(start, end, places)).double().cpu().numpy()

    at_once = max(1, explained.rows // NODES)
    return integrate(parts, value, aim=AIM / 2, most=most, at_once=at_once, tell=tell)


def _points(start: Tensor, end: Tensor, places: np.ndarray) -> Tensor:
    share = torch.as_tensor(places, dtype=end.dtype, device=end.device)[:, None, None]
    return start + share * (end - start)


def _at(explained: Explained, points: Tensor, layer: int) -> tuple[Tensor, Tensor]:
    """Return a layer's hidden states and the score's gradients there, in batches."""
    states, gradients = [], []
    for some in points.split(explained.rows):
        with torch.no_grad():
            below = explained.states(some)[layer]
        given = below.detach().requires_grad_()
        score = log_odds(explained.read(explained.states(given, layer)), explained.label)
        (gradient,) = torch.autograd.grad(score.sum(), given)
        states.append(below)
        gradients.append(gradient)
    return torch.cat(states), torch.cat(gradients)
