"""The map of sentences: its points, its states, what it tells, and how much it weighs."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.unit.figures import embedding_samples as made


@pytest.fixture
def look():
    from dlfa.figures import Look

    return Look()


def drawn(mapped, sentences, look, **options):
    from dlfa.figures import layer_map

    return layer_map(mapped, sentences, look, **options)


def points(figure):
    """Return the traces that show sentences."""
    return [trace for trace in figure.data if trace.customdata is not None]


def rows_of(trace):
    return [note[0] for note in trace.customdata]


class TestPoints:
    def test_every_sentence_is_there_once_at_its_own_place(self, look):
        mapped, sentences = made.layer_map(), made.sentences()
        traces = points(drawn(mapped, sentences, look, start="6"))
        rows = [row for trace in traces for row in rows_of(trace)]
        assert sorted(rows) == list(range(len(sentences.texts)))
        places = np.concatenate([np.stack([trace.x, trace.y], 1) for trace in traces])
        there = mapped.points[6][rows]
        scale = np.abs(places).max() / np.abs(there).max()
        assert np.allclose(places / scale, there, atol=2 * np.abs(mapped.points).max() / 32000)

    def test_all_spaces_share_one_scale(self, look):
        mapped = made.layer_map()
        grown = mapped.points * np.linspace(0.1, 1, len(mapped.spaces))[:, None, None]
        figure = drawn(replace(mapped, points=grown), made.sentences(), look)
        widths = [
            max(np.abs(trace.x).max() for trace in points_in(frame)) for frame in figure.frames
        ]
        assert widths[0] < 0.3 * widths[-1]

    def test_no_two_kinds_look_alike_and_none_differs_by_colour_alone(self, look):
        codes = [f"{letter}{number}" for letter in "ab" for number in range(10)]
        figure = drawn(made.layer_map(20), made.sentences(1, codes), look)
        paints = [(trace.marker.color, trace.marker.symbol) for trace in points(figure)]
        assert len(set(paints)) == len(paints) == 20
        neighbours = pairwise(paints)
        assert all(one[0] != two[0] and one[1] != two[1] for one, two in neighbours)

    def test_beyond_twenty_kinds_the_rarest_are_other(self, look):
        codes = [f"{letter}{number}" for letter in "abc" for number in range(10)]
        figure = drawn(made.layer_map(30), made.sentences(1, codes), look)
        assert len(points(figure)) == 20
        assert points(figure)[-1].name == "others (11)"
        assert len(points(figure)[-1].customdata) == 11

    @pytest.mark.parametrize(("dims", "kinds", "symbols"), [(2, 20, 6), (3, 14, 4)])
    def test_what_is_drawn_alike_is_told_with_its_numbers(self, look, dims, kinds, symbols):
        from dlfa.figures import map_others

        codes = [f"l{at:02}" for at in range(30)]
        sentences, own = made.sentences(2, codes), np.repeat([f"s{at}" for at in range(10)], 6)
        options = {"shape": "topic", "shapes": own}
        figure = drawn(made.layer_map(60, dims=dims), sentences, look, **options)
        colours, shapes = map_others("language", sentences.languages, dims=dims, **options)
        rest = 30 - (kinds - 1)
        assert f" {kinds - 1} " in colours
        assert f" {rest}, of {2 * rest} " in colours
        assert points(figure)[-1].name == f"others ({rest})"
        assert f" {10 - (symbols - 1)}, of {6 * (10 - (symbols - 1))} " in shapes
        assert map_others("language", sentences.languages[:20]) == []

    @pytest.mark.parametrize("dims", [2, 3])
    @pytest.mark.parametrize("shaped", [False, True])
    @pytest.mark.parametrize("many", [1, 5, 13, 14, 19, 20, 25])
    def test_what_is_typed_changes_no_colour_of_the_map(self, look, dims, shaped, many):
        """A new language takes the next free colour; where none is free, it is among the others."""
        codes = [f"l{at:02}" for at in range(many)]
        before = made.sentences(2, codes)
        after = made.sentences(1, [*np.repeat(codes, 2), "a-new-one", codes[-1]])
        options, more = {}, {}
        if shaped:
            options = {
                "shape": "topic",
                "shapes": np.resize(list("uvwxyz")[: 4 + dims % 3], 2 * many),
            }
            more = options | {"shapes": np.append(options["shapes"], ["a-new-one", "u"])}
        one = drawn(made.layer_map(2 * many, dims=dims), before, look, **options)
        two = drawn(made.layer_map(2 * many + 2, dims=dims), after, look, known=2 * many, **more)

        def signs(figure) -> dict:
            found = {}
            for trace in points(figure):
                marks = np.broadcast_to(np.array(trace.marker.symbol), len(trace.customdata))
                for row, mark in zip(rows_of(trace), marks.tolist(), strict=True):
                    found[row] = trace.marker.color, mark
            return found

        was, now = signs(one), signs(two)
        assert {row: now[row] for row in was} == was
        new = now[2 * many]
        room = 14 if shaped and dims == 3 else 20
        assert (new[0] == look.muted) == (many >= room)
        assert many >= room or new not in was.values()

    def test_with_a_column_of_shapes_colours_keep_their_own_fills(self, look):
        sentences = made.sentences(1, [f"l{at}" for at in range(20)])
        shapes = np.resize(["1", "2"], 20)
        figure = drawn(made.layer_map(20), sentences, look, shape="label", shapes=shapes)
        paints = [
            (trace.marker.color, trace.marker.symbol.removeprefix("circle").removeprefix("square"))
            for trace in points(figure)
        ]
        assert len(set(paints)) == 20
        assert [trace.name for trace in figure.data if trace.legend == "legend2"] == [
            "\u20681\u2069",
            "\u20682\u2069",
        ]

    def test_chosen_sentences_are_ringed_and_alone_have_lines(self, look):
        sentences, mapped = made.sentences(), made.layer_map()
        figure = drawn(mapped, sentences, look, lines=True, chosen=(3,))
        lines, *_rest, rings = figure.data
        assert len(rings.x) == 1
        assert np.isnan(lines.x[2::3]).all()
        assert len(lines.x) == 3 * 2  # to each of its two translations
        assert set(np.array(lines.x[0::3])) == {rings.x[0]}
        assert drawn(mapped, sentences, look, chosen=(3,)).data[0].x.size == 0

    def test_lines_go_from_english_unless_they_are_too_many(self, look):
        from dlfa.figures import lines_fit

        sentences = made.sentences(12, ("ar", "en", "sw"))
        assert lines_fit(sentences)
        lines, *traces, _ = drawn(made.layer_map(), sentences, look, lines=True).data
        english = next(trace for trace in traces if trace.name == "\u2068en\u2069")
        assert set(lines.x[0::3]) == set(english.x)
        many = made.sentences(600, ("ar", "en", "sw"))
        assert not lines_fit(many)
        assert lines_fit(many, (0,))


def points_in(frame):
    """Return a state's points, without its lines and rings."""
    return frame.data[1:-1]


