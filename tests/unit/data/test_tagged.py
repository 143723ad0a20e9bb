"""Tagged sentences out of a mirror, and their words as sub-words."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dlfa.data import hub
from dlfa.data.collation import collate, encode_words
from dlfa.data.sources import offered, origin
from dlfa.data.tagged import evaluation_sentences, training_sentences
from dlfa.data.tasks import TASKS
from dlfa.errors import MissingDataError, OfflineError
from dlfa.shapes import UNLABELLED
from tests.unit.model import tiny

NER, POS = TASKS["ner"], TASKS["pos"]
WORDS = [["a", "bc"], ["d"], []]


@pytest.fixture(autouse=True)
def mirror(tmp_path, monkeypatch) -> Path:
    """A mirror with English train and German validation, and PUD beside it."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    hub.forget()
    root = tmp_path / "data" / "hub"
    xtreme = root / "google" / "xtreme"
    listed = ""
    for config, split in (("PAN-X.en", "train"), ("PAN-X.de", "validation")):
        place = f"{config}/{split}-00000-of-00001.parquet"
        listed += f"- config_name: {config}\n  data_files:\n  - split: {split}\n    path: {place}\n"
        write(
            xtreme / place, WORDS if split == "validation" else [["a", str(n)] for n in range(50)]
        )
    (xtreme / "README.md").write_text(f"---\nconfigs:\n{listed}---\n", encoding="utf-8")
    for code, ids in (("en", "xyz"), ("cs", "zxy")):
        write(root.parent / "ud-pud" / f"{code}.parquet", [[code, one] for one in ids], list(ids))
    monkeypatch.setenv("DLFA_DATA_DIR", str(root))
    return root


def write(file: Path, sentences: list[list[str]], ids: list[str] | None = None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    tags = [[min(at, 2) for at, _word in enumerate(words)] for words in sentences]
    table = {"tokens": sentences, "ner_tags": tags, "pos_tags": tags}
    schema = {
        "tokens": pa.list_(pa.string()),
        **dict.fromkeys(("ner_tags", "pos_tags"), pa.list_(pa.int64())),
    }
    if ids:
        table["sent_id"], schema["sent_id"] = ids, pa.string()
    pq.write_table(pa.table(table, schema=pa.schema(schema)), file)


class TestSentences:
    def test_come_with_a_tag_a_word_and_without_empty_rows(self):
        found = evaluation_sentences(NER, "de", "validation")
        assert [one.words for one in found] == [("a", "bc"), ("d",)]
        assert found[0].tags == (0, 1)

    def test_rows_of_two_languages_are_no_translations_unless_the_corpus_says_so(self):
        german = evaluation_sentences(NER, "de", "validation")
        assert all("/de/" in one.id for one in german)
        czech, english = (evaluation_sentences(POS, code, "pud") for code in ("cs", "en"))
        assert {one.id for one in czech} == {one.id for one in english}
        by_id = {one.id: one.words[1] for one in czech}
        assert all(by_id[one.id] == one.words[1] for one in english)  # joined on sent_id

    def test_what_chooses_a_checkpoint_is_never_trained_on(self):
        learned, held_out = training_sentences(NER, ())
        assert not {one.id for one in learned} & {one.id for one in held_out}
        assert (len(learned), len(held_out)) == (40, 10)  # a fifth of so few
        assert training_sentences(NER, ("wikiann",)) == (learned, held_out)

    def test_a_mirror_offers_the_languages_that_it_holds(self):
        assert offered(NER, "validation") == ("en", "de")
        assert offered(POS, "pud") == ("en", "cs")
        assert origin(NER.evaluation) == "google/xtreme (mirror)"

    def test_a_missing_language_split_or_folder_is_said(self, mirror, monkeypatch):
        with pytest.raises(MissingDataError, match=r"PAN-X\.fr"):
            evaluation_sentences(NER, "fr", "validation")
        with pytest.raises(MissingDataError, match="test"):
            evaluation_sentences(NER, "de", "test")
        with pytest.raises(MissingDataError, match="fr"):
            evaluation_sentences(POS, "fr", "pud")
        monkeypatch.delenv("DLFA_DATA_DIR")
        with pytest.raises(MissingDataError, match="ud-pud"):
            evaluation_sentences(POS, "en", "pud")
        with pytest.raises(OfflineError, match="xtreme"):
            evaluation_sentences(NER, "de", "test")


class TestWords:
    def test_are_read_at_their_first_sub_word(self):
        (one,) = encode_words(tiny.encoder().tokenizer, [["a", "", "b", "?"]], 32)
        pieces = one["input_ids"]
        assert [pieces[place] if place >= 0 else None for place in one["first"]] == [
            tiny.VOCABULARY.index("a"),
            None,
            tiny.VOCABULARY.index("b"),
            tiny.VOCABULARY.index("[UNK]"),
        ]
        assert not one["truncated"]

    def test_that_are_cut_have_none(self):
        (one,) = encode_words(tiny.encoder().tokenizer, [list("abcdef")], 5)
        assert one["first"] == [1, 2, 3, -1, -1, -1]
        assert one["truncated"]

    def test_labels_are_padded_with_what_no_loss_counts(self):
        tokenizer = tiny.encoder().tokenizer
        two = encode_words(tokenizer, [list("ab"), list("a")], 9)
        for one in two:
            one["labels"] = [3] * len(one["input_ids"])
        labels = collate(two, tokenizer.pad_token_id)["labels"]
        assert labels.tolist() == [[3, 3, 3, 3], [3, 3, 3, UNLABELLED]]
