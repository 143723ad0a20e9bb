"""Which sets a task may be evaluated on here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dlfa.data.sources import evaluation_pairs
from dlfa.data.splits import check_split, offered_splits, usual_split
from dlfa.data.tasks import TASKS
from dlfa.errors import MissingDataError

XNLI, NER, POS = TASKS["xnli"], TASKS["ner"], TASKS["pos"]


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch) -> Path:
    """An empty mirror."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    folder = tmp_path / "data" / "hub"
    folder.mkdir(parents=True)
    monkeypatch.setenv("DLFA_DATA_DIR", str(folder))
    return folder


def lay(root: Path, hub_id: str, holds: Mapping[str, Iterable[str]]) -> None:
    """Put one row of words into each split of each configuration."""
    configs = []
    for config, splits in holds.items():
        files = [{"split": split, "path": f"{config}/{split}-*"} for split in splits]
        configs.append({"config_name": config, "data_files": files})
        for split in splits:
            file = root / hub_id / config / f"{split}-00000-of-00001.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.table({"tokens": [["a"]], "ner_tags": [[0]]}), file)
    card = f"---\nconfigs: {json.dumps(configs)}\n---\n"
    (root / hub_id / "README.md").write_text(card)


def test_without_a_mirror_the_hub_is_trusted_to_have_them_all(monkeypatch):
    monkeypatch.delenv("DLFA_DATA_DIR")
    assert offered_splits(NER) == ("test", "validation")
    assert usual_split(NER) == "test"


def test_a_mirror_without_the_task_leaves_it_to_the_hub():
    assert offered_splits(NER) == ("test", "validation")


@pytest.mark.parametrize(
    ("held", "offered"),
    [
        (("train", "validation"), ("validation",)),
        (("validation", "test"), ("test", "validation")),
        (("test",), ("test",)),
    ],
)
def test_a_mirror_offers_what_it_holds_the_test_set_first(root, held, offered):
    lay(root, NER.evaluation.hub_id, {"PAN-X.en": held})
    assert offered_splits(NER) == offered
    assert usual_split(NER) == offered[0]


def test_the_names_are_ours_whatever_the_corpus_calls_them(root):
    lay(root, NER.evaluation.hub_id, {"PAN-X.en": ("heldout",)})
    corpus = replace(NER.evaluation, splits={"validation": "heldout", "test": "eval"})
    assert offered_splits(replace(NER, evaluation=corpus)) == ("validation",)


def test_a_mirror_without_english_is_asked_for_another_language(root):
    lay(root, NER.evaluation.hub_id, {"PAN-X.de": ("validation",)})
    assert offered_splits(NER) == ("validation",)


@pytest.mark.parametrize("card", ["", "---\nconfigs: []\n---\n"])
def test_a_mirror_that_cannot_be_read_is_told_when_it_is_asked(root, card):
    folder = root / XNLI.evaluation.hub_id
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(card)
    assert usual_split(XNLI) == "test"
    with pytest.raises(MissingDataError, match="xnli"):
        evaluation_pairs(XNLI, "en", usual_split(XNLI))


def test_a_further_set_is_there_where_its_folder_lies_beside_the_mirror(root):
    lay(root, POS.evaluation.hub_id, {"udpos.English": ("validation",)})
    assert offered_splits(POS) == ("validation",)
    (root.parent / "ud-pud").mkdir()
    assert offered_splits(POS) == ("validation", "pud")


def test_a_set_that_is_not_there_is_told_with_those_that_are(root):
    lay(root, NER.evaluation.hub_id, {"PAN-X.en": ("validation",)})
    check_split(NER, "validation")
    for split in ("test", "pud", "built-in"):
        with pytest.raises(MissingDataError, match=rf"{split}.* validation") as caught:
            check_split(NER, split)
        assert "ner" in str(caught.value)
    check_split(POS, "pud")  # of which asking for it says where it belongs
