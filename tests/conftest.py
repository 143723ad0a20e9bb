"""What every test shares.

`dlfa` is not imported up here: jaxtyping's hook has to be in place first, so that the shapes and
types of every call are checked. Fixtures import what they need.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import chromium_path, running_app

# Before anything imports huggingface_hub, which reads this once: a test never waits for a network.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# Evaluations and trainings of tests are kept apart from those of whoever runs the tests.
_CACHE = tempfile.TemporaryDirectory(prefix="dlfa-tests-")
os.environ["DLFA_CACHE_DIR"] = _CACHE.name
os.environ["DLFA_RUNS"] = str(Path(_CACHE.name) / "runs")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The mirror of the Hub's data sets; tests that need it are skipped where there is none."""
    named = os.environ.get("DLFA_DATA_DIR", "")
    if not named or not Path(named).is_dir():
        pytest.skip("DLFA_DATA_DIR names no folder with a mirror of the data sets")
    return Path(named)


@pytest.fixture(scope="session")
def checkpoint() -> Path:
    """The shipped model's folder; tests that need it are skipped where it is not there."""
    folder = ROOT / "assets" / "checkpoints" / "e5-small-xnli"
    if not (folder / "heads.safetensors").is_file():
        pytest.skip("assets/checkpoints/e5-small-xnli is not there: train it first")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; browser tests are skipped where there is none."""
    found = chromium_path()
    if found is None:
        pytest.skip("no Chromium on PATH and none named by BROWSER_PATH")
    return found


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running app, one for all browser tests of this process."""
    with running_app(DLFA_CACHE_DIR=str(tmp_path_factory.mktemp("cache"))) as address:
        yield address
