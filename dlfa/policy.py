"""What this instance allows: a desk (``local``) or a public demo (``public``)."""

import os
from dataclasses import dataclass

__all__ = ["LOCAL", "PUBLIC", "Policy", "policy"]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The limits of one instance, read everywhere, changed nowhere."""

    name: str
    """``"local"`` or ``"public"``: shown in the side bar."""

    any_model: bool
    """Whether visitors may name folders and Hub ids, or only the listed models."""

    training: bool
    """Whether visitors may start training; the command line is its owner's, and always may."""

    corpora: bool = True
    """Whether a visitor's choice may fetch a corpus from the Hub."""

    clearing: bool = True
    """Whether visitors may clear the results that all of them share."""

    max_characters: int = 5_000
    """Longest text of one field, in characters."""

    max_tokens: int = 512
    """Longest model input, in sub-words: more is cut, and the visitor is told."""

    max_pairs: int = 200
    """Most sentence pairs answered at once."""

    max_evaluated: int = 1_000_000
    """Most sentence pairs, of all languages together, in one evaluation on the page."""

    max_upload_bytes: int = 5_000_000
    """Largest file that a visitor may open, such as a session file, in bytes."""

    max_own_bytes: int = 100_000_000
    """Largest file of labelled examples that a visitor may evaluate on, in bytes."""

    max_own_rows: int = 200_000
    """Most rows of it that are read."""

    max_sentences: int = 20_000
    """Most rows of a visitor's own sentences that are placed on a map."""

    max_sentence_bytes: int = 20_000_000
    """Largest file of them, in bytes."""

    parquet: bool = True
    """Whether that file may be Parquet, which can hold far more than its size tells."""

    def __post_init__(self) -> None:
        limits = [value for name, value in vars(self).items() if name.startswith("max_")]
        if min(limits) < 1:
            raise ValueError("limits must be positive")


LOCAL = Policy(name="local", any_model=True, training=True)
PUBLIC = Policy(
    name="public",
    any_model=False,
    training=False,
    corpora=False,
    clearing=False,
    max_evaluated=5_000,
    max_upload_bytes=1_000_000,
    max_own_bytes=5_000_000,
    max_own_rows=5_000,
    max_sentences=5_000,
    max_sentence_bytes=5_000_000,
    parquet=False,
)


def policy() -> Policy:
    """Return this process's policy: ``DLFA_PUBLIC=1`` makes it public."""
    return PUBLIC if os.environ.get("DLFA_PUBLIC", "") == "1" else LOCAL
