"""Links: what goes in comes out, and nothing else does."""

import ast
import base64
import json
import re
import zlib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import Open, alt_texts, go_to, messages, word, write
from tests.source_tree import ROOT, package, screens


def coded(value) -> str:
    """Pack anything the way a link packs two texts."""
    packed = zlib.compress(json.dumps(value).encode())
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def follow(root: Path, **query: str) -> AppTest:
    """Open a link to the first page, as a new visitor."""
    app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
    app.query_params.update(query)
    return app.run()


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
            ({"ui": "tlh"}, "ui"),
            ({"lang": ["fr", "de"]}, "lang"),
            ({"<img src=x>": "1"}, "<img src=x>"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_cannot_be_used_is_named(self, open_app: Open, query, name):
        app = open_app(**query)
        assert messages(app) == []
        told = [toast.value.replace("\\", "") for toast in app.toast]
        assert told == [word("ui.address.ignored.link", names=name)]
        app.run()
        assert not app.toast  # once is enough

    def test_what_belongs_to_another_page_waits_for_the_visitor(self, open_app: Open):
        app = open_app(layer="3", gate="aff")
        assert not app.toast
        app = go_to(app, "gates")
        assert app.select_slider(key="layer").value == 3
        assert app.segmented_control(key="gate").value == "aff"
        assert app.query_params == {"v": "1", "layer": "3", "gate": "aff"}

    @pytest.mark.parametrize("layer", ["99", "0", "-3", "3.5", "three", ""])
    def test_a_number_that_the_page_does_not_have_is_named_there(self, open_app: Open, layer):
        app = open_app("gates", layer=layer)
        assert [toast.value for toast in app.toast] == [
            word("ui.address.ignored.link", names="layer")
        ]
        assert app.select_slider(key="layer").value == 8

    def test_a_link_may_name_its_page(self, root: Path, warm: None):
        """In an iframe the outer address has no path."""
        app = follow(root, page="gates", layer="3")
        assert [title.value for title in app.title] == [word("gates.title")]
        assert app.select_slider(key="layer").value == 3
        assert app.query_params == {"v": "1", "layer": "3"}

    def test_a_page_that_there_is_not_is_named(self, root: Path, warm: None):
        app = follow(root, page="nowhere")
        assert [toast.value for toast in app.toast] == [
            word("ui.address.ignored.link", names="page")
        ]

    def test_a_choice_comes_along_to_another_page_and_back(self, open_app: Open):
        app = open_app(heads=["D_8", "baseline"])
        assert app.query_params["heads"] == ["baseline", "D_8"]
        app = go_to(go_to(app, "gates"), "predict")
        assert app.pills(key="heads").value == ["baseline", "D_8"]
        assert app.query_params["heads"] == ["baseline", "D_8"]

    def test_no_head_at_all_is_a_choice_too(self, open_app: Open):
        app = open_app()
        app.pills(key="heads").set_value([]).run()
        assert app.query_params["heads"] == ""
        assert open_app(heads="").pills(key="heads").value == []

    def test_a_new_visitor_sees_what_the_link_shows(self, open_app: Open, root: Path):
        app = open_app("gates", example="pnli-02", lang="fr")
        app.select_slider(key="layer").set_value(5).run()
        app.segmented_control(key="gate").set_value("aff").run()
        other = follow(root, page="gates", **app.query_params)
        assert alt_texts(other) == alt_texts(app)
        assert other.query_params == app.query_params
        assert not other.toast

    def test_a_plain_address_stays_plain(self, open_app: Open):
        app = open_app()
        assert app.query_params == {"v": "1"}


def asked_for() -> set[str]:
    """Keys that pages and `dlfa.ui` ask the address for, as far as they are written out."""
    asking = {"choice", "number", "flag", "many", "one_of"}
    return {
        node.args[0].value
        for source in (*package(), *screens())
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in asking
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


class TestSchema:
    def test_the_written_table_lists_every_key_and_no_other(self):
        from dlfa.ui.address import FRAME, OWN
        from dlfa.ui.query import LIMIT, VERSION

        table = (ROOT / "docs" / "links.md").read_text(encoding="utf-8")
        listed = re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)
        assert sorted(listed) == sorted((*OWN, *FRAME))
        assert f"v={VERSION}" in table
        assert f"{LIMIT:,} bytes" in table

    def test_no_widget_asks_for_a_key_that_links_do_not_know(self):
        from dlfa.ui.address import OWN

        assert asked_for() <= set(OWN)

    def test_no_widget_writes_the_address_past_the_schema(self):
        """Streamlit's own binding knows neither the limit nor the notice."""
        binding = [
            source.name
            for source in (*package(), *screens())
            for node in ast.walk(source.tree)
            if isinstance(node, ast.keyword) and node.arg == "bind"
        ]
        assert binding == []
