"""Laws that hold for every figure of a report; as in `test_every_figure`."""

import json
import re

import numpy as np
import pytest

from tests.unit.figures import report_drawings, report_samples, samples
from tests.unit.figures.test_every_figure import OURS, readable

every_figure = pytest.mark.parametrize("name", report_drawings.FIGURES)
every_heads = pytest.mark.parametrize("heads", samples.HEADS)


def drawn(name: str, heads: str = "23 heads", **look: bool):
    from dlfa.figures import Look

    return report_drawings.drawings(samples.HEADS[heads], Look(**look))[name][0]()


def described(name: str, heads: str = "23 heads") -> str:
    from dlfa.figures import Look

    return report_drawings.drawings(samples.HEADS[heads], Look())[name][1]()


def test_the_list_of_figures_is_complete():
    from dlfa.figures import Look

    assert set(report_drawings.drawings(("D_8",), Look())) == set(report_drawings.FIGURES)


@every_figure
class TestEveryFigureOfAReport:
    @every_heads
    def test_takes_any_heads_and_changes_nothing_it_is_given(self, name, heads):
        figure = drawn(name, heads)  # all arrays are read-only
        assert json.loads(figure.to_json())["data"]
        assert 100 < figure.layout.height < 3000
        assert figure.to_json() == drawn(name, heads).to_json()

    @pytest.mark.parametrize("look", [{}, {"dark": True}, {"large": True}], ids=str)
    def test_is_drawn_on_transparent_paper_in_every_look(self, name, look):
        layout = drawn(name, **look).layout
        assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"

    def test_a_dark_page_gets_light_ink_and_a_projector_larger_letters(self, name):
        usual = drawn(name).layout
        assert drawn(name, dark=True).layout.font.color > "#E" > usual.font.color
        assert drawn(name, large=True).layout.font.size > usual.font.size

    @every_heads
    def test_places_are_numbers(self, name, heads):
        for trace in drawn(name, heads).data:
            assert not trace.type.endswith("gl")
            for places in (trace.x, trace.y):
                assert places is None or not len(places) or np.asarray(places).dtype.kind in "iuf"

    def test_no_text_of_a_visitor_is_taken_for_markup_or_turns_the_writing(self, name):
        for text in [*samples.texts(drawn(name)), described(name)]:
            assert text.count("\u2068") == text.count("\u2069")
            assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\x00")
        for text in samples.texts(drawn(name)):
            assert "<" not in OURS.sub("", text)
            assert "$" not in text

    @every_heads
    def test_its_alt_text_is_one_to_three_plain_sentences(self, name, heads):
        text = described(name, heads)
        assert 20 < len(text) < 500
        assert text.endswith(".")
        assert "figure." not in text, "a message is missing"

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_its_title_fits_a_phone(self, name, language, monkeypatch):
        monkeypatch.setattr("dlfa.messages._asked", [lambda: language])
        title = drawn(name).layout.title.text.split("<br>")
        assert all(len(readable(line)) <= 62 for line in title), title
        assert len(readable(title[0])) <= 45

    def test_every_visible_word_comes_from_the_catalogue(self, name, monkeypatch):
        report_samples.forget()
        made = samples.provenance(backbone="1", state="2", gate_init="3")

        class Marked:
            def get(self, key: str, missing: str = "") -> str:
                return f"«{key}»"

        monkeypatch.setattr("dlfa.messages.catalogue", lambda *_: Marked())
        monkeypatch.setattr(samples, "provenance", lambda **_: made)
        monkeypatch.setattr(report_samples, "NAMES", {})
        for text in [*samples.texts(drawn(name)), described(name)]:
            ours = re.sub(r"«[^»]*»|\b(en|ar|sw|sd)\b|<[bi]>1</[bi]>", "", readable(text))
            letters = re.sub(r"[\u0600-\u06ff]", "", ours)  # some samples are in Arabic
            assert not re.search(r"[^\W\d_]", letters), text
        report_samples.forget()
