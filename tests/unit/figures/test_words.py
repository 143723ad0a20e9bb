"""Words in figures: safe, short and in the right direction."""

import html

import pytest

from tests.unit.figures import samples


class TestEscape:
    @pytest.mark.parametrize(
        "text", ["<b>", "a & b", "&lt;", "$x$", "<img onerror=a>", "plain", ""]
    )
    def test_plotly_prints_the_text_as_it_stands(self, text):
        from dlfa.figures.words import escape

        safe = escape(text)
        assert not set(safe) & set("<>$")
        assert html.unescape(safe) == text


class TestPlain:
    def test_a_text_is_isolated_so_that_it_cannot_turn_its_neighbours(self):
        from dlfa.figures.words import plain

        assert plain("▁أغلق") == "\u2068▁أغلق\u2069"

    @pytest.mark.parametrize("bad", ["\u202e", "\u2069", "\u200f", "\x00", "\n", "\u2028"])
    def test_signs_that_steer_the_text_are_replaced(self, bad):
        from dlfa.figures.words import plain

        assert plain(f"a{bad}b") == "\u2068a\ufffdb\u2069"

    @pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
    def test_joiners_that_persian_and_hindi_need_are_kept(self, joiner):
        from dlfa.figures.words import plain

        assert joiner in plain(f"क{joiner}ष")

    @pytest.mark.parametrize(("length", "shown"), [(1, 1), (16, 16), (17, 16), (5000, 16)])
    def test_long_texts_are_cut(self, length, shown):
        from dlfa.figures.words import plain

        text = plain("x" * length)[1:-1]
        assert len(text) == shown
        assert text.endswith("…") == (length > 16)


def test_equal_tokens_have_equal_labels_and_special_ones_are_in_italics():
    from dlfa.figures.rows import token_rows

    labels = token_rows(samples.tokens("duplicate tokens")).labels
    assert labels[1] == labels[2] == labels[5]
    assert labels[0] == "<i>\u2068&lt;s&gt;\u2069</i>"


@pytest.mark.parametrize(
    ("head", "word"), [("baseline", "baseline"), ("D_8", "D_8"), ("D_11_aff", "D_11 aff")]
)
def test_heads_are_called_as_in_the_paper(head, word):
    from dlfa.figures.words import head_word

    assert head_word(head) == word


def test_a_label_that_the_catalogue_does_not_know_stands_for_itself():
    from dlfa.figures.words import label_mark, label_word

    assert label_word("entailment") == "entailment"
    assert label_word("not_paraphrase").strip("\u2068\u2069") == "not paraphrase"
    assert (label_mark("neutral"), label_mark("paraphrase")) == ("N", "P")


def test_answers_are_counted_the_most_frequent_first():
    from dlfa.figures.words import counted

    assert counted(["neutral", "entailment", "entailment"]) == "entailment 2, neutral 1"
