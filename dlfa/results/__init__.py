"""The waist: what the analyses give and what figures and pages see.

Frozen dataclasses over numpy arrays, no torch. Each result carries its `Provenance`.
"""

from dlfa.results.embeddings import (
    UNKNOWN,
    LanguageTree,
    LayerMap,
    LayerMeasure,
    LayerVectors,
    Method,
    Neighbours,
    Placed,
    PooledBy,
    Probe,
    SentenceSet,
)
from dlfa.results.evaluations import GATE_MEASURES, Evaluated, Evaluation, pairs_of
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
from dlfa.results.interventions import Intervention
from dlfa.results.predictions import Prediction
from dlfa.results.provenance import Provenance
from dlfa.results.reports import (
    SLICES,
    Accuracies,
    Agreement,
    Confusions,
    Differences,
    Report,
    RunComparison,
    Slices,
    Stability,
)
from dlfa.results.seeds import Seeded
from dlfa.results.tables import AVERAGE, Choice, Measured, Source, Trained, Way
from dlfa.results.tagged import TaggedEvaluation
from dlfa.results.whatif import InterventionTrial, LayerAnswers, SetEffect, Swapped, WhatIf

__all__ = [
    "AVERAGE",
    "BASELINE",
    "CHANGES",
    "FACTORS",
    "GATE_MEASURES",
    "PARTS",
    "SLICES",
    "UNKNOWN",
    "Accuracies",
    "Agreement",
    "Alignment",
    "Choice",
    "Confusions",
    "Differences",
    "Evaluated",
    "Evaluation",
    "GateComparison",
    "GateEffects",
    "GateKind",
    "GateStudy",
    "GateSweep",
    "GateTrial",
    "HeadGate",
    "Intervention",
    "InterventionTrial",
    "LanguageTree",
    "LayerAnswers",
    "LayerMap",
    "LayerMeasure",
    "LayerVectors",
    "Measured",
    "Method",
    "Neighbours",
    "Placed",
    "PooledBy",
    "Prediction",
    "Probe",
    "Provenance",
    "Report",
    "RunComparison",
    "Seeded",
    "SentenceSet",
    "SetEffect",
    "Slices",
    "Source",
    "Stability",
    "Swapped",
    "TaggedEvaluation",
    "Tokens",
    "Trained",
    "Way",
    "WhatIf",
    "head_gate",
    "head_layer",
    "head_names",
    "pairs_of",
]
