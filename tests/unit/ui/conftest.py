"""Hypothesis without a clock: on a busy machine a time says nothing about the code."""

from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
