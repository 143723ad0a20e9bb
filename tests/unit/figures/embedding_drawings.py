"""Every figure of the embedding explorer, drawn from made-up results: for the laws for all."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.unit.figures import embedding_samples as made

Drawing = Callable[[], Any]


def drawings(style: Any) -> dict[str, tuple[Drawing, Drawing]]:
    """Return every figure with its alt text, both yet to be made."""
    from dlfa import figures as f

    sentences = made.sentences()
    mapped, three, flat = made.layer_map(), made.layer_map(dims=3), made.layer_map(method="pca")
    named = {"names": made.NAMES}
    near = {"neighbours": made.neighbours(mapped)}
    odd = np.resize(["<b>1</b>", "$2$ \u202e", ""], len(sentences.texts))
    own = {"colour": "<i>3</i>", "colours": odd}

    def drawing(name: str, *results: Any, only: Any = (), **options: Any):
        """Return a figure and its alt text; ``only`` are options that the words do not need."""
        drawn, told = getattr(f, name), getattr(f, f"describe_{name}")
        return (
            lambda: drawn(*results, style, **dict(only), **options),
            lambda: told(*results, **options),
        )

    return {
        "layer_map": drawing("layer_map", mapped, sentences, only=near, **named),
        "map_of_a_column": drawing(
            "layer_map",
            flat,
            sentences,
            only={"shape": "language", "shapes": sentences.languages, "lines": True},
            **own,
            **named,
            start="D_8",
        ),
        "map_of_the_chosen": drawing(
            "layer_map",
            mapped,
            sentences,
            only={"chosen": (3, 5), "lines": True, "shape": "label", **near}
            | {"shapes": sentences.columns["label"]},
            **named,
        ),
        "map_in_space": drawing("layer_map", three, sentences, only={"lines": True}, **named),
        "quality_curves": drawing("quality_curves", mapped),
        "quality_of_pca": drawing("quality_curves", flat),
        "measure_curves": drawing("measure_curves", made.measure(), **named),
        "measures_of_a_pair": drawing(
            "measure_curves",
            [made.measure(name) for name in ("cka", "silhouette-<b>4</b>")],
            pair=("ar", "en"),
            **named,
        ),
        "measure_of_one_space": drawing(
            "measure_curves", made.measure("<5>", ("sw", "en"), ("D_8",), width=0), **named
        ),
        "probe_curves": drawing("probe_curves", made.probe(), **named),
        "probe_of_languages": drawing(
            "probe_curves", made.probe("language"), language="sw", **named
        ),
        "language_tree": drawing("language_tree", made.tree(), **named),
        "tree_of_two": drawing(
            "language_tree", made.tree(("sw", "en"), ("?", "<b>6</b>")), space="D_8", **named
        ),
    }


FIGURES = (
    "layer_map",
    "map_of_a_column",
    "map_of_the_chosen",
    "map_in_space",
    "quality_curves",
    "quality_of_pca",
    "measure_curves",
    "measures_of_a_pair",
    "measure_of_one_space",
    "probe_curves",
    "probe_of_languages",
    "language_tree",
    "tree_of_two",
)
