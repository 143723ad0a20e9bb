"""What is on trial: an encoder with a recipe of training, or a visitor's own data for one claim."""

import streamlit as st

from dlfa.claims.evidence import Evidence, gather
from dlfa.claims.sources import found_runs, offered
from dlfa.messages import _
from dlfa.ui import inputs
from dlfa.ui.guard import literal
from dlfa.ui.raw_encoders import embedded_by

__all__ = ["chosen_trial"]

NAMED = ("joint", "paper", "full", "frozen")  # recipes with words of ours
FRESH = 30  # seconds for which the list of records on disk is believed


def chosen_trial() -> Evidence:
    """Show which encoders and recipes have records, and return the evidence of the chosen one."""
    known = _known()
    words = {
        f"{backbone}/{recipe}": _(
            "claims.tried.one",
            backbone=backbone,
            recipe=_(f"claims.recipe.{recipe}") if recipe in NAMED else recipe,
            tasks=", ".join(_(f"claims.part.{task}") for task in tasks),
        )
        for backbone, recipe, tasks in known
    }
    chosen = inputs.pick("tried", words, _("claims.tried"), _("claims.tried.help"))
    backbone, recipe = chosen.rsplit("/", 1)
    found = _evidence(backbone, recipe)
    for sentence in found.damaged:
        st.warning(literal(sentence), icon=":material/broken_image:")
    return found


@st.cache_data(ttl=FRESH, show_spinner=False)
def _known() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    found = ((*pair, tuple(found_runs(*pair)[0])) for pair in offered())
    return tuple(one for one in found if one[2])


@st.cache_resource(ttl=FRESH, max_entries=8, show_spinner=False)
def _evidence(backbone: str, recipe: str) -> Evidence:
    return gather(backbone, recipe, vectors=embedded_by(backbone))
