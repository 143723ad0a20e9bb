"""The status line, and what is kept in memory."""

import re

import pytest

from tests.pages.visitor import Open, everything_said, word


@pytest.fixture
def stores():
    from dlfa.ui.store import STORES

    return STORES


class TestStatus:
    def test_names_device_arithmetic_memory_and_the_line(self, open_app: Open):
        from dlfa.model.device import hardware

        said = everything_said(open_app())
        wanted = word(
            "ui.status", device=hardware().name, dtype=hardware().dtype, memory="N", waiting=0
        )
        found = re.search(re.escape(wanted).replace("N", r"(\d+)", 1), said)
        assert found
        assert 200 < int(found[1]) < 200_000  # MB: torch and a model

    def test_is_there_without_a_model(self, open_app: Open, monkeypatch, tmp_path):
        from dlfa.ui import cache

        monkeypatch.setattr(cache, "CHECKPOINTS", tmp_path)
        assert word("ui.kept.note") in everything_said(open_app())


class TestKept:
    def test_counts_every_store(self, open_app: Open, stores):
        app = open_app()
        (table,) = [table.value for table in app.table if word("ui.kept.what") in table.value]
        assert list(table[word("ui.kept.what")]) == [word(f"ui.kept.{one.name}") for one in stores]
        assert list(table[word("ui.kept.results")]) == [one.entries for one in stores]
        assert all(one.bytes <= one.limit for one in stores)

    def test_can_be_forgotten_at_a_desk_and_the_model_stays(self, open_app: Open, stores):
        from dlfa.ui.loading import _MODELS

        _MODELS.clear()  # of those that other tests' pages loaded the oldest would go
        for store in stores:
            store.clear()  # so that this page loads its own
        app = open_app()
        assert any(store.entries for store in stores)
        models = dict(_MODELS)
        app.button(key="clear").click()
        cleared = []
        original = stores[0].clear
        stores[0].clear = lambda: (original(), cleared.append(True))
        try:
            app.run()
        finally:
            del stores[0].clear
        assert cleared
        assert dict(_MODELS) == models

    def test_is_not_forgotten_for_all_by_one_visitor_of_a_public_instance(
        self, open_app: Open, monkeypatch
    ):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        app = open_app()
        assert "clear" not in [button.key for button in app.button]
        assert word("ui.kept.note") in everything_said(app)
