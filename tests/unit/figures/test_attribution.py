"""Attributions as running text, as figures, in words and in tables."""

import html
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.unit.figures import samples

if TYPE_CHECKING:
    from dlfa.results.attributions import Attribution

MARK = re.compile(r"</?(mark|p|div|b)( [^<>]*)?>")
NAMES = ("word_scores", "door_bars", "faithfulness_curves", "head_scores", "linked_scores")
every_figure = pytest.mark.parametrize("name", NAMES)
every_case = pytest.mark.parametrize("case", samples.WORDS)


def attribution(case: str = "words in pieces", **changes: Any) -> "Attribution":
    from dlfa.figures.aligned import part_of_words
    from dlfa.results.attributions import Attribution

    tokens = samples.tokens(case)
    parts = part_of_words(tokens)
    pair = tuple(
        "  ".join(word for word, at in zip(tokens.words, parts, strict=True) if at == part)
        for part in ("premise", "hypothesis")
    )
    scores = np.random.default_rng(0).normal(size=len(tokens)).astype(np.float32)
    scores[tokens.word < 0] = 0
    values = {
        "pair": pair,
        "tokens": tokens,
        "head": "D_8",
        "label": "neutral",
        "method": "integrated_gradients",
        "baseline": "mask",
        "quadrature": "gausslegendre",
        "layer": 0,
        "scores": scores,
        "start": -1.0,
        "end": float(scores.sum()) - 1.0,
        "steps": 45,
        "passes": 54,
        "milliseconds": 700.0,
        "provenance": samples.provenance(),
        **changes,
    }
    return Attribution(**values)


def doors(**changes: Any) -> Any:
    from dlfa.results.attributions import DOORS, Doors

    values = {
        "head": "D_8",
        "label": "neutral",
        "baseline": "mask",
        "quadrature": "gausslegendre",
        "doors": DOORS,
        "parts": np.array([0.2, 4.0, -0.5, 0.1, 0.2], np.float32),
        "start": -2.0,
        "end": 2.0,
        "steps": 25,
        "passes": 2,
        "milliseconds": 50.0,
        "provenance": samples.provenance(),
        **changes,
    }
    return Doors(**values)


def curves(**changes: Any) -> Any:
    from dlfa.results.attributions import Faithfulness

    shares = np.linspace(0, 1, 6)
    drawn = 0.9 - 0.8 * shares + 0.05 * np.random.default_rng(0).normal(size=(20, 6))
    values = {
        "head": "D_8",
        "label": "neutral",
        "method": "integrated_gradients",
        "baseline": "mask",
        "words": 5,
        "shares": shares,
        "deletion": 0.9 - 0.8 * shares**0.3,
        "insertion": 0.1 + 0.8 * shares**0.3,
        "random_deletion": drawn,
        "random_insertion": drawn[:, ::-1],
        "seed": 0,
        "passes": 100,
        "milliseconds": 900.0,
        "provenance": samples.provenance(),
        **changes,
    }
    return Faithfulness(**values)


def linked(case: str = "words in pieces", **changes: Any) -> Any:
    from dlfa.results import Alignment
    from dlfa.results.attributions import AttributionComparison

    one = attribution(case)
    places = np.arange(len(one.tokens.words))
    links = Alignment(layer=8, first=places, second=places, similarity=np.ones(len(places)))
    values = {
        "languages": ("en", "ar"),
        "first": one,
        "second": one,
        "alignment": links,
        "correlation": 0.5,
        "low": 0.1,
        "high": 0.8,
        "chance_low": -0.4,
        "chance_high": 0.4,
        "passes": 110,
        "milliseconds": 1500.0,
        "provenance": samples.provenance(),
        **changes,
    }
    return AttributionComparison(**values)


def drawings(case: str, **look: bool) -> dict[str, tuple[Any, str]]:
    """Every figure of attributions with its words."""
    from dlfa.figures import Look, attribution_bars, faithfulness, head_scores, linked_scores
    from dlfa.figures import doors as door_figures

    homes = (attribution_bars, door_figures, faithfulness, head_scores, linked_scores)
    one = attribution(case)
    results = (one, doors(), curves(), [one, attribution(case, head="baseline")], linked(case))
    return {
        name: (
            getattr(home, name)(found, Look(**look)),
            getattr(home, f"describe_{name}")(found),
        )
        for name, home, found in zip(NAMES, homes, results, strict=True)
    }


@every_figure
@every_case
def test_takes_any_words_and_tells_them_in_plain_sentences(name, case):
    figure, alt = drawings(case)[name]
    drawn = json.loads(figure.to_json())
    assert drawn["data"] or drawn["layout"]["annotations"]
    assert 100 < figure.layout.height < 1200
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert 20 < len(alt) < 500
    assert alt.endswith(".")
    assert "figure." not in alt
    assert alt.count("\u2068") == alt.count("\u2069")
    title = html.unescape(re.sub(r"<[^<>]*>", "\n", figure.layout.title.text)).strip()
    assert len(title.splitlines()[0]) <= 45


@every_figure
def test_no_text_of_a_visitor_is_taken_for_markup(name):
    ours = re.compile(r"</?(b|i|span|br|extra)( style=\"[^\"<>]*\")?/?>")
    for text in samples.texts(drawings("hostile tokens")[name][0]):
        assert "<" not in ours.sub("", text)
        assert "$" not in text
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\x00")


def test_a_dark_page_gets_light_ink():
    for name in NAMES:
        usual, dark = drawings("one token")[name][0], drawings("one token", dark=True)[name][0]
        assert dark.layout.font.color > "#E" > usual.layout.font.color


