"""Model -> results."""
