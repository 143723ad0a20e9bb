"""Tags in running text, in words, in tables and as a figure."""

import html
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.unit.figures import samples

if TYPE_CHECKING:
    from dlfa.results.taggings import Tagging

NER = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
POS = ("ADP", "NOUN", "PROPN", "PUNCT", "VERB")
HOSTILE = '<img src=x onerror="window.hit=1"> & "quoted" \u202eturned $x^2$'
TAGS = re.compile(r"<(/?)(p|b|div|span|small|mark)( [^<>]*)?>")


def tagging(text: str, *said: str, labels: tuple[str, ...] = NER, **changes: object) -> "Tagging":
    """Return a result in which each head says these tags; ``-`` stands for no answer."""
    from dlfa.data.words import word_spans
    from dlfa.results.taggings import Tagging

    spans = np.array(word_spans(text))
    heads = ("baseline", "D_8", "D_8_aff")[: len(said)]
    rows = [row.split() for row in said]
    shares = np.full((len(heads), len(spans), len(labels)), 0.1 / (len(labels) - 1), np.float32)
    for head, tags in enumerate(rows):
        for word, tag in enumerate(tags):
            shares[head, word, labels.index(tag) if tag != "-" else slice(None)] = (
                np.nan if tag == "-" else 0.9
            )
    values = {"tokens": 9, "truncated": False, "provenance": samples.provenance(), **changes}
    return Tagging(
        text=text, spans=spans, heads=heads, labels=labels, probabilities=shares, **values
    )


def read(text: str, direction: str = "ltr", head: str = "baseline", **found: object) -> str:
    """Return the HTML of one paragraph."""
    from dlfa.figures.tags import tagged_text

    shown = tagged_text(found["one"], head, direction)
    return shown[shown.index("<p ") :]


def bare(shown: str) -> str:
    """Return a paragraph's own text, without our tags and without what stands beside words."""
    without = re.sub(r'<span class="kind">[^<]*</span>|<small>[^<]*</small>', "", shown)
    return html.unescape(TAGS.sub("", without))


class TestEntities:
    @pytest.mark.parametrize(
        ("tags", "expected"),
        [
            ("B-PER I-PER O", [("PER", 0, 1)]),
            ("B-PER B-PER O", [("PER", 0, 0), ("PER", 1, 1)]),
            ("I-PER I-PER O", [("PER", 0, 1)]),
            ("B-PER I-LOC I-LOC", [("PER", 0, 0), ("LOC", 1, 2)]),
            ("O - I-LOC", [("LOC", 2, 2)]),
            ("O O O", []),
        ],
    )
    def test_words_are_joined_as_seqeval_joins_them(self, tags, expected):
        found = tagging("One Two three", tags).found("baseline")
        assert [(one.kind, one.first, one.last) for one in found] == expected

    def test_counts_equal_those_of_the_evaluation(self):
        """The page and the F1 read tags in the same way."""
        from dlfa.analysis.spans import span_counts

        draw = np.random.default_rng(0)
        for _ in range(20):
            tags = draw.choice(NER, size=8)
            one = tagging("a b c d e f g h", " ".join(tags))
            answers = one.answers.T
            _right, found, _wanted = span_counts(NER, answers[:, 0], answers, np.array([8]))
            assert len(one.found("baseline")) == found.sum()


@pytest.mark.parametrize("labels", [NER, POS], ids=["entities", "tags"])
@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Maria  Rossi\tworks in  Berlin .", "ltr"),
        ("تعمل ماريا روسي لدى Air France في برلين.", "rtl"),
        ("玛丽亚·罗西在柏林的西门子工作。", "ltr"),
        ("มาเรีย รอสซีทำงานให้ซีเมนส์ในเบอร์ลิน", "ltr"),
        ("  leading and trailing  ", "ltr"),
    ],
    ids=["spaces", "arabic", "chinese", "thai", "edges"],
)
def test_the_text_stays_as_it_was_typed(labels, text, direction):
    from dlfa.data.words import word_spans

    draw = np.random.default_rng(1)
    said = " ".join(draw.choice(labels, size=len(word_spans(text))))
    shown = read(text, direction, one=tagging(text, said, labels=labels))
    assert bare(shown) == text
    assert shown.startswith(f'<p dir="{direction}">')


