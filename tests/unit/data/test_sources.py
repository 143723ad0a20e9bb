"""Where examples come from: our own sentences, a mirror of the Hub, or one clear error."""

import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dlfa.data import hub, sources
from dlfa.data.sources import (
    evaluation_pairs,
    flickr8k_captions,
    normalised,
    training_pairs,
    usual_corpora,
)
from dlfa.data.tasks import TASKS
from dlfa.errors import (
    BrokenDataError,
    DlfaError,
    MissingDataError,
    OfflineError,
    UnknownLanguageError,
)

XNLI = TASKS["xnli"]


@pytest.fixture(autouse=True)
def offline(tmp_path, monkeypatch):
    """No Hub, no mirror, and a cache of its own."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.delenv("DLFA_DATA_DIR", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    hub.forget()
    yield
    hub.forget()


@pytest.fixture
def mirror(tmp_path, monkeypatch) -> Path:
    """An empty mirror that ``DLFA_DATA_DIR`` names."""
    folder = tmp_path / "data" / "hub"
    folder.mkdir(parents=True)
    monkeypatch.setenv("DLFA_DATA_DIR", str(folder))
    return folder


Rows = list[tuple[str, str, int]]


def add(mirror: Path, hub_id: str, files: dict[str, dict[str, Rows]]) -> Path:
    """Lay out one data set as the Hub does: configuration -> split -> rows."""
    folder = mirror / hub_id
    listed = ""
    for config, splits in files.items():
        listed += f"- config_name: {config}\n  data_files:\n"
        (folder / config).mkdir(parents=True)
        for split, rows in splits.items():
            place = f"{config}/{split}-00000-of-00001.parquet"
            listed += f"  - split: {split}\n    path: {place}\n"
            columns = zip(*rows, strict=True)
            table = dict(zip(("premise", "hypothesis", "label"), map(list, columns), strict=True))
            pq.write_table(pa.table(table), folder / place)
    (folder / "README.md").write_text(f"---\nconfigs:\n{listed}---\n")
    return folder


def add_xnli(mirror: Path) -> Path:
    return add(
        mirror,
        "facebook/xnli",
        {
            "en": {"validation": [("P", "H", 0), ("Q", "I", 2)], "test": [("R", "J", 1)]},
            "sw": {"validation": [("P-sw", "H-sw", 0), ("Q-sw", "I-sw", 2)]},
        },
    )


def texts(pairs: list[sources.Pair]) -> Rows:
    return [(pair.first, pair.second, pair.label) for pair in pairs]


class TestEvaluationPairs:
    def test_a_mirror_is_read_in_the_corpus_own_order(self, mirror):
        add_xnli(mirror)
        assert texts(evaluation_pairs(XNLI, "en", "validation")) == [("P", "H", 0), ("Q", "I", 2)]
        assert texts(evaluation_pairs(XNLI, "en", "test")) == [("R", "J", 1)]

    def test_translations_share_their_id_and_splits_do_not(self, mirror):
        add_xnli(mirror)
        english, swahili = (
            [pair.id for pair in evaluation_pairs(XNLI, language, "validation")]
            for language in ("en", "sw")
        )
        assert english == swahili == ["facebook/xnli/validation/0", "facebook/xnli/validation/1"]
        assert evaluation_pairs(XNLI, "en", "test")[0].id not in english

    def test_neighbours_with_the_same_first_sentence_are_about_one_premise(self, mirror):
        rows = [("P", "a", 0), ("P", "b", 1), ("Q", "c", 2), ("P", "d", 0), ("P", "e", -1)]
        swahili = [(f"{first}-sw", *rest) for first, *rest in rows]
        files = {code: {"test": found} for code, found in (("en", rows), ("sw", swahili))}
        add(mirror, "facebook/xnli", files)
        for code in ("en", "sw"):
            premises = [pair.premise for pair in evaluation_pairs(XNLI, code, "test")]
            assert premises == [f"facebook/xnli/test/{row}" for row in (0, 0, 2, 3)]

    def test_a_genre_comes_along_where_the_corpus_names_one(self, mirror):
        folder = add_xnli(mirror)
        rows = {"premise": ["P"], "hypothesis": ["H"], "label": [0], "genre": ["fiction"]}
        for split in ("test", "validation"):
            pq.write_table(pa.table(rows), folder / "en" / f"{split}-00000-of-00001.parquet")
        named = replace(XNLI, evaluation=replace(XNLI.evaluation, genre="genre"))
        assert [pair.genre for pair in evaluation_pairs(named, "en", "test")] == ["fiction"]
        assert [pair.genre for pair in evaluation_pairs(XNLI, "en", "test")] == [""]

    def test_a_language_that_the_task_does_not_have(self, mirror):
        add_xnli(mirror)
        with pytest.raises(UnknownLanguageError):
            evaluation_pairs(XNLI, "ja", "validation")


class TestTrainingPairs:
    def test_corpora_follow_each_other_and_every_id_is_its_own(self, mirror):
        add(mirror, "nyu-mll/multi_nli", {"default": {"train": [("a", "b", 0), ("c", "d", 1)]}})
        pairs = training_pairs(XNLI, ("mnli", "mnli"))
        assert texts(pairs) == [("a", "b", 0), ("c", "d", 1)] * 2
        assert [pair.id for pair in pairs[:2]] == [
            f"nyu-mll/multi_nli/train/{row}" for row in (0, 1)
        ]

    def test_our_validation_is_mnlis_matched_one(self, mirror):
        splits = {"train": [("a", "b", 0)], "validation_matched": [("e", "f", 2)]}
        add(mirror, "nyu-mll/multi_nli", {"default": splits})
        assert texts(training_pairs(XNLI, ("mnli",), "validation")) == [("e", "f", 2)]

    def test_pairs_on_which_the_annotators_did_not_agree_are_dropped(self, mirror):
        rows = [("a", "b", 0), ("c", "d", -1), ("e", "f", 2)]
        add(mirror, "nyu-mll/multi_nli", {"default": {"train": rows}})
        pairs = training_pairs(XNLI, ("mnli",))
        assert texts(pairs) == [("a", "b", 0), ("e", "f", 2)]
        assert pairs[1].id.endswith("/2")  # the row in the corpus, not in what is left

    def test_snli_pairs_about_flickr8k_photographs_are_dropped(self, mirror):
        rows = [
            ("A dog runs through the grass .", "A dog is outside.", 0),
            ("two men  talk", "They sing.", 2),
            ("A dog runs.", "A cat runs.", 2),
        ]
        add(mirror, "stanfordnlp/snli", {"plain_text": {"train": rows}})
        add_captions(mirror, [["A DOG runs, through the grass!", "One dog."], ["Two men talk."]])
        assert texts(training_pairs(XNLI, ("snli",))) == [rows[2]]

    def test_snli_is_not_used_where_the_captions_are_not_at_hand(self, mirror):
        add(mirror, "stanfordnlp/snli", {"plain_text": {"train": [("a", "b", 0)]}})
        with pytest.raises(MissingDataError) as caught:
            training_pairs(XNLI, ("snli",))
        assert caught.value.key == "error.data.flickr8k"

    def test_where_no_corpus_is_named_snli_is_left_out_without_the_captions(self, mirror):
        add(mirror, "nyu-mll/multi_nli", {"default": {"train": [("a", "b", 0)]}})
        add(mirror, "stanfordnlp/snli", {"plain_text": {"train": [("c", "d", 0)]}})
        assert usual_corpora(XNLI) == ("mnli",)
        assert texts(training_pairs(XNLI, ())) == [("a", "b", 0)]
        add_captions(mirror, [["Two men talk."]])
        assert usual_corpora(XNLI) == ("mnli", "snli")
        assert texts(training_pairs(XNLI, ())) == [("a", "b", 0), ("c", "d", 0)]

    def test_mnli_does_not_need_the_captions(self, mirror):
        rows = [("Two men talk.", "They sing.", 2)]
        add(mirror, "nyu-mll/multi_nli", {"default": {"train": rows}})
        add_captions(mirror, [["Two men talk."]])
        assert texts(training_pairs(XNLI, ("mnli",))) == rows

    def test_a_corpus_that_the_task_does_not_have_is_refused_with_those_it_has(self):
        with pytest.raises(MissingDataError, match="mnli, snli"):
            training_pairs(XNLI, ("anli",))

    @pytest.mark.slow
    def test_of_the_real_mirror_about_a_quarter_of_snli_goes(self, data_dir, monkeypatch):
        monkeypatch.setenv("DLFA_DATA_DIR", str(data_dir))
        if not (data_dir.resolve().parent / "flickr8k").is_dir():
            pytest.skip("no flickr8k beside the mirror")
        assert 28_000 < len(training_pairs(XNLI, ("snli",))) < 29_500


def add_captions(mirror: Path, captions: list[list[str]]) -> None:
    folder = mirror.parent / "flickr8k"
    folder.mkdir()
    for split in ("train", "validation", "test"):
        place = folder / f"{split}-00000-of-00001.parquet"
        pq.write_table(pa.table({"en": captions, "zh": captions}), place)


class TestCaptions:
    def test_those_of_every_image_and_split_are_compared(self, mirror):
        add_captions(mirror, [["A dog.", "The dog!"], ["Two men"]])
        assert flickr8k_captions() == {"a dog", "the dog", "two men"}

    @pytest.mark.parametrize(
        "sentence", ["A dog runs .", "a  dog\truns", "A DOG, runs!", " a dog runs", "“A dog” runs"]
    )
    def test_they_are_compared_without_case_punctuation_and_spaces(self, sentence):
        assert normalised(sentence) == "a dog runs"

    def test_words_stay(self):
        assert normalised("Three-year-old child") != normalised("three year old child")


class TestNothingThere:
    """One sentence that names both ways, and quickly."""

    @staticmethod
    def refuse(kind: type[DlfaError], language: str = "en", split: str = "test") -> str:
        began = time.monotonic()
        with pytest.raises(kind) as caught:
            evaluation_pairs(XNLI, language, split)
        assert time.monotonic() - began < 5
        text = str(caught.value)
        assert "\n" not in text
        assert "DLFA_DATA_DIR" in text
        assert "Hub" in text
        assert "facebook/xnli" in text
        return text

    def test_no_mirror_and_no_hub(self):
        self.refuse(OfflineError)

    def test_a_dead_hub(self, monkeypatch):
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
        self.refuse(OfflineError)

    def test_a_mirror_without_the_data_set(self, mirror):
        self.refuse(OfflineError)

    def test_a_mirror_that_is_no_folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DLFA_DATA_DIR", str(tmp_path / "nowhere"))
        self.refuse(OfflineError)

    def test_a_mirror_without_the_language_or_the_split(self, mirror):
        add_xnli(mirror)
        assert "fr" in self.refuse(MissingDataError, "fr")
        assert "test" in self.refuse(MissingDataError, "sw", "test")

    def test_a_mirror_whose_file_is_missing_or_damaged(self, mirror):
        folder = add_xnli(mirror)
        (folder / "sw" / "validation-00000-of-00001.parquet").write_bytes(b"PAR1 and no more")
        (folder / "en" / "test-00000-of-00001.parquet").unlink()
        with pytest.raises(BrokenDataError, match="sw"):
            evaluation_pairs(XNLI, "sw", "validation")
        self.refuse(MissingDataError, "en", "test")

    def test_a_mirror_with_other_columns(self, mirror):
        folder = add_xnli(mirror)
        table = pa.table({"premise": ["a"], "label": [0]})
        pq.write_table(table, folder / "sw" / "validation-00000-of-00001.parquet")
        with pytest.raises(BrokenDataError, match="hypothesis"):
            evaluation_pairs(XNLI, "sw", "validation")

    def test_a_mirror_whose_card_cannot_be_read(self, mirror):
        (add_xnli(mirror) / "README.md").write_text("---\nconfigs: [\n---\n")
        self.refuse(MissingDataError)
