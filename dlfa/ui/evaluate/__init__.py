"""The page Evaluate: a run's settings, a run on its way, and each view of its results."""
