"""What can be said of any encoder, with heads or without: its limits, and the libraries."""

import platform
from importlib.metadata import version

from transformers import PreTrainedConfig

from dlfa.policy import policy

__all__ = ["longest_input", "versions"]

LIBRARIES = ("torch", "transformers", "tokenizers", "numpy")


def longest_input(config: PreTrainedConfig) -> int:
    """Return an encoder's longest input in sub-words; more is cut."""
    longest = int(config.max_position_embeddings)
    if config.model_type != "bert":
        longest -= 2  # RoBERTa's positions start after its padding id
    return min(longest, policy().max_tokens)


def versions() -> dict[str, str]:
    """Return the versions of the libraries that shape the numbers."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}
