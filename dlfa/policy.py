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
    """Whether visitors may start training."""

    max_characters: int = 5_000
    """Longest text of one field, in characters."""

    max_tokens: int = 512
    """Longest model input, in sub-words: more is cut, and the visitor is told."""

    def __post_init__(self) -> None:
        if min(self.max_characters, self.max_tokens) < 1:
            raise ValueError("limits must be positive")


LOCAL = Policy(name="local", any_model=True, training=True)
PUBLIC = Policy(name="public", any_model=False, training=False)


def policy() -> Policy:
    """Return this process's policy: ``DLFA_PUBLIC=1`` makes it public."""
    return PUBLIC if os.environ.get("DLFA_PUBLIC", "") == "1" else LOCAL
