"""Made-up results of interventions, and every figure of them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.unit.figures import samples

LABELS = ("entailment", "neutral", "contradiction")
FIGURES = ("answers_changed", "scale_curve", "layer_curves", "intervention_effects")


def shares(*shape: int, seed: int = 0) -> np.ndarray:
    found = np.random.default_rng(seed).random((*shape, len(LABELS))) + 0.05
    return (found / found.sum(-1, keepdims=True)).astype(np.float32)


def what_if(*texts: str, heads: tuple[str, ...] = ("D_1", "D_2", "D_8_aff"), **changed: Any):
    from dlfa.results import Intervention, Tokens, WhatIf

    done = tuple(Intervention.parse(text) for text in ("trained", *texts))
    tokens = Tokens(
        pieces=("<s>",),
        special=np.array([True]),
        segment=("special",),
        truncated=False,
        word=np.array([-1]),
        words=(),
    )
    about = {
        "interventions": done,
        "heads": heads,
        "labels": LABELS,
        "probabilities": shares(len(done), len(heads)),
        "deviations": np.full((len(done), len(heads), 3), 0.01),
        "controls": shares(len(done), len(heads), seed=1),
        "control_deviations": np.full((len(done), len(heads), 3), 0.02),
        "baseline": shares(seed=2),
        "lower": shares(len(heads), seed=3),
        "draws": 20,
        "variants": 9,
        "error": 1e-7,
        "passes": 1,
        "milliseconds": 5.0,
        "encoder_milliseconds": 9.0,
        "tokens": tokens,
        "swapped": None,
        "provenance": samples.provenance(),
    }
    return WhatIf(**about | changed)


def layer_answers(text: str = "half", languages: tuple[str, ...] = ("ar", "en", "<b>$x$")):
    from dlfa.results import Intervention, LayerAnswers

    size = len(languages), 3
    return LayerAnswers(
        intervention=Intervention.parse(text),
        languages=languages,
        heads=("D_1", "D_2", "D_3"),
        layers=(1, 2, 3),
        labels=LABELS,
        trained=shares(*size),
        changed=shares(*size, seed=1),
        control=shares(*size, seed=2),
        baseline=shares(len(languages), seed=3),
        error=1e-7,
        passes=len(languages),
        milliseconds=5.0,
        provenance=samples.provenance(),
    )


def trial(*, agreement: bool = True, p: float = 0.01, languages: tuple[str, ...] = ("sw", "en")):
    from dlfa.results import InterventionTrial, SetEffect

    def effect(measure: str, codes: tuple[str, ...]) -> SetEffect:
        each = np.linspace(-0.05, 0.03, 2 * 2 * len(codes)).reshape(2, 2, len(codes))
        mean = each.mean(-1)
        return SetEffect(
            measure=measure,
            languages=codes,
            before=np.full((2, len(codes)), 0.6),
            by_language=each,
            language_low=each - 0.02,
            language_high=each + 0.02,
            average=mean,
            low=mean - 0.01,
            high=mean + 0.01,
            p=np.full((2, 2), p),
            p_holm=np.full((2, 2), p),
            beyond_average=mean[:1] - mean[1:],
            beyond_low=mean[:1] - mean[1:] - 0.02,
            beyond_high=mean[:1] - mean[1:] + 0.02,
            beyond_p_holm=np.full((1, 2), p),
        )

    others = tuple(code for code in languages if code != "en")
    return InterventionTrial(
        data="xnli/test",
        changes=("one", "twin"),
        controls=1,
        heads=("D_1", "D_1_aff"),
        n=24,
        total=24,
        items=12,
        reference="en" if agreement else "",
        accuracy=effect("accuracy", languages),
        agreement=effect("agreement", others) if agreement else None,
        flipped=np.ones((2, 2), int),
        settings={},
        provenance=samples.provenance(),
    )


def drawings(look: Any) -> dict[str, tuple[Callable[[], Any], Callable[[], str]]]:
    """Return every figure with its alt text, both yet to be made."""
    from dlfa import figures as f

    cases = {
        "answers_changed": (what_if("set:0@tokens=1@channels=0-95"), {"kind": "paper"}),
        "scale_curve": (what_if("scale:0", "scale:1", "scale:2"), {"head": "D_2", "at": 1.5}),
        "layer_curves": (layer_answers(), {"label": "neutral"}),
        "intervention_effects": (trial(), {"head": "D_1"}),
    }

    def both(name: str) -> tuple[Callable[[], Any], Callable[[], str]]:
        result, options = cases[name]
        draw, tell = getattr(f, name), getattr(f, f"describe_{name}")
        return lambda: draw(result, look, **options), lambda: tell(result, **options)

    return {name: both(name) for name in FIGURES}
