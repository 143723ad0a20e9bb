"""Small changes of a sentence pair, as data: does an answer survive them?

A perturbation says what it keeps, which label is right afterwards, and what it cannot handle; it
gives the same for the same seed and example, whatever else is perturbed. What it cannot handle is
counted by reason and never passes for perturbed.
"""

from dlfa.data.perturbations.applied import Perturbed, PerturbedSet, perturb, perturb_all
from dlfa.data.perturbations.expected import Rule, expected
from dlfa.data.perturbations.kinds import REASONS, Change, Outcome, Perturbation, Reason
from dlfa.data.perturbations.listed import IDENTITY, PERTURBATIONS, chosen, perturbation

__all__ = [
    "IDENTITY",
    "PERTURBATIONS",
    "REASONS",
    "Change",
    "Outcome",
    "Perturbation",
    "Perturbed",
    "PerturbedSet",
    "Reason",
    "Rule",
    "chosen",
    "expected",
    "perturb",
    "perturb_all",
    "perturbation",
]
