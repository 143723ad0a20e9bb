"""Laws that hold for every figure of the embedding explorer."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.unit.figures import embedding_drawings, samples
from tests.unit.figures.test_every_figure import OURS, readable

every_figure = pytest.mark.parametrize("name", embedding_drawings.FIGURES)
every_look = pytest.mark.parametrize("look", [{}, {"dark": True}, {"large": True}], ids=str)


def drawings(**look: bool) -> dict[str, Any]:
    from dlfa.figures import Look

    return embedding_drawings.drawings(Look(**look))


def texts(figure: Any) -> Iterator[str]:
    """Yield every text that a figure shows in any of its states."""
    yield from samples.texts(figure)
    drawn = figure.to_plotly_json()
    for frame in drawn.get("frames", ()):
        yield from samples.strings(frame.get("layout", {}).get("title", {}).get("text", ""))
        for trace in frame["data"]:
            yield from samples.strings(trace.get("text", ()))
    for name in ("legend", "legend2"):
        yield drawn["layout"].get(name, {}).get("title", {}).get("text", "")
    for slider in drawn["layout"].get("sliders", ()):
        yield from (step["label"] for step in slider["steps"])


def test_the_list_is_complete():
    assert set(drawings()) == set(embedding_drawings.FIGURES)


@every_figure
class TestEveryFigure:
    @every_look
    def test_is_drawn_in_every_look(self, name, look):
        figure = drawings(**look)[name][0]()
        assert json.loads(figure.to_json())["data"]
        assert 100 < figure.layout.height < 3000
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"

    def test_a_dark_page_gets_light_ink_and_a_projector_larger_letters(self, name):
        usual = drawings()[name][0]().layout
        assert drawings(dark=True)[name][0]().layout.font.color > "#E" > usual.font.color
        assert drawings(large=True)[name][0]().layout.font.size > usual.font.size

    def test_changes_nothing_it_is_given_and_is_the_same_each_time(self, name):
        make, tell = drawings()[name]  # all arrays are read-only
        assert make().to_json() == make().to_json()
        assert tell() == tell()

    def test_no_text_of_a_visitor_is_taken_for_markup_or_turns_the_direction(self, name):
        make, tell = drawings()[name]
        shown = list(texts(make()))
        assert shown
        for text in shown:
            assert "<" not in OURS.sub("", text)
            assert "$" not in text  # plotly would hand what is between two to MathJax
        for text in [*shown, tell()]:
            assert text.count("\u2068") == text.count("\u2069")
            assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\x00")

    def test_names_its_encoder_and_its_state(self, name):
        title = drawings()[name][0]().layout.title.text
        assert "e5-small, tuned(xnli)" in title

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_its_title_fits_a_phone(self, name, language, monkeypatch):
        monkeypatch.setattr("dlfa.messages._asked", [lambda: language])
        title = drawings()[name][0]().layout.title.text.split("<br>")
        assert all(len(readable(line)) <= 66 for line in title), title
        assert len(readable(title[0])) <= 45

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_its_alt_text_is_a_few_plain_sentences(self, name, language, monkeypatch):
        monkeypatch.setattr("dlfa.messages._asked", [lambda: language])
        text = drawings()[name][1]()
        assert 20 < len(text) < 600
        assert text.endswith(".")
        assert "figure." not in text, "a message is missing"

    def test_every_visible_word_comes_from_the_catalogue(self, name, monkeypatch):
        class Marked:
            def get(self, key: str, missing: str = "") -> str:
                return f"«{key}»"

        monkeypatch.setattr("dlfa.messages.catalogue", lambda *_: Marked())
        figure, alt = drawings()[name]
        for text in [*texts(figure()), alt()]:
            ours = re.sub(r"«[^»]*»|%\{[\w.\[\]]*\}", "", readable(OURS.sub("", text)))
            known = r"e5-small|tuned\(xnli\)|English|Arabic|Swahili|neutral|entailment|item-"
            ours = re.sub(rf"{known}|\b({'|'.join(CODES)}|und|[A-F])\b|</?[bi]>", "", ours)
            assert not re.search(r"[^\W\d_]", re.sub(r"[\u0600-\u06ff]|<5>", "", ours)), text


CODES = "en ar sw de fr es ru zh th tr".split()


def test_places_are_numbers_in_every_state():
    for make, _tell in drawings().values():
        figure = make()
        for trace in [*figure.data, *(one for frame in figure.frames for one in frame.data)]:
            for places in (trace.x, trace.y, getattr(trace, "z", None)):
                if places is not None and len(places) and places[0] is not None:
                    assert np.asarray(places, dtype=float).dtype == float


def test_hover_texts_keep_what_they_escape():
    figure = drawings()["layer_map"][0]()
    told = [
        note[2]
        for trace in figure.data
        if trace.customdata is not None
        for note in trace.customdata
    ]
    assert any("<b>5</b> $6$ & 7" in html.unescape(text) for text in told)
