"""Which models a visitor can choose by name."""

from collections.abc import Sequence

import streamlit as st

from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui import cache
from dlfa.ui.loading import listed_models

__all__ = ["ENCODERS", "offered", "title", "with_typed"]

ENCODERS = ("mbert",)  # known by name, but no trained heads lie in the repository
KEPT = 5  # typed names

_TYPED = "typed_models"


def offered() -> tuple[str, ...]:
    """Return the models that can be chosen by name: trained ones first, then bare encoders."""
    names = cache.model_names()
    bare = ENCODERS if names and policy().any_model else ()
    return (*names, *(name for name in bare if name not in names))


def with_typed(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names and those that the visitor typed: nothing has to be typed twice."""
    typed: list[str] = st.session_state.setdefault(_TYPED, [])
    held = st.session_state.get("model")
    if held and held not in (*names, *typed):
        typed.append(held)
        del typed[:-KEPT]
    return tuple(dict.fromkeys((*names, *typed)))  # typed, or brought from another page


def title(name: str) -> str:
    """Return what a model is called in a list."""
    if name in ENCODERS:
        return _("models.encoder", name=name)
    chosen = listed_models().get(name)
    if chosen is None:
        return name
    if chosen.revision:
        return _("models.listed.hub", name=name, revision=chosen.revision[:8])
    return _("models.listed.folder", name=name)