class TestMarks:
    def test_a_name_is_one_mark_with_its_kind_in_letters(self):
        shown = read("", one=tagging("Ana Rossi sings", "B-PER I-PER O"))
        assert re.search(
            r"<mark [^>]*>Ana Rossi<span class=\"kind\">\u2060PER</span></mark> sings", shown
        )

    def test_kinds_have_colours_of_their_own(self):
        from dlfa.figures.tags import tag_colours

        colours = tag_colours(tagging("One", "O"))
        assert list(colours) == ["PER", "ORG", "LOC"]
        assert len(set(colours.values())) == 3
        assert tag_colours(tagging("One", "NOUN", labels=POS)) == {}

    @pytest.mark.parametrize("labels", [NER, POS], ids=["entities", "tags"])
    def test_words_that_differ_from_the_baseline_are_marked_and_no_others(self, labels):
        first, second = labels[1], labels[3]
        one = tagging("One two", f"{first} {first}", f"{first} {second}", labels=labels)
        assert read("", head="D_8", one=one).count("otherwise") == 1
        assert "otherwise" not in read("", one=one)

    def test_words_without_an_answer_look_like_it(self):
        shown = read("", one=tagging("One two", "NOUN -", labels=POS))
        assert 'class="word none"><span>two</span><small>–</small>' in shown

    def test_latin_words_in_arabic_keep_their_order(self):
        text = "طار مع Air France 24 إلى باريس"
        said = "VERB ADP PROPN PROPN NOUN ADP PROPN"  # and the number goes with them
        shown = read(text, "rtl", one=tagging(text, said, labels=POS))
        run = re.search(r'<span class="run" dir="ltr">(.*?)</span></span>', shown)
        assert shown.count('class="run"') == 1
        assert run is not None
        inside = shown[run.start() : shown.index("</span></span> ", run.start())]
        assert inside.index("Air") < inside.index("France") < inside.index("24")
        assert "باريس" not in inside


@pytest.mark.parametrize("labels", [NER, POS], ids=["entities", "tags"])
class TestHostileText:
    def test_nothing_of_it_is_taken_for_markup(self, labels):
        from dlfa.data.words import word_spans
        from dlfa.figures.tags import tagged_text

        said = " ".join([labels[1], labels[2]] * 40).split()[: len(word_spans(HOSTILE))]
        one = tagging(HOSTILE, " ".join(said), " ".join(said[::-1]), labels=labels)
        for head in one.heads:
            shown = tagged_text(one, head, "ltr")
            assert "<" not in TAGS.sub("", shown)
            assert not re.search(r"<[^>]*onerror", shown)
            assert "\u202e" not in shown

    def test_nor_in_the_figure_and_its_words(self, labels):
        from dlfa.data.words import word_spans
        from dlfa.figures.palette import Look
        from dlfa.figures.tags_certainty import describe_word_certainty, word_certainty

        said = " ".join([labels[1]] * len(word_spans(HOSTILE)))
        one = tagging(HOSTILE, said, said, labels=labels)
        ours = re.compile(r"</?(b|i|span|br|extra)( style=\"[^\"<>]*\")?/?>")
        for text in samples.texts(word_certainty(one, "D_8", Look())):
            assert "<" not in ours.sub("", text)
            assert "$" not in text
        assert "\u202e" not in describe_word_certainty(one, "D_8")


