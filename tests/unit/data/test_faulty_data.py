"""A corpus that is not as its task declares it never becomes a number: one sentence says why."""

from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dlfa.data import hub
from dlfa.data.sources import evaluation_pairs, training_pairs
from dlfa.data.tagged import evaluation_sentences
from dlfa.data.tasks import TASKS
from dlfa.errors import BrokenDataError, MissingDataError, OfflineError

XNLI, NER, PAWS_X = TASKS["xnli"], TASKS["ner"], TASKS["paws-x"]
PAIRS = {"premise": ["P", "Q"], "hypothesis": ["H", "I"], "label": [0, 2]}
WORDS = {"tokens": [["Ada", "sang"], ["Yes"]], "ner_tags": [[1, 0], [0]]}


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """A cache and a mirror of its own, and no Hub."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setenv("DLFA_DATA_DIR", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    hub.forget()
    yield
    hub.forget()


def lay(tmp_path: Path, hub_id: str, config: str, split: str, rows: pa.Table | dict) -> Path:
    """Write one file as a mirror has it, and return it."""
    folder = tmp_path / "hub" / hub_id
    file = folder / config / f"{split}-00000-of-00001.parquet"
    file.parent.mkdir(parents=True)
    pq.write_table(rows if isinstance(rows, pa.Table) else pa.table(rows), file)
    place = f"  data_files:\n  - split: {split}\n    path: {config}/{file.name}\n"
    (folder / "README.md").write_text(f"---\nconfigs:\n- config_name: {config}\n{place}---\n")
    return file


def xnli(tmp_path: Path, **changed: list) -> Path:
    return lay(tmp_path, "facebook/xnli", "en", "test", PAIRS | changed)


def told(task=XNLI, split="test", language="en") -> str:
    """Return what is said of the corpus."""
    read = evaluation_sentences if task.kind == "tagging" else evaluation_pairs
    with pytest.raises(BrokenDataError) as caught:
        read(task, language, split)
    return str(caught.value)


class TestFiles:
    @pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
    def test_a_file_that_was_cut_is_named(self, tmp_path, share):
        file = xnli(tmp_path)
        whole = file.read_bytes()
        file.write_bytes(whole[: int(share * len(whole))])
        assert str(file) in told()

    def test_a_file_that_is_damaged_in_the_middle_is_named(self, tmp_path):
        many = {name: values * 500 for name, values in PAIRS.items()}
        many["premise"] = [f"premise {row}" for row in range(1000)]
        file = xnli(tmp_path, **many)
        data = bytearray(file.read_bytes())
        data[40:400] = b"\xff" * 360
        file.write_bytes(data)
        assert str(file) in told()

    def test_a_mirror_without_the_split_is_no_damage(self, tmp_path):
        xnli(tmp_path)
        with pytest.raises(MissingDataError):
            evaluation_pairs(XNLI, "en", "validation")


class TestColumns:
    def test_a_missing_column_is_named_with_those_that_are_there(self, tmp_path):
        rows = {"premise": ["P"], "text": ["H"], "label": [0]}
        lay(tmp_path, "facebook/xnli", "en", "test", rows)
        words = told()
        assert "hypothesis" in words
        assert "premise, text, label" in words
        assert "facebook/xnli (en, test)" in words

    def test_also_where_the_id_is_missing(self, tmp_path):
        rows = {"sentence1": ["P"], "sentence2": ["H"], "label": [0]}
        lay(tmp_path, PAWS_X.evaluation.hub_id, "en", "test", rows)
        assert " id" in told(PAWS_X)

    def test_of_a_corpus_of_words(self, tmp_path):
        lay(tmp_path, "google/xtreme", "PAN-X.en", "validation", {"tokens": [["a"]]})
        assert "ner_tags" in told(NER, "validation")


class TestLabels:
    @pytest.mark.parametrize("label", [7, 3, -2])
    def test_a_number_that_is_none_of_the_classes_is_named_with_its_row(self, tmp_path, label):
        xnli(tmp_path, label=[0, label])
        words = told()
        assert f" {label} " in words
        assert "row 1 " in words
        assert "0 to 2" in words

    @pytest.mark.parametrize("labels", [["entailment", "neutral"], [0.0, 1.0], [0, None]])
    def test_labels_have_to_be_numbers(self, tmp_path, labels):
        xnli(tmp_path, label=labels)
        assert "facebook/xnli" in told()

    def test_minus_one_is_where_annotators_did_not_agree(self, tmp_path):
        xnli(tmp_path, label=[0, -1])
        assert len(evaluation_pairs(XNLI, "en", "test")) == 1

    def test_classes_in_another_order_are_not_taken_for_ours(self, tmp_path):
        classes = datasets.ClassLabel(names=["contradiction", "neutral", "entailment"])
        text = datasets.Value("string")
        features = datasets.Features({"premise": text, "hypothesis": text, "label": classes})
        table = datasets.Dataset.from_dict(PAIRS, features=features).data.table
        lay(tmp_path, "facebook/xnli", "en", "test", table)
        words = told()
        assert "contradiction, neutral, entailment" in words
        assert "entailment, neutral, contradiction" in words

    def test_classes_that_have_no_names_but_numbers_are_fine(self, tmp_path):
        classes = datasets.ClassLabel(names=["0", "1"])
        text = datasets.Value("string")
        features = {"sentence1": text, "sentence2": text, "label": classes}
        rows = {"sentence1": ["P"], "sentence2": ["H"], "label": [1]}
        found = datasets.Dataset.from_dict(rows, features=datasets.Features(features))
        table = found.data.table.append_column("id", [[1]])
        lay(tmp_path, PAWS_X.evaluation.hub_id, "en", "test", table)
        assert evaluation_pairs(PAWS_X, "en", "test")[0].label == 1

    @pytest.mark.parametrize("tags", [[[1, 9], [0]], [[1, -1], [0]]])
    def test_a_tag_that_is_none_of_the_classes(self, tmp_path, tags):
        lay(tmp_path, "google/xtreme", "PAN-X.en", "validation", WORDS | {"ner_tags": tags})
        assert "row 0 " in told(NER, "validation")

    def test_training_data_are_looked_at_too(self, tmp_path):
        lay(tmp_path, "nyu-mll/multi_nli", "default", "train", PAIRS | {"label": [0, 5]})
        with pytest.raises(BrokenDataError, match="nyu-mll/multi_nli"):
            training_pairs(XNLI, ("mnli",))


class TestTexts:
    def test_a_row_without_a_text(self, tmp_path):
        xnli(tmp_path, hypothesis=["H", None])
        assert "Row 1 " in told()

    @pytest.mark.parametrize("tags", [[[1], [0]], [[1, 0, 0], [0]]])
    def test_words_and_tags_that_do_not_match(self, tmp_path, tags):
        lay(tmp_path, "google/xtreme", "PAN-X.en", "validation", WORDS | {"ner_tags": tags})
        assert "Row 0 " in told(NER, "validation")


class TestDownload:
    @pytest.mark.parametrize("error", [ConnectionError("cut"), OSError("size 3 of 9"), EOFError()])
    def test_one_that_breaks_off_says_so_and_leaves_nothing_behind(self, monkeypatch, error):
        def broken(*_where, **_options):
            raise error

        monkeypatch.delenv("DLFA_DATA_DIR")
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setattr(hub, "answers", lambda endpoint: True)
        monkeypatch.setattr(datasets, "load_dataset", broken)
        with pytest.raises(OfflineError, match="broke off"):
            evaluation_pairs(XNLI, "en", "test")
