"""A cluster tree's shape from its linkage: the order of its leaves, and the joints above them."""

import numpy as np
from jaxtyping import Float

__all__ = ["joints", "leaf_order"]


def leaf_order(linkage: Float[np.ndarray, "merge 4"]) -> list[int]:
    """Return the leaves from left to right, so that no two branches cross.

    Args:
        linkage: as scipy's ``linkage`` gives it; the first of two branches stands left.
    """
    count = len(linkage) + 1
    leaves = [[leaf] for leaf in range(count)]
    for first, second in linkage[:, :2].astype(int).tolist():
        leaves.append(leaves[first] + leaves[second])
    return leaves[-1]


def joints(linkage: Float[np.ndarray, "merge 4"]) -> Float[np.ndarray, "merge corner 2"]:
    """Return each joint's four corners: up from one branch, across, down to the other.

    Returns:
        place (leaves stand at 0, 1, ...) and height (leaves: 0) of every corner.
    """
    order = leaf_order(linkage)
    tops = [(float(order.index(leaf)), 0.0) for leaf in range(len(order))]
    found = np.empty((len(linkage), 4, 2))
    for at, (first, second, height) in enumerate(linkage[:, :3].tolist()):
        (left, low), (right, other) = tops[int(first)], tops[int(second)]
        found[at] = (left, low), (left, height), (right, height), (right, other)
        tops.append(((left + right) / 2, height))
    return found
