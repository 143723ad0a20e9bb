"""Loading encoders: equal to the library's, and every way in which it can go wrong."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertForMaskedLM,
    BertModel,
    GPT2Config,
    GPT2Model,
    RobertaConfig,
    RobertaModel,
    T5Config,
    T5Model,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from dlfa.data import hub
from dlfa.errors import (
    BrokenFileError,
    DlfaError,
    OfflineError,
    PolicyError,
    UnknownModelError,
    UnsafeFileError,
    UnsupportedEncoderError,
)
from dlfa.model import backbones
from dlfa.model.backbones import BACKBONES, load_encoder
from dlfa.model.embedded import e5_model, read_e5
from tests.unit.model import fake_hub
from tests.unit.model.e5_files import tiny_e5
from tests.unit.model.tiny import (
    DIM,
    LAYERS,
    VOCABULARY,
    bert,
    bert_config,
    save_encoder,
    sentences,
)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A whole encoder, for the test to break."""
    return save_encoder(tmp_path / "encoder")


@pytest.fixture
def weights(folder) -> Path:
    return folder / "model.safetensors"


def change_config(folder: Path, **changes: object) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def refuse(kind: type[DlfaError], name: object) -> DlfaError:
    """Load, and make sure that it fails with one sentence that leaves no room for a traceback."""
    with pytest.raises(kind) as caught:
        load_encoder(str(name))
    text = str(caught.value)
    assert text != caught.value.key, "the message is missing"
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 400
    return caught.value


class TestEqualsTheLibrary:
    def test_a_folder_gives_the_hidden_states_of_the_library(self, folder):
        batch = sentences(7, 3, 5)
        library = BertModel.from_pretrained(folder).eval()
        ours = load_encoder(str(folder))
        with torch.inference_mode():
            wanted = library(**batch, output_hidden_states=True)
            found = ours.model(**batch, output_hidden_states=True)
        for one, other in zip(found.hidden_states, wanted.hidden_states, strict=True):
            assert torch.equal(one, other)
        assert torch.equal(found.last_hidden_state, wanted.last_hidden_state)

    def test_the_embedded_readers_model_equals_the_librarys_of_its_saved_copy(self, tmp_path):
        (tmp_path / "tiny.bin").write_bytes(tiny_e5().content)
        ours = e5_model(read_e5(tmp_path / "tiny.bin", sha256=None))
        ours.save_pretrained(tmp_path)
        library = BertModel.from_pretrained(tmp_path, add_pooling_layer=False).eval()
        ids = torch.tensor([[0, 5, 6, 7, 2], [0, 8, 2, 1, 1]])
        with torch.inference_mode():
            one, other = (model(ids, (ids != 1).long()) for model in (ours, library))
        assert torch.equal(one.last_hidden_state, other.last_hidden_state)

    @pytest.mark.slow
    def test_e5_small_equals_the_librarys_model_of_its_saved_copy(self, e5, tmp_path):
        e5.model.save_pretrained(tmp_path)
        library = BertModel.from_pretrained(tmp_path, add_pooling_layer=False).eval()
        batch = e5.tokenizer(
            ["The cat sat.", "القطة على السجادة."], return_tensors="pt", padding=True
        )
        with torch.inference_mode():
            one, other = (model(**batch).last_hidden_state for model in (e5.model, library))
        assert torch.equal(one, other)

    @pytest.mark.parametrize(
        "model",
        [
            lambda: RobertaModel(RobertaConfig(**sizes())),
            lambda: XLMRobertaModel(XLMRobertaConfig(**sizes())),
            lambda: BertForMaskedLM(bert_config()),
        ],
        ids=["roberta", "xlm-roberta", "bert-with-a-language-model-head"],
    )
    def test_other_encoders_of_the_family_load(self, tmp_path, model):
        encoder = load_encoder(str(save_encoder(tmp_path / "other", model())))
        assert encoder.layers == LAYERS
        assert encoder.model.config.hidden_size == DIM

    def test_a_loaded_encoder_is_ready_to_use(self, folder):
        encoder = load_encoder(str(folder))
        assert encoder.key == "encoder"
        assert encoder.revision == "local"
        assert not encoder.model.training
        assert encoder.model.pooler is None
        assert {p.dtype for p in encoder.model.parameters()} == {torch.float32}
        assert encoder.model.config._attn_implementation == "sdpa"

    def test_weights_stored_in_half_precision_are_computed_with_in_float32(self, tmp_path):
        encoder = load_encoder(str(save_encoder(tmp_path / "half", bert().half())))
        assert {p.dtype for p in encoder.model.parameters()} == {torch.float32}

    def test_the_pooler_is_kept_apart(self, folder, weights):
        found = load_encoder(str(folder)).pooler
        stored = load_file(weights)
        for part in ("weight", "bias"):
            assert torch.equal(found[part], stored[f"pooler.dense.{part}"])

    def test_an_encoder_without_a_pooler_says_so(self, folder, weights):
        whole = load_file(weights)
        save_file({k: v for k, v in whole.items() if "pooler" not in k}, weights, {"format": "pt"})
        assert load_encoder(str(folder)).pooler is None

    def test_loading_twice_gives_the_same_bits(self, folder):
        one, two = (load_encoder(str(folder)).model.state_dict() for _ in range(2))
        assert all(torch.equal(value, two[name]) for name, value in one.items())


