"""Which encoder's spaces the page shows: the chosen model's, tuned, or the one it was made from."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlfa.errors import UnknownModelError
from dlfa.messages import _
from dlfa.ui import inputs
from dlfa.ui.guard import literal
from dlfa.ui.loading import is_known, known, listed_models, loaded
from dlfa.ui.raw_encoders import is_known_raw, raw_digest, raw_encoder
from dlfa.ui.task import backbone_of, stated

if TYPE_CHECKING:
    from dlfa.analysis.embedder import Embedder

__all__ = ["ChosenEncoder", "chosen_encoder"]

TUNED, RAW = "tuned", "raw"


@dataclass(frozen=True, kw_only=True)
class ChosenEncoder:
    """An encoder by name; nothing of it is loaded yet."""

    name: str
    """Of the model, or of the encoder if it is raw."""
    raw: bool

    @property
    def line(self) -> str:
        """Where visitors who ask it take their turns."""
        return f"raw {self.name}" if self.raw else self.name

    @property
    def is_known(self) -> bool:
        """Whether its `source` is known without loading it."""
        return is_known_raw(self.name) if self.raw else is_known(self.name)

    def source(self, place: DeltaGenerator | None = None) -> Hashable:
        """Return what its results are kept under; it is loaded only where that is not known.

        Raises:
            DlfaError: it cannot be loaded.
        """
        return raw_digest(self.name, place) if self.raw else known(self.name, place).source

    def loaded(self, place: DeltaGenerator) -> "Embedder":
        """Return it, ready to embed.

        Args:
            place: where whoever has to wait sees that it loads.

        Raises:
            DlfaError: it cannot be loaded.
        """
        if self.raw:
            return raw_encoder(self.name, place)
        from dlfa.analysis.embedder import Embedder

        return Embedder.of(loaded(self.name, place))


def chosen_encoder(model: str) -> ChosenEncoder:
    """Show the encoders that there are of a model, and return the chosen one.

    Args:
        model: of the side bar: a trained model's name or folder, or an encoder's.

    Raises:
        UnknownModelError: none is chosen.
    """
    if not model:
        raise UnknownModelError("ui.model.none")
    task, backbone = stated(model), backbone_of(model)
    if not task and model not in listed_models():  # an encoder without heads, or nothing at all
        st.caption(_("embeddings.encoder.only", name=literal(Path(model).name)))
        return ChosenEncoder(name=model, raw=True)
    words = {TUNED: _("embeddings.encoder.tuned", name=_short(backbone or model), task=task or "?")}
    if backbone:
        words[RAW] = _("embeddings.encoder.raw", name=_short(backbone))
    chosen = inputs.pick("encoder", words, _("embeddings.encoder"), _("embeddings.encoder.help"))
    raw = chosen == RAW
    return ChosenEncoder(name=backbone if raw else model, raw=raw)


def _short(name: str) -> str:
    return Path(name).name
