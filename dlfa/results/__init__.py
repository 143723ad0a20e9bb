"""The waist: what the analyses give and what figures and pages see.

Frozen dataclasses over numpy arrays, no torch. Each result carries its `Provenance`.
"""

from dlfa.results.gates import (
    CHANGES,
    FACTORS,
    PARTS,
    Alignment,
    GateComparison,
    GateEffects,
    GateStudy,
    GateSweep,
    GateTrial,
    HeadGate,
    Tokens,
)
from dlfa.results.heads import BASELINE, GateKind, head_gate, head_layer, head_names
from dlfa.results.predictions import Evaluation, Prediction
from dlfa.results.provenance import Provenance

__all__ = [
    "BASELINE",
    "CHANGES",
    "FACTORS",
    "PARTS",
    "Alignment",
    "Evaluation",
    "GateComparison",
    "GateEffects",
    "GateKind",
    "GateStudy",
    "GateSweep",
    "GateTrial",
    "HeadGate",
    "Prediction",
    "Provenance",
    "Tokens",
    "head_gate",
    "head_layer",
    "head_names",
]
