"""Numbers that others published, as data: they stand in columns of their own, beside ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlfa.results.heads import head_names

__all__ = ["NER", "PAWS_X", "POS", "XNLI", "Published"]


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
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Groups of languages, ISO 639-1 codes by the authors' name of the group."""
    grouped: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Mean over each group's languages: group -> head -> percent, for some heads only."""
    by_language: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Head -> ISO 639-1 code -> percent, for some heads only."""
    derived: tuple[str, ...] = ()
    """Languages of ``by_language`` that are not printed there: arithmetic on what is."""
    similarity: Mapping[str, float] = field(default_factory=dict)
    """"Average cosine similarity" by head, in [−1, 1]; of what, the authors do not say."""


_AUTHORS = "Chen, Guo, Liu, Tao 2022 (ICPR)"
_URL = "https://arxiv.org/abs/2205.08497"


def _row(*values: float) -> Mapping[str, float]:
    """Return a column of table 1: the baseline, then D_1 to D_11."""
    return dict(zip(head_names(12, aff=False), values, strict=True))


XNLI = Published(
    source=f"{_AUTHORS}, tables 1, 2 and 3",
    url=_URL,
    model="mBERT",
    means=_row(
        *(65.40, 65.85, 66.15, 66.00, 66.14, 65.42),
        *(66.75, 66.20, 66.90, 66.57, 66.55, 66.91),
    ),
    groups={
        "enf": ("en", "de"),
        "noenf": tuple("ar bg el es fr hi ru sw th tr ur vi zh".split()),
    },
    grouped={
        "enf": {"baseline": 75.40, "D_8": 77.11, "D_11": 77.34},
        "noenf": {"baseline": 63.86, "D_8": 65.34, "D_11": 65.31},
    },
    similarity={"D_11": 0.5689, "D_8": 0.6822},
)

PAWS_X = Published(
    source=f"{_AUTHORS}, tables 1 to 4",
    url=_URL,
    model="mBERT",
    means=_row(
        *(81.94, 82.50, 83.04, 83.81, 82.75, 82.44),
        *(84.37, 83.48, 82.91, 84.24, 84.33, 83.04),
    ),
    groups={"enf": ("en", "de"), "noenf": ("es", "fr", "ja", "ko", "zh")},
    grouped={
        "enf": {"baseline": 89.85, "D_10": 90.30, "D_6": 90.00},
        "noenf": {"baseline": 78.80, "D_10": 81.94, "D_6": 82.12},
    },
    similarity={"D_10": 0.8548, "D_6": 0.9461},
    derived=("ja",),  # from table 2
    by_language={
        "baseline": {
            "en": 94.0,
            "de": 85.7,
            "es": 87.0,
            "fr": 87.4,
            "ja": 73.0,
            "ko": 69.6,
            "zh": 77.0,
        },
        "D_10": {
            "en": 94.1,
            "de": 86.5,
            "es": 88.79,
            "fr": 88.3,
            "ja": 76.51,
            "ko": 75.8,
            "zh": 80.3,
        },
        "D_6": {
            "en": 93.9,
            "de": 86.0,
            "es": 89.09,
            "fr": 87.8,
            "ja": 76.41,
            "ko": 76.1,
            "zh": 81.2,
        },
    },
)

NER = Published(
    source=f"{_AUTHORS}, table 1",
    url=_URL,
    model="mBERT",
    means=_row(
        *(62.17, 61.73, 61.34, 61.88, 62.28, 61.66),
        *(61.84, 62.63, 63.34, 62.43, 62.76, 62.27),
    ),
)

POS = Published(
    source=f"{_AUTHORS}, table 1",
    url=_URL,
    model="mBERT",
    means=_row(
        *(70.28, 71.18, 71.38, 71.21, 71.26, 71.08),
        *(71.29, 71.52, 71.36, 71.58, 71.81, 71.53),
    ),
)