def sizes() -> dict[str, int]:
    return {
        "vocab_size": len(VOCABULARY),
        "hidden_size": DIM,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": 2,
        "intermediate_size": 2 * DIM,
        "max_position_embeddings": 32,
    }


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "",
            "nosuch",
            "nosuch/model",
            "owner/name@main",
            f"owner/name@{'0' * 39}",
            f"../..@{'0' * 40}",
            f"/etc@{'0' * 40}",
            "nul\0byte",
            "x" * 5000,
            "<img onerror=alert(1)>",
            "/etc/passwd",
        ],
    )
    def test_what_names_no_model_is_refused_with_the_names_that_do(self, name):
        error = refuse(UnknownModelError, name)
        assert error.key == "error.model.unknown"
        assert all(key in str(error) for key in BACKBONES)

    @pytest.mark.parametrize("backbone", BACKBONES.values(), ids=BACKBONES)
    def test_known_encoders_are_pinned_to_a_commit(self, backbone):
        assert len(backbone.revision) == 40
        assert set(backbone.revision) <= set("0123456789abcdef")
        assert BACKBONES[backbone.key] is backbone

    def test_a_public_instance_takes_neither_folders_nor_hub_ids(self, folder, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        for name in (str(folder), f"owner/name@{'0' * 40}", "nosuch"):
            assert refuse(PolicyError, name).key == "error.policy.model"

    def test_without_the_wheel_e5_small_comes_from_the_hub(self, monkeypatch):
        def missing() -> Path:
            raise UnknownModelError("error.embedded.missing")

        monkeypatch.setattr(backbones, "embedded_path", missing)
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        hub.forget()
        assert "intfloat/multilingual-e5-small" in str(refuse(OfflineError, "e5-small"))


class TestBrokenFolders:
    def test_without_a_configuration(self, folder):
        (folder / "config.json").unlink()
        assert refuse(UnknownModelError, folder).key == "error.folder.no_config"

    def test_without_weights(self, folder, weights):
        weights.unlink()
        assert refuse(BrokenFileError, folder).key == "error.folder.no_weights"

    @pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.pth"])
    def test_with_a_pickle_only_which_is_never_opened(self, folder, weights, name):
        weights.unlink()
        (folder / name).write_bytes(b"cos\nsystem\n(S'touch /tmp/dlfa-was-here'\ntR.")
        assert name in str(refuse(UnsafeFileError, folder))
        assert not Path("/tmp/dlfa-was-here").exists()

    def test_code_beside_the_weights_is_not_run(self, folder):
        change_config(folder, auto_map={"AutoConfig": "evil.C", "AutoModel": "evil.M"})
        (folder / "evil.py").write_text("raise SystemExit('ran')")
        assert type(load_encoder(str(folder)).model) is BertModel

    @pytest.mark.parametrize("keep", [0, 7, 100, 2000, -1])
    def test_truncated_weights(self, folder, weights, keep):
        weights.write_bytes(weights.read_bytes()[:keep])
        assert refuse(BrokenFileError, folder).key == "error.file.truncated"

    @pytest.mark.parametrize(
        "name", ["embeddings.word_embeddings.weight", "encoder.layer.2.output.dense.bias"]
    )
    def test_a_missing_weight_is_named(self, folder, weights, name):
        stored = load_file(weights)
        del stored[name]
        save_file(stored, weights, {"format": "pt"})
        error = refuse(BrokenFileError, folder)
        assert error.key == "error.file.keys"
        assert name in str(error)

    def test_a_renamed_weight(self, folder, weights):
        stored = load_file(weights)
        stored["encoder.layer.0.sneaky"] = stored.pop("encoder.layer.0.output.dense.bias")
        save_file(stored, weights, {"format": "pt"})
        assert "encoder.layer.0.output.dense.bias" in str(refuse(BrokenFileError, folder))

    def test_a_weight_of_another_shape(self, folder, weights):
        stored = load_file(weights)
        stored["embeddings.word_embeddings.weight"] = torch.zeros(3, DIM)
        save_file(stored, weights, {"format": "pt"})
        refuse(BrokenFileError, folder)

    def test_more_layers_than_stored(self, folder):
        change_config(folder, num_hidden_layers=LAYERS + 1)
        assert f"encoder.layer.{LAYERS}" in str(refuse(BrokenFileError, folder))

    def test_fewer_layers_than_stored_is_not_a_shorter_model_but_a_damaged_one(self, folder):
        change_config(folder, num_hidden_layers=LAYERS - 1)
        refuse(BrokenFileError, folder)

    @pytest.mark.parametrize("layers", [1, 2])
    def test_fewer_than_three_layers(self, folder, layers):
        change_config(folder, num_hidden_layers=layers)
        error = refuse(UnsupportedEncoderError, folder)
        assert error.key == "error.encoder.layers"
        assert str(layers) in str(error)

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "null", "{}", '{"model_type": "zork"}', "\udcff"]
    )
    def test_a_configuration_that_cannot_be_read(self, folder, text):
        (folder / "config.json").write_bytes(text.encode(errors="surrogateescape"))
        refuse(DlfaError, folder)

    @pytest.mark.parametrize(
        "change",
        [{"hidden_size": "x"}, {"num_attention_heads": 3}, {"hidden_size": 0}, {"vocab_size": -1}],
        ids=str,
    )
    def test_a_configuration_that_makes_no_sense(self, folder, change):
        change_config(folder, **change)
        refuse(BrokenFileError, folder)

    @pytest.mark.parametrize("name", ["vocab.txt", "tokenizer_config.json"])
    def test_without_a_vocabulary_it_would_read_every_word_as_unknown(self, folder, name):
        (folder / "vocab.txt").unlink()
        (folder / name).unlink(missing_ok=True)
        assert "vocabulary" in str(refuse(BrokenFileError, folder))

    def test_a_vocabulary_that_the_embeddings_do_not_cover(self, folder):
        (folder / "vocab.txt").write_text("\n".join([*VOCABULARY, "one-too-many"]))
        assert "vocabulary" in str(refuse(BrokenFileError, folder))

    @pytest.mark.parametrize(
        ("kind", "model"),
        [
            ("gpt2", lambda: GPT2Model(GPT2Config(vocab_size=31, n_embd=16, n_layer=4, n_head=2))),
            ("t5", lambda: T5Model(T5Config(vocab_size=31, d_model=16, num_layers=4, num_heads=2))),
            ("bert", lambda: BertModel(bert_config(is_decoder=True))),
        ],
    )
    def test_models_that_are_no_encoders_are_named_for_what_they_are(self, tmp_path, kind, model):
        error = refuse(UnsupportedEncoderError, save_encoder(tmp_path / "other", model()))
        assert error.key == "error.encoder.type"
        assert f"“{kind}”" in str(error)

    def test_after_a_failure_the_mended_folder_loads(self, folder, weights):
        whole = weights.read_bytes()
        weights.write_bytes(whole[:-1])
        refuse(BrokenFileError, folder)
        weights.write_bytes(whole)
        assert load_encoder(str(folder)).layers == LAYERS

    def test_a_folder_is_loaded_without_asking_any_host(self, folder, cache, monkeypatch):
        def forbidden(self: socket.socket, address: object) -> None:
            raise AssertionError(f"asked {address}")

        monkeypatch.setattr(socket.socket, "connect", forbidden)
        assert load_encoder(str(folder)).layers == LAYERS


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """An empty Hub cache; whether the Hub answers is asked anew."""
    from huggingface_hub import constants

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    hub.forget()
    yield tmp_path / "cache"
    hub.forget()


