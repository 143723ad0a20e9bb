"""Every figure of a report, drawn from made-up ones: for the laws that hold for all."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.unit.figures import report_samples as made
from tests.unit.figures import samples, table_samples

Drawing = Callable[[], Any]


def drawings(heads: Sequence[str], style: Any) -> dict[str, tuple[Drawing, Drawing]]:
    """Return every figure of a report with its alt text, both yet to be made."""
    from dlfa import figures as f
    from dlfa.results import BASELINE

    many = tuple(dict.fromkeys((BASELINE, *heads)))  # what differs from it
    alone = len(heads) == 1
    codes = ("sw", "en") if alone else ("sw", "ar", "en")
    head = heads[-1]
    whole = made.report(many, codes, effects=((head, 0.05),))
    part = made.report(tuple(heads), ("sd",), 7, 1500)
    both = made.comparison(many, codes)
    source = {"made": samples.provenance()}
    named = {"names": made.NAMES}
    kinds = made.stability("aff" if head.endswith("_aff") else "paper", ("D_1", "D_2", "D_8"))
    twice = {"subject": "difference", "differences": whole.differences}

    def drawing(name: str, told: str, *results: Any, only: Any = (), **options: Any):
        """Return a figure and its alt text; ``only`` are options that the words do not need."""
        drawn, described = getattr(f, name), getattr(f, told)
        return (
            lambda: drawn(*results, style, **dict(only), **options),
            lambda: described(*results, **options),
        )

    heat = ("accuracy_heatmap", "describe_accuracy")
    forest = ("difference_forest", "describe_difference_forest")
    tabled = table_samples.measured(many, codes)
    agreed = ("agreement_bars", "describe_agreement", whole.agreement)
    mistakes = ("confusion_matrices", "describe_confusions", whole.confusions)
    return {
        "accuracy_heatmap": drawing(
            *heat, whole.accuracies, only=source, **named, published=made.PUBLISHED
        ),
        "accuracy_so_far": drawing(*heat, part.accuracies, **named, partial=(7, 1500)),
        "difference_heatmap": drawing(
            *heat, whole.accuracies, only={"order": "alphabet"}, **named, **twice
        ),
        "difference_forest": drawing(*forest, whole.differences, only=source),
        "forest_of_a_head": drawing(*forest, whole.differences, head=head, **named),
        "forest_of_runs": drawing(*forest, both.differences, only={"runs": True}),
        "stability_bars": drawing("stability_bars", "describe_stability", kinds, only=source),
        "agreement_bars": drawing(*agreed, only=source),
        "agreement_of_a_head": drawing(*agreed, head=head, **named),
        "confusion_matrices": drawing(*mistakes, only=source, head=head),
        "confusions_of_the_baseline": drawing(*mistakes, head=BASELINE, language="sw", **named),
        "confusions_apart": drawing(*mistakes, head=head, difference=True, language="en"),
        "run_heatmap": drawing("run_heatmap", "describe_run_heatmap", both, head=head, **named),
        **{
            f"slices_by_{one.by}": drawing(
                "slices_plot", "describe_slices", one, only=source, heads=(BASELINE, head)
            )
            for one in whole.slices
        },
        "claim_parts": drawing("claim_parts", "describe_claim_parts", made.finding(2)),
        "claim_of_a_band": drawing(
            "claim_parts", "describe_claim_parts", made.finding(11, 1.0, 3.0)
        ),
        "layer_heatmap": drawing("layer_heatmap", "describe_layer_heatmap", tabled, **named),
        "average_forest": drawing("average_forest", "describe_average_forest", tabled),
        "choice_bars": drawing(
            "choice_bars", "describe_choice_bars", table_samples.measured(("D_1", *many), codes)
        ),
        "training_curves": drawing("training_curves", "describe_training_curves", made.training()),
        "training_curves_of_tags": drawing(
            "training_curves", "describe_training_curves", made.training(1, metric="f1")
        ),
    }


FIGURES = (
    "accuracy_heatmap",
    "accuracy_so_far",
    "difference_heatmap",
    "difference_forest",
    "forest_of_a_head",
    "forest_of_runs",
    "stability_bars",
    "agreement_bars",
    "agreement_of_a_head",
    "confusion_matrices",
    "confusions_of_the_baseline",
    "confusions_apart",
    "run_heatmap",
    "slices_by_tokens",
    "slices_by_overlap",
    "slices_by_negation",
    "slices_by_genre",
    "claim_parts",
    "claim_of_a_band",
    "layer_heatmap",
    "average_forest",
    "choice_bars",
    "training_curves",
    "training_curves_of_tags",
)
