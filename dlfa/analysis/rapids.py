"""UMAP on a GPU where RAPIDS cuML is installed; nothing here needs it."""

from importlib.util import find_spec

import numpy as np
from jaxtyping import Float

__all__ = ["fitted", "installed"]


def installed() -> bool:
    """Return whether cuML is there."""
    return find_spec("cuml") is not None


def fitted(
    directions: Float[np.ndarray, "sentence dim"],
    axes: int,
    *,
    k: int,
    epochs: int,
    seed: int,
) -> Float[np.ndarray, "sentence axis"]:
    """Return cuML's UMAP of one space: where the map of its first space comes from.

    Only there: cuML cannot hold points near the places of the map before.

    Args:
        directions: vectors at length 1, so that straight distances order as cosines do.
        axes: 2 or 3.
        k: neighbours, the sentence itself included.
        epochs: rounds of optimisation.
        seed: of the fit.
    """
    from cuml.manifold import UMAP

    fit = UMAP(
        n_neighbors=k, n_components=axes, n_epochs=epochs, random_state=seed, output_type="numpy"
    )
    return np.asarray(fit.fit_transform(directions), dtype=np.float32)
