"""Results -> plotly figures; pure functions."""
