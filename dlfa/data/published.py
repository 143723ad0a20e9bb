"""Numbers that others published, as data: they stand in columns of their own, beside ours."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["XNLI", "Published"]


@dataclass(frozen=True, kw_only=True)
class Published:
    """One task's published numbers, in percent: another model's than any that is shipped here."""

    source: str
    """Authors, year, tables."""
    url: str
    model: str
    """Which encoder gave them."""
    means: Mapping[str, float]
    """Mean over the task's languages by head, the baseline first."""
    groups: Mapping[str, tuple[str, ...]]
    """Groups of languages, ISO 639-1 codes by the authors' name of the group."""
    grouped: Mapping[str, Mapping[str, float]]
    """Mean over each group's languages: group -> head -> percent, for some heads only."""


XNLI = Published(
    source="Chen, Guo, Liu, Tao 2022 (ICPR), tables 1 and 2",
    url="https://arxiv.org/abs/2205.08497",
    model="mBERT",
    means={
        "baseline": 65.40,
        "D_1": 65.85,
        "D_2": 66.15,
        "D_3": 66.00,
        "D_4": 66.14,
        "D_5": 65.42,
        "D_6": 66.75,
        "D_7": 66.20,
        "D_8": 66.90,
        "D_9": 66.57,
        "D_10": 66.55,
        "D_11": 66.91,
    },
    groups={
        "enf": ("en", "de"),
        "noenf": tuple("ar bg el es fr hi ru sw th tr ur vi zh".split()),
    },
    grouped={
        "enf": {"baseline": 75.40, "D_8": 77.11, "D_11": 77.34},
        "noenf": {"baseline": 63.86, "D_8": 65.34, "D_11": 65.31},
    },
)
