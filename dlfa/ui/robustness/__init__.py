"""The parts of the page Robustness."""
