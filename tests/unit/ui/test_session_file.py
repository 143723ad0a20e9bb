"""The session file: what goes in comes out; a bad one gets one sentence and takes nothing away."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NAMES = st.text("abcdefXYZ0123_-é漢", max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


def session(data: Any) -> Any:
    """Draw any valid session."""
    from dlfa.ui.address import OWN
    from dlfa.ui.session_file import SessionFile

    values = st.lists(NAMES, min_size=1, max_size=23)
    said = {
        "page": NAMES,
        "checkpoint": NAMES,
        "state": st.dictionaries(st.sampled_from(OWN), values),
        "texts": st.none() | st.tuples(TEXTS, TEXTS),
        "pairs": st.lists(st.lists(TEXTS, min_size=2, max_size=3), max_size=5),
    }
    return SessionFile(**data.draw(st.fixed_dictionaries(said)))


def opened(data: bytes) -> tuple[Any, tuple[str, ...]] | None:
    """What a file says; None where it is refused in the one way that is allowed."""
    from dlfa.errors import SessionFileError
    from dlfa.ui.session_file import unpack

    try:
        return unpack(data)
    except SessionFileError as error:
        sentence = str(error)
    assert sentence
    assert "{found}" not in sentence
    return None


def file(**changes: object) -> bytes:
    from dlfa.ui.session_file import SessionFile, pack

    return json.dumps(json.loads(pack(SessionFile(page="gates"))) | changes).encode()


class TestRoundTrip:
    @given(st.data())
    def test_any_session_comes_back(self, data):
        from dlfa.ui.session_file import pack

        saved = session(data)
        assert opened(pack(saved)) == (saved, ())

    def test_it_is_json_and_says_what_it_is(self):
        said = json.loads(file())
        assert (said["schema"], said["version"]) == ("dlfa-session", 1)
        assert set(said) == {
            *("schema", "version", "app", "page", "checkpoint"),
            *("state", "texts", "pairs"),
        }

    def test_a_file_saved_by_an_editor_with_a_mark_in_front_is_read(self):
        found = opened(b"\xef\xbb\xbf" + file())
        assert found is not None
        assert found[0].page == "gates"


class TestHostileFiles:
    @given(st.binary(max_size=300))
    def test_any_bytes_are_refused_in_one_sentence(self, data):
        assert opened(data) is None

    @given(JSON)
    def test_any_json_is_refused_in_one_sentence(self, value):
        assert opened(json.dumps(value).encode()) is None

    @settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_a_file_with_anything_in_any_place_is_read_or_refused(self, data):
        key = data.draw(
            st.sampled_from(["version", "app", "page", "checkpoint", "state", "texts", "pairs"])
        )
        found = opened(file(**{key: data.draw(JSON)}))
        if found is not None:
            read, ignored = found
            assert set(map(type, read.state.values())) <= {list}
            assert all(type(cell) is str for row in read.pairs for cell in row)
            assert all(type(name) is str for name in ignored)

    @given(st.data())
    def test_a_file_with_damaged_bytes_is_read_or_refused(self, data):
        from dlfa.ui.session_file import pack

        whole = bytearray(pack(session(data)))
        for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=4)):
            whole[place] = data.draw(st.integers(0, 255))
        opened(bytes(whole[: data.draw(st.integers(0, len(whole)))]))

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"extra": 1}, ["extra"]),
            ({"texts": ["one"]}, ["texts"]),
            ({"texts": ["x" * 5_001, "y"]}, ["texts"]),
            ({"texts": "ab"}, ["texts"]),
            ({"pairs": [["a", "b"]] * 1_001}, ["pairs"]),
            ({"pairs": {"a": "b"}}, ["pairs"]),
            ({"pairs": [["a", 2], ["a", "b"], ["x" * 5_001, "b"]]}, ["pairs 1", "pairs 3"]),
            ({"page": 7}, ["page"]),
            ({"page": "two\nlines"}, ["page"]),
            ({"state": []}, ["state"]),
            ({"state": {"layer": ["3"], "evil": ["1"]}}, ["evil"]),
            ({"state": {"layer": 3}}, ["layer"]),
            ({"state": {"heads": ["D_1"] * 65}}, ["heads"]),
            ({"state": {"model": ["x" * 301]}}, ["model"]),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_what_is_wrong_is_named_and_the_rest_is_taken(self, changes, named):
        found = opened(file(**changes))
        assert found is not None
        assert list(found[1]) == named
        if "page" not in named:
            assert found[0].page == "gates"

    @pytest.mark.parametrize(
        ("data", "key"),
        [
            (b"", "error.session.unreadable"),
            (b"[]", "error.session.unreadable"),
            (b"[" * 100_000, "error.session.unreadable"),
            (b'{"schema": "other"}', "error.session.unreadable"),
            (b'{"schema": "dlfa-session"}', "error.session.version"),
            (b'{"schema": "dlfa-session", "version": 2}', "error.session.version"),
            (b'{"schema": "dlfa-session", "version": true}', "error.session.version"),
            (b'{"schema": "dlfa-session", "version": ' + b"9" * 5_000 + b"}", None),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_what_is_no_session_of_ours_is_refused(self, data, key):
        from dlfa.errors import SessionFileError
        from dlfa.ui.session_file import unpack

        with pytest.raises(SessionFileError) as caught:
            unpack(data)
        assert key is None or caught.value.key == key


class TestSize:
    @pytest.mark.parametrize(("public", "limit"), [("", 5_000_000), ("1", 1_000_000)])
    def test_is_bounded_by_the_policy_in_both_directions(self, monkeypatch, public, limit):
        from dlfa.errors import SessionFileError
        from dlfa.ui.session_file import SessionFile, pack, unpack

        monkeypatch.setenv("DLFA_PUBLIC", public)
        unpack(file() + b" " * (limit - len(file())))
        with pytest.raises(SessionFileError) as caught:
            unpack(file() + b" " * limit)
        assert caught.value.key == "error.session.large.open"
        with pytest.raises(SessionFileError) as caught:
            pack(SessionFile(pairs=[["漢" * 5_000, "字" * 5_000]] * 200))
        assert caught.value.key == "error.session.large.save"
