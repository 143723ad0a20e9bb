"""What all views of the page Embeddings look at: an encoder's spaces of some sentences."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlfa.analysis.precomputed import Precomputed, encoder_digest, opened, raw_digest
from dlfa.messages import _
from dlfa.results import LayerVectors, PooledBy, Provenance, SentenceSet
from dlfa.ui import address, inputs
from dlfa.ui.embeddings.encoders import ChosenEncoder
from dlfa.ui.embeddings.sets import BUILT_IN
from dlfa.ui.embeddings.vectors import vectors
from dlfa.ui.loading import CHECKPOINTS

__all__ = ["Looked", "Shown", "look_at", "shipped_of"]

POOLINGS: tuple[PooledBy, ...] = get_args(PooledBy)
SHIPPED = "mean"  # the pooling of what lies in the repository


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a view showed: where it comes from, and how it is made again."""

    provenance: Provenance
    imports: str
    """Further lines that import what `lines` call."""
    lines: str
    """Python that makes the numbers of ``encoder``, ``vectors`` and ``sentences``."""
    spaces: tuple[str, ...]
    """In which there are numbers."""
    options: tuple[str, ...] = ()
    """Of ``python -m dlfa layers``, beside those of encoder and sentences; none: no command."""
    of_sentences: bool = True
    """Whether the numbers depend on the chosen sentences."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a view looks at."""

    encoder: ChosenEncoder
    sentences: SentenceSet
    pooled_by: PooledBy
    centred: bool
    """Whether each language's mean is taken off first."""
    shipped: Precomputed | None
    """What lies in the repository of this very encoder and these very sentences."""

    def vectors(self) -> LayerVectors:
        """Return the sentences' vectors, computed where they are not there yet.

        Raises:
            DlfaError: see `dlfa.ui.embeddings.vectors.vectors`.
        """
        return vectors(self.encoder, self.sentences, self.pooled_by)

    @cached_property
    def source(self) -> Hashable:
        """What results are kept under; the encoder is loaded if nothing else tells."""
        shipped = self.shipped.about["digest"] if self.shipped else None
        return shipped or (self.encoder.source(), self.sentences.digest, self.pooled_by)

    @property
    def reading(self) -> str:
        """How vectors are read, in the names of precomputed results."""
        return "centred" if self.centred else "raw"

    def at_hand(self, name: str) -> Any:
        """Return a result that lies in the repository; None if it does not."""
        return self.shipped.get(name) if self.shipped else None


def look_at(encoder: ChosenEncoder, sentences: SentenceSet, row: DeltaGenerator) -> Looked:
    """Show how sentences become vectors; return what is chosen.

    Args:
        encoder: the chosen one.
        sentences: the chosen ones.
        row: where the switches stand.
    """
    with row:
        pooled_by = inputs.one_of("pooled", POOLINGS, words="embeddings.pooled")
        centred = st.toggle(
            _("embeddings.centred"),
            value=address.flag("centred", False),
            key="centred",
            help=_("embeddings.centred.help"),
            persist_state="session",
        )
    st.caption(_("embeddings.readings"))
    return Looked(
        encoder=encoder,
        sentences=sentences,
        pooled_by=pooled_by,
        centred=centred,
        shipped=shipped_of(encoder, sentences) if pooled_by == SHIPPED else None,
    )


def shipped_of(encoder: ChosenEncoder, sentences: SentenceSet) -> Precomputed | None:
    """Return what lies in the repository of an encoder and the built-in sentences, if anything."""
    if sentences.name != BUILT_IN:
        return None
    name = encoder.name
    digest = raw_digest(name) if encoder.raw else encoder_digest(CHECKPOINTS / name)
    return opened(Path(name).name, digest, sentences) if digest else None
