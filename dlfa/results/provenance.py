"""Where a number comes from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Provenance"]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a number comes from; shown beside it and stored with it."""

    backbone: str
    """The encoder's key, Hub id or folder name: ``"e5-small"``, ``"mbert"``."""
    state: str
    """``"raw"`` or ``"tuned(task)"``."""
    checkpoint: str
    """sha256 (first 16 hex digits) of the adapter and the heads, empty for a raw encoder."""
    revision: str
    """The encoder's pinned source: a Hub commit or a file's sha256."""
    device: str
    """Such as ``"cpu"`` or ``"NVIDIA H100 80GB HBM3"``."""
    dtype: str
    """The encoder's arithmetic: ``"float32"`` or ``"bfloat16"``."""
    seed: int
    """The seed of training (tuned) or of sampling (raw)."""
    gate_init: str = ""
    """``"standard"`` or ``"neutral"``, empty without heads."""
    command: str = ""
    """The command that makes this number again."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions of the libraries that shape the numbers."""

    @property
    def task(self) -> str:
        """The task's key; empty for a raw encoder."""
        return self.state.removeprefix("tuned(").removesuffix(")") if "(" in self.state else ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)
