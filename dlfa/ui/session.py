"""What one visitor has chosen, as plain values."""

from dataclasses import dataclass

import streamlit as st

from dlfa.figures.palette import Look
from dlfa.results import Provenance

__all__ = ["Session", "remember", "session"]

_MADE_BY = "made_by"  # (model, its provenance), once it has answered in this session


@dataclass(frozen=True, kw_only=True)
class Session:
    """One visitor's choices, as they are in this run of the page."""

    model: str
    """A checkpoint's name or folder; empty if there is none."""
    dark: bool
    """Whether the browser shows the dark theme."""
    provenance: Provenance | None
    """Where the model's numbers come from, once it has been loaded."""

    @property
    def look(self) -> Look:
        """How figures are drawn for this visitor."""
        return Look(dark=self.dark)


def session() -> Session:
    """Return the visitor's session."""
    model = st.session_state.get("model") or ""
    made_by, provenance = st.session_state.get(_MADE_BY, ("", None))
    return Session(
        model=model,
        dark=st.context.theme.type == "dark",
        provenance=provenance if made_by == model else None,
    )


def remember(model: str, provenance: Provenance) -> None:
    """Keep a model's provenance for the side bar."""
    st.session_state[_MADE_BY] = (model, provenance)
