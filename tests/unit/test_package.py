"""What ``import dlfa`` offers."""

import subprocess
import sys

import pytest


def test_every_public_name_can_be_imported() -> None:
    import dlfa

    for name in dlfa.__all__:
        assert getattr(dlfa, name) is not None


def test_a_name_is_the_same_object_as_at_its_home() -> None:
    import dlfa
    from dlfa.errors import DlfaError
    from dlfa.results import Prediction

    assert dlfa.DlfaError is DlfaError
    assert dlfa.Prediction is Prediction


def test_dir_lists_every_public_name() -> None:
    import dlfa

    assert set(dlfa.__all__) <= set(dir(dlfa))


def test_the_list_for_type_checkers_and_the_lazy_one_agree() -> None:
    import dlfa

    assert {*dlfa._HOMES, "__version__"} == set(dlfa.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    import dlfa

    with pytest.raises(AttributeError, match="no attribute 'utils'"):
        dlfa.utils  # noqa: B018


def test_the_version_is_the_changelog_s_newest(root) -> None:
    import dlfa

    headings = (root / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert any(
        heading.startswith((f"[{dlfa.__version__}]", "[Unreleased]")) for heading in headings
    )


def test_two_threads_may_import_at_once() -> None:
    """The app loads its model in the background while pages import what they need."""
    code = """
from threading import Barrier, Thread
import dlfa
go, done = Barrier(3), []
def ask(*names):
    go.wait()
    done.extend(getattr(dlfa, name) for name in names)
asked = [("load", "DlfaModel"), ("DlfaConfig", "Predictor"), ("Predictor", "DlfaModel")]
threads = [Thread(target=ask, args=names) for names in asked]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(done) == 6, done
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=120)