class TestStates:
    def test_there_is_one_for_every_space_and_each_prints_its_own_quality(self, look):
        mapped = made.layer_map()
        figure = drawn(mapped, made.sentences(), look)
        assert tuple(frame.name for frame in figure.frames) == mapped.spaces
        for at, frame in enumerate(figure.frames):
            text = frame.layout.title.text
            assert f"{mapped.trustworthiness[at]:.2f}" in text
            assert f"{100 * mapped.overlap[at]:.1f} %" in text
            assert f"{100 * mapped.stability[at]:.1f} %" in text
            assert f"chance {100 * mapped.chance:.1f}" in text

    def test_the_slider_starts_where_it_is_told_and_leads_to_every_space(self, look):
        figure = drawn(made.layer_map(), made.sentences(), look, start="D_8")
        slider = figure.layout.sliders[0]
        assert slider.active == 14
        assert [step.args[0][0] for step in slider.steps] == [one.name for one in figure.frames]
        assert "D_8" in figure.layout.title.text
        with pytest.raises(ValueError, match="not in tuple"):
            drawn(made.layer_map(), made.sentences(), look, start="D_3")

    def test_few_points_are_moved_by_plotly_and_many_by_states_between(self, look):
        few = drawn(made.layer_map(30), made.sentences(10), look)
        assert {trace.type for trace in few.data} == {"scatter"}
        assert few.layout.sliders[0].steps[0].args[1]["transition"]["duration"] > 0
        many = drawn(made.layer_map(1800), made.sentences(600), look)
        assert {trace.type for trace in many.data} == {"scattergl"}
        assert len(many.frames) > 15
        first, *between, second = many.frames[:7]
        assert (first.name, second.name) == ("0", "1")
        ways = [np.abs(np.subtract(frame.data[1].x, first.data[1].x)).mean() for frame in between]
        whole = np.abs(np.subtract(second.data[1].x, first.data[1].x)).mean()
        assert ways == sorted(ways)
        assert 0 < ways[0] < ways[-1] < whole

    def test_in_space_there_are_three_coordinates(self, look):
        figure = drawn(made.layer_map(dims=3), made.sentences(), look)
        assert {trace.type for trace in figure.data} == {"scatter3d"}
        assert points(figure)[0].z is not None

    def test_pca_says_how_much_its_axes_hold_and_has_no_seeds(self, look):
        text = drawn(made.layer_map(method="pca"), made.sentences(), look).layout.title.text
        assert "23 + 11 %" in text
        assert "seeds" not in text


