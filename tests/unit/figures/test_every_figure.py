"""Laws that hold for every figure, whatever it shows."""

import html
import json
import re

import numpy as np
import pytest

from tests.unit.figures import embedding_drawings, report_drawings, samples, whatif_drawings

every_figure = pytest.mark.parametrize("name", samples.FIGURES)
every_case = pytest.mark.parametrize("case", samples.WORDS)
every_look = pytest.mark.parametrize("look", [{}, {"dark": True}, {"large": True}], ids=str)
SETTINGS = [
    *((case, "23 heads") for case in samples.WORDS),
    *(
        (case, heads)
        for case in ("one token", "words in pieces")
        for heads in ("one head", "one aff head")
    ),
]
OURS = re.compile(r"</?(b|i|span|br|extra)( style=\"[^\"<>]*\")?/?>")  # tags we write ourselves


def drawn(name: str, case: str = "duplicate tokens", heads: str = "23 heads", **look: bool):
    return samples.drawings(case, samples.HEADS[heads], **look)[name][0]()


def described(name: str, case: str = "duplicate tokens", heads: str = "23 heads") -> str:
    return samples.drawings(case, samples.HEADS[heads])[name][1]()


def readable(text: str) -> str:
    """Return a text as plotly prints it."""
    return html.unescape(OURS.sub("", text))


def test_the_list_of_figures_is_complete():
    from dlfa import figures

    public = {name for name in figures.__all__ if f"describe_{name}" in figures.__all__}
    others = {"share_distribution"}  # drawn once for each thing that shares are split by
    drawn = {*samples.FIGURES, *report_drawings.FIGURES, *embedding_drawings.FIGURES}
    drawn |= set(whatif_drawings.FIGURES)
    assert public - others <= drawn
    assert set(samples.drawings("one token", ("D_8",))) == set(samples.FIGURES)


@every_figure
class TestEveryFigure:
    @pytest.mark.parametrize(("case", "heads"), SETTINGS)
    def test_takes_any_tokens_and_any_heads(self, name, case, heads):
        figure = drawn(name, case, heads)
        drawn_as = json.loads(figure.to_json())
        assert drawn_as["data"] or drawn_as["layout"]["annotations"]  # or says why it is empty
        assert 100 < figure.layout.height < 3000

    @every_look
    def test_is_drawn_on_transparent_paper_in_every_look(self, name, look):
        layout = drawn(name, **look).layout
        assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"

    def test_a_dark_page_gets_light_ink_and_a_projector_larger_letters(self, name):
        usual = drawn(name).layout
        assert drawn(name, dark=True).layout.font.color > "#E" > usual.font.color
        assert drawn(name, large=True).layout.font.size > usual.font.size

    @every_case
    def test_changes_nothing_it_is_given_and_is_the_same_each_time(self, name, case):
        make, tell = samples.drawings(case, samples.ALL_HEADS)[name]  # all arrays are read-only
        assert make().to_json() == make().to_json()
        assert tell() == tell()

    @every_case
    def test_places_are_numbers_so_that_equal_tokens_keep_their_own(self, name, case):
        for trace in drawn(name, case).data:
            for places in (trace.x, trace.y):
                assert places is None or not len(places) or np.asarray(places).dtype.kind in "iuf"

    @pytest.mark.parametrize("heads", samples.HEADS)
    def test_no_text_of_a_visitor_is_taken_for_markup(self, name, heads):
        for text in samples.texts(drawn(name, "hostile tokens", heads)):
            assert "<" not in OURS.sub("", text)
            assert "$" not in text  # plotly would hand what is between two to MathJax

    def test_no_text_of_a_visitor_turns_the_writing_direction(self, name):
        for text in [*samples.texts(drawn(name, "hostile tokens")), described(name)]:
            assert text.count("\u2068") == text.count("\u2069")
            assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\x00")

    def test_uses_no_webgl(self, name):
        assert not [trace.type for trace in drawn(name).data if trace.type.endswith("gl")]

    @every_case
    def test_its_alt_text_is_one_to_three_plain_sentences(self, name, case):
        text = described(name, case)
        assert 20 < len(text) < 500
        assert text.endswith(".")
        assert "figure." not in text, "a message is missing"

    def test_its_title_fits_a_phone(self, name):
        title = drawn(name).layout.title.text.split("<br>")
        assert all(len(readable(line)) <= 62 for line in title), title
        assert len(readable(title[0])) <= 45


@pytest.fixture
def anew():
    samples.forget()
    yield
    samples.forget()


@every_figure
@pytest.mark.usefixtures("anew")
def test_every_visible_word_comes_from_the_catalogue(name, monkeypatch):
    made = samples.provenance(backbone="1", state="2", gate_init="3")

    class Marked:
        def get(self, key: str, missing: str = "") -> str:
            return f"«{key}»"

    monkeypatch.setattr("dlfa.messages.catalogue", lambda *_: Marked())
    monkeypatch.setattr(samples, "provenance", lambda **_: made)
    monkeypatch.setitem(samples.WORDS, "numbers", (["▁1", "2"], ["▁3"]))
    figure, alt = samples.drawings("numbers", samples.ALL_HEADS)[name]
    for text in [*samples.texts(figure()), alt()]:
        ours = re.sub(
            r"«[^»]*»|<s>|</s>|Arabic|English|\b(en|ar|sw|sd)\b", "", readable(OURS.sub("", text))
        )
        letters = re.sub(r"<b>|</b>|[\u0600-\u06ff]", "", ours)  # one sample is in Arabic
        assert not re.search(r"[^\W\d_]", letters), text
