"""Whether the Hugging Face Hub answers, found out before anything waits for it.

When the Hub is out of reach, the libraries' own loading code retries for 20 to 50 seconds, and a
host that accepts but never answers holds it for minutes. So one small request with a limit of two
seconds asks first, once per process, and every Hub call is made only if it was answered.
"""

import os
from functools import cache
from http.client import HTTPException
from queue import Empty, SimpleQueue
from ssl import SSLCertVerificationError
from threading import Thread
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

__all__ = ["answers", "forget", "reachable"]

LIMIT = 2.0  # seconds


@cache
def reachable() -> bool:
    """Return whether the Hub (through the proxy, if one is set) answers within 2 s.

    ``HF_HUB_OFFLINE=1`` answers no without asking. The answer is kept until `forget`.
    """
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "on", "true", "yes"}:
        return False
    endpoint = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    answer: SimpleQueue[bool] = SimpleQueue()
    # A thread, because no socket option limits how long a name server may take.
    Thread(target=lambda: answer.put(answers(endpoint)), daemon=True).start()
    try:
        return answer.get(timeout=LIMIT)
    except Empty:
        return False


def answers(endpoint: str) -> bool:
    """Return whether a host answers a request at all, whatever it says."""
    try:
        if urlsplit(endpoint).scheme not in {"http", "https"}:
            return False
        urlopen(Request(endpoint, method="HEAD"), timeout=LIMIT).close()  # noqa: S310
    except HTTPError as error:
        return error.code < 500  # from 500 on it is a gateway that speaks for a silent host
    except URLError as error:
        # An answer, if one that only the Hub library's own certificates can check.
        return isinstance(error.reason, SSLCertVerificationError)
    except (OSError, HTTPException, ValueError):
        return False
    return True


def forget() -> None:
    """Ask again next time: what a "try again" button does."""
    reachable.cache_clear()
