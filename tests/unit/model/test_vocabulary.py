"""An encoder with a cut vocabulary says what the whole one says."""

import numpy as np
import pytest
import torch

from dlfa.model import checkpoints
from dlfa.model.vocabulary import (
    WORDS,
    assembled,
    body_of,
    cut_config,
    kept_rows,
    renumbered,
    widened,
)
from tests.unit.model import tiny

LEARNED, TESTED = np.array([2, 9, 20, 3, 9]), np.array([2, 30, 9, 7, 3])


@pytest.fixture
def whole():
    return tiny.encoder()


def cut(whole, rows, count):
    words = whole.model.state_dict()[WORDS][rows]
    about = {"key": "tiny", "revision": "local", "pooling": "cls"}
    config = cut_config(whole, count)
    return assembled(config, {**body_of(whole), WORDS: words[:count]}, about), words[count:]


def states(model, ids):
    with torch.inference_mode():
        return model(input_ids=torch.from_numpy(ids)[None]).last_hidden_state


def test_what_is_learned_comes_first_and_padding_keeps_its_number(whole):
    rows, count = kept_rows(whole, [LEARNED], TESTED)
    assert len(np.unique(rows)) == len(rows)
    assert set(LEARNED) <= set(rows[:count])
    assert set(TESTED) <= set(rows)
    assert not set(rows[count:]) & set(LEARNED)
    padding = whole.tokenizer.pad_token_id
    assert rows[: padding + 1].tolist() == list(range(padding + 1))
    assert set(whole.tokenizer.all_special_ids) <= set(rows[:count])


@pytest.mark.parametrize(("most", "dtype"), [(2**16 - 1, np.uint16), (2**16, np.uint32)])
def test_numbers_stand_for_their_rows_in_as_few_bytes_as_they_fit_into(most, dtype):
    rows = np.random.default_rng(0).permutation(2 * most)[: most + 1]
    tokens = rows[[0, most, 5]]
    found = renumbered(tokens, rows)
    np.testing.assert_array_equal(rows[found], tokens)
    assert found.dtype == dtype


def test_the_cut_encoder_gives_the_whole_ones_states(whole):
    rows, count = kept_rows(whole, [LEARNED], TESTED)
    small, _further = cut(whole, rows, count)
    assert small.model.config.vocab_size == count
    assert small.tokenizer.pad_token_id == whole.tokenizer.pad_token_id
    found = states(small.model, renumbered(LEARNED, rows).astype(int))
    torch.testing.assert_close(found, states(whole.model, LEARNED), rtol=0, atol=0)


def test_a_trained_model_gets_the_words_of_the_test(whole):
    rows, count = kept_rows(whole, [LEARNED], TESTED)
    small, further = cut(whole, rows, count)
    config = tiny.config(encoder=cut_config(whole, count), tuning="full")
    model = widened(checkpoints.new(config, small), further)
    found = states(model.backbone.eval(), renumbered(TESTED, rows).astype(int))
    torch.testing.assert_close(found, states(whole.model, TESTED), rtol=0, atol=0)
