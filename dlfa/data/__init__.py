"""Text -> token batches."""
