"""The page Embeddings, from the built-in map to a visitor's own file, without a browser."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.test_mbert_path import vocabulary
from tests.pages.visitor import Open, alt_texts, everything_said, figures, messages, word

__all__ = ["vocabulary"]  # a fixture

FEW = ["de", "en", "th"]
SPACES = 24  # 13 layers and the fused spaces of D_1 to D_11
PLENTY = 120.0  # seconds


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Wait for what is made in the background, as no fragment looks for it here."""
    from dlfa.ui import waiting

    monkeypatch.setattr(waiting, "SOON", PLENTY)


@pytest.fixture
def embeddings(open_app: Open):
    def open_page(**query: str | list[str]) -> AppTest:
        return open_app("embeddings", **query)

    return open_page


@pytest.fixture
def no_model(monkeypatch):
    """Nothing may be computed: what is shown lies in the repository."""
    from dlfa.ui.embeddings import looked

    def refused(*_given: object) -> None:
        raise AssertionError("computed")

    monkeypatch.setattr(looked, "vectors", refused)


def title(app: AppTest, key: str = "map") -> str:
    return str(figures(app)[key]["layout"]["title"]["text"])


class TestBuiltIn:
    @pytest.mark.parametrize("method", ["pca", "umap"])
    @pytest.mark.parametrize("dims", ["2", "3"])
    def test_maps_are_there_at_once_with_their_quality(self, embeddings, no_model, method, dims):
        app = embeddings(method=method, dims=dims)
        assert messages(app) == []
        spec = figures(app)["map"]
        named = [frame["name"] for frame in spec["frames"] if ">" not in frame["name"]]
        assert named[:13] == [str(layer) for layer in range(13)]
        assert named[13:] == [f"D_{layer}" for layer in range(1, 12)]
        assert "tuned(xnli)" in title(app)
        assert word("figure.map.method." + method).split()[0] in title(app)

    def test_the_raw_encoder_has_its_layers_and_says_that_it_is_raw(self, embeddings, no_model):
        app = embeddings(encoder="raw")
        assert [frame["name"] for frame in figures(app)["map"]["frames"]] == [
            str(layer) for layer in range(13)
        ]
        assert "e5-small, raw" in title(app)

    def test_centring_is_one_switch_away_and_changes_the_map(self, embeddings, no_model):
        app = embeddings()
        before = figures(app)["map"]["frames"][12]["data"]
        app.toggle(key="centred").set_value(True).run()
        assert messages(app) == []
        assert figures(app)["map"]["frames"][12]["data"] != before
        assert word("figure.map.centred.yes") in title(app)

    @pytest.mark.parametrize("view", ["quality", "measures", "probes", "languages"])
    def test_every_view_has_a_figure_with_words_and_the_lines_that_make_it(
        self, embeddings, no_model, view
    ):
        app = embeddings(spaces=view)
        assert messages(app) == []
        (alt,) = alt_texts(app).values()
        assert alt
        assert "built_in()" in app.code[-1].value

    def test_a_stale_file_is_made_anew_not_shown(self, embeddings, monkeypatch):
        from dlfa.ui.embeddings import looked

        asked = []
        monkeypatch.setattr(looked, "encoder_digest", lambda folder: "0" * 32)
        monkeypatch.setattr(looked, "vectors", lambda *given: asked.append(given))
        embeddings(spaces="languages")
        assert asked

    def test_words_that_are_sought_find_their_sentences_and_true_neighbours(
        self, embeddings, no_model
    ):
        app = embeddings(find="Bibliothek", space="6")
        (table,) = app.dataframe
        assert table.value["text"].str.contains("Bibliothek").all()
        assert table.value["near5"].str.contains("·").all()


class TestSpacesLeftOut:
    def test_the_aff_gates_spaces_are_said_to_be_missing(self, embeddings, no_model):
        told = word("embeddings.left_out.aff", spaces="11")
        assert told in everything_said(embeddings())
        assert told not in everything_said(embeddings(encoder="raw"))

    @pytest.mark.parametrize(("room", "key"), [(7, "layers"), (13, "fused"), (24, "aff")])
    def test_where_room_is_short_what_is_not_there_is_told(
        self, embeddings, monkeypatch, room, key
    ):
        from dlfa.ui.embeddings import vectors
        from dlfa.ui.store import SPACES

        monkeypatch.setattr(SPACES, "_kept", type(SPACES._kept)(10**9, 3600))
        monkeypatch.setattr(vectors, "ROOM", 4 * 384 * 162 * room)
        app = embeddings(spoken=FEW, spaces="languages")
        assert messages(app) == []
        layers = ", ".join(map(str, range(0, 13, 2)))
        told = word(f"embeddings.left_out.{key}", layers=layers, spaces="11")
        assert told in everything_said(app)

    @pytest.mark.parametrize(
        ("shown", "key", "about"),
        [
            ("12", "layers", {"layers": "12"}),
            ("0 2 4", "layers", {"layers": "0, 2, 4"}),
            ("0 1 2", "fused", {}),
            ("0 1 2 D_1", "aff", {"spaces": "1"}),
        ],
    )
    def test_the_words_name_what_is_there(self, shown, key, about):
        from dlfa.ui.embeddings.left_out import _left_out

        told = _left_out(shown.split(), ("D_1", "D_1_aff"))
        assert told == word(f"embeddings.left_out.{key}", **about)

    def test_a_model_of_aff_gates_alone_lacks_no_room(self):
        from dlfa.ui.embeddings.left_out import _left_out

        told = _left_out(("0", "1"), ("D_1_aff", "D_2_aff"))
        assert told == word("embeddings.left_out.aff", spaces="2")

    @pytest.mark.parametrize("shown", ["0 1 2", "0 1 2 D_1", "0 1 2 D_1 D_1_aff"])
    def test_nothing_is_said_where_nothing_is_left_out(self, shown):
        from dlfa.ui.embeddings.left_out import _left_out

        assert _left_out(shown.split(), shown.split()[3:]) == ""


