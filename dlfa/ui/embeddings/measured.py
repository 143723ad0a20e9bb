"""Measures, probes and trees of the chosen sentences: precomputed, or made in the background."""

from typing import Any

import streamlit as st

from dlfa.results import LanguageTree, LayerMeasure, Probe
from dlfa.ui.background import Piece
from dlfa.ui.embeddings.looked import Looked
from dlfa.ui.embeddings.vectors import spaces_within
from dlfa.ui.turns import patient_turn, visitor
from dlfa.ui.waiting import made

__all__ = ["measure_of", "probe_of_language", "probe_of_words", "tree_of"]

SILHOUETTE = "silhouette-"


def measure_of(looked: Looked, name: str, pairs: str) -> LayerMeasure | None:
    """Return a measure in every space; None while it is not there.

    Args:
        looked: whose.
        name: one of `dlfa.analysis.layer_measures.MEASURES`, or ``silhouette-`` and a column.
        pairs: ``"english"`` or ``"all"``; nothing to a silhouette.

    Raises:
        InputError: too few languages, translations or groups.
    """

    def make(piece: Piece) -> LayerMeasure:
        from dlfa.analysis.layer_measures import measure
        from dlfa.analysis.silhouettes import silhouette

        about: dict[str, Any] = {"centred": looked.centred}
        if name.startswith(SILHOUETTE):
            by = name.removeprefix(SILHOUETTE)
            return silhouette(vectors, looked.sentences, by, **about)
        told: Any = pairs
        about |= {"pairs": told, "on_progress": piece.tell}
        return measure(name, vectors, looked.sentences, **about)

    found: LayerMeasure | None = looked.at_hand(f"measure/{name}/{pairs}/{looked.reading}")
    if found is None:
        vectors = looked.vectors()
        key = ("measure", name, pairs, looked.centred, looked.source)
        found = made(key, make, "embeddings.work.measure")
    return found


def probe_of_language(looked: Looked) -> Probe | None:
    """Return how well a sentence's language can be told; None while that is not there.

    Raises:
        InputError: too few languages or sentences.
    """

    def make(piece: Piece) -> Probe:
        from dlfa.analysis.probes import language_probe

        return language_probe(vectors, looked.sentences, on_progress=piece.tell)

    found: Probe | None = looked.at_hand("probe/language")
    if found is None:
        vectors = looked.vectors()
        found = made(("probe", looked.source), make, "embeddings.work.probe")
    return found


def probe_of_words(looked: Looked) -> Probe | None:
    """Return how well parts of speech learned from English are found; None while not there.

    It does not depend on the chosen sentences, but only on the encoder.

    Raises:
        MissingDataError, OfflineError: the treebanks are not at hand.
    """
    found: Probe | None = looked.at_hand("probe/pos")
    if found is not None:
        return found
    embedder, line, whose = looked.encoder.loaded(st.empty()), looked.encoder.line, visitor()

    def make(piece: Piece) -> Probe:
        from dlfa.analysis.pos_probe import PosProbe

        work = PosProbe(embedder, spaces=spaces_within(embedder, 1))
        steps = work.steps()
        while True:
            with patient_turn(line, whose, lambda ahead: piece.tell(piece.done, piece.total)):
                step = next(steps, None)
            if step is None:
                return work.result()
            piece.tell(*step)

    found = made(("probe-pos", embedder.digest), make, "embeddings.work.probe")
    return found  # noqa: RET504 - which says its type


def tree_of(looked: Looked, level: str) -> LanguageTree | None:
    """Return how the languages cluster; None while that is not there.

    Args:
        looked: whose.
        level: ``"family"`` or ``"branch"``: what clusters are compared with.

    Raises:
        InputError: fewer than three languages.
    """

    def make(piece: Piece) -> LanguageTree:
        from dlfa.analysis.families import language_tree

        told: Any = level
        return language_tree(vectors, looked.sentences, level=told)

    found: LanguageTree | None = looked.at_hand(f"tree/{level}")
    if found is None:
        vectors = looked.vectors()
        found = made(("tree", level, looked.source), make, "embeddings.work.tree")
    return found
