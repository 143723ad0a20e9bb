"""The parts of the page Claims: what is tried, the verdicts at a glance, one claim in full."""
