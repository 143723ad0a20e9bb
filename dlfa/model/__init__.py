"""Batches -> hidden states -> fusion -> logits."""
