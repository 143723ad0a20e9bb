"""Writes that are whole or not there at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["replacing", "write_json"]


@contextmanager
def replacing(folder: Path, *, copy: bool = False) -> Iterator[Path]:
    """Yield a fresh folder that takes another's place if the block ends well.

    Args:
        folder: what is replaced, or made.
        copy: begin with a copy of it rather than empty.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".saving-") as scratch:
        fresh, old = Path(scratch) / "fresh", Path(scratch) / "old"
        if copy and folder.exists():
            shutil.copytree(folder, fresh)
        fresh.mkdir(exist_ok=True)
        yield fresh
        if folder.exists():
            folder.rename(old)
        try:
            fresh.rename(folder)
        except BaseException:  # also Control-C: the scratch folder and all in it is removed
            if old.exists() and not folder.exists():
                old.rename(folder)
            raise


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file: it is whole, or what it was before."""
    scratch = path.with_suffix(f".{os.getpid()}.tmp")
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    except OSError:
        scratch.unlink(missing_ok=True)  # part of it, where the disk is full
        raise
