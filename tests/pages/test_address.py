"""Links: what goes in comes out, and nothing else does."""

import base64
import json
import zlib

import pytest

from tests.pages.visitor import Open, messages, word, write


def coded(value) -> str:
    """Pack anything the way a link packs two texts."""
    packed = zlib.compress(json.dumps(value).encode())
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


class TestCodec:
    @pytest.mark.parametrize(
        "pair",
        [("A dog.", "An animal."), ("اشترت لوسيا", "🤷🏽‍♀️"), ("a\x00b", "c\u202ed"), ("", "")],
    )
    def test_texts_come_back_as_they_were(self, pair):
        from dlfa.ui.address import decode, encode

        assert decode(encode(pair)) == pair
        assert encode(pair).isascii()

    @pytest.mark.parametrize(
        "code",
        [
            "",
            "!!!",
            "x" * 2_000,
            "é",
            coded("one text"),
            coded(["one"]),
            coded(["one", 2]),
            coded(["one", "two", "three"]),
            coded({"a": "b"}),
            coded(["\ud800", "lone surrogate"]),
            coded(["x" * 5_001, "too long"]),
            coded([" " * 20_000_000, "a bomb"]),
            coded(["cut", "off"])[:-8],
            base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode().rstrip("="),
        ],
        ids=lambda code: code[:12] or "empty",
    )
    def test_anything_else_is_refused(self, code):
        from dlfa.ui.address import decode

        assert decode(code) is None


class TestLinks:
    def test_texts_of_a_link_fill_the_page(self, open_app: Open):
        from dlfa.ui.address import encode

        app = open_app(v="1", t=encode(("Un chien court.", "Un animal bouge.")))
        assert [field.value for field in app.text_area] == ["Un chien court.", "Un animal bouge."]
        assert not app.toast

    def test_typed_texts_are_in_the_address(self, open_app: Open):
        from dlfa.ui.address import decode

        app = write(open_app(), "Typed here.", "And here.")
        assert decode(app.query_params["t"]) == ("Typed here.", "And here.")
        assert app.query_params["v"] == "1"

    def test_texts_too_long_for_a_link_are_said_to_be(self, open_app: Open):
        import random
        from urllib.parse import urlencode

        noise = "".join(random.Random(0).choices("abcdefghijklmnopqrstuvwxyz ", k=3_000))
        app = write(open_app(), noise, noise[::-1])
        assert "t" not in app.query_params
        assert word("ui.address.long") in [caption.value for caption in app.caption]
        assert len(urlencode(app.query_params, doseq=True)) <= 1_500

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ({"lang": "xx"}, "lang"),
            ({"example": "nothing"}, "example"),
            ({"heads": ["D_1", "D_99"]}, "heads"),
            ({"t": "garbage"}, "t"),
            ({"t": coded(["\ud800", "x"])}, "t"),
            ({"v": "99"}, "v"),
            ({"<img src=x>": "1"}, "<img src=x>"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_cannot_be_used_is_named(self, open_app: Open, query, name):
        app = open_app(**query)
        assert messages(app) == []
        told = [toast.value.replace("\\", "") for toast in app.toast]
        assert told == [word("ui.address.ignored", names=name)]
        app.run()
        assert not app.toast  # once is enough

    def test_a_plain_address_stays_plain(self, open_app: Open):
        app = open_app()
        assert app.query_params == {"v": "1"}
