"""Two sides to compare: each is a model and one of its heads."""

from dataclasses import dataclass

import streamlit as st

from dlfa.figures.words import head_word
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui import address, cache, models
from dlfa.ui.loading import known
from dlfa.ui.task import stated

__all__ = ["Side", "two_sides"]

SAME = "same"  # the code of the model that is chosen for the whole page
FAVOURITES = {"first": 0, "second": 8}  # the baseline, and D_8 where the model has it
LONGEST = 24  # characters of a model's name, the last ones of a folder


@dataclass(frozen=True, kw_only=True)
class Side:
    """A model and one of its heads."""

    model: str
    head: str

    def name(self, other: "Side") -> str:
        """Return what it is called beside the other: the model is named where it differs."""
        head = head_word(self.head)
        return head if self.model == other.model else f"{head} · {self.model[-LONGEST:]}"


def two_sides(model: str) -> tuple[Side, Side]:
    """Show what A and B are, and return them.

    Args:
        model: the one that is chosen for the page, which both start with.

    Raises:
        DlfaError: one of the models cannot be loaded.
    """
    left, right = st.columns(2, gap="large")
    with left:
        first = _side("first", model)
    with right:
        second = _side("second", model)
    return first, second


def _side(key: str, model: str) -> Side:
    st.markdown(_(f"predict.compare.{key}"))
    chosen = _model(f"{key}_model", model)
    heads = known(chosen).heads
    default = heads[min(FAVOURITES[key], len(heads) - 1)]
    head = st.selectbox(
        _("predict.compare.head"),
        heads,
        index=heads.index(address.choice(f"{key}_head", heads, default)),
        format_func=head_word,
        key=f"{key}_head",
        persist_state="session",
    )
    return Side(model=chosen, head=head)


def _model(key: str, model: str) -> str:
    free = policy().any_model
    alike = (name for name in cache.model_names() if stated(name) in ("", stated(model)))
    options = (SAME, *(name for name in alike if name != model))
    first = address.choice(key, options, SAME, free=free)
    chosen = st.selectbox(
        _("predict.compare.model"),
        options,
        index=options.index(first) if first in options else 0,
        format_func=lambda code: (
            _("predict.compare.same", name=model) if code == SAME else models.title(code)
        ),
        key=key,
        accept_new_options=free,
        help=_("ui.model.help.local" if free else "ui.model.help.public"),
        persist_state="session",
    )
    return model if chosen in (SAME, None) else str(chosen)
