"""Why did it answer that? What each word adds to a head's score, by four methods.

Integrated Gradients (Sundararajan et al. 2017), Gradient x Input and DeepLift (Shrikumar et al.
2017) are captum's; Layer Conductance (Dhamdhere et al. 2019) is ours, see
`dlfa.analysis.conductance`. Each explains the way from a baseline input to the pair, and tells
what it misses of it.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.conductance import conductance, read_through
from dlfa.analysis.deep_lift import deep_lift
from dlfa.analysis.panels import MOST, NODES, Integral, integrate
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.analysis.score_paths import Explained, Tell
from dlfa.data.texts import check_text
from dlfa.errors import InputError
from dlfa.results import Provenance
from dlfa.results.attributions import AIM, METHODS, QUADRATURES, Attribution
from dlfa.shapes import TokenStates

__all__ = ["attribute", "integrated_gradients", "made_in_float32", "straight"]


def attribute(
    predictor: Predictor,
    pair: SentencePair,
    head: str,
    label: str = "",
    *,
    method: str = "integrated_gradients",
    baseline: str = "mask",
    quadrature: str = "gausslegendre",
    most: int = MOST,
    tell: Tell = lambda done, total: None,
) -> Attribution:
    """Return what each word of a pair adds to one head's log-odds of one label.

    Args:
        predictor: the model; nothing of it is changed.
        pair: (premise, hypothesis).
        head: whose score.
        label: of which label; empty for the head's own answer.
        method: of `METHODS`.
        baseline: of `BASELINES`.
        quadrature: of `QUADRATURES`, where the method integrates.
        most: gradients after which the integral ends, however much it misses.
        tell: see `dlfa.analysis.score_paths.Tell`.

    Raises:
        WrongTaskError: the model tags words.
        TextError: an empty or over-long text.
        UnknownHeadError, InputError: a head, label, method, baseline or quadrature there is not.
    """
    known(method, METHODS)
    known(quadrature, QUADRATURES)
    began = time.perf_counter()
    explained = Explained.of(predictor, pair, head, label)
    start, end = explained.baseline(baseline), explained.input
    if method == "integrated_gradients":
        found = integrated_gradients(explained, start, end, quadrature, most=most, tell=tell)
    elif method == "layer_conductance":
        found = conductance(explained, start, end, most=most, tell=tell)
    else:
        simple = deep_lift if method == "deep_lift" else gradient_x_input
        found = Integral(simple(explained, start, end), 1, *ends(explained, start, end))
    layers = {
        "layer_conductance": read_through(explained),
        "deep_lift": int(predictor.model.config.layers),
    }
    return Attribution(
        pair=(check_text(pair[0]), check_text(pair[1])),
        tokens=explained.tokens,
        head=head,
        label=explained.label_key,
        method=method,
        baseline=baseline,
        quadrature=quadrature if method == "integrated_gradients" else "",
        layer=layers.get(method, 0),
        scores=found.parts.astype(np.float32),
        start=found.start,
        end=found.end,
        steps=found.steps,
        passes=explained.passes,
        milliseconds=1000 * (time.perf_counter() - began),
        provenance=made_in_float32(predictor),
    )


def known(name: str, names: tuple[str, ...]) -> None:
    """Make sure that there is such a method or quadrature.

    Raises:
        InputError: there is not.
    """
    if name not in names:
        raise InputError("error.method.unknown", method=name, known=", ".join(names))


def made_in_float32(predictor: Predictor) -> Provenance:
    """Return the model's provenance: gradients are the reference model's, never in bfloat16."""
    return replace(predictor.provenance, dtype="float32")


def ends(explained: Explained, start: TokenStates, end: TokenStates) -> tuple[float, float]:
    """Return the scores of the baseline input and of the pair."""
    low, high = explained.scores(torch.cat([start, end])).tolist()
    return low, high


def straight(start: Tensor, end: Tensor) -> Callable[[Float[np.ndarray, " place"]], Tensor]:
    """Return the function that gives the points of the straight path, ``(place token dim)``.

    Args:
        start: ``(1 token dim)``.
        end: the same shape.
    """

    def points(places: Float[np.ndarray, " place"]) -> Tensor:
        share = torch.as_tensor(places, dtype=end.dtype, device=end.device)[:, None, None]
        return start + share * (end - start)

    return points


def integrated_gradients(
    explained: Explained,
    start: TokenStates,
    end: TokenStates,
    quadrature: str,
    *,
    most: int = MOST,
    tell: Tell = lambda done, total: None,
) -> Integral:
    """Return each token's integral of gradient times difference, panel by panel by captum."""
    from captum.attr import IntegratedGradients

    points, method = straight(start, end), IntegratedGradients(explained.score)

    def parts(
        lows: Float[np.ndarray, " panel"], highs: Float[np.ndarray, " panel"]
    ) -> Float[np.ndarray, "panel token"]:
        found: Tensor = method.attribute(
            points(highs),
            points(lows),
            n_steps=NODES,
            method=quadrature,
            internal_batch_size=max(len(lows), explained.rows),
        )
        return found.detach().double().sum(-1).cpu().numpy()

    def value(places: Float[np.ndarray, " place"]) -> Float[np.ndarray, " place"]:
        return explained.scores(points(places)).double().cpu().numpy()

    at_once = max(1, explained.rows // NODES)
    return integrate(parts, value, aim=AIM / 2, most=most, at_once=at_once, tell=tell)


def gradient_x_input(
    explained: Explained, start: TokenStates, end: TokenStates
) -> Float[np.ndarray, " token"]:
    """Return the gradient at the pair times the difference to the baseline, per token."""
    from captum.attr import InputXGradient

    def score(difference: Tensor) -> Tensor:
        return explained.score(start + difference)

    found: Tensor = InputXGradient(score).attribute((end - start).requires_grad_())
    return found.detach()[0].double().sum(-1).cpu().numpy()
