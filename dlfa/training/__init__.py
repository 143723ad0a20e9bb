"""Recipes that fine-tune an encoder and its heads."""

import dlfa.model  # noqa: F401  (imports transformers, one thread at a time)