@pytest.fixture
def repositories(tmp_path, cache, monkeypatch):
    """The root of a fake Hub: every ``owner/name`` folder below it can be downloaded."""
    from huggingface_hub import constants
    from transformers.utils import hub as transformers_hub

    root = tmp_path / "hub"
    root.mkdir()
    with fake_hub.serve(root) as address:
        point_at(address, monkeypatch)
        template = address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "ENDPOINT", address)
        monkeypatch.setattr(transformers_hub, "_hf_api", None)  # remembers its address
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        yield root


def point_at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", address)
    hub.forget()


class TestHubThatAnswers:
    NAME = f"owner/encoder@{fake_hub.REVISION}"

    def test_an_encoder_is_loaded_at_its_revision(self, repositories):
        save_encoder(repositories / "owner" / "encoder")
        encoder = load_encoder(self.NAME)
        batch = sentences(4, 6)
        assert torch.equal(
            encoder.model(**batch).last_hidden_state,
            BertModel.from_pretrained(repositories / "owner" / "encoder").eval()(**batch)[0],
        )
        assert encoder.revision == fake_hub.REVISION
        assert encoder.key == self.NAME  # what loads it again

    def test_once_downloaded_it_is_there_offline(self, repositories, monkeypatch):
        save_encoder(repositories / "owner" / "encoder")
        load_encoder(self.NAME)
        point_at("http://127.0.0.1:9", monkeypatch)
        assert load_encoder(self.NAME).layers == LAYERS

    def test_an_unknown_id_or_revision_is_told_from_a_hub_that_is_silent(self, repositories):
        save_encoder(repositories / "owner" / "encoder")
        for name in (f"owner/nosuch@{fake_hub.REVISION}", f"owner/encoder@{'b' * 40}"):
            assert refuse(UnknownModelError, name).key == "error.model.not_on_hub"

    def test_a_pickle_is_not_downloaded(self, repositories, cache):
        folder = save_encoder(repositories / "owner" / "encoder")
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
        refuse(UnsafeFileError, self.NAME)
        assert list(cache.rglob("*.bin")) == []

    def test_damaged_weights_are_refused(self, repositories):
        weights = save_encoder(repositories / "owner" / "encoder") / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:2000])
        refuse(BrokenFileError, self.NAME)

    def test_an_encoder_without_a_vocabulary_is_refused(self, repositories):
        (save_encoder(repositories / "owner" / "encoder") / "vocab.txt").unlink()
        refuse(BrokenFileError, self.NAME)

    def test_another_kind_of_model_is_refused_before_its_weights_are_fetched(
        self, repositories, cache
    ):
        model = GPT2Model(GPT2Config(vocab_size=31, n_embd=16, n_layer=4, n_head=2))
        save_encoder(repositories / "owner" / "encoder", model)
        refuse(UnsupportedEncoderError, self.NAME)
        assert list(cache.rglob("*.safetensors")) == []

    def test_a_hub_that_is_lost_half_way_is_called_offline(self, repositories, monkeypatch):
        def lost(*_: object, **__: object) -> None:
            raise OSError("the connection was reset")

        save_encoder(repositories / "owner" / "encoder")
        monkeypatch.setattr(backbones.AutoModel, "from_pretrained", lost)
        refuse(OfflineError, self.NAME)

    def test_what_came_before_a_cut_is_no_model(self, repositories, cache, monkeypatch):
        save_encoder(repositories / "owner" / "encoder")
        weights = repositories / "owner" / "encoder" / "model.safetensors"
        find = fake_hub.Handler.find

        def cut(self, parts):
            code, headers, content = find(self, parts)
            if parts and parts[-1] == weights.name and self.command == "GET":
                self.close_connection = True
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + content[:50])
                raise ConnectionAbortedError
            return code, headers, content

        with monkeypatch.context() as patch:
            patch.setattr(fake_hub.Handler, "find", cut)
            refuse(OfflineError, self.NAME)
        assert not backbones.on_this_computer(self.NAME)
        assert not [file for file in cache.rglob("*.safetensors") if file.is_file()]
        assert load_encoder(self.NAME).layers  # the next time it is fetched whole


