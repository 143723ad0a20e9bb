"""Models in memory: loaded once for all visitors, and anew where a file on the disk is new."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st
from cachetools import LRUCache
from streamlit.delta_generator import DeltaGenerator

from dlfa.data.listed import Listed, listed
from dlfa.errors import BusyError, DlfaError, UnknownModelError
from dlfa.messages import _
from dlfa.results import Provenance
from dlfa.ui.queue import GLANCE
from dlfa.ui.session import remember

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor

__all__ = ["CHECKPOINTS", "Known", "fetch", "is_known", "known", "listed_models", "loaded"]

CHECKPOINTS = Path(__file__).parents[2] / "assets" / "checkpoints"
FILES = ("config.json", "adapter.safetensors", "heads.safetensors")
LOADING_PATIENCE = 120.0  # seconds: an encoder may have to come from the Hub

Stamped = tuple[str, tuple[tuple[int, int] | None, ...]]  # a name, and its files' times and sizes


@dataclass(frozen=True, kw_only=True)
class Known:
    """What stays known of a model that was loaded once, also when others took its place."""

    source: str
    """Digest of all that shapes its answers: what its results are kept under."""
    heads: tuple[str, ...]
    provenance: Provenance


@dataclass
class Load:
    """A load that goes on."""

    stage: str = "libraries"


_MODELS: LRUCache[Stamped, "Predictor"] = LRUCache(maxsize=3)  # a page's, and two to compare
_KNOWN: LRUCache[Stamped, Known] = LRUCache(maxsize=100)
_LOADING: dict[Stamped, Load] = {}
_LOCK = Lock()  # of the three above, never held for long


def listed_models() -> dict[str, Listed]:
    """Return by name what the owner listed beside the models in the repository."""
    return listed({path.parent.name for path in CHECKPOINTS.glob("*/heads.safetensors")})


def known(model: str, place: DeltaGenerator | None = None) -> Known:
    """Return what is known of a model; it is loaded only where nothing is.

    Raises:
        DlfaError: see `loaded`.
    """
    with _LOCK:
        found = _KNOWN.get(_stamped(model))
    if found is None:
        found = _known(loaded(model, place))
        with _LOCK:
            _KNOWN[_stamped(model)] = found
    remember(model, found.provenance)
    return found


def is_known(model: str) -> bool:
    """Return whether `known` has an answer at once."""
    with _LOCK:
        return _KNOWN.get(_stamped(model)) is not None


def _known(predictor: "Predictor") -> Known:
    made = predictor.provenance
    said = made.checkpoint, made.backbone, made.revision, predictor.model.config.to_json_string()
    source = sha256("\n".join(said).encode()).hexdigest()[:16]
    return Known(source=source, heads=predictor.heads, provenance=made)


def loaded(model: str, place: DeltaGenerator | None = None) -> "Predictor":
    """Return the model, and let the side bar know where its numbers come from.

    Args:
        model: a checkpoint's name or folder.
        place: where whoever has to wait sees the stages of loading; empty afterwards.

    Raises:
        DlfaError: see `fetch`.
    """
    if not model:
        raise UnknownModelError("ui.model.none")
    place = st.empty() if place is None else place
    predictor = _kept(_stamped(model))
    if predictor is None:
        try:
            with place.status(_("ui.model.loading")) as box:
                predictor = fetch(model, lambda stage: box.update(label=_stage(stage)))
        except DlfaError:  # the page says what is wrong
            place.empty()
            raise
        place.empty()
    remember(model, predictor.provenance)
    return predictor


def _stage(stage: str) -> str:
    return _(f"ui.model.loading.{stage}")


def fetch(name: str, tell: Callable[[str], object] = lambda stage: None) -> "Predictor":
    """Return a model, loaded once for all visitors; who comes meanwhile waits for that.

    Args:
        name: a checkpoint's name or folder.
        tell: called with the stage that is under way: ``libraries``, ``encoder``, ``heads``.

    Raises:
        DlfaError: see `dlfa.analysis.predict.load`; BusyError if somebody else's load takes long.
    """
    wanted, mine = _stamped(name), Load()
    deadline = time.monotonic() + LOADING_PATIENCE
    while (load := _LOADING.setdefault(wanted, mine)) is not mine:
        if time.monotonic() > deadline:
            raise BusyError("ui.model.slow", seconds=round(LOADING_PATIENCE))
        tell(load.stage)
        time.sleep(GLANCE)
    try:
        return _kept(wanted) or _load(wanted, mine, tell)
    finally:
        del _LOADING[wanted]


def _load(wanted: Stamped, load: Load, tell: Callable[[str], object]) -> "Predictor":
    def begin(stage: str) -> None:
        load.stage = stage
        tell(stage)

    begin("libraries")
    from dlfa.analysis import predict

    predictor = predict.load(wanted[0], begin)
    with _LOCK:
        _MODELS[wanted] = predictor
    return predictor


def _kept(wanted: Stamped) -> "Predictor | None":
    with _LOCK:
        return _MODELS.get(wanted)


def _stamped(name: str) -> Stamped:
    """Return a name with what its files look like from outside, wherever they may lie."""
    chosen = listed_models().get(name)  # what the Hub has at a revision never changes
    folders = CHECKPOINTS / name, Path(chosen.entry if chosen else name)
    return name, tuple(_stamp(folder / file) for folder in folders for file in FILES)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except (OSError, ValueError):  # not there, or no file system takes such a name
        return None
    return found.st_mtime_ns, found.st_size
