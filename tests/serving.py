"""The running app and a browser to look at it: for the browser tests and the screenshots."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox: containers run as root. No background networking: nothing leaves this machine.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
)
PATIENCE = 90.0  # seconds for the app to answer: a busy machine may still be importing


def chromium_path() -> str | None:
    """Return the browser named by BROWSER_PATH, or the first one on PATH."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return named if Path(named).is_file() else None
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def running_app(**environment: str) -> Iterator[str]:
    """Start the app on a free port, yield its address once it answers, stop it in the end.

    Args:
        environment: variables to add, such as ``DLFA_PUBLIC="1"``.
    """
    port = free_port()
    command = [
        *(sys.executable, "-m", "streamlit", "run", "app.py"),
        f"--server.port={port}",
        "--server.address=127.0.0.1",
        "--server.headless=true",
        "--server.fileWatcherType=none",
    ]
    offline: Mapping[str, str] = {"HF_HUB_OFFLINE": "1"}
    with tempfile.TemporaryFile("w+") as log:
        app = subprocess.Popen(
            command, cwd=ROOT, env=offline | os.environ | environment, stdout=log, stderr=log
        )
        try:
            if not answers(f"http://127.0.0.1:{port}/_stcore/health", app):
                log.seek(0)
                raise RuntimeError(f"the app did not start:\n{log.read()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            app.terminate()
            try:
                app.wait(10)
            except subprocess.TimeoutExpired:
                app.kill()
                app.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str, app: subprocess.Popen[bytes]) -> bool:
    """Return whether the app answers before it ends or our patience does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and app.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False
