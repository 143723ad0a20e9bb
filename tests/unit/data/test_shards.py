"""Encoded examples come out of flat arrays as they went in."""

import numpy as np
import pytest

from dlfa.data.shards import features, flat, read_set, write_set
from dlfa.errors import BrokenFileError

PAIRS = [
    {"input_ids": [2, 70_000, 3], "token_type_ids": [0, 0, 1], "labels": 2, "truncated": False},
    {"input_ids": [2, 3], "token_type_ids": [0, 1], "labels": 0, "truncated": True},
]
SENTENCES = [
    {"input_ids": [2, 9, 3], "labels": [-100, 4, -100], "first": [1, -1], "truncated": True},
    {"input_ids": [2], "labels": [-100], "first": [-1], "truncated": False},
    {"input_ids": [2, 8, 8, 3], "labels": [-100, 0, 1, -100], "first": [1, 2], "truncated": False},
]
WITHOUT_LABELS = [{key: one[key] for key in one if key != "labels"} for one in SENTENCES]
# Each sentence has as many sub-words as the set has sentences: a label each could be one a pair.
SQUARE = [{"input_ids": [2], "labels": [3], "first": [0], "truncated": False}]


@pytest.mark.parametrize("examples", [PAIRS, SENTENCES, WITHOUT_LABELS, SQUARE])
def test_a_set_is_read_as_it_was_written(examples, tmp_path):
    write_set(flat(examples), tmp_path / "set.npz")
    assert features(read_set(tmp_path / "set.npz")) == examples


def test_examples_are_taken_in_the_order_asked_for():
    assert features(flat(SENTENCES), [2, 0]) == [SENTENCES[2], SENTENCES[0]]


def test_an_array_of_strings_is_no_pickle(tmp_path):
    write_set({**flat(PAIRS), "id": np.array(["a", "日本"])}, tmp_path / "set.npz")
    assert read_set(tmp_path / "set.npz")["id"].tolist() == ["a", "日本"]


@pytest.mark.parametrize("harm", ["cut", "missing", "text"])
def test_a_damaged_set_is_told(tmp_path, harm):
    file = tmp_path / "set.npz"
    write_set(flat(PAIRS), file)
    if harm == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-40] if harm == "cut" else b"no set")
    with pytest.raises(BrokenFileError, match=r"set\.npz"):
        read_set(file)
