"""The address that visitors know."""

import pytest


@pytest.mark.parametrize(
    ("named", "space", "expected"),
    [
        ("", "", ""),
        ("", "someone/dlfa", "https://huggingface.co/spaces/someone/dlfa"),
        ("https://example.org/dlfa", "someone/dlfa", "https://example.org/dlfa"),
        (" http://localhost:8080/ ", "", "http://localhost:8080/"),
        ("javascript:alert(1)", "", ""),
        ("example.org", "", ""),
    ],
)
def test_the_named_address_wins_then_the_space_then_the_pages_own(
    monkeypatch, named, space, expected
):
    from dlfa.ui.link import public_address

    monkeypatch.setenv("DLFA_PUBLIC_URL", named)
    monkeypatch.setenv("SPACE_ID", space)
    assert public_address() == expected
