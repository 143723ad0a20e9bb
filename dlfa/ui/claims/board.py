"""All verdicts at a glance: a table whose rows open the claims."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dlfa.figures import claim_numbers, claim_p_cell, claims_table, claims_verdict
from dlfa.messages import _
from dlfa.results.claims import Finding
from dlfa.ui import address, saving
from dlfa.ui.claims.signs import sign

__all__ = ["chosen_claim", "show_board"]

WIDTHS = {"#": 36, "claim": 330, "estimate": 195, "p": 60}  # px; the verdict's: its words'
TABLE = "claims-board"


def show_board(found: Sequence[Finding]) -> None:
    """Show how many claims stand how, and each with its numbers.

    Args:
        found: in the order of the rows.
    """
    st.info(claims_verdict(found), icon=":material/gavel:")
    numbers = [one.claim for one in found]

    def opened() -> None:
        for row in st.session_state[TABLE]["selection"]["rows"]:
            st.session_state["claim"] = str(numbers[row])

    columns = {  # the verdict first: on a phone the rest is a swipe away
        "verdict": [f"{sign(one.verdict)} {_(f'claims.verdict.{one.verdict}')}" for one in found],
        "claim": [_(f"claims.{one.claim}.sentence") for one in found],
        "estimate": [claim_numbers(one) for one in found],
        "p": [claim_p_cell(one) for one in found],
    }
    st.dataframe(
        pd.DataFrame(columns, index=pd.Index([str(one or "?") for one in numbers], name="#")),
        key=TABLE,
        on_select=opened,
        selection_mode="single-row",
        column_config={
            "#": st.column_config.TextColumn("#", width=WIDTHS["#"]),
            "verdict": st.column_config.TextColumn(_("claims.column.verdict")),
            "claim": st.column_config.TextColumn(_("claims.column.claim"), width=WIDTHS["claim"]),
            "estimate": st.column_config.TextColumn(
                _("claims.column.estimate"), width=WIDTHS["estimate"]
            ),
            "p": st.column_config.TextColumn("p", width=WIDTHS["p"]),
        },
        placeholder="",
        height="content",
        alt=claims_verdict(found),
    )
    with st.container(horizontal=True, gap="small"):
        st.caption(_("claims.board.caption"), width="stretch")
        saving.save_table("claims", lambda: claims_table(found))


def chosen_claim(found: Sequence[Finding]) -> Finding:
    """Show which claim is looked at, and return its finding."""
    by_number = {str(one.claim): one for one in found}
    first = address.choice("claim", list(by_number), next(iter(by_number)))
    chosen = st.selectbox(
        _("claims.chosen"),
        list(by_number),
        index=list(by_number).index(first),
        format_func=_named,
        key="claim",
        persist_state="session",
    )
    return by_number[str(chosen)]


def _named(number: str) -> str:
    sentence = _(f"claims.{number}.sentence")
    return f"{number}. {sentence}" if number != "0" else _("claims.question", sentence=sentence)