class TestHover:
    def test_true_neighbours_are_those_of_the_space_that_is_shown(self, look):
        mapped, sentences = made.layer_map(), made.sentences()
        near = made.neighbours(mapped)
        rows = near.rows.copy()
        rows[8] = (rows[8] + 7) % len(sentences.texts)
        figure = drawn(mapped, sentences, look, neighbours=replace(near, rows=rows))
        for at in (0, 8):
            for trace, first in zip(points_in(figure.frames[at]), points(figure), strict=True):
                for row, text in zip(rows_of(first), trace.text, strict=True):
                    assert f"{sentences.texts[rows[at, row, 0]].split()[0]} " in text

    def test_a_translation_among_them_has_a_sign(self, look):
        mapped, sentences = made.layer_map(), made.sentences()
        near = made.neighbours(mapped)
        rows = near.rows.copy()
        rows[0, 0, 0] = 12  # the same item in the next language
        figure = drawn(mapped, sentences, look, neighbours=replace(near, rows=rows))
        told = {
            row: text
            for first, trace in zip(points(figure), points_in(figure.frames[0]), strict=True)
            for row, text in zip(rows_of(first), trace.text, strict=True)
        }
        assert told[0].startswith("0.95 ⇄ ")
        assert sum(text.count("⇄") for text in told.values()) == 1

    def test_a_columns_name_is_not_filled_in_by_plotly(self, look):
        figure = drawn(made.layer_map(), made.sentences(), look, colour="%{x}")
        assert "%{x}" not in points(figure)[0].hovertemplate

    def test_guesses_and_merged_rows_are_told(self, look):
        notes = {
            note[0]: note[1]
            for trace in points(drawn(made.layer_map(), made.sentences(), look))
            for note in trace.customdata
        }
        notes = dict(sorted(notes.items()))
        assert [at for at in notes if "guessed" in notes[at]] == [*range(0, 36, 7)]
        assert [at for at in notes if "×2" in notes[at]] == [*range(0, 36, 5)]


class TestWeight:
    @pytest.mark.slow  # ten seconds each
    @pytest.mark.parametrize("dims", [2, 3])
    def test_twenty_thousand_points_in_thirteen_layers_weigh_less_than_6_mb(self, look, dims):
        mapped = made.layer_map(20_000, dims, made.LAYERS)
        sentences = made.sentences(2_000, made.CODES)
        figure = drawn(mapped, sentences, look, neighbours=made.neighbours(mapped))
        assert len(figure.to_json()) < 6_000_000

    def test_texts_of_any_script_keep_to_the_budget(self, look):
        arabic = replace(
            made.sentences(500, made.CODES), texts=("كان الجو باردًا جدًا " * 20,) * 5_000
        )
        mapped = made.layer_map(5_000, 2, made.LAYERS)
        figure = drawn(mapped, arabic, look, neighbours=made.neighbours(mapped))
        assert len(figure.to_json()) < 6_000_000
        assert "كان" in points(figure)[0].customdata[0][2]


class TestVerdict:
    def test_says_how_far_to_trust_with_the_numbers(self):
        from dlfa.figures import map_verdict

        text = map_verdict(made.layer_map())
        assert "at least 0.93 of 1 (layer 0)" in text
        assert "0.96 (D_8)" in text
        assert "seed" in text

    def test_a_weak_map_is_called_weak(self):
        from dlfa.figures import map_verdict

        text = map_verdict(made.layer_map(400, trust=0.7))
        assert "falls to 0.70" in text
        assert "groups can be read off" in text
        lost = replace(made.layer_map(), overlap=np.full(15, 0.15))
        assert "ask the table" in map_verdict(lost)

    def test_a_jump_is_named(self):
        from dlfa.figures import map_verdict

        drift = np.full(14, 0.1)
        drift[11] = 0.9
        text = map_verdict(replace(made.layer_map(), drift=drift))
        assert "most from layer 11 to layer 12 (90.0 %)" in text
        assert "follow groups" in text

    def test_pca_speaks_of_no_seed(self):
        from dlfa.figures import map_verdict

        assert "seed" not in map_verdict(made.layer_map(method="pca"))


class TestTables:
    def test_a_row_for_each_sentence_or_those_asked_for(self):
        from dlfa.figures import map_table

        mapped, sentences = made.layer_map(), made.sentences()
        near = made.neighbours(mapped)
        assert len(map_table(mapped, sentences)) == 36
        (row,) = map_table(mapped, sentences, space="6", rows=[5], neighbours=near)
        assert row["x"] == float(mapped.points[6, 5, 0])
        assert row["text"] == sentences.texts[5]
        assert row["nearest"] == sentences.texts[6]
        assert row["column_label"] == sentences.columns["label"][5]
        assert row["state"] == "tuned(xnli)"

    def test_quality_has_a_row_per_space_and_no_drift_to_the_first(self):
        from dlfa.figures import quality_table

        mapped = made.layer_map()
        rows = quality_table(mapped)
        assert [row["space"] for row in rows] == list(mapped.spaces)
        assert rows[0]["drift"] == 0.0
        assert rows[1]["drift"] == mapped.drift[0]
