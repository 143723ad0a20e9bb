"""A pair and its translations, answered by every fusion layer with the gate changed."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch

from dlfa.analysis.controls import controls
from dlfa.analysis.interventions import controls_of
from dlfa.analysis.predict import Predictor, SentencePair
from dlfa.analysis.whatif import (
    baseline_answer,
    fused_answer,
    gates_on,
    pair_heads,
    permutations,
    states_of,
)
from dlfa.errors import InputError
from dlfa.results import Intervention, LayerAnswers, head_layer
from dlfa.results.interventions import TRAINED_GATE

__all__ = ["joined_answers", "layer_answers"]


def layer_answers(
    predictor: Predictor,
    pairs: Mapping[str, SentencePair],
    heads: Iterable[str] | str = "all",
    intervention: Intervention = TRAINED_GATE,
    *,
    seed: int = 0,
) -> LayerAnswers:
    """Return what a pair and its translations are answered, layer by layer.

    Args:
        predictor: the model.
        pairs: the pair in several languages, by their codes; each takes one encoder pass.
        heads: names of fusion heads, in the order of their layers.
        intervention: shown beside the gate as trained.
        seed: of shuffles and random places.

    Raises:
        InputError: an intervention at chosen tokens, or a swap, which belong to one pair.
        TextError, UnknownHeadError, WrongTaskError: see `what_if`.
    """
    if intervention.tokens or intervention.swaps:
        raise InputError("error.intervention.one_pair", name=str(intervention))
    names = pair_heads(predictor, heads)
    twins, began = controls(predictor), time.perf_counter()
    rows, errors = [], []
    for pair in pairs.values():
        gates = gates_on(predictor, states_of(predictor, pair), twins)
        length, channels = gates.states[-1].shape[1:]
        control = controls_of(intervention, length, channels, 1, seed)[0]
        done = [TRAINED_GATE, intervention, control]
        moved = permutations(gates.mask, channels, 1, seed)
        found = gates.answers(names, done, moved)[:, 0]
        rows.append((found, baseline_answer(predictor, gates)[0]))
        with torch.inference_mode():
            errors += [
                float(np.abs(fused_answer(gates, name, one, moved) - found[place, at]).max())
                for at, name in enumerate(names)
                for place, one in enumerate(done)
            ]
    answers = np.array([found for found, _baseline_row in rows])  # (language variant head label)
    return LayerAnswers(
        intervention=intervention,
        languages=tuple(pairs),
        heads=names,
        layers=tuple(head_layer(name) or 0 for name in names),
        labels=predictor.labels,
        trained=answers[:, 0],
        changed=answers[:, 1],
        control=answers[:, 2],
        baseline=np.array([row for _found, row in rows]),
        error=max(errors),
        passes=len(rows),
        milliseconds=1000 * (time.perf_counter() - began),
        provenance=predictor.provenance,
    )


def joined_answers(parts: Sequence[LayerAnswers]) -> LayerAnswers:
    """Return several languages' answers as one result."""

    def together(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts])

    return replace(
        parts[0],
        languages=tuple(code for part in parts for code in part.languages),
        trained=together("trained"),
        changed=together("changed"),
        control=together("control"),
        baseline=together("baseline"),
        error=max(part.error for part in parts),
        passes=sum(part.passes for part in parts),
        milliseconds=sum(part.milliseconds for part in parts),
    )
