"""The owner's list of checkpoints: how it is read, and what is fetched of it."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.unit.model import fake_hub

PINNED = f"owner/heads@{fake_hub.REVISION}"
WHOLE = {"adapter.safetensors": b"a", "heads.safetensors": b"h"}


@pytest.fixture
def listing(monkeypatch):
    """Put a value into the variable and return what comes of it."""
    from dlfa.data.listed import VARIABLE, listed

    def read(value: str, taken=()):
        monkeypatch.setenv(VARIABLE, value)
        return listed(taken)

    return read


class TestReading:
    def test_without_a_list_there_is_nothing(self, listing, monkeypatch):
        from dlfa.data.listed import VARIABLE, listed

        assert listing(" ") == {}
        monkeypatch.delenv(VARIABLE)
        assert listed() == {}

    @pytest.mark.parametrize("separator", [",", " ", "\n", " , ", os.pathsep])
    def test_entries_stand_apart_by_any_of_the_separators(self, listing, separator):
        found = listing(separator.join(["/srv/one", PINNED, "/srv/two"]))
        assert list(found) == ["one", "owner/heads", "two"]
        assert found["owner/heads"].revision == fake_hub.REVISION
        assert found["owner/heads"].repository == "owner/heads"
        assert found["one"].repository == found["one"].revision == ""

    def test_a_folder_that_is_there_may_have_blanks_in_its_path(self, listing, tmp_path):
        folder = tmp_path / "my own heads"
        folder.mkdir()
        assert list(listing(f"{folder},/srv/two")) == ["my own heads", "two"]

    def test_a_runs_checkpoint_is_called_after_its_run(self, listing):
        assert list(listing("runs/mbert-xnli/checkpoint")) == ["mbert-xnli"]

    def test_nobody_takes_anothers_name(self, listing):
        found = listing(f"/a/one,/b/one,/c/shipped,{PINNED},owner/heads@{'b' * 40}", {"shipped"})
        assert list(found) == ["one", "one-2", "shipped-2", "owner/heads", "owner/heads-2"]

    def test_an_entry_twice_is_listed_once(self, listing):
        assert len(listing(f"{PINNED} {PINNED}")) == 1

    def test_it_needs_neither_torch_nor_the_hub_library(self):
        code = "import sys, dlfa.data.listed as l; l.listed(); print('torch' in sys.modules)"
        import subprocess

        said = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert said.stdout.strip() == "False"


class TestFolders:
    def test_a_folder_is_taken_as_it_is(self, listing, tmp_path):
        from dlfa.data.listed import folder_of

        (chosen,) = listing(str(tmp_path)).values()
        assert folder_of(chosen) == tmp_path

    @pytest.mark.parametrize("entry", ["owner/unpinned", "/nowhere/at-all", "owner/heads@main"])
    def test_what_is_neither_folder_nor_pinned_gets_one_sentence(self, listing, entry):
        from dlfa.data.listed import VARIABLE, folder_of
        from dlfa.errors import UnknownModelError

        (chosen,) = listing(entry).values()
        with pytest.raises(UnknownModelError, match=VARIABLE) as caught:
            folder_of(chosen)
        assert "/nowhere" not in str(caught.value)  # visitors are not told where things lie


@pytest.fixture
def hub_at(tmp_path, monkeypatch):
    """A Hub whose repositories lie below the folder returned, and an empty cache."""
    from huggingface_hub import constants

    from dlfa.data import hub

    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    root = tmp_path / "hub"
    root.mkdir()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    with fake_hub.serve(root) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setattr(constants, "ENDPOINT", address)
        template = address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        hub.forget()
        yield root
    hub.forget()


def repository(root: Path, *, tuning: str = "lora", files=WHOLE) -> Path:
    folder = root / "owner" / "heads"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"tuning": tuning}))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


class TestHub:
    @pytest.fixture
    def chosen(self, listing):
        return listing(PINNED)["owner/heads"]

    def test_only_the_files_of_a_checkpoint_are_fetched(self, hub_at, chosen):
        from dlfa.data.listed import FILES, folder_of

        folder = repository(hub_at, files={**WHOLE, "README.md": b"card", "evil.pkl": b"no"})
        (folder / "optimizer.pt").write_bytes(b"no")
        found = folder_of(chosen)
        names = {path.name for path in found.iterdir()}
        assert names == {"config.json", *WHOLE, "README.md"}
        assert names <= set(FILES)
        assert (found / "heads.safetensors").read_bytes() == b"h"

    def test_once_it_is_here_the_hub_is_not_asked_again(self, hub_at, chosen, monkeypatch):
        from dlfa.data import hub
        from dlfa.data.listed import folder_of

        repository(hub_at)
        first = folder_of(chosen)
        with monkeypatch.context() as patched:
            patched.setattr(hub, "reachable", lambda: pytest.fail("asked"))
            assert folder_of(chosen) == first

    def test_a_download_that_was_cut_short_is_finished_and_never_taken_for_whole(
        self, hub_at, chosen, monkeypatch
    ):
        from huggingface_hub import hf_hub_download

        from dlfa.data import hub
        from dlfa.data.listed import folder_of
        from dlfa.errors import OfflineError

        repository(hub_at)
        hf_hub_download("owner/heads", "config.json", revision=fake_hub.REVISION)
        hf_hub_download("owner/heads", "heads.safetensors", revision=fake_hub.REVISION)
        with monkeypatch.context() as patched:
            patched.setattr(hub, "reachable", lambda: False)
            with pytest.raises(OfflineError):
                folder_of(chosen)
        assert (folder_of(chosen) / "adapter.safetensors").read_bytes() == b"a"

    def test_a_line_that_breaks_is_told_and_leaves_nothing_half(self, hub_at, chosen, monkeypatch):
        from dlfa.data.listed import folder_of
        from dlfa.errors import OfflineError

        repository(hub_at)
        whole = fake_hub.Handler.find

        def breaks(self, parts):
            code, headers, content = whole(self, parts)
            if parts and parts[-1] == "heads.safetensors" and self.command == "GET":
                return 502, {}, b""
            return code, headers, content

        with monkeypatch.context() as patched:
            patched.setattr(fake_hub.Handler, "find", breaks)
            with pytest.raises(OfflineError):
                folder_of(chosen)
        assert (folder_of(chosen) / "heads.safetensors").read_bytes() == b"h"

    def test_an_encoder_that_was_tuned_in_full_belongs_to_it(self, hub_at, chosen):
        from dlfa.data.listed import folder_of

        repository(hub_at, tuning="full", files={**WHOLE, "encoder.safetensors": b"e"})
        assert (folder_of(chosen) / "encoder.safetensors").read_bytes() == b"e"

    def test_without_the_hub_it_says_so(self, hub_at, chosen, monkeypatch):
        from dlfa.data import hub
        from dlfa.data.listed import folder_of
        from dlfa.errors import OfflineError

        with monkeypatch.context() as patched:
            patched.setattr(hub, "reachable", lambda: False)
            with pytest.raises(OfflineError, match="owner/heads"):
                folder_of(chosen)

    def test_a_repository_that_does_not_exist_gets_one_sentence(self, hub_at, chosen):
        from dlfa.data.listed import folder_of
        from dlfa.errors import UnknownModelError

        with pytest.raises(UnknownModelError, match="owner/heads"):
            folder_of(chosen)

    def test_a_repository_without_heads_is_no_checkpoint(self, hub_at, chosen):
        from dlfa.data.listed import folder_of
        from dlfa.errors import UnknownModelError

        repository(hub_at, files={})
        with pytest.raises(UnknownModelError, match=r"heads\.safetensors"):
            folder_of(chosen)
