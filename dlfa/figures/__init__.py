"""Results -> plotly figures; pure functions.

Every figure takes a result and a `Look`; every ``describe_*`` takes the same result and gives the
figure's alt text. Words come from the message catalogue, colours from `palette`.
"""

from dlfa.figures.gates import (
    attention_heatmap,
    describe_attention_heatmap,
    describe_gate_with_control,
    gate_with_control,
    spread,
)
from dlfa.figures.languages import describe_head_language, head_language_heatmap
from dlfa.figures.layers import describe_layer_multiples, layer_multiples
from dlfa.figures.palette import Look
from dlfa.figures.probabilities import describe_probabilities, probability_bars
from dlfa.figures.shares import describe_share_by_layer, share_by_layer
from dlfa.figures.tables import gates_table, probabilities_table
from dlfa.figures.tokens import describe_token_summary, token_summary

__all__ = [
    "Look",
    "attention_heatmap",
    "describe_attention_heatmap",
    "describe_gate_with_control",
    "describe_head_language",
    "describe_layer_multiples",
    "describe_probabilities",
    "describe_share_by_layer",
    "describe_token_summary",
    "gate_with_control",
    "gates_table",
    "head_language_heatmap",
    "layer_multiples",
    "probabilities_table",
    "probability_bars",
    "share_by_layer",
    "spread",
    "token_summary",
]