class TestText:
    @every_case
    def test_is_the_text_as_it_was_typed_and_nothing_else(self, case):
        from dlfa.figures.attributed import attributed_text, strongest

        found = attribution(case)
        shown = attributed_text(found, strongest([found]))
        bodies = re.findall(r'<p dir="\w+"[^<>]*>(.*?)</p>', shown, re.DOTALL)
        for text, body in zip(found.pair, bodies, strict=True):
            bare = html.unescape(MARK.sub("", body))
            unsteered = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
            assert bare == unsteered.replace("\x00", "\ufffd")
            assert "<" not in MARK.sub("", body)

    def test_each_sentence_has_its_own_direction(self):
        from dlfa.figures.attributed import attributed_text

        assert attributed_text(attribution("right-to-left tokens"), 1.0).count('dir="rtl"') == 2
        assert attributed_text(attribution("words in pieces"), 1.0).count('dir="ltr"') == 2

    def test_a_line_says_what_the_colour_says(self):
        from dlfa.figures.attributed import attributed_text

        tokens = samples.tokens("duplicate tokens")
        scores = np.zeros(len(tokens), np.float32)
        scores[1], scores[2] = 1.0, -0.5
        shown = attributed_text(attribution("duplicate tokens", scores=scores), 1.0)
        marks = re.findall(r'<mark style="([^"]*)"', shown)
        assert "3.0px solid #0072B2" in marks[0]
        assert "2.5px dotted #D55E00" in marks[1]
        assert "border" not in marks[2]
        assert marks[0].startswith("background:#0072B261")

    def test_several_texts_share_one_scale(self):
        from dlfa.figures.attributed import strongest

        one = attribution()
        twice = attribution(scores=2 * one.scores)
        assert strongest([one, twice]) == pytest.approx(np.abs(twice.words).max())
        assert strongest([attribution(scores=0 * one.scores)]) == 0


class TestWords:
    @pytest.mark.parametrize(
        ("gap", "kind"),
        [(0.0, "aim"), (0.02, "aim"), (0.03, "near"), (0.2, "far"), (np.inf, "far")],
    )
    def test_the_gap_is_told_and_beyond_five_percent_disowned(self, gap, kind):
        from dlfa.figures.attribution_words import gap_share, gap_words
        from dlfa.messages import _

        assert gap_words(gap) == _(f"figure.attribution.gap.{kind}", gap=gap_share(gap), aim="2")

    def test_a_figure_says_when_its_parts_are_no_account(self):
        from dlfa.figures import Look
        from dlfa.figures.attribution_bars import word_scores
        from dlfa.figures.attribution_words import gap_words
        from dlfa.figures.doors import door_bars

        far = attribution(end=40.0)
        assert far.gap > 0.05
        assert gap_words(far.gap) in word_scores(far, Look()).layout.title.text
        assert gap_words(9.0) in door_bars(doors(end=-1.6), Look()).layout.title.text

    def test_strongest_words_are_named_with_their_signs(self):
        from dlfa.figures.attribution_words import attribution_verdict, word_names

        tokens = samples.tokens("duplicate tokens")
        scores = np.zeros(len(tokens), np.float32)
        scores[1], scores[2] = 1.5, -0.5
        found = attribution("duplicate tokens", scores=scores)
        said, names = attribution_verdict(found), word_names(found)
        assert f"{names[0]} +1.50" in said
        assert f"{names[1]} −0.50" in said

    def test_scores_no_better_than_chance_are_not_to_be_trusted(self):
        from dlfa.figures.attribution_words import faithfulness_verdict
        from dlfa.messages import _

        good, base = curves(), curves().random_deletion
        assert faithfulness_verdict(good).endswith(_("figure.faithfulness.none", draws=20))
        poor = curves(deletion=base.mean(0), insertion=base[:, ::-1].mean(0))
        worse = max(poor.ranks)
        assert worse > 3
        told = _("figure.faithfulness.many", worse=worse, draws=20)
        assert faithfulness_verdict(poor).endswith(told)

    def test_nothing_through_any_door_is_said_so(self):
        from dlfa.figures.attribution_words import doors_verdict
        from dlfa.messages import _

        still = doors(parts=np.zeros(5, np.float32), end=-2.0)
        assert doors_verdict(still) == _("figure.doors.verdict.none")
        assert still.gap == 0


class TestTables:
    def test_rows_add_up_and_name_their_source(self):
        from dlfa.figures.attribution_bars import attribution_table
        from dlfa.figures.doors import doors_table
        from dlfa.figures.faithfulness import faithfulness_table
        from dlfa.figures.head_scores import head_scores_table
        from dlfa.figures.linked_scores import linked_table

        one = attribution()
        rows = attribution_table(one)
        assert sum(row["score"] for row in rows) == pytest.approx(one.scores.sum(), abs=1e-5)
        assert len(head_scores_table([one, one])) == 2 * len(rows)
        assert sum(row["part"] for row in doors_table(doors())) == pytest.approx(4.0, abs=1e-5)
        assert [row["share"] for row in faithfulness_table(curves())][-1] == 1
        assert len(linked_table(linked())) == len(one.tokens.words)
        assert all(row["backbone"] == "e5-small" for row in rows)

    def test_areas_are_those_of_the_curves(self):
        flat = curves(deletion=np.full(6, 0.25), insertion=np.linspace(0, 1, 6))
        assert flat.areas == pytest.approx((0.25, 0.5))
        assert flat.random_areas.shape == (2, 20)
