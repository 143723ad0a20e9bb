"""The three views of the page What if: this pair, all layers and languages, a whole set."""

from functools import partial
from typing import Any

import streamlit as st

from dlfa import figures
from dlfa.data.languages import language
from dlfa.figures.whatif_words import cost_words, whatif_verdict
from dlfa.figures.words import label_word, time_word
from dlfa.messages import _
from dlfa.results.interventions import TRAINED_GATE
from dlfa.ui import chrome, inputs
from dlfa.ui.evaluate.corpora import at_hand
from dlfa.ui.gates.sets import built_in
from dlfa.ui.pair import language_names
from dlfa.ui.task import task_of
from dlfa.ui.whatif import asked
from dlfa.ui.whatif.chosen import Looked
from dlfa.ui.whatif.code import layers_code, pair_command
from dlfa.ui.whatif.request import BUILT_IN, SetRequest

__all__ = ["VIEWS"]

SIZES = ("20", "100", "300")  # pairs per language of a corpus
CORPUS = "test"


def one_pair(looked: Looked) -> None:
    """Show every head's answer to the pair before and after."""
    found = asked.answers(looked.model, looked.pair.texts, looked.change, looked.translation)
    at = len(found.interventions) - 1
    kind = looked.gate.kind
    st.markdown(whatif_verdict(found, looked.head, at))
    if found.swapped is not None:
        st.caption(_("whatif.swapped", **vars(found.swapped)))
    chrome.figure(
        partial(figures.answers_changed, kind=kind, change=at),
        partial(figures.describe_answers_changed, kind=kind, change=at),
        found,
        key="whatif",
        caption=f"{_('whatif.pair.caption', draws=found.draws)} {cost_words(found)}",
        rows=partial(figures.whatif_table, found),
    )
    if looked.change.kind == "scale" and not looked.change.placed:
        _curve(looked)
    command = pair_command(looked.model, looked.pair.texts, looked.change, looked.translation)
    chrome.reproduce(found.provenance, command)


def _curve(looked: Looked) -> None:
    found = asked.scaled(looked.model, looked.pair.texts, looked.head)
    drawn: dict[str, Any] = {"head": looked.head, "at": looked.change.amount}
    chrome.figure(
        partial(figures.scale_curve, **drawn),
        partial(figures.describe_scale_curve, **drawn),
        found,
        key="scale",
        caption=f"{_('whatif.scale.caption')} {cost_words(found)}",
        rows=partial(figures.whatif_table, found),
    )


def all_layers(looked: Looked) -> None:
    """Show the probability of a label against the layer, for the pair and its translations."""
    change = looked.change
    if looked.of_one_pair:
        st.caption(_("whatif.layers.trained"))
        change = TRAINED_GATE
    item, own = looked.pair.item, looked.pair.language or _("whatif.own")
    pairs = [(own, looked.pair.texts)]
    if item is not None:
        pairs += [(code, pair) for code, pair in item.text.items() if code != own]
    heads = tuple(one.head for one in looked.sweep.heads if one.kind == looked.gate.kind)
    found = asked.layers(looked.model, pairs, heads, change)
    words = {label: label_word(label) for label in _labels_first(looked, found.labels)}
    label = inputs.pick("if_label", words, _("whatif.label"))
    drawn: dict[str, Any] = {"label": label, "names": language_names(item.text) if item else {}}
    chrome.figure(
        partial(figures.layer_curves, **drawn),
        partial(figures.describe_layer_curves, **drawn),
        found,
        key="layers",
        caption=_("whatif.layers.caption")
        + " "
        + _(
            "whatif.layers.cost",
            passes=found.passes,
            time=time_word(found.milliseconds),
            error=f"{found.error:.0e}",
        ),
        rows=partial(figures.layers_table, found),
    )
    chrome.reproduce(found.provenance, layers_code(looked.model, pairs, heads, change), "python")


def _labels_first(looked: Looked, labels: tuple[str, ...]) -> list[str]:
    """Return the labels, that of the example, or the baseline's answer, in front."""
    first = looked.pair.label or looked.sweep.predictions[0].label
    return sorted(labels, key=lambda label: label != first)


def a_set(looked: Looked) -> None:
    """Show what the intervention does to accuracy and agreement over labelled pairs."""
    if looked.of_one_pair:
        st.info(_("whatif.set.one_pair"), icon=":material/info:")
        return
    request = _request(looked)
    if request is None:
        st.info(_("whatif.set.none"), icon=":material/database:")
        return
    found = asked.effects(request)
    if found is not None:
        st.markdown(figures.intervention_verdict(found, looked.head))
        names = {code: language(code).name for code in found.accuracy.languages}
        drawn: dict[str, Any] = {"head": looked.head, "names": names}
        counts = {"n": f"{found.n:,}", "heads": len(found.heads), "items": f"{found.items:,}"}
        settings = found.settings
        chrome.figure(
            partial(figures.intervention_effects, **drawn),
            partial(figures.describe_intervention_effects, **drawn),
            found,
            key="effects",
            caption=_("whatif.set.caption", **counts)
            + " "
            + _(
                "whatif.set.cost",
                passes=settings.get("passes", 0),
                seconds=f"{float(settings.get('seconds', 0)):,.0f}",
            ),
            rows=partial(figures.trial_effects_table, found),
        )
        chrome.reproduce(found.provenance, request.command())
    else:
        st.code(request.command(), language="bash", wrap_lines=True)


def _request(looked: Looked) -> SetRequest | None:
    """Show the sets and return what is asked for; None where there is none."""
    task = task_of(looked.model)
    sets = [*built_in(looked.model), *([CORPUS] if at_hand() else [])]
    if not sets:
        return None
    left, right = st.columns(2)
    with left:
        split = inputs.one_of("if_set", sets, words="whatif.data")
    limit = None
    if split != BUILT_IN:
        with right:
            limit = int(inputs.one_of("if_pairs", SIZES, words="whatif.pairs"))
    return SetRequest(
        model=looked.model, task=task.key, change=str(looked.change), split=split, limit=limit
    )


VIEWS = {"pair": one_pair, "layers": all_layers, "set": a_set}