class TestWords:
    def test_no_difference_is_said_plainly(self):
        from dlfa.figures.tags_words import differing, tag_verdict
        from dlfa.messages import _

        one = tagging("One two", "O O", "O O")
        assert differing(one, "D_8") == _("tag.same")
        assert differing(one, "baseline") == ""
        assert tag_verdict([one], one.heads).endswith(_("tag.verdict.same", heads="D_8"))

    def test_one_name_is_told_in_the_singular_and_differences_head_by_head(self):
        from dlfa.figures.tags_words import tag_verdict
        from dlfa.messages import _

        one = tagging("In Rome", "O B-LOC", "O O")
        name = _("tag.verdict.names.one", head="baseline", names="\u2068Rome\u2069 (LOC)")
        count = _("tag.verdict.differ.head", head="D_8", count=1)
        apart = _("tag.verdict.differ", counts=count, words=2)
        assert tag_verdict([one], one.heads) == f"{name} {apart}"
        assert tag_verdict([one], ("D_8",)) == _("tag.verdict.none", head="D_8")

    def test_differences_are_counted_and_the_first_ones_told(self):
        from dlfa.figures.tags_words import differing
        from dlfa.messages import _

        one = tagging("a b c d e f g h", " ".join(["O"] * 8), " ".join(["B-LOC"] * 8))
        said = differing(one, "D_8")
        assert said.endswith(_("tag.more", count=2))
        first = _("tag.differ.word", word="\u2068a\u2069", tag="B-LOC", baseline="O")
        assert said.startswith(_("tag.differ", differing=8, words=8, told=first))

    def test_what_was_cut_is_told_apart_from_what_the_tokenizer_lost(self):
        from dlfa.figures.tags_words import unanswered
        from dlfa.messages import _

        one = tagging("One two three", "O - O")
        assert unanswered(one) == [_("tag.unseen", count=1, words="\u2068two\u2069")]
        one = tagging("One two three", "O - -", truncated=True)
        assert unanswered(one) == [_("tag.cut", count=2, tokens=9)]
        assert unanswered(tagging("One", "O")) == []

    @pytest.mark.parametrize("task", ["ner", "pos"])
    def test_every_tag_of_a_task_has_a_meaning(self, task):
        from dlfa.data.tasks import TASKS
        from dlfa.figures.tags_words import kind_of_word

        kinds = {label.rpartition("-")[2] for label in TASKS[task].labels} - {"O"}
        assert not [kind for kind in kinds if "\u2068" in kind_of_word(kind)]

    def test_the_key_lists_what_is_seen_and_nothing_else(self):
        from dlfa.figures.tags_words import tag_key

        one = tagging("One two", "O B-LOC", "O O")
        assert list(tag_key([one], ["baseline"])) == ["LOC"]
        assert list(tag_key([one], ["D_8"])) == []


class TestTables:
    def test_a_file_has_a_row_for_every_word_and_head(self):
        from dlfa.figures.tags_tables import tags_table

        one = tagging("Ana left", "B-PER -", "O -")
        rows = tags_table([one, one])
        assert len(rows) == 2 * 2 * 2
        assert [rows[0][name] for name in ("sentence", "word", "text", "start", "end", "tag")] == [
            1, 1, "Ana", 0, 3, "B-PER",
        ]  # fmt: skip
        assert rows[0]["probability"] == pytest.approx(0.9)
        assert (rows[1]["tag"], rows[1]["probability"], rows[1]["differs"]) == ("", "", False)
        assert rows[2]["differs"] is True
        assert {row["checkpoint"] for row in rows} == {"0123"}

    def test_the_page_marks_what_the_baseline_does_not_say(self):
        from dlfa.figures.tags_tables import tag_columns

        assert tag_columns(tagging("Ana left", "B-PER -", "O -")) == {
            "baseline": ["B-PER 90 %", "–"],
            "D_8": ["≠ O 90 %", "–"],
        }

    def test_columns_are_read_back_as_they_were(self):
        from dlfa.figures.tags_tables import conll

        one = tagging("Ana left", "B-PER -", "O -")
        lines = conll([one, one], one.heads).split("\n")
        assert lines[:4] == ["# word\tbaseline\tD_8", "Ana\tB-PER\tO", "left\t_\t_", ""]
        assert len(lines) == 1 + 2 * 3


class TestCertainty:
    def test_dots_are_the_probabilities_of_head_and_baseline(self):
        from dlfa.figures.palette import Look
        from dlfa.figures.tags_certainty import word_certainty

        one = tagging("Ana left", "B-PER O", "O -", "O O")
        drawn = word_certainty(one, "D_8", Look())
        assert [trace.name for trace in drawn.data] == ["baseline", "D_8"]
        assert np.asarray(drawn.data[1].x)[0] == pytest.approx(0.9)

    def test_a_long_text_stays_on_the_page(self):
        from dlfa.figures.palette import Look
        from dlfa.figures.tags_certainty import describe_word_certainty, word_certainty

        one = tagging("a " * 400, " ".join(["O"] * 400))
        assert word_certainty(one, "baseline", Look()).layout.height < 3000
        assert len(describe_word_certainty(one, "baseline")) < 500

    def test_no_answer_at_all_is_said(self):
        from dlfa.figures.palette import Look
        from dlfa.figures.tags_certainty import describe_word_certainty, word_certainty
        from dlfa.messages import _

        one = tagging("a b", "- -")
        assert word_certainty(one, "baseline", Look()).data
        said = describe_word_certainty(one, "baseline")
        assert said == _("figure.tag.certainty.alt.none", head="baseline")
