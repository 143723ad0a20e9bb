"""Publishing: what goes to the Hub, and every way in which it can refuse. No Hub is asked."""

import json
from types import SimpleNamespace

import httpx2
import pytest

from tests.unit.model.tiny import LORA, config, encoder

REVISION = "c" * 40


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A checkpoint on a random encoder that goes by the name of mBERT."""
    from dlfa.model import checkpoints

    made = encoder()
    model = checkpoints.new(config(backbone="mbert", pooling="cls", adapter=LORA), made)
    checkpoints.save(model, tmp_path / "run" / "checkpoint")
    monkeypatch.setattr(checkpoints, "load_encoder", lambda name, listed=False: encoder())
    return tmp_path / "run" / "checkpoint"


@pytest.fixture
def api(monkeypatch):
    """A Hub that takes everything, and remembers it."""
    from dlfa.data import hub
    from dlfa.model import publishing

    class Api:
        fails: Exception | None = None

        def __init__(self):
            self.asked = {}

        def create_repo(self, repository, **options):
            if self.fails:
                raise self.fails
            self.asked["repository"] = (repository, options)

        def upload_folder(self, **options):
            self.asked["upload"] = options
            return SimpleNamespace(oid=REVISION)

    made = Api()
    monkeypatch.setattr(publishing, "HfApi", lambda: made)
    monkeypatch.setattr(hub, "reachable", lambda: True)
    return made


def refusal(code: int) -> Exception:
    from huggingface_hub.errors import HfHubHTTPError

    request = httpx2.Request("POST", "https://hub.invalid/api")
    return HfHubHTTPError("no", response=httpx2.Response(code, request=request))


class TestWhatIsPublished:
    def test_its_line_goes_straight_into_the_list(self, folder, api, monkeypatch):
        from dlfa.data.listed import VARIABLE, listed
        from dlfa.model.publishing import publish

        pinned = publish(folder, "user/heads")
        monkeypatch.setenv(VARIABLE, pinned)
        assert listed()["user/heads"].revision == REVISION

    def test_only_a_checkpoints_files_are_pushed(self, folder, api):
        from dlfa.data.listed import FILES
        from dlfa.model.publishing import publish

        publish(folder, "user/heads", private=True, message="first")
        assert api.asked["repository"] == ("user/heads", {"private": True, "exist_ok": True})
        upload = api.asked["upload"]
        assert set(upload["allow_patterns"]) == set(FILES)
        assert set(upload["delete_patterns"]) == set(FILES)  # of these, what is there no more
        assert (upload["folder_path"], upload["commit_message"]) == (folder, "first")

    def test_without_a_card_an_honest_one_is_written(self, folder, api):
        from dlfa.model.publishing import publish

        publish(folder, "user/heads")
        card = (folder / "README.md").read_text()
        assert "base_model: google-bert/bert-base-multilingual-cased" in card
        assert "No accuracy is stated" in card
        assert "not recorded" in card
        assert "D_1" in card

    def test_what_training_recorded_stands_in_it(self, folder, api):
        from dlfa.model.publishing import publish

        made = {"settings": {"recipe": {"name": "joint"}}, "tokens": 1_234_567, "seconds": 600}
        (folder / "training.json").write_text(json.dumps(made | {"hardware": "a GPU"}))
        publish(folder, "user/heads")
        card = (folder / "README.md").read_text()
        assert "1,234,567" in card
        assert "a GPU" in card

    def test_an_earlier_one_of_its_kind_tells_what_training_went_on_to(self, folder, api):
        from dlfa.model.publishing import publish

        for tokens in (1000, 2000):
            (folder / "training.json").write_text(json.dumps({"tokens": tokens}))
            publish(folder, "user/name")
        card = (folder / "README.md").read_text()
        assert "2,000 training tokens" in card
        assert "1,000" not in card

    def test_a_card_that_is_there_stays(self, folder, api):
        from dlfa.model.publishing import publish

        (folder / "README.md").write_text("my own")
        publish(folder, "user/heads")
        assert (folder / "README.md").read_text() == "my own"


class TestWhatIsRefused:
    @pytest.fixture
    def failing(self, folder, api):
        from dlfa.errors import DlfaError
        from dlfa.model.publishing import publish

        def fail(error: Exception | None = None, where=folder) -> DlfaError:
            api.fails = error
            with pytest.raises(DlfaError) as caught:
                publish(where, "user/heads")
            assert "upload" not in api.asked
            return caught.value

        return fail

    @pytest.mark.parametrize(
        ("code", "key"), [(401, "refused"), (403, "refused"), (500, "failed"), (409, "failed")]
    )
    def test_a_refusal_gets_one_sentence(self, failing, code, key):
        assert failing(refusal(code)).key == f"error.publish.{key}"

    def test_so_does_nobody_being_logged_in(self, failing):
        from huggingface_hub.errors import LocalTokenNotFoundError

        assert failing(LocalTokenNotFoundError("none")).key == "error.publish.token"

    def test_so_does_a_name_that_is_none(self, failing):
        from huggingface_hub.errors import HFValidationError

        assert failing(HFValidationError("bad")).key == "error.publish.name"

    def test_so_does_a_line_that_breaks(self, failing):
        assert failing(httpx2.ConnectError("gone")).key == "error.publish.failed"

    def test_offline_nothing_is_tried(self, failing, monkeypatch):
        from dlfa.data import hub

        monkeypatch.setattr(hub, "reachable", lambda: False)
        assert failing().key == "error.publish.offline"

    def test_a_broken_checkpoint_never_leaves(self, failing, folder):
        whole = (folder / "heads.safetensors").read_bytes()
        (folder / "heads.safetensors").write_bytes(whole[:500])
        assert failing().key == "error.file.truncated"

    def test_nor_does_a_folder_that_is_none(self, failing, tmp_path):
        assert failing(where=tmp_path).key == "error.checkpoint.unknown"

    def test_nor_one_whose_encoder_nobody_else_has(self, failing, folder, tmp_path):
        said = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(said | {"backbone": str(tmp_path)}))
        assert failing().key == "error.publish.encoder"


def test_the_command_prints_the_line(folder, api, capsys):
    from dlfa.__main__ import main

    assert main(["publish", str(folder), "user/heads"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"user/heads@{REVISION}"
