"""Results -> plotly figures; pure functions.

Every figure takes a result and a `Look`; every ``describe_*`` takes the same result and gives the
figure's alt text. Words come from the message catalogue, colours from `palette`.
"""

from dlfa.figures.accuracy import accuracy_heatmap
from dlfa.figures.accuracy_words import describe_accuracy
from dlfa.figures.agreement import agreement_bars, describe_agreement
from dlfa.figures.alignment import alignment_map, describe_alignment_map
from dlfa.figures.balance import branch_balance, describe_branch_balance
from dlfa.figures.branch_logits import branches, describe_branches
from dlfa.figures.cell_tables import cells_table
from dlfa.figures.cells import cell_numbers, describe_cell_numbers
from dlfa.figures.choice_bars import choice_bars, describe_choice_bars
from dlfa.figures.claims import (
    claim_lead,
    claim_numbers,
    claim_p,
    claim_p_cell,
    claim_parts,
    claim_parts_table,
    claims_table,
    claims_verdict,
    describe_claim_parts,
)
from dlfa.figures.comparisons import answer_difference, describe_answer_difference
from dlfa.figures.confusions import confusion_matrices, describe_confusions
from dlfa.figures.correlation import describe_gate_correlation, gate_correlation
from dlfa.figures.crossed import answers_crossed, describe_answers_crossed
from dlfa.figures.distributions import describe_share_distribution, share_distribution
from dlfa.figures.drift import describe_statistics_drift, statistics_drift
from dlfa.figures.effects import change_effects, change_word, describe_change_effects
from dlfa.figures.embedding_tables import (
    map_table,
    measure_table,
    probe_table,
    quality_table,
    tree_table,
)
from dlfa.figures.explained import describe_variance_explained, variance_explained
from dlfa.figures.forest import describe_difference_forest, difference_forest
from dlfa.figures.gate_tables import (
    alignment_table,
    branches_table,
    cell_table,
    comparison_table,
    effects_table,
)
from dlfa.figures.gate_words import describe_gate_with_control
from dlfa.figures.gates import attention_heatmap, describe_attention_heatmap, gate_with_control
from dlfa.figures.headline import flips_words, report_verdict
from dlfa.figures.languages import describe_head_language, head_language_heatmap
from dlfa.figures.layer_forest import average_forest, describe_average_forest
from dlfa.figures.layer_heat import describe_layer_heatmap, layer_heatmap
from dlfa.figures.layers import describe_layer_multiples, layer_multiples
from dlfa.figures.map_lines import lines_fit
from dlfa.figures.map_words import describe_layer_map, map_others, map_verdict
from dlfa.figures.maps import layer_map
from dlfa.figures.measure_words import measure_verdict, probe_verdict
from dlfa.figures.measures import (
    describe_measure_curves,
    describe_probe_curves,
    measure_curves,
    probe_curves,
)
from dlfa.figures.pair_tables import duel_table, pairs_table, sides_table
from dlfa.figures.palette import Look
from dlfa.figures.probabilities import describe_probabilities, probability_bars
from dlfa.figures.quality import describe_quality_curves, quality_curves
from dlfa.figures.report_tables import (
    accuracy_table,
    agreement_table,
    confusions_table,
    differences_table,
    slices_table,
    stability_table,
)
from dlfa.figures.report_verdicts import (
    agreement_verdict,
    comparison_verdict,
    confusion_verdict,
    stability_verdict,
)
from dlfa.figures.runs import describe_run_heatmap, run_heatmap
from dlfa.figures.set_tables import drift_table, explained_table, study_table, trial_table
from dlfa.figures.shares import describe_share_by_layer, share_by_layer
from dlfa.figures.slices import describe_slices, slices_plot
from dlfa.figures.stability import describe_stability, stability_bars
from dlfa.figures.summaries import effects_summary, trial_summary
from dlfa.figures.table_rows import cost_rows, measured_rows, published_rows
from dlfa.figures.table_verdicts import (
    behind_words,
    choice_verdict,
    gaps_words,
    stands,
    table_verdict,
    way_verdict,
)
from dlfa.figures.table_words import difference_word, marks, seeds_word, value_word, way_word
from dlfa.figures.tables import Row, gates_table, probabilities_table
from dlfa.figures.tokens import describe_token_summary, token_summary
from dlfa.figures.training import describe_training_curves, training_curves, training_table
from dlfa.figures.translations import describe_gate_side_by_side, gate_side_by_side
from dlfa.figures.tree import language_tree
from dlfa.figures.tree_words import describe_language_tree, tree_verdict
from dlfa.figures.trial import change_trial, describe_change_trial
from dlfa.figures.values import spread
from dlfa.figures.verdict import trial_verdict
from dlfa.figures.whatif import answers_changed, describe_answers_changed, whatif_table
from dlfa.figures.whatif_curves import (
    describe_layer_curves,
    describe_scale_curve,
    layer_curves,
    layers_table,
    scale_curve,
)
from dlfa.figures.whatif_trial import (
    describe_intervention_effects,
    intervention_effects,
    intervention_verdict,
    trial_effects_table,
)

