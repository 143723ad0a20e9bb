r"""By which door does the score's change come into a fusion head?

Equations (1) and (2) read the lower layer L1 and the last layer L2, with W = (L1 + L2) / 2, in five
places: both values, W in the product, and W in either branch's logits,

.. math:: L = V_1 \odot g + V_2 \odot (1 - g), \quad
    g = P \odot \sigma(\mathrm{global}(G) \oplus \mathrm{local}(N)).

Each place gets a copy of its own, and Integrated Gradients of the head as a function of the copies
goes along the straight path of hidden states from the baseline input to the pair. At every point of
it the copies agree, so that it is the head itself that is followed, and the parts add up.
"""

import time

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.attribution import known, made_in_float32
from dlfa.analysis.panels import MOST, NODES, Integral, integrate
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.analysis.score_paths import Explained, Tell, log_odds
from dlfa.errors import UnknownHeadError
from dlfa.model.fusion import DLFA, masked_mean
from dlfa.results import BASELINE
from dlfa.results.attributions import AIM, DOORS, QUADRATURES, Doors
from dlfa.shapes import TokenStates

__all__ = ["by_door", "doors_of", "through_the_doors"]

Copies = tuple[TokenStates, ...]


def by_door(
    predictor: Predictor,
    pair: SentencePair,
    head: str,
    label: str = "",
    *,
    baseline: str = "mask",
    quadrature: str = "gausslegendre",
    most: int = 4 * MOST,
    tell: Tell = lambda done, total: None,
) -> Doors:
    """Return what each door adds to a fusion head's log-odds of one label, from two encoder passes.

    Args:
        predictor: the model; nothing of it is changed.
        pair: (premise, hypothesis).
        head: one with a gate.
        label: of which label; empty for the head's own answer.
        baseline: of `dlfa.results.attributions.BASELINES`.
        quadrature: of `QUADRATURES`.
        most: gradients of the head alone, after which the integral ends.
        tell: see `dlfa.analysis.score_paths.Tell`.

    Raises:
        UnknownHeadError: a head this model does not have, or one without a gate.
        WrongTaskError, TextError, InputError: see `dlfa.analysis.attribution.attribute`.
    """
    known(quadrature, QUADRATURES)
    began = time.perf_counter()
    explained = Explained.of(predictor, pair, head, label)
    if head == BASELINE:
        fusing = ", ".join(name for name in predictor.heads if name != BASELINE)
        raise UnknownHeadError("error.head.no_gate", known=fusing)
    with torch.no_grad():
        states = explained.states(torch.cat([explained.baseline(baseline), explained.input]))
    found = through_the_doors(explained, states, quadrature, most=most, tell=tell)
    doors = doors_of(_fusion(explained))
    return Doors(
        head=head,
        label=explained.label_key,
        baseline=baseline,
        quadrature=quadrature,
        doors=doors,
        parts=found.parts[[DOORS.index(door) for door in doors]].astype(np.float32),
        start=found.start,
        end=found.end,
        steps=found.steps,
        passes=explained.passes,
        milliseconds=1000 * (time.perf_counter() - began),
        provenance=made_in_float32(predictor),
    )


def doors_of(fusion: DLFA) -> tuple[str, ...]:
    """Return a fusion's doors: a gate that is s itself has no product with W."""
    return tuple(door for door in DOORS if fusion.gate == "paper" or door != "product")


def _fusion(explained: Explained) -> DLFA:
    fusion = explained.module.fusion
    assert fusion is not None
    return fusion


def through_the_doors(
    explained: Explained,
    states: list[TokenStates],
    quadrature: str = "gausslegendre",
    *,
    most: int = 4 * MOST,
    tell: Tell = lambda done, total: None,
) -> Integral:
    """Return what every one of `DOORS` adds between two rows of hidden states.

    Args:
        explained: the head and the label.
        states: by layer, each ``(2 token dim)``: the baseline input's and the pair's.
        quadrature: of `QUADRATURES`.
        most: gradients after which it ends.
        tell: see `dlfa.analysis.score_paths.Tell`.
    """
    from captum.attr import IntegratedGradients

    layer = explained.module.layer
    assert layer is not None
    lower, last = states[layer].float(), states[-1].float()

    def score(*copies: TokenStates) -> Tensor:
        return _score(explained, copies)

    method = IntegratedGradients(score)

    def copies(places: Float[np.ndarray, " place"]) -> Copies:
        share = torch.as_tensor(places, dtype=last.dtype, device=last.device)[:, None, None]
        below, above = (ends[:1] + share * (ends[1:] - ends[:1]) for ends in (lower, last))
        both = (below + above) / 2
        return below, above, both, both.clone(), both.clone()

    def parts(
        lows: Float[np.ndarray, " panel"], highs: Float[np.ndarray, " panel"]
    ) -> Float[np.ndarray, "panel door"]:
        found = method.attribute(
            copies(highs),
            copies(lows),
            n_steps=NODES,
            method=quadrature,
            internal_batch_size=max(len(lows), explained.rows),
        )
        sums = [each.detach().double().sum((1, 2)) for each in found]
        return torch.stack(sums, dim=1).cpu().numpy()

    @torch.no_grad()
    def value(places: Float[np.ndarray, " place"]) -> Float[np.ndarray, " place"]:
        return score(*copies(places)).double().cpu().numpy()

    at_once = max(1, explained.rows // NODES)
    return integrate(parts, value, aim=AIM / 4, most=most, at_once=at_once, tell=tell)


def _score(explained: Explained, copies: Copies) -> Tensor:
    """Return the score of a head whose five readings of the hidden states are told apart."""
    below, above, product, pooled, single = copies
    head, fusion = explained.module, _fusion(explained)
    mask = torch.ones(above.shape[:2], dtype=torch.bool, device=above.device)
    broad = fusion.aif.global_branch(masked_mean(pooled, mask))  # (batch dim)
    attention = (broad[:, None] + fusion.aif.local(single, mask)).sigmoid()
    # A product that does not depend on W still has to be part of the graph for captum.
    gate = product * attention if fusion.gate == "paper" else attention + 0 * product
    fused = fusion.fuse(below, above, gate)
    return log_odds(head.classify(head.pool(fused, mask)), explained.label)
