"""How every benchmark prints what it measured."""

import json
import sys
from collections.abc import Mapping

__all__ = ["show"]


def show(found: Mapping[str, object], *, as_json: bool) -> None:
    """Print a line per figure, or one JSON object as the last line."""
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for name, value in found.items():
        sys.stdout.write(f"{name}: {value}\n")
