"""What surrounds the pages' content: headers, figures with their downloads, provenance."""

import csv
import io
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from dlfa.data import hub
from dlfa.figures import gates_table, probabilities_table
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.results import GateSweep, Prediction, Provenance
from dlfa.ui.cache import model_names
from dlfa.ui.frame import through_the_door
from dlfa.ui.guard import literal
from dlfa.ui.session import session

__all__ = [
    "by_language",
    "figure",
    "header",
    "model_card",
    "model_choice",
    "reproduce",
    "safe_csv",
    "safe_html",
    "style",
]

PAPER = {False: "#FFFFFF", True: "#12151B"}  # a saved figure brings its own ground
PICTURES = ("svg", "png")
Cell = str | int | float | bool


STYLE = """<style>
textarea { unicode-bidi: plaintext; text-align: start; }
</style>"""  # a text's own letters decide its direction, also while it is typed


def style() -> None:
    """Put the few rules that themes cannot express into the page."""
    st.html(STYLE)


def header(page: str) -> None:
    """Show a page's title and what it answers, in one sentence."""
    through_the_door()
    st.title(_(f"{page}.title"), anchor=False)
    st.markdown(_(f"{page}.lead"))


def figure(
    drawn: go.Figure, *, key: str, alt: str, caption: str, rows: Sequence[Mapping[str, Cell]]
) -> None:
    """Show a figure with its words and its downloads.

    Args:
        drawn: the figure.
        key: unique on the page; also the name of downloaded files.
        alt: what the figure shows, for those who do not see it.
        caption: one or two sentences under it.
        rows: the numbers behind it, for the table.
    """
    picture = st.session_state.get(f"{key}-picture") or PICTURES[0]
    st.plotly_chart(
        drawn,
        key=f"figure-{key}",
        alt=alt,
        theme=None,
        config={
            "displaylogo": False,
            "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
            "toImageButtonOptions": {"format": picture, "filename": key, "scale": 2},
        },
    )
    words, saving = st.columns([6, 1], gap="medium")
    words.caption(caption)
    with saving.popover(_("ui.save"), icon=":material/download:", type="tertiary"):
        _downloads(drawn, key, alt, rows)


def _downloads(drawn: go.Figure, key: str, alt: str, rows: Sequence[Mapping[str, Cell]]) -> None:
    dark = session().dark
    st.download_button(
        _("ui.save.table"),
        data=lambda: safe_csv(rows),
        file_name=f"{key}.csv",
        mime="text/csv",
        key=f"{key}-csv",
        on_click="ignore",
        width="stretch",
    )
    st.download_button(
        _("ui.save.page"),
        data=lambda: safe_html(drawn, alt, dark=dark),
        file_name=f"{key}.html",
        mime="text/html",
        key=f"{key}-html",
        on_click="ignore",
        width="stretch",
    )
    st.segmented_control(
        _("ui.save.picture"),
        PICTURES,
        default=PICTURES[0],
        format_func=str.upper,
        key=f"{key}-picture",
        required=True,
    )


def safe_csv(rows: Sequence[Mapping[str, Cell]]) -> bytes:
    """Return rows as CSV for any spreadsheet; no cell is taken for a formula."""
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _inert(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return cell


def safe_html(drawn: go.Figure, alt: str, *, dark: bool) -> bytes:
    """Return a figure as a page of its own that needs no network."""
    import html

    ground = PAPER[dark]
    page = go.Figure(drawn).update_layout(paper_bgcolor=ground)
    body = page.to_html(full_html=False, include_plotlyjs=True)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'</head><body style="background:{ground}">'
        f'<div role="figure" aria-label="{html.escape(alt)}">{body}</div></body></html>'
    ).encode()


def by_language(answers: Mapping[str, Sequence[Prediction]]) -> list[dict[str, Cell]]:
    """Return the rows of several languages' answers, for one table."""
    return [
        {"language": code, **row}
        for code, predictions in answers.items()
        for row in probabilities_table(predictions)
    ]


def by_head(sweep: GateSweep) -> list[dict[str, Cell]]:
    """Return the rows of several heads' gates, for one table."""
    return [
        row for gate in sweep.heads for row in gates_table(gate, sweep.tokens, sweep.provenance)
    ]


def model_choice() -> None:
    """Let the visitor choose a model, in the side bar."""
    names = model_names()
    free = policy().any_model
    st.selectbox(
        _("ui.model"),
        names,
        key="model",
        bind="query-params",
        accept_new_options=free,
        placeholder=_("ui.model.placeholder"),
        help=_("ui.model.help.local" if free else "ui.model.help.public"),
    )


def model_card() -> None:
    """Say in the side bar which model answers, where it comes from and what it is not."""
    made = session().provenance
    if made is not None:
        st.markdown(
            _("ui.card.encoder", backbone=literal(made.backbone), state=literal(made.state))
        )
        if made.backbone != "mbert":
            st.caption(_("ui.card.not_mbert", backbone=literal(made.backbone)))
        st.caption(
            _(
                "ui.card.details",
                checkpoint=literal(made.checkpoint),
                gate_init=literal(made.gate_init),
                device=literal(made.device),
                dtype=literal(made.dtype),
            )
        )
    if hub.reachable.cache_info().currsize:  # known already: never asked from here
        st.caption(_("ui.card.hub.on" if hub.reachable() else "ui.card.hub.off"))
    st.caption(_(f"ui.policy.{policy().name}"))


def reproduce(made: Provenance, code: str, language: str = "bash") -> None:
    """Show how to make the page's numbers again, and everything they depend on.

    Args:
        made: the numbers' provenance.
        code: one command, or a few lines of Python.
        language: ``"bash"`` or ``"python"``.
    """
    with st.expander(_("ui.reproduce"), icon=":material/terminal:"):
        st.code(code, language=language, wrap_lines=True)
        facts = {name: value for name, value in made.to_dict().items() if name != "command"}
        facts["versions"] = ", ".join(f"{name} {found}" for name, found in made.versions.items())
        columns = {
            _("ui.reproduce.what"): list(facts),
            _("ui.reproduce.value"): [literal(str(value)) for value in facts.values()],
        }
        st.table(columns, hide_index=True, border="horizontal")
