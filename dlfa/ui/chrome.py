"""What surrounds the pages' content: headers, figures with their downloads, provenance."""

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from dlfa import __version__
from dlfa.data import hub
from dlfa.messages import _, of_task
from dlfa.policy import policy
from dlfa.results import Provenance
from dlfa.ui import address, kinds, models
from dlfa.ui.frame import through_the_door
from dlfa.ui.guard import literal
from dlfa.ui.saving import Lazy, save_figure
from dlfa.ui.session import session
from dlfa.ui.task import page_task, tuning_of

__all__ = ["figure", "header", "model_card", "model_choice", "reproduce", "style"]

CHOOSING = ("select2d", "lasso2d")  # plotly's buttons to draw around points

# A text's own letters decide its direction, also while it is typed. While a page is redrawn,
# Streamlit keeps a figure's last state for a moment beside the new one: only the new one is seen.
# What plotly says while it saves a picture it says in English only, and the browser says it too.
# The status line looks for itself every few seconds: it must not fade each time.
# Whoever goes by keyboard sees where they are. Code, and words under the mouse, keep the text's
# colour: Streamlit's have too little contrast (WCAG 2.2, 1.4.3). So has its white on the light blue
# of a primary button, and of what was chosen from a list, in the dark: those take the dark
# ground's colour.
STYLE = """<style>
@media (hover: none) { .js-plotly-plot .modebar-container { visibility: hidden; } }
textarea { unicode-bidi: plaintext; text-align: start; }
.stElementContainer:has(.stPlotlyChart)
  + .stElementContainer[data-stale="true"]:has(.stPlotlyChart) { display: none; }
.plotly-notifier { display: none; }
:is(a, button, summary, [role="tab"]):focus-visible {
  outline: 2px solid currentColor; outline-offset: 2px;
}
:is([data-testid="stMain"], .stDataFrame canvas):focus-visible {
  outline: 2px solid currentColor !important; outline-offset: -2px;
}
.st-key-status [data-stale="true"] { opacity: 1; }
.stCode .token.token { color: inherit; }
:is(button[kind="tertiary"], [data-testid="stPopover"] button):is(:hover, :active, :focus) {
  color: inherit;
}
button[kind="primary"]:is(:enabled, :enabled:hover, :enabled:active, :enabled:focus) {
  color: light-dark(#FFFFFF, #12151B);
}
[data-testid="stMultiSelect"] [data-tag] { color: light-dark(#FFFFFF, #12151B); }
</style>"""


def style() -> None:
    """Put the few rules that themes cannot express into the page."""
    st.html(STYLE)


def header(page: str) -> None:
    """Show a page's title and what it answers, in one sentence."""
    through_the_door()
    task = page_task().key
    st.title(of_task(f"{page}.title", task), anchor=False)
    st.markdown(of_task(f"{page}.lead", task))


def figure(
    draw: Callable[..., go.Figure],
    describe: Callable[..., str],
    *results: object,
    key: str,
    caption: str,
    rows: Lazy,
    printed: Lazy | None = None,
    on_choice: Callable[[], None] | None = None,
) -> None:
    """Show a figure with its words and its downloads.

    Args:
        draw: takes the results and a `Look`.
        describe: takes the results and gives the words for those who do not see the figure.
        results: what is drawn.
        key: unique on the page; also the name of downloaded files.
        caption: one to three sentences under it: what one sees, and what the control is.
        rows: the numbers behind it, for the table, or a function that makes them.
        printed: those that the figure shows, for a paper; all of them by default.
        on_choice: called when points were clicked or drawn around; the choice is then in the
            session under ``figure-{key}``.
    """
    drawn, alt = draw(*results, session().look), describe(*results)
    st.plotly_chart(
        drawn,
        key=f"figure-{key}",
        alt=alt,
        theme=None,
        on_select=on_choice or "ignore",
        config={
            "displaylogo": False,
            "modeBarButtonsToRemove": ["autoScale2d", *(() if on_choice else CHOOSING)],
            "toImageButtonOptions": {"filename": key, "scale": 2},
        },
    )
    with st.container(horizontal=True, gap="small"):  # the button keeps its width everywhere
        st.caption(caption, width="stretch")
        save_figure(drawn, key, alt, rows, printed)


def model_choice() -> None:
    """Let the visitor choose a model, in the side bar."""
    kind = kinds.page_kind(address.here())
    held = st.session_state.get("model")
    if (fit := kinds.settled(held, models.offered(), kind)) != held:
        st.session_state["model"] = fit
    names = kinds.fitting(models.offered(), kind)
    free = policy().any_model
    first = address.choice("model", names, names[0] if names else "", free=free)
    names = models.with_typed(names)
    st.selectbox(
        _("ui.model"),
        names,
        index=names.index(first) if first in names else None,
        format_func=models.title,
        key="model",
        persist_state="session",
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
        if tuning_of(session().model) == "frozen" and kinds.kind_of(session().model) == "pair":
            st.caption(_("ui.card.frozen"))
        st.caption(
            _(
                "ui.card.details",
                checkpoint=literal(made.checkpoint),
                gate_init=literal(made.gate_init),
            )
        )
    if hub.reachable.cache_info().currsize:  # known already: never asked from here
        st.caption(_("ui.card.hub.on" if hub.reachable() else "ui.card.hub.off"))
    st.caption(_(f"ui.policy.{policy().name}"))


def reproduce(made: Provenance, code: str, language: str = "bash", *, command: str = "") -> None:
    """Show how to make the page's numbers again, and everything they depend on.

    Args:
        made: the numbers' provenance.
        code: one command, or a few lines of Python.
        language: ``"bash"`` or ``"python"``.
        command: that does the same, where ``code`` is Python.
    """
    with st.expander(_("ui.reproduce"), icon=":material/terminal:"):
        if command:
            st.code(command, language="bash", wrap_lines=True)
            st.caption(_("ui.reproduce.python"))
        st.code(code, language=language, wrap_lines=True)
        facts = {name: value for name, value in made.to_dict().items() if name != "command"}
        versions = {"dlfa": __version__, **made.versions}
        facts["versions"] = ", ".join(f"{name} {found}" for name, found in versions.items())
        columns = {
            _("ui.reproduce.what"): [_(f"ui.fact.{name}") for name in facts],
            _("ui.reproduce.value"): [literal(str(value)) for value in facts.values()],
        }
        st.table(columns, hide_index=True, border="horizontal")
