"""What goes wrong in training is told in one sentence, and what was whole before stays."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.integration.tiny import save_encoder, save_mirror

BATCH, STEPS, CHECKS = 8, 6, 3  # validation and a checkpoint every 2 steps
LENGTH = 17  # sub-words of a pair, about


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("faults")
    save_encoder(root / "tiny")
    save_encoder(root / "other")
    save_encoder(root / "wider", dim=32)
    save_mirror(root / "hub")
    return root


@pytest.fixture(autouse=True)
def alone(place, monkeypatch):
    """The CPU in float32, the tiny mirror, a cache of its own, no Hub."""
    import datasets

    from dlfa.model.device import hardware

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", place / "cache")
    for name, value in {
        "DEVICE": "cpu",
        "DTYPE": "float32",
        "DATA_DIR": str(place / "hub"),
    }.items():
        monkeypatch.setenv(f"DLFA_{name}", value)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    hardware.cache_clear()
    yield
    hardware.cache_clear()


def settings(place, backbone="tiny", task="xnli", steps=STEPS, **changes):
    from dlfa.training.recipes import Settings, recipe

    return Settings(
        task=task,
        backbone=str(place / backbone),
        recipe=recipe("joint", corpora=("mnli",), batch_size=BATCH),
        max_tokens=steps * BATCH * LENGTH,
        checks=CHECKS,
        **changes,
    )


def go(place, out: Path, **changes):
    from dlfa.training.run import train

    return train(settings(place, **changes), out)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "heads.safetensors")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def broken_off(place, out: Path, monkeypatch) -> Path:
    """Train until the first checkpoint is there, and return it; the run ends as if killed."""
    from dlfa.training.progress import Progress

    def killed(self, args, state, control, **_):
        original(self, args, state, control)
        raise InterruptedError

    original = Progress.on_save
    with monkeypatch.context() as patch:
        patch.setattr(Progress, "on_save", killed)
        with pytest.raises(InterruptedError):
            go(place, out)
    (folder,) = [file.parent for file in out.glob("checkpoint-*/complete")]
    return folder


class TestFullDisk:
    @pytest.mark.parametrize(
        "error",
        [
            OSError(errno.ENOSPC, "No space left on device"),
            RuntimeError("I/O error: No space left on device (os error 28)"),
        ],
    )
    def test_it_is_told_and_the_earlier_checkpoint_is_untouched(
        self, place, tmp_path, monkeypatch, error
    ):
        from dlfa.errors import RunError
        from dlfa.model import checkpoints

        earlier = broken_off(place, tmp_path, monkeypatch)
        before = bytes_of(earlier)

        def full(tensors, file, **options):
            Path(file).write_bytes(b"part")
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(checkpoints, "save_file", full)
            with pytest.raises(RunError, match="disk is full") as caught:
                go(place, tmp_path)
        assert str(tmp_path) in str(caught.value)
        assert bytes_of(earlier) == before
        assert not list(tmp_path.glob(".saving-*"))
        assert go(place, tmp_path).folder.is_dir()  # and with room again it goes on

    def test_a_checkpoint_that_is_replaced_stays_as_it_was(self, place, tmp_path, monkeypatch):
        from dlfa.model import checkpoints
        from dlfa.model.backbones import load_encoder

        folder = go(place, tmp_path / "run").folder
        before = bytes_of(folder)
        model, _encoder = checkpoints.load(folder, load_encoder(str(place / "tiny")))

        def full(tensors, file, **options):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(checkpoints, "save_file", full)
        with pytest.raises(OSError, match="No space"):
            checkpoints.save(model, folder)
        assert bytes_of(folder) == before

    def test_control_c_between_two_renames_loses_nothing(self, tmp_path, monkeypatch):
        from dlfa.data.atomic import replacing

        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "file").write_text("earlier")
        rename = Path.rename

        def interrupted(self, target):
            if self.name == "fresh":
                raise KeyboardInterrupt
            return rename(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", interrupted)
            with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "run") as fresh:
                (fresh / "file").write_text("later")
        assert (tmp_path / "run" / "file").read_text() == "earlier"

    def test_a_note_that_found_no_room_leaves_the_last_one(self, tmp_path, monkeypatch):
        from dlfa.data.atomic import write_json

        write_json(tmp_path / "progress.json", {"step": 1})

        def full(self, *_text, **_options):
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_text", full)
            with pytest.raises(OSError, match="No space"):
                write_json(tmp_path / "progress.json", {"step": 2})
        assert json.loads((tmp_path / "progress.json").read_text()) == {"step": 1}
        assert len(list(tmp_path.iterdir())) == 1


class TestLossThatIsNoNumber:
    def test_training_stops_and_no_checkpoint_holds_such_weights(
        self, place, tmp_path, monkeypatch
    ):
        from dlfa.errors import RunError
        from dlfa.training.trainer import DlfaTrainer

        step = DlfaTrainer.training_step

        def spoiled(self, *given, **named):
            found = step(self, *given, **named)
            if self.state.global_step == 2:  # after the first checkpoint
                with torch.no_grad():
                    next(self.model.heads.parameters()).fill_(float("nan"))
            return found

        with monkeypatch.context() as patch:
            patch.setattr(DlfaTrainer, "training_step", spoiled)
            with pytest.raises(RunError, match="no number") as caught:
                go(place, tmp_path)
        assert "checkpoint-2" in str(caught.value)
        assert str(tmp_path) in str(caught.value)
        kept = [file.parent for file in tmp_path.glob("checkpoint-*/complete")]
        assert [folder.name for folder in kept] == ["checkpoint-2"]
        assert all(tensor.isfinite().all() for tensor in weights(kept[0]).values())
        done = go(place, tmp_path)  # the same folder goes on from there
        assert all(tensor.isfinite().all() for tensor in weights(done.folder).values())


class TestTwoInOneFolder:
    HOLD = (
        "import sys, time; from pathlib import Path\n"
        "from dlfa.data.processes import note_process\n"
        "from dlfa.training.guards import alone\n"
        "with alone(Path(sys.argv[1])):\n"
        "    note_process(Path(sys.argv[1])); print('held', flush=True); time.sleep(600)\n"
    )

    def hold(self, out: Path) -> subprocess.Popen[str]:
        holder = subprocess.Popen(
            [sys.executable, "-c", self.HOLD, str(out)], stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        return holder

    def test_the_second_is_told_who_trains_there_and_a_dead_holder_holds_nothing(
        self, place, tmp_path
    ):
        from dlfa.errors import RunError

        holder = self.hold(tmp_path)
        try:
            with pytest.raises(RunError, match=str(holder.pid)) as caught:
                go(place, tmp_path)
            assert str(tmp_path) in str(caught.value)
            assert not (tmp_path / "settings.json").exists()
        finally:
            os.kill(holder.pid, signal.SIGKILL)
            holder.communicate()
        assert go(place, tmp_path).folder.is_dir()


class TestRunThatIsOver:
    def test_started_again_it_is_left_as_it_is(self, place, tmp_path):
        done = go(place, tmp_path)
        before = bytes_of(done.folder), (tmp_path / "training.json").stat().st_mtime_ns
        again = go(place, tmp_path)
        assert (again.folder, again.tokens, again.stopped) == (done.folder, done.tokens, False)
        assert again.validation["step"] == done.validation["step"]
        assert (bytes_of(done.folder), (tmp_path / "training.json").stat().st_mtime_ns) == before

    @pytest.mark.parametrize("name", ["run", "moved"])
    def test_killed_after_its_last_step_it_makes_no_further_one(self, place, tmp_path, name):
        done = go(place, tmp_path / "run")
        before = weights(done.folder)
        shutil.rmtree(done.folder)
        (tmp_path / "run" / "training.json").unlink()
        (tmp_path / "run").rename(tmp_path / name)
        again = go(place, tmp_path / name)
        assert again.tokens == done.tokens
        assert not (tmp_path / name / f"checkpoint-{STEPS + 1}").exists()
        found = weights(again.folder)
        assert all(torch.equal(found[key], tensor) for key, tensor in before.items())


class TestFolderThatIsNone:
    @pytest.mark.parametrize("inside", ["", "run"])
    def test_a_file_in_its_place_is_told_and_left_alone(self, place, tmp_path, inside):
        from dlfa.__main__ import main

        file = tmp_path / "file"
        file.write_text("mine")
        command = ["train", "--backbone", str(place / "tiny"), "--corpora", "mnli"]
        assert main([*command, "--out", str(file / inside)]) == 1
        assert file.read_text() == "mine"

    def test_a_disk_without_room_for_a_folder_is_full(self, place, tmp_path, monkeypatch):
        from dlfa.errors import RunError

        def full(self, *_given, **_options):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Path, "mkdir", full)
        with pytest.raises(RunError, match="disk is full"):
            go(place, tmp_path / "run")


class TestOtherCheckpoints:
    def test_a_run_with_another_task_or_encoder_is_not_gone_on_with(self, place, tmp_path):
        from dlfa.errors import RunError

        go(place, tmp_path)
        before = bytes_of(tmp_path / "checkpoint")
        for changes in ({"task": "paws-x"}, {"backbone": "other"}):
            with pytest.raises(RunError, match="other settings"):
                go(place, tmp_path, **changes)
        assert bytes_of(tmp_path / "checkpoint") == before

    @pytest.mark.parametrize("backbone", ["other", "wider"])
    def test_a_checkpoint_of_another_encoder_that_lies_in_the_run_is_named(
        self, place, tmp_path, monkeypatch, backbone
    ):
        from dlfa.errors import WrongTaskError

        stray = broken_off(place, tmp_path / "run", monkeypatch)
        theirs = go(place, tmp_path / "theirs", backbone=backbone).folder
        for name in ("config.json", "adapter.safetensors", "heads.safetensors"):
            shutil.copy(theirs / name, stray / name)
        with pytest.raises(WrongTaskError) as caught:
            go(place, tmp_path / "run")
        assert str(stray) in str(caught.value)
        assert backbone in str(caught.value)

    def test_a_checkpoint_whose_encoder_was_replaced_says_so(self, place, tmp_path):
        from dlfa.errors import BrokenFileError
        from dlfa.model import checkpoints
        from dlfa.model.backbones import load_encoder

        folder = go(place, tmp_path).folder
        with pytest.raises(BrokenFileError, match="another encoder"):
            checkpoints.load(folder, load_encoder(str(place / "wider")))

    @pytest.mark.parametrize("name", ["config", "encoder"])
    def test_one_of_the_same_shape_in_its_place_is_no_substitute(self, place, tmp_path, name):
        """Of an encoder in a folder nobody pinned the weights; the checkpoint knows them."""
        from dlfa.errors import BrokenFileError, WrongTaskError
        from dlfa.model import checkpoints
        from dlfa.model.backbones import load_encoder

        folder = go(place, tmp_path).folder
        checkpoints.load(folder)
        other = load_encoder(checkpoints.read_config(folder).backbone)
        next(other.model.parameters()).data[5] += 0.001
        if name == "encoder":
            with pytest.raises(BrokenFileError, match="others now"):
                checkpoints.load(folder, other)
        else:
            config = checkpoints.read_config(folder)
            config.encoder_digest = checkpoints.weights_digest(other.model, other.revision)
            with pytest.raises(WrongTaskError, match="Remove that checkpoint"):
                checkpoints.check_same(folder, config)

    @pytest.mark.parametrize(
        "labels", [["contradiction", "neutral", "entailment"], ["yes", "no", "maybe"]]
    )
    def test_labels_that_are_not_the_tasks_are_named(self, place, tmp_path, labels):
        from dlfa.analysis.predict import load
        from dlfa.errors import BrokenFileError

        folder = go(place, tmp_path).folder
        stated = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(stated | {"labels": labels}))
        with pytest.raises(BrokenFileError, match=", ".join(labels)):
            load(folder)


class TestBrokenCheckpoint:
    def test_a_cut_file_in_the_newest_checkpoint_is_named(self, place, tmp_path, monkeypatch):
        from dlfa.errors import BrokenFileError

        newest = broken_off(place, tmp_path, monkeypatch)
        file = newest / "heads.safetensors"
        file.write_bytes(file.read_bytes()[:-100])
        with pytest.raises(BrokenFileError, match=file.name):
            go(place, tmp_path)

    def test_missing_weights_are_named(self, place, tmp_path, monkeypatch):
        from dlfa.errors import BrokenFileError

        newest = broken_off(place, tmp_path, monkeypatch)
        found = weights(newest)
        name = next(iter(found))
        save_file(
            {key: one for key, one in found.items() if key != name}, newest / "heads.safetensors"
        )
        with pytest.raises(BrokenFileError, match=name):
            go(place, tmp_path)
