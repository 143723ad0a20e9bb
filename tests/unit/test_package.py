"""What ``import dlfa`` offers."""

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
