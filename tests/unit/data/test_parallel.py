"""Our own sentences: each task's own, and none where a task has none."""

import pytest

from dlfa.data.parallel import own_items
from dlfa.data.tasks import TASKS

SIZES = {"xnli": 24, "paws-x": 12}


@pytest.mark.parametrize("key", SIZES)
class TestOwnItems:
    def test_they_need_neither_mirror_nor_hub(self, key, monkeypatch):
        monkeypatch.delenv("DLFA_DATA_DIR", raising=False)
        items = own_items(key)
        assert len({item.id for item in items}) == len(items) == SIZES[key]

    def test_every_item_is_there_in_every_language_of_the_task(self, key):
        for item in own_items(key):
            assert item.label in TASKS[key].labels
            assert set(item.text) == set(TASKS[key].languages)
            assert all(len(pair) == 2 and all(pair) for pair in item.text.values())

    def test_they_are_read_once(self, key):
        assert own_items(key) is own_items(key)


def test_no_two_tasks_share_an_item():
    ids = [item.id for key in SIZES for item in own_items(key)]
    assert len(set(ids)) == len(ids) == sum(SIZES.values())


def test_a_task_that_tags_words_has_none_and_neither_has_one_that_nobody_knows():
    assert own_items("ner") == own_items("made-up") == ()
