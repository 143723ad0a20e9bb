"""Batches -> hidden states -> fusion -> logits."""

# transformers puts another module in its own place while it is imported, and a second thread that
# imports from it meanwhile finds half of it. Python lets one thread at a time into this package.
import transformers  # noqa: F401
