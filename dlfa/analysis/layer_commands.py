"""The command that makes a measure again, to stand beside it."""

import shlex

from dlfa.analysis.translations import Pairs
from dlfa.results import PooledBy

__all__ = ["layers_command"]


def layers_command(
    model: str,
    name: str,
    *,
    data: str = "built-in",
    centred: bool = False,
    pooled_by: PooledBy = "mean",
    pairs: Pairs = "english",
    by: str = "label",
    level: str = "family",
) -> str:
    """Return a ``python -m dlfa layers`` line; what is as by default is left out.

    Args:
        model: an encoder's or a trained model's name.
        name: ``"p_at_1"``, …, ``"silhouette"``, ``"language"``, ``"pos"`` or ``"tree"``.
        data: ``"built-in"``, ``"xnli"``, ``"ntrex"`` or a file's path.
        centred: whether each language's mean is taken off.
        pooled_by: how tokens became vectors.
        pairs: which languages meet.
        by: a silhouette's labels.
        level: a tree's families or branches.
    """
    words = ["python", "-m", "dlfa", "layers", "--model", model, "--measure", name]
    words += ["--set", data] if data != "built-in" else []
    words += ["--centred"] if centred else []
    words += ["--pooling", pooled_by] if pooled_by != "mean" else []
    words += ["--pairs", pairs] if pairs != "english" else []
    words += ["--by", by] if name == "silhouette" and by != "label" else []
    words += ["--level", level] if name == "tree" and level != "family" else []
    return shlex.join(words)