class TestComputed:
    def test_some_languages_alone_have_a_map_of_their_own(self, embeddings):
        app = embeddings(spoken=FEW)
        assert messages(app) == []
        assert title(app).startswith("<b>" + word("figure.map.title", n="162", space="layer 0"))
        names = [trace["name"] for trace in figures(app)["map"]["data"] if "name" in trace]
        assert len(names) == len(FEW)

    def test_the_first_token_is_one_switch_away(self, embeddings):
        app = embeddings(spoken=FEW, pooled="first", encoder="raw")
        assert messages(app) == []
        assert "'first'" in app.code[-1].value

    def test_typed_sentences_are_placed_ringed_and_listed_with_how_far_that_is_off(
        self, embeddings
    ):
        app = embeddings(spoken=FEW, typed="The dog runs in the park.\n\nDas Wetter ist schön.")
        assert messages(app) == []
        (table,) = app.dataframe
        assert table.value["text"].tolist() == [
            "The dog runs in the park.",
            "Das Wetter ist schön.",
        ]
        assert "164" in title(app)
        told = word("embeddings.typed.error", error="@", chance="@", worst="@", space="@")
        assert told.split("@")[0] in everything_said(app)

    def test_umap_begins_when_the_map_shown_meanwhile_is_there(self, embeddings, monkeypatch):
        from dlfa.ui.embeddings import maps

        asked: list[object] = []
        monkeypatch.setattr(maps, "made", lambda name, *_rest: asked.append(name[0]))
        embeddings(spoken=FEW, method="umap")
        assert set(asked) == {"map-pca"}

    def test_a_line_that_cannot_be_placed_is_told_and_takes_no_map_away(self, embeddings):
        app = embeddings()
        app.text_area(key="typed").input("word " * 2000).run()
        (told,) = messages(app)
        assert told == word("error.text.long", found=9999, limit=5000)
        assert "810" in title(app)

    def test_a_typed_sentence_in_another_language_leaves_the_colours_as_they_are(self, embeddings):
        def colours(app: AppTest) -> dict[str, str]:
            traces = [one for one in figures(app)["map"]["data"] if "name" in one]
            return {one["name"]: one["marker"]["color"] for one in traces}

        before = colours(embeddings(spoken=FEW))
        typed = "Ο σκύλος τρέχει στο πάρκο με τα παιδιά και τη γάτα."
        after = colours(embeddings(spoken=FEW, typed=typed))
        assert {name: after[name] for name in before} == before
        (new,) = set(after) - set(before)
        assert after[new] not in before.values()

    def test_a_measure_over_all_pairs_and_one_pair_of_them(self, embeddings):
        app = embeddings(spoken=FEW, spaces="measures", measure="cka", over="all", pair="de-th")
        assert messages(app) == []
        assert "pairs='all'" in app.code[-1].value

    def test_no_language_is_told_not_drawn(self, embeddings):
        app = embeddings(spoken="")
        assert messages(app) == [word("embeddings.languages.none")]

    def test_a_model_that_tags_has_spaces_too(self, embeddings):
        app = embeddings(model="e5-small-ner", spoken=FEW)
        assert messages(app) == []
        assert "tuned(ner)" in title(app)


