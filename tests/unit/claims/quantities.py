"""Synthetic numbers with a known truth, as the rules take them."""

import numpy as np

DRAWS = 300


def measured(generator, truth, error=0.2, seeds=1, between=0.0):
    """Return one part as a bootstrap of examples gives it, of so many training seeds."""
    from dlfa.claims.quantities import Drawn

    centre = truth + error * generator.normal()  # the examples, shared by the seeds
    found = centre + between * generator.normal(size=seeds)
    drawn = found[:, None] + error * generator.normal(size=DRAWS)[None]
    return Drawn(found, drawn)


def shares(rule, truths, sets=400, **about):
    """Return how often a rule gives each verdict on data whose truth is known."""
    generator = np.random.default_rng(0)
    verdicts = []
    for _set in range(sets):
        parts = {str(at): measured(generator, truth, **about) for at, truth in enumerate(truths)}
        verdicts.append(rule(parts).verdict)
    return {name: verdicts.count(name) / sets for name in set(verdicts)}