__all__ = [
    "Look",
    "Row",
    "accuracy_heatmap",
    "accuracy_table",
    "agreement_bars",
    "agreement_table",
    "agreement_verdict",
    "alignment_map",
    "alignment_table",
    "answer_difference",
    "answers_changed",
    "answers_crossed",
    "attention_heatmap",
    "average_forest",
    "behind_words",
    "branch_balance",
    "branches",
    "branches_table",
    "cell_numbers",
    "cell_table",
    "cells_table",
    "change_effects",
    "change_trial",
    "change_word",
    "choice_bars",
    "choice_verdict",
    "claim_lead",
    "claim_numbers",
    "claim_p",
    "claim_p_cell",
    "claim_parts",
    "claim_parts_table",
    "claims_table",
    "claims_verdict",
    "comparison_table",
    "comparison_verdict",
    "confusion_matrices",
    "confusion_verdict",
    "confusions_table",
    "cost_rows",
    "describe_accuracy",
    "describe_agreement",
    "describe_alignment_map",
    "describe_answer_difference",
    "describe_answers_changed",
    "describe_answers_crossed",
    "describe_attention_heatmap",
    "describe_average_forest",
    "describe_branch_balance",
    "describe_branches",
    "describe_cell_numbers",
    "describe_change_effects",
    "describe_change_trial",
    "describe_choice_bars",
    "describe_claim_parts",
    "describe_confusions",
    "describe_difference_forest",
    "describe_gate_correlation",
    "describe_gate_side_by_side",
    "describe_gate_with_control",
    "describe_head_language",
    "describe_intervention_effects",
    "describe_language_tree",
    "describe_layer_curves",
    "describe_layer_heatmap",
    "describe_layer_map",
    "describe_layer_multiples",
    "describe_measure_curves",
    "describe_probabilities",
    "describe_probe_curves",
    "describe_quality_curves",
    "describe_run_heatmap",
    "describe_scale_curve",
    "describe_share_by_layer",
    "describe_share_distribution",
    "describe_slices",
    "describe_stability",
    "describe_statistics_drift",
    "describe_token_summary",
    "describe_training_curves",
    "describe_variance_explained",
    "difference_forest",
    "difference_word",
    "differences_table",
    "drift_table",
    "duel_table",
    "effects_summary",
    "effects_table",
    "explained_table",
    "flips_words",
    "gaps_words",
    "gate_correlation",
    "gate_side_by_side",
    "gate_with_control",
    "gates_table",
    "head_language_heatmap",
    "intervention_effects",
    "intervention_verdict",
    "language_tree",
    "layer_curves",
    "layer_heatmap",
    "layer_map",
    "layer_multiples",
    "layers_table",
    "lines_fit",
    "map_others",
    "map_table",
    "map_verdict",
    "marks",
    "measure_curves",
    "measure_table",
    "measure_verdict",
    "measured_rows",
    "pairs_table",
    "probabilities_table",
    "probability_bars",
    "probe_curves",
    "probe_table",
    "probe_verdict",
    "published_rows",
    "quality_curves",
    "quality_table",
    "report_verdict",
    "run_heatmap",
    "scale_curve",
    "seeds_word",
    "share_by_layer",
    "share_distribution",
    "sides_table",
    "slices_plot",
    "slices_table",
    "spread",
    "stability_bars",
    "stability_table",
    "stability_verdict",
    "stands",
    "statistics_drift",
    "study_table",
    "table_verdict",
    "token_summary",
    "training_curves",
    "training_table",
    "tree_table",
    "tree_verdict",
    "trial_effects_table",
    "trial_summary",
    "trial_table",
    "trial_verdict",
    "value_word",
    "variance_explained",
    "way_verdict",
    "way_word",
    "whatif_table",
]
