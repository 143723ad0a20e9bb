"""A model for another kind of task than the page's: say so kindly, and show the ways over."""

import streamlit as st

from dlfa.errors import WrongTaskError
from dlfa.messages import _
from dlfa.ui import address, cache, kinds
from dlfa.ui.guard import literal
from dlfa.ui.session import session

__all__ = ["ways_over"]

MOST = 3  # models that are named one by one


def ways_over(error: WrongTaskError) -> None:
    """Show what the chosen model does instead, the models that this page can ask, and the way to
    the page that can ask this one.

    Raises:
        WrongTaskError: this page asks any kind; what failed is not the visitor's choice.
    """
    kind = kinds.page_kind(address.here())
    if kind is None:
        raise error
    name = literal(session().model)
    st.info(_(f"wrong_task.{kind}", name=name), icon=":material/swap_horiz:")
    with st.container(horizontal=True, vertical_alignment="center"):
        for other in [one for one in cache.model_names() if kinds.kind_of(one) == kind][:MOST]:
            _take(other)
        page = "tag" if kind == "pair" else "predict"
        st.page_link(f"pages/{page}.py", label=_(f"wrong_task.to.{page}"))


def _take(model: str) -> None:
    st.button(
        _("wrong_task.take", name=literal(model)),
        key=f"take-{model}",
        on_click=st.session_state.update,
        args=({"model": model},),
        icon=":material/bolt:",
    )
