"""Many pairs at once: typed, pasted or opened, answered, filtered, opened above, taken along."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import Open, everything_said, figures, go_to, messages, word

PAIRS = [
    ["A dog runs.", "An animal moves.", "entailment"],
    ["A dog runs.", "A dog sleeps.", "contradiction"],
    ["Ein Hund läuft.", "Er ist braun."],
]
HOSTILE = [
    ["=1+1", "<img src=x onerror=alert(1)>"],
    ["a | b\tc\nd", "![x](http://example.com/x.png) :red[x] $x^2$"],
    ["x " * 2_500, "\u202eevil"],
]


@pytest.fixture
def table(open_app: Open):
    """Open the table of pairs, with some pairs in it."""

    def open_table(pairs=PAIRS, **query):
        app = open_app(part="many", **query)
        app.session_state["pairs"] = [list(row) for row in pairs]
        return app.run()

    return open_table


def editor(app):
    return app.data_editor[0]


def edit(app, **changes):
    """What the browser sends when somebody changes the table."""
    empty = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    app.session_state[editor(app).key] = empty | changes
    return app.run()


def answers(app):
    """The table of answers; None if there is none."""
    return next((table for table in app.dataframe if table.key == "answers"), None)


def numbers(app) -> list[int]:
    return list(answers(app).value.index)


def warnings(app) -> str:
    return "\n".join(box.value.replace("\\", "") for box in app.warning)


class TestAnswers:
    def test_the_built_in_examples_are_there_and_answered_without_a_click(self, open_app: Open):
        app = open_app(part="many")
        assert messages(app) == []
        assert len(editor(app).value) == len(answers(app).value) == 24
        assert "probabilities" in figures(app)  # the pair above stays

    def test_each_row_is_answered_as_it_would_be_alone(self, table):
        from dlfa.ui import cache

        app = table()
        alone = [cache.predictions("e5-small-xnli", [tuple(row[:2])])[0][0] for row in PAIRS]
        shown = answers(app).value
        assert [word(f"label.{answer.label}") for answer in alone] == list(shown["answer"])
        for answer, share in zip(alone, shown["probability"], strict=True):
            assert share == pytest.approx(100 * answer.probabilities.max(), abs=0.5)

    def test_summary_counts_pairs_and_says_how_sure_the_accuracy_is(self, table):
        app = table()
        metrics = {metric.label: metric.value for metric in app.metric}
        assert metrics[word("predict.tally.pairs")] == "3"
        assert word("predict.tally.right") in metrics
        assert "95 %" in everything_said(app)

    def test_without_labels_nothing_is_said_to_be_right(self, table):
        app = table([row[:2] for row in PAIRS])
        assert word("predict.tally.right") not in {metric.label for metric in app.metric}
        assert "right" not in answers(app).value

    @pytest.mark.parametrize("pairs", [[], [["", ""]]], ids=["none", "blank"])
    def test_an_empty_table_says_what_to_do(self, table, pairs):
        app = table(pairs)
        assert messages(app) == []
        assert answers(app) is None
        assert word("predict.pairs.none") in everything_said(app)

    def test_rows_that_cannot_be_answered_are_named_and_the_others_answered(self, table):
        app = table([PAIRS[0], ["", "H"], ["x" * 5_001, "H"], ["P", " "], PAIRS[1]])
        assert messages(app) == []
        assert numbers(app) == [1, 5]
        assert "2, 4" in warnings(app)
        assert word("error.text.long", found=5_001, limit=5_000) in warnings(app)

    def test_hostile_texts_are_answered_and_interpreted_nowhere(self, table):
        app = table(HOSTILE)
        assert messages(app) == []
        assert numbers(app) == [1, 2, 3]
        assert list(answers(app).value["premise"]) == [row[0] for row in HOSTILE]
        assert "<img" not in everything_said(app)

    def test_250_rows_give_200_answers_and_a_sentence(self, table):
        app = table([[f"Premise {row}.", "H."] for row in range(250)])
        assert len(answers(app).value) == 200
        assert word("predict.pairs.most", most=200, left=50) in warnings(app)
        assert len(app.session_state["pairs"]) == 250  # nothing typed is lost


class TestEditing:
    def test_cells_rows_and_labels_can_be_changed(self, table):
        app = edit(
            table(),
            edited_rows={0: {"hypothesis": "Nobody moves."}, 2: {"gold": "neutral"}},
            added_rows=[{"premise": "It rains.", "hypothesis": "It is wet."}],
        )
        assert app.session_state["pairs"] == [
            ["A dog runs.", "Nobody moves.", "entailment"],
            PAIRS[1],
            [*PAIRS[2], "neutral"],
            ["It rains.", "It is wet."],
        ]
        assert numbers(app) == [1, 2, 3, 4]

    def test_a_deleted_row_leaves_no_gap_in_the_numbers(self, table):
        app = edit(table(), deleted_rows=[0])
        assert app.session_state["pairs"] == PAIRS[1:]
        assert list(editor(app).value.index) == [1, 2]
        assert numbers(app) == [1, 2]

    def test_edits_survive_other_clicks_pages_models_and_languages(self, table):
        changed = {0: {"premise": "A cat runs."}}
        expected = [["A cat runs.", *PAIRS[0][1:]], *PAIRS[1:]]
        app = edit(table(), edited_rows=changed)
        app.button(key="preset-all").click().run()
        assert app.session_state["pairs"] == expected
        app = go_to(go_to(app, "gates"), "predict")
        assert app.session_state["pairs"] == expected
        app.segmented_control(key="part").set_value("languages").run()
        app.segmented_control(key="part").set_value("many").run()
        app.selectbox(key="model").set_value("mbert").run()
        assert app.session_state["pairs"] == expected
        assert list(editor(app).value["premise"]) == [row[0] for row in expected]
        assert answers(app) is None
        app.selectbox(key="model").set_value("e5-small-xnli").run()
        assert numbers(app) == [1, 2, 3]

    def test_an_empty_pair_above_does_not_empty_the_table(self, table):
        app = table()
        app.text_area(key="premise").set_value("").run()
        assert messages(app) == [word("error.text.empty")]
        assert numbers(app) == [1, 2, 3]

    def test_pairs_of_a_session_file_take_the_place_of_the_editors(self, table):
        app = edit(table(), edited_rows={0: {"premise": "Edited."}})
        app.session_state["pairs"] = [["From a file.", "H."]]
        app.run()
        assert list(editor(app).value["premise"]) == ["From a file."]
        assert numbers(app) == [1]


class TestIntake:
    def paste(self, app, text: str, button: str = "replace"):
        app.text_area(key="pasted").set_value(text)
        return app.button(key=f"intake-{button}").click().run()

    def test_a_pasted_table_replaces_ours_and_comes_back_by_undo(self, table):
        app = self.paste(table(), "premise\thypothesis\tlabel\nP\tH\te\n")
        assert app.session_state["pairs"] == [["P", "H", "entailment"]]
        app.button(key="intake-undo").click().run()
        assert app.session_state["pairs"] == PAIRS
        assert app.text_area(key="pasted").value.endswith("P\tH\te\n")  # and the text is there

    def test_a_pasted_table_can_be_added_below(self, table):
        app = self.paste(table(), "P,H", "add")
        assert app.session_state["pairs"] == [*PAIRS, ["P", "H"]]

    def test_too_many_rows_are_cut_with_a_sentence(self, table):
        app = self.paste(table(), "\n".join(f"P {row}\tH" for row in range(250)))
        assert len(app.session_state["pairs"]) == 200
        assert word("predict.intake.more", most=200, left=50) in warnings(app)

    def test_a_label_that_is_none_is_named(self, table):
        app = self.paste(table(), "P\tH\tperhaps\nP\tH\t1")
        assert app.session_state["pairs"] == [["P", "H"], ["P", "H", "neutral"]]
        assert "1: perhaps" in warnings(app)

    def test_nothing_pasted_changes_nothing(self, table):
        app = self.paste(table(), "  \n ")
        assert app.session_state["pairs"] == PAIRS
        assert word("predict.intake.nothing", limit="5,000,000") in warnings(app)

    def test_the_field_takes_as_much_as_a_file_may_hold_and_says_so(self, table, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        field = table().text_area(key="pasted")
        assert field.max_chars == 1_000_000
        assert field.help == word("predict.intake.help", most=200, limit="1,000,000")

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_a_file_is_taken_as_it_is_opened(self, table, encoding):
        app = table()
        data = "P,H\n我,あ\n".encode(encoding)
        upload = next(one for one in app.get("file_uploader") if one.key == "pairs-file")
        upload.set_value(("pairs.csv", data, "text/csv")).run()
        assert app.session_state["pairs"] == [["P", "H"], ["我", "あ"]]

    def test_a_file_that_is_no_text_changes_nothing(self, table):
        app = table()
        upload = next(one for one in app.get("file_uploader") if one.key == "pairs-file")
        upload.set_value(("pairs.csv", b"\xe9\xff\x00", "text/csv")).run()
        assert app.session_state["pairs"] == PAIRS
        assert word("error.table.encoding") in warnings(app)

    def test_the_built_in_examples_come_in_the_language_on_the_page(self, table):
        from dlfa.data.parallel import own_items

        app = table(lang="ar")
        app.button(key="intake-examples").click().run()
        assert app.session_state["pairs"][0][0] == own_items("xnli")[0].text["ar"][0]
        app.button(key="intake-empty").click().run()
        assert app.session_state["pairs"] == []


class TestFilters:
    def test_a_link_brings_the_filters_along(self, open_app: Open):
        app = open_app(part="many", only="wrong", answer="neutral")
        assert set(answers(app).value["right"]) == {word("predict.column.wrong")}
        assert set(answers(app).value["answer"]) == {word("label.neutral")}

    def test_right_and_wrong_together_are_all(self, open_app: Open):
        app = open_app(part="many")
        every = set(numbers(app))
        right = set(numbers(app.selectbox(key="only").set_value("right").run()))
        wrong = set(numbers(app.selectbox(key="only").set_value("wrong").run()))
        assert right | wrong == every
        assert not right & wrong

    def test_search_looks_into_both_texts_in_whatever_case(self, table):
        app = table()
        assert numbers(app.text_input(key="find").set_value("BRAUN").run()) == [3]
        assert numbers(app.text_input(key="find").set_value("dog ").run()) == [1, 2]
        app.text_input(key="find").set_value("unicorn").run()
        assert answers(app) is None
        assert word("predict.kept.none") in everything_said(app)

    def test_right_and_wrong_are_no_filters_where_no_label_is_known(self, table):
        app = table([row[:2] for row in PAIRS], only="right")
        assert numbers(app) == [1, 2, 3]

    def test_keep_knows_disagreement_and_cut_texts(self):
        from dataclasses import replace

        from dlfa.results.comparisons import AnsweredPair
        from dlfa.ui.filters import keep
        from tests.unit.figures.samples import prediction

        yes, no = prediction("baseline", [0.9, 0.1, 0.0]), prediction("D_1", [0.1, 0.9, 0.0])
        cut = replace(yes, truncated=True)
        told = [
            AnsweredPair(number=at, premise="P", hypothesis="H", gold="", answers=row)
            for at, row in enumerate([(yes, yes), (yes, no), (cut, cut)], start=1)
        ]
        assert [pair.number for pair in keep(told, "split", "", "")] == [2]
        assert [pair.number for pair in keep(told, "cut", "", "")] == [3]
        assert [pair.number for pair in keep(told, "all", "entailment", "")] == [1, 2, 3]


def opening() -> None:
    """A page with the two fields and a button that opens a row of a table."""
    import streamlit as st

    from dlfa.ui import address, pair

    address.arrive("predict")
    st.button("open", key="open", on_click=pair.open_pair, args=st.session_state["row"])
    pair.sentence_pair()


class TestOpening:
    def open_row(self, *row):
        app = AppTest.from_function(opening, default_timeout=60)
        app.session_state["row"] = row
        app.run().text_area(key="premise").set_value("My own premise.").run()
        return app.button(key="open").click().run()

    def test_a_row_becomes_the_pair_above_and_typed_texts_come_back(self):
        app = self.open_row(*PAIRS[1][:2])
        assert [field.value for field in app.text_area] == PAIRS[1][:2]
        app.button(key="mine").click().run()
        assert app.text_area(key="premise").value == "My own premise."

    def test_an_example_is_recognised(self):
        from dlfa.data.parallel import own_items

        app = self.open_row(*own_items("xnli")[4].text["fr"])
        assert app.selectbox(key="example").value == "pnli-05"
        assert app.selectbox(key="lang").value == "fr"
        app.selectbox(key="example").set_value("own").run()
        assert app.text_area(key="premise").value == "My own premise."


class TestTakingAlong:
    def test_the_csv_has_every_chosen_head_and_no_formula(self, table):
        from dlfa.figures import pairs_table
        from dlfa.ui import batch, tallies
        from dlfa.ui.formats import safe_csv

        app = table(HOSTILE)
        assert any(one.key == "answers-csv" for one in app.get("download_button"))
        rows = batch.answered("e5-small-xnli", table_rows(HOSTILE), quiet=True)
        told = tallies.of_heads(rows, ("baseline", "D_8"))
        text = safe_csv(pairs_table(told)).decode("utf-8-sig")
        read = list(csv.DictReader(io.StringIO(text)))
        assert read[0]["premise"] == "'=1+1"
        assert {"baseline_answer", "D_8_p_neutral", "checkpoint"} <= set(read[0])
        assert len(read) == 3

    def test_the_command_answers_the_downloaded_table(self, table, tmp_path, capsys):
        import json
        import shlex

        from dlfa.__main__ import main
        from dlfa.data.tables import written

        rows = [PAIRS[0], ["", "H"], ["x" * 5_001, "H"], ["P", " "], PAIRS[2]]
        app = table(rows)
        command = shlex.split(app.code[0].value)
        file = tmp_path / command[command.index("--pairs") + 1]
        file.write_text(written(table_rows(rows)), encoding="utf-8")
        command[command.index("--pairs") + 1] = str(file)
        assert main(command[3:]) == 0
        printed = capsys.readouterr()
        lines = [json.loads(line) for line in printed.out.splitlines()]
        assert [line["row"] for line in lines] == numbers(app) == [1, 5]
        assert lines[1]["premise"] == PAIRS[2][0]
        reason = word("error.text.empty")
        assert word("predict.pairs.unfit", rows="2, 4", reason=reason) in printed.err


def table_rows(pairs):
    from dlfa.data.tables import TableRow

    return [TableRow(*row) for row in pairs]