class TestBareEncoders:
    """An encoder that nobody trained heads on, as mBERT is after its download."""

    @pytest.fixture
    def folder(self, tmp_path_factory):
        from tests.integration.tiny import save_encoder

        return str(save_encoder(tmp_path_factory.mktemp("encoder") / "tiny"))

    def test_it_has_maps_of_its_layers_and_is_named_raw(self, embeddings, folder):
        app = embeddings(model=folder, spoken=FEW)
        assert messages(app) == []
        assert "tiny, raw" in title(app)
        assert word("embeddings.encoder.only", name="tiny") in everything_said(app)
        assert all(frame["name"].isdigit() for frame in figures(app)["map"]["frames"])

    @pytest.mark.parametrize("view", ["measures", "languages", "probes"])
    def test_it_has_measures_and_a_tree(self, embeddings, folder, view):
        app = embeddings(model=folder, spoken=FEW, spaces=view)
        assert messages(app) == []
        assert len(figures(app)) == 1

    @pytest.mark.slow
    def test_mbert_sized_weights_go_the_same_way(self, embeddings, vocabulary, tmp_path):
        from tests.integration.test_mbert_path import EXACT, save_as_the_hub_has_it

        folder = tmp_path / "mbert"
        save_as_the_hub_has_it(folder, vocabulary, EXACT)
        app = embeddings(model=str(folder), spoken=FEW, method="umap", pooled="first")
        assert messages(app) == []
        assert "mbert, raw" in title(app)
        assert len(figures(app)["map"]["frames"]) == 13

    def test_no_such_encoder_is_told_in_a_sentence(self, embeddings):
        app = embeddings(model="no-such-model")
        assert len(messages(app)) == 1
        assert figures(app) == {}


ROWS = [
    ("1", "en", "The cat sleeps.", "animals"),
    ("1", "de", "Die Katze schläft.", "animals"),
    ("1", "fr", "Le chat dort.", "animals"),
    ("2", "en", "It rains every day.", "weather"),
    ("2", "de", "Es regnet jeden Tag.", "weather"),
    ("2", "fr", "Il pleut tous les jours.", "weather"),
    ("3", "en", "=1+1 <b>x</b> ![y](http://example.com/y.png)", "food"),
    ("3", "en", "=1+1 <b>x</b> ![y](http://example.com/y.png)", "food"),
    ("4", "en", " ", "food"),
]


def table(rows=ROWS, header=("id", "lang", "text", "topic")) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def upload(app: AppTest, data: bytes, name: str = "mine.csv") -> AppTest:
    app.main.get("file_uploader")[0].upload(name, data, "text/csv").run()
    assert not app.exception
    return app


class TestOwnFile:
    def test_a_file_in_three_languages_gets_its_map_and_tells_what_became_of_its_rows(
        self, embeddings
    ):
        app = upload(embeddings(sents="own"), table())
        assert messages(app) == []
        said = everything_said(app)
        assert word("embeddings.own.usable", count="7") in said
        assert word("embeddings.own.merged", count="1") in said
        assert word("embeddings.own.refused.empty") in said
        assert app.selectbox(key="sentences-item-1").value == "id"  # shared, as translations' are
        assert len(figures(app)["map"]["frames"]) == SPACES
        assert "<b>x</b>" not in str(figures(app)["map"]["data"][1])
        assert "mine.csv" in app.code[-1].value

    def test_fewer_than_fifteen_sentences_get_pca_and_a_word_why(self, embeddings):
        app = upload(embeddings(sents="own", method="umap"), table())
        assert messages(app) == []
        assert word("figure.map.method.pca") in title(app)
        assert word("notice.map.few") in everything_said(app)

    def test_languages_are_guessed_and_the_guess_is_told(self, embeddings):
        rows = [row[2:3] for row in ROWS[:6]]
        app = upload(embeddings(sents="own"), table(rows, ("text",)))
        assert messages(app) == []
        told = word("embeddings.own.guessed", count="6", languages="@").split("@")[0]
        assert told in everything_said(app)

    def test_too_few_translations_for_a_measure_are_told(self, embeddings):
        app = upload(embeddings(sents="own", spaces="measures"), table())
        (told,) = messages(app)
        assert told == word("error.measure.parallel", least=5)

    @pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04" + b"\x00" * 60])
    def test_what_is_no_table_is_told_in_a_sentence(self, embeddings, data):
        app = upload(embeddings(sents="own"), data)
        assert len(messages(app)) == 1
        assert figures(app) == {}

    def test_a_file_can_be_forgotten(self, embeddings):
        app = upload(embeddings(sents="own"), table())
        app.button(key="sentences-forget").click().run()
        assert figures(app) == {}
        assert messages(app) == []


def choosing() -> None:
    """A script in which points were drawn around."""
    import streamlit as st

    from dlfa.data.sentence_sets import built_in
    from dlfa.data.sentences import in_languages
    from dlfa.ui.embeddings import selected

    whole, part = built_in(), in_languages(built_in(), ("de",))
    points = [{"customdata": [3, "x"]}, {"customdata": [1, "y"]}, {"customdata": [3, "x"]}, {}]
    st.session_state[selected.FIGURE] = {"selection": {"points": points}}
    selected.take_choice(whole.digest)
    st.session_state["found"] = selected.chosen_rows(whole), selected.chosen_rows(part)


def test_what_is_drawn_around_is_chosen_on_that_map_alone():
    app = AppTest.from_function(choosing).run()
    assert not app.exception
    assert app.session_state["found"] == ((1, 3), ())