class TestHubThatDoesNotAnswer:
    @pytest.fixture
    def silent(self):
        """A host that accepts connections and never says a word."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"

    @staticmethod
    def refused_within(seconds: float, name: str) -> None:
        began = time.monotonic()
        error = refuse(OfflineError, name)
        assert time.monotonic() - began < seconds
        assert error.key == "error.hub.offline"
        assert "e5-small" in str(error)

    def test_switched_off_by_hf_hub_offline(self, cache, monkeypatch):
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        self.refused_within(2, "mbert")

    def test_a_dead_address(self, cache, monkeypatch):
        point_at("http://127.0.0.1:9", monkeypatch)
        self.refused_within(3, "mbert")

    def test_a_host_that_accepts_and_never_answers(self, cache, silent, monkeypatch):
        point_at(silent, monkeypatch)
        self.refused_within(5, "mbert")

    def test_a_secure_host_that_accepts_and_never_answers(self, cache, silent, monkeypatch):
        point_at(silent.replace("http", "https"), monkeypatch)
        self.refused_within(5, "mbert")

    @pytest.mark.parametrize(
        "address", ["nonsense", "http://", "ftp://127.0.0.1", "file:///etc/passwd"]
    )
    def test_an_address_that_is_none(self, cache, monkeypatch, address):
        point_at(address, monkeypatch)
        self.refused_within(3, "mbert")

    def test_nothing_is_left_in_the_cache(self, cache, monkeypatch):
        point_at("http://127.0.0.1:9", monkeypatch)
        refuse(OfflineError, "mbert")
        assert [path for path in cache.rglob("*") if path.is_file()] == []

    def test_it_is_asked_once_until_somebody_wants_to_try_again(
        self, cache, repositories, monkeypatch
    ):
        save_encoder(repositories / "owner" / "encoder")
        with_answer = hub.os.environ["HF_ENDPOINT"]
        point_at("http://127.0.0.1:9", monkeypatch)
        refuse(OfflineError, TestHubThatAnswers.NAME)
        monkeypatch.setenv("HF_ENDPOINT", with_answer)
        refuse(OfflineError, TestHubThatAnswers.NAME)
        hub.forget()
        assert load_encoder(TestHubThatAnswers.NAME).layers == LAYERS


def test_the_embedded_encoder_loads_within_its_budget_of_time_and_memory(e5):
    """At most 6 s and 1.2 GB resident, libraries included, in a process of its own.

    Seconds of all processors together, so that a busy machine does not fail the test.
    """
    script = (
        "import time, psutil\n"
        "from dlfa.model.backbones import load_encoder\n"
        "began = time.process_time()\n"
        "encoder = load_encoder('e5-small')\n"
        "print(time.process_time() - began, psutil.Process().memory_info().rss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    seconds, resident = map(float, done.stdout.split())
    assert seconds < 6
    assert resident < 1.2e9
