"""Sentence pairs to padded batches."""

import pytest
import torch
from transformers import BertTokenizer

from dlfa.data.collation import TokenBatch, collate, encode_pairs, to_device
from tests.unit.model.tiny import VOCABULARY

PAD = 9


@pytest.fixture(scope="module")
def tokenizer() -> BertTokenizer:
    return BertTokenizer(vocab={piece: row for row, piece in enumerate(VOCABULARY)})


class TestCollate:
    EXAMPLES = (
        {"input_ids": [5, 6, 7], "token_type_ids": [0, 0, 1], "labels": 2},
        {"input_ids": [8], "token_type_ids": [0], "labels": 0},
        {"input_ids": [5, 6, 7, 8, 5], "token_type_ids": [0, 1, 1, 1, 1], "labels": 1},
    )

    def test_pads_to_the_longest_of_the_batch(self):
        batch = collate(self.EXAMPLES, PAD)
        assert batch["input_ids"].tolist() == [[5, 6, 7, 9, 9], [8, 9, 9, 9, 9], [5, 6, 7, 8, 5]]

    def test_the_mask_is_one_on_real_tokens_also_where_they_look_like_padding(self):
        batch = collate([{"input_ids": [PAD, 5]}, {"input_ids": [5, 5, PAD]}], PAD)
        assert batch["attention_mask"].tolist() == [[1, 1, 0], [1, 1, 1]]

    def test_segments_and_labels_keep_their_rows(self):
        batch = collate(self.EXAMPLES, PAD)
        assert batch["token_type_ids"].tolist() == [
            [0, 0, 1, 0, 0],
            [0, 0, 0, 0, 0],
            [0, 1, 1, 1, 1],
        ]
        assert batch["labels"].tolist() == [2, 0, 1]
        assert {tensor.dtype for tensor in batch.values()} == {torch.int64}

    def test_what_the_examples_do_not_have_the_batch_does_not_either(self):
        batch = collate([{"input_ids": [5]}, {"input_ids": [5, 6]}], PAD)
        assert set(batch) == {"input_ids", "attention_mask"}

    def test_a_batch_of_one_has_no_padding(self):
        batch = collate([{"input_ids": [5, 6]}], PAD)
        assert batch["input_ids"].tolist() == [[5, 6]]

    def test_a_batch_can_be_moved(self):
        moved = to_device(collate(self.EXAMPLES, PAD), torch.device("meta"))
        assert {tensor.device.type for tensor in moved.values()} == {"meta"}
        assert set(moved) == set(TokenBatch.__annotations__)


class TestEncodePairs:
    def test_a_pair_is_what_the_tokenizer_makes_of_it(self, tokenizer):
        found = encode_pairs(tokenizer, ["a b", "c"], ["d", "e f"], 20)
        for example, (first, second) in zip(found, [("a b", "d"), ("c", "e f")], strict=True):
            wanted = tokenizer(first, second)
            assert example["input_ids"] == wanted["input_ids"]
            assert example["token_type_ids"] == wanted["token_type_ids"]
            assert not example["truncated"]

    def test_both_segments_are_told_apart(self, tokenizer):
        (example,) = encode_pairs(tokenizer, ["a b"], ["c"], 20)
        assert example["token_type_ids"] == [0, 0, 0, 0, 1, 1]

    @pytest.mark.parametrize(
        ("first", "second"),
        [("a b c d e f g h", "i"), ("a", "b c d e f g h"), ("a b c d e", "f g h i j")],
    )
    def test_the_longer_sentence_is_cut_first_and_it_is_said(self, tokenizer, first, second):
        (example,) = encode_pairs(tokenizer, [first], [second], 8)
        assert len(example["input_ids"]) == 8
        assert example["truncated"]
        lengths = [example["token_type_ids"].count(0) - 2, example["token_type_ids"].count(1) - 1]
        assert min(lengths) == min(len(first.split()), len(second.split()), 2)

    def test_a_pair_that_just_fits_is_whole(self, tokenizer):
        (example,) = encode_pairs(tokenizer, ["a b c"], ["d e"], 8)
        assert len(example["input_ids"]) == 8
        assert not example["truncated"]

    def test_one_long_pair_says_nothing_about_the_others(self, tokenizer):
        found = encode_pairs(tokenizer, ["a", "a b c d e f g h", "b"], ["c", "c", "d"], 8)
        assert [example["truncated"] for example in found] == [False, True, False]

    def test_what_it_gives_can_be_collated(self, tokenizer):
        batch = collate(encode_pairs(tokenizer, ["a b", "c"], ["d", "e"], 20), 0)
        assert set(batch) == {"input_ids", "attention_mask", "token_type_ids"}
        assert batch["attention_mask"].sum(1).tolist() == [6, 5]
