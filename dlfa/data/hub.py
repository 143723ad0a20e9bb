"""Whether the Hugging Face Hub answers, found out before anything waits for it.

When the Hub is out of reach, the libraries' own loading code retries for 20 to 50 seconds, and a
host that accepts but never answers holds it for minutes. So a plain socket with a limit of two
seconds asks first, once per process, and every Hub call is made only if it answered.
"""

import os
import socket
from functools import cache
from urllib.parse import urlsplit

from dlfa.errors import OfflineError

__all__ = ["forget", "reachable", "require"]

LIMIT = 2.0  # seconds


@cache
def reachable() -> bool:
    """Return whether the Hub (or the proxy in front of it) accepts a connection within 2 s.

    ``HF_HUB_OFFLINE=1`` answers no without asking. The answer is kept until `forget`.
    """
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "on", "true", "yes"}:
        return False
    endpoint = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    proxy = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")
    parts = urlsplit(proxy or endpoint)
    port = parts.port or (80 if parts.scheme == "http" else 443)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=LIMIT):
            return True
    except OSError:
        return False


def forget() -> None:
    """Ask again next time: what a "try again" button does."""
    reachable.cache_clear()


def require(what: str) -> None:
    """Raise OfflineError, naming ``what`` is wanted, unless the Hub answers."""
    if not reachable():
        raise OfflineError("error.hub.offline", what=what)
