"""Models in memory: loaded once, known for longer, and never older than their files."""

import shutil
import threading
from types import SimpleNamespace

import pytest

from tests.pages.conftest import MODEL
from tests.unit.model import tiny


@pytest.fixture
def clean(monkeypatch):
    """No model is in memory, and what the test loads does not stay there."""
    from cachetools import LRUCache

    from dlfa.ui import loading

    monkeypatch.setattr(loading, "_MODELS", LRUCache(maxsize=3))
    monkeypatch.setattr(loading, "_KNOWN", LRUCache(maxsize=100))
    return loading


@pytest.fixture
def save(tmp_path):
    """Save a tiny checkpoint whose heads were drawn from a seed; return its name."""
    from dlfa.model import checkpoints
    from dlfa.model.backbones import load_encoder

    folder, encoder = tmp_path / "tiny", str(tiny.save_encoder(tmp_path / "encoder"))

    def save_heads(seed: int) -> str:
        config = tiny.config(backbone=encoder, seed=seed)
        checkpoints.save(checkpoints.new(config, load_encoder(encoder)), folder)
        return str(folder)

    return save_heads


def ask(model: str):
    from dlfa.ui import cache

    ((answer, *_others),) = cache.predictions(model, [("a b", "c d")])
    return answer


class TestFiles:
    def test_are_those_that_a_checkpoint_has(self):
        from dlfa.model.checkpoints import ADAPTER, HEADS
        from dlfa.ui.loading import FILES

        assert set(FILES) == {"config.json", ADAPTER, HEADS}

    def test_that_are_replaced_give_no_old_answer(self, clean, save):
        model = save(1)
        first = ask(model)
        assert ask(model) is first
        second = ask(save(2))
        assert second.provenance.checkpoint != first.provenance.checkpoint
        assert (second.probabilities != first.probabilities).any()
        assert clean.known(model).provenance is second.provenance

    def test_that_are_the_same_elsewhere_give_the_same_answer(self, clean, save, tmp_path):
        model = save(1)
        first = ask(model)
        assert ask(str(shutil.copytree(model, tmp_path / "copy"))) is first

    def test_a_config_that_says_something_else_is_another_model(self, clean, save):
        from pathlib import Path

        model = save(1)
        before = clean.known(model).source
        config = Path(model) / "config.json"
        config.write_text(config.read_text().replace('"mean"', '"cls"'))
        assert clean.known(model).source != before


class TestKnown:
    def test_stays_when_the_model_has_gone_and_loads_nothing(self, clean, save, monkeypatch):
        from dlfa.analysis import predict

        model = save(1)
        first = ask(model)
        clean._MODELS.clear()
        monkeypatch.setattr(predict, "load", None)  # whoever calls it fails
        assert ask(model) is first
        assert clean.known(model).heads[0] == first.head

    def test_a_page_and_both_sides_of_a_comparison_stay_in_memory(self, warm):
        from dlfa.ui.loading import _MODELS

        assert _MODELS.maxsize >= 3


class TestLoads:
    def test_nobody_loads_a_model_twice(self, clean, monkeypatch):
        from dlfa.analysis import predict

        loads, found, ready = [], [], threading.Barrier(4)

        def load(name, _tell):
            loads.append(name)
            threading.Event().wait(0.2)
            return SimpleNamespace(name=name)

        monkeypatch.setattr(predict, "load", load)

        def come() -> None:
            ready.wait()
            found.append(clean.fetch("made up"))

        threads = [threading.Thread(target=come) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert loads == ["made up"]
        assert len({id(one) for one in found}) == 1

    def test_name_their_stages_in_order(self, clean, checkpoint):
        stages: list[str] = []
        clean.fetch(MODEL, stages.append)
        assert stages == ["libraries", "encoder", "heads"]

    def test_whoever_waits_sees_the_stage_and_is_told_when_it_takes_too_long(
        self, clean, monkeypatch
    ):
        """Three come at the same moment: one loads, the others wait, but not for ever."""
        from dlfa.analysis import predict
        from dlfa.errors import BusyError

        go, ready = threading.Event(), threading.Barrier(3)
        seen: list[str] = []
        told: list[str] = []

        def load(_name, tell):
            tell("encoder")
            go.wait(30)
            return SimpleNamespace()

        def come() -> None:
            ready.wait()
            try:
                clean.fetch("made up", seen.append)
            except BusyError as error:
                told.append(error.key)
                if len(told) == 2:
                    go.set()

        monkeypatch.setattr(predict, "load", load)
        monkeypatch.setattr(clean, "LOADING_PATIENCE", 0.6)
        threads = [threading.Thread(target=come) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert told == ["ui.model.slow"] * 2
        assert seen.count("encoder") > 2  # the one who loads, and those who look on
        assert clean._LOADING == {}

    def test_one_that_fails_holds_nobody_up(self, clean):
        from dlfa.errors import UnknownModelError

        for _ in range(2):
            with pytest.raises(UnknownModelError):
                clean.fetch("nothing of this name")
        assert clean._LOADING == {}

    @pytest.mark.parametrize("name", ["a\0b", "x" * 5_000, "..", "/"])
    def test_a_name_that_is_no_folders_is_a_sentence(self, clean, name):
        from dlfa.errors import DlfaError

        with pytest.raises(DlfaError):
            clean.fetch(name)
