"""The checkpoints that this instance's owner lists in ``DLFA_CHECKPOINTS``.

Folders, or Hub repositories at pinned revisions (``user/name@`` and 40 hexadecimal digits), with
commas, white space or the system's path separator between them. What the owner listed visitors may
use, on a public instance too; they cannot add to it. A repository is fetched at its first use,
and only the files of a checkpoint. After them, on a local instance, come the models that were
trained here, as ``runs/NAME``.
"""

import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlfa.data import hub
from dlfa.data.folders import runs_folder
from dlfa.errors import BrokenFileError, OfflineError, UnknownModelError
from dlfa.policy import policy

__all__ = ["FILES", "OWN", "VARIABLE", "Listed", "folder_of", "listed"]

VARIABLE = "DLFA_CHECKPOINTS"
FILES = (
    "config.json",
    "adapter.safetensors",
    "heads.safetensors",
    "encoder.safetensors",
    "README.md",
    "training.json",
)
NEEDED = FILES[:3]
ENCODER = FILES[3]  # only where it was tuned in full
OWN = "runs/"  # how the names begin of what was trained here
RUN = "checkpoint"  # what `train` calls its result, whatever the run
_SEPARATORS = re.compile(r"[,\n]|" + re.escape(os.pathsep))
_PINNED = re.compile(r"(?P<id>\w[\w.-]*/\w[\w.-]*)@(?P<revision>[0-9a-f]{40})")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One entry of the list."""

    name: str
    """What it is called in lists, links and commands."""
    entry: str
    """As the owner wrote it."""
    revision: str = ""
    """The Hub commit; empty for a folder, or where none was named."""

    @property
    def repository(self) -> str:
        """Its name on the Hub; empty for a folder."""
        return self.entry.partition("@")[0] if self.revision else ""


def listed(taken: Collection[str] = ()) -> dict[str, Listed]:
    """Return the owner's list by name, in its order; no file but a folder's own entry is touched.

    Args:
        taken: names that others have already; a second of the same name gets a number.
    """
    found: dict[str, Listed] = {}
    for entry in dict.fromkeys(_entries(os.environ.get(VARIABLE, ""))):
        pinned = _PINNED.fullmatch(entry)
        plain = pinned["id"] if pinned else _title(entry)
        name, number = plain, 2
        while name in taken or name in found:
            name, number = f"{plain}-{number}", number + 1
        revision = pinned["revision"] if pinned else ""
        found[name] = Listed(name=name, entry=entry, revision=revision)
    return found | {name: one for name, one in _trained().items() if name not in taken}


def _trained() -> dict[str, Listed]:
    """Return what was trained on this computer; a public instance shows its visitors none of it."""
    if not policy().training:
        return {}
    folders = sorted(runs_folder().glob(f"*/{RUN}/{NEEDED[2]}"))
    names = [f"{OWN}{file.parents[1].name}" for file in folders]
    return {
        name: Listed(name=name, entry=str(file.parent))
        for name, file in zip(names, folders, strict=True)
    }


def _entries(value: str) -> Iterator[str]:
    """Yield the entries; the path of a folder that is there may have blanks in it."""
    for part in map(str.strip, _SEPARATORS.split(value)):
        yield from [part] if part and Path(part).is_dir() else part.split()


def _title(entry: str) -> str:
    path = Path(entry)
    return path.parent.name if path.name == RUN and path.parent.name else path.name or entry


def folder_of(chosen: Listed) -> Path:
    """Return the folder with a listed checkpoint's files; what the Hub has is fetched once.

    Raises:
        UnknownModelError: neither a folder nor a repository at a pinned revision; or the Hub has
            no such repository, revision or checkpoint.
        OfflineError: it is not here yet, or not whole, and the Hub does not answer.
    """
    if not chosen.revision:
        if Path(chosen.entry).is_dir():
            return Path(chosen.entry)
        raise UnknownModelError("error.listed.entry", variable=VARIABLE, entry=_shown(chosen))
    return _in_cache(chosen) or _fetched(chosen)


def _shown(chosen: Listed) -> str:
    """Return an entry as visitors may read it: not where this computer keeps its files."""
    return chosen.name if Path(chosen.entry).is_absolute() else chosen.entry


def _in_cache(chosen: Listed) -> Path | None:
    """Return the cached files' folder, None while one is missing: a download was cut short."""
    from huggingface_hub import try_to_load_from_cache

    def cached(file: str) -> Path | None:
        found = try_to_load_from_cache(chosen.repository, file, revision=chosen.revision)
        return Path(found) if isinstance(found, str) else None

    config = cached(NEEDED[0])
    if config is None or not all(map(cached, NEEDED)):
        return None
    return config.parent if not _holds_encoder(config) or cached(ENCODER) else None


def _holds_encoder(config: Path) -> bool:
    """Return whether the checkpoint has its encoder's weights with it."""
    try:
        return json.loads(config.read_text(encoding="utf-8")).get("tuning") == "full"
    except (OSError, ValueError, AttributeError):
        raise BrokenFileError("error.file.truncated", path="config.json") from None


def _fetched(chosen: Listed) -> Path:
    """Fetch a checkpoint's files; each one gets its name only once it is whole."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    if not hub.reachable():
        raise OfflineError("error.listed.offline", name=chosen.entry)
    try:
        snapshot_download(chosen.repository, revision=chosen.revision, allow_patterns=list(FILES))
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:  # gated ones are the former
        raise UnknownModelError("error.listed.missing", name=chosen.entry) from error
    except Exception as error:  # of three libraries, each with its own types for a broken line
        raise OfflineError("error.listed.offline", name=chosen.entry) from error
    folder = _in_cache(chosen)
    if folder is None:
        raise UnknownModelError("error.listed.files", name=chosen.entry, files=", ".join(NEEDED))
    return folder
