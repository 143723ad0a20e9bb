"""Checkpoints: adapter and heads in a folder, put back onto the encoder with nothing amiss."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel

from dlfa.errors import BrokenFileError, DlfaError, UnknownModelError
from dlfa.model import checkpoints
from dlfa.model.backbones import Encoder
from dlfa.model.checkpoints import ADAPTER, HEADS
from dlfa.model.modeling import DlfaModel
from dlfa.results import head_names
from tests.unit.model import tiny
from tests.unit.model.tiny import LAYERS, LORA, randomise, sentences

FILES = (ADAPTER, HEADS)


def trained(**changes: object) -> DlfaModel:
    """A model whose adapter, heads and batch norms have moved, adapter not merged."""
    model = checkpoints.new(tiny.config(**{"adapter": LORA} | changes), tiny.encoder()).eval()
    randomise(model.heads)
    draw = torch.Generator().manual_seed(7)
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.data.copy_(0.2 * torch.randn(parameter.shape, generator=draw))
    return model


@pytest.fixture
def folder(tmp_path) -> Path:
    """A whole checkpoint, for the test to load or to break."""
    checkpoints.save(trained(), tmp_path / "checkpoint")
    return tmp_path / "checkpoint"


def load(folder: Path) -> DlfaModel:
    return checkpoints.load(folder, tiny.encoder())[0]


@torch.no_grad()
def logits(model: DlfaModel) -> torch.Tensor:
    return model(**sentences(4, 6, 2)).logits


def same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Equal but for the last bits of float32, which merging an adapter may change."""
    return torch.allclose(one, other, atol=1e-6, rtol=1e-6)


def refuse(folder: Path, kind: type[DlfaError] = BrokenFileError) -> DlfaError:
    with pytest.raises(kind) as caught:
        load(folder)
    text = str(caught.value)
    assert text != caught.value.key, "the message is missing"
    assert "\n" not in text
    return caught.value


class TestRoundTrip:
    def test_two_loads_are_bit_equal(self, folder):
        one, two = load(folder), load(folder)
        state = two.state_dict()
        assert set(one.state_dict()) == set(state)
        assert all(torch.equal(value, state[name]) for name, value in one.state_dict().items())
        assert torch.equal(logits(one), logits(two))

    @pytest.mark.parametrize("adapter", [LORA, None], ids=["lora", "no-adapter"])
    @pytest.mark.parametrize("pooling", ["cls", "mean"])
    def test_loaded_answers_as_the_model_in_memory_rounded_to_what_is_stored(
        self, tmp_path, adapter, pooling
    ):
        model = trained(adapter=adapter, pooling=pooling)
        before = logits(model)
        checkpoints.save(model, tmp_path / "checkpoint")
        loaded = logits(load(tmp_path / "checkpoint"))
        for name, parameter in model.named_parameters():
            if "lora_" in name or name.startswith("heads."):
                parameter.data.copy_(parameter.half().float())
        assert same(loaded, logits(model))
        assert not same(loaded, before)  # or the rounding was not tested

    def test_stored_in_float32_nothing_is_rounded(self, tmp_path):
        model = trained()
        checkpoints.save(model, tmp_path / "checkpoint", half=False)
        assert same(logits(load(tmp_path / "checkpoint")), logits(model))
        fresh = checkpoints.new(model.config, tiny.encoder()).eval()
        checkpoints.load_parts(fresh, tmp_path / "checkpoint")  # how training goes on
        assert torch.equal(logits(fresh), logits(model))

    def test_the_loaded_encoder_is_the_source_plus_the_stored_lora(self, folder):
        source = tiny.encoder().model.state_dict()
        lora = load_file(folder / ADAPTER)
        scale = LORA["lora_alpha"] / LORA["r"]
        loaded = load(folder).backbone.state_dict()
        assert set(loaded) == set(source)
        adapted = {key.removesuffix(".lora_A.weight") for key in lora if ".lora_A." in key}
        assert len(adapted) == LAYERS * 5  # query, value and three dense maps a layer
        for name, weight in source.items():
            module = f"base_model.model.{name.removesuffix('.weight')}"
            if module in adapted:
                down, up = (lora[f"{module}.lora_{part}.weight"].float() for part in "AB")
                torch.testing.assert_close(
                    loaded[name], weight + scale * up @ down, atol=1e-6, rtol=0
                )
                assert not torch.equal(loaded[name], weight)
            else:
                assert torch.equal(loaded[name], weight)

    def test_the_loaded_model_is_frozen_and_in_eval_mode(self, folder):
        model = load(folder)
        assert not any(module.training for module in model.modules())
        assert not any(parameter.requires_grad for parameter in model.parameters())
        assert not any("lora_" in name for name in model.state_dict())

    def test_statistics_of_the_batch_norms_come_back_exactly(self, folder):
        kept, loaded = (
            dict(trained().heads.named_buffers()),
            dict(load(folder).heads.named_buffers()),
        )
        assert len(kept) == 3 * 4 * (len(head_names(LAYERS)) - 1)
        assert all(torch.equal(value, loaded[name]) for name, value in kept.items())

    def test_a_checkpoint_of_some_heads_only(self, tmp_path):
        model = trained(heads=("baseline", "D_2_aff"))
        checkpoints.save(model, tmp_path / "checkpoint")
        assert load(tmp_path / "checkpoint").heads.choose() == ("baseline", "D_2_aff")

    def test_the_encoder_named_in_the_checkpoint_is_loaded_with_it(self, tmp_path):
        place = tiny.save_encoder(tmp_path / "encoder")
        checkpoints.save(trained(backbone=str(place)), tmp_path / "checkpoint")
        loaded, encoder = checkpoints.load(tmp_path / "checkpoint")
        assert isinstance(encoder, Encoder)
        assert encoder.key == "encoder"
        assert torch.equal(logits(loaded), logits(load(tmp_path / "checkpoint")))


class TestFiles:
    def test_statistics_are_stored_in_float32_and_weights_in_float16(self, folder):
        for file in FILES:
            for name, tensor in load_file(folder / file).items():
                if name.endswith("num_batches_tracked"):
                    assert tensor.dtype == torch.int64
                else:
                    wanted = torch.float32 if ".running_" in name else torch.float16
                    assert tensor.dtype == wanted, name

    def test_the_encoder_is_not_stored(self, folder):
        assert sorted(path.name for path in folder.iterdir()) == [ADAPTER, "config.json", HEADS]
        assert all("lora_" in name for name in load_file(folder / ADAPTER))
        assert all(name.startswith("by_name.") for name in load_file(folder / HEADS))

    def test_the_digest_tells_checkpoints_apart(self, folder, tmp_path):
        checkpoints.save(trained(), tmp_path / "twin")
        other = trained()
        other.heads["D_1"].classifier.bias.data[0] += 1
        checkpoints.save(other, tmp_path / "other")
        assert checkpoints.digest(folder) == checkpoints.digest(tmp_path / "twin")
        assert checkpoints.digest(folder) != checkpoints.digest(tmp_path / "other")
        assert len(checkpoints.digest(folder)) == 16


class TestSaving:
    def test_is_all_or_nothing(self, folder, monkeypatch):
        files = {path.name: path.read_bytes() for path in folder.iterdir()}

        def full_disk(tensors: object, path: Path, **_: object) -> None:
            if path.name == HEADS:
                raise OSError("no space left on device")
            save_file(tensors, path)

        monkeypatch.setattr(checkpoints, "save_file", full_disk)
        model = trained()
        randomise(model.heads, seed=1)
        with pytest.raises(OSError, match="no space"):
            checkpoints.save(model, folder)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
        assert list(folder.parent.iterdir()) == [folder]

    def test_leaves_no_folder_where_there_was_none(self, tmp_path, monkeypatch):
        monkeypatch.setattr(checkpoints, "save_file", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            checkpoints.save(trained(), tmp_path / "deep" / "checkpoint")
        assert list((tmp_path / "deep").iterdir()) == []

    def test_all_files_can_be_read_by_whom_the_configuration_can(self, folder):
        modes = {file.name: file.stat().st_mode for file in folder.iterdir()}
        assert set(modes.values()) == {modes["config.json"]}

    def test_replaces_the_weights_and_keeps_the_card(self, folder):
        (folder / "README.md").write_text("the card")
        model = trained()
        randomise(model.heads, seed=1)
        checkpoints.save(model, folder)
        assert (folder / "README.md").read_text() == "the card"
        loaded = load(folder).heads["D_1"].dense.weight
        assert torch.equal(loaded, model.heads["D_1"].dense.weight.half().float())
        assert list(folder.parent.iterdir()) == [folder]

    def test_changes_nothing_in_memory(self, tmp_path):
        model = trained()
        before = {name: value.clone() for name, value in model.state_dict().items()}
        checkpoints.save(model, tmp_path / "checkpoint")
        assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


class TestInitialHeads:
    @pytest.mark.parametrize("gate_init", ["standard", "neutral"])
    @pytest.mark.parametrize("pooling", ["cls", "mean"])
    def test_are_bit_for_bit_what_training_started_from(self, gate_init, pooling):
        config = tiny.config(gate_init=gate_init, pooling=pooling, adapter=LORA)
        start = checkpoints.new(config, tiny.encoder()).heads.state_dict()
        torch.rand(17)  # whatever else happened in between
        again = checkpoints.initial_heads(config, tiny.encoder().pooler).state_dict()
        assert set(again) == set(start)
        assert all(torch.equal(value, start[name]) for name, value in again.items())

    def test_depend_on_the_seed_alone(self):
        one, other = (checkpoints.initial_heads(tiny.config(seed=seed)) for seed in (1, 2))
        assert not torch.equal(one["D_1"].dense.weight, other["D_1"].dense.weight)

    def test_do_not_disturb_anybody_elses_chance(self):
        torch.manual_seed(0)
        wanted = torch.rand(3)
        torch.manual_seed(0)
        checkpoints.initial_heads(tiny.config())
        assert torch.equal(torch.rand(3), wanted)

    def test_of_first_token_models_start_from_the_encoders_pooler(self):
        pooler = tiny.encoder().pooler
        heads = checkpoints.initial_heads(tiny.config(pooling="cls"), pooler)
        for name in head_names(LAYERS):
            assert torch.equal(heads[name].dense.weight, pooler["weight"])
            assert torch.equal(heads[name].dense.bias, pooler["bias"])

    def test_of_mean_pooled_models_do_not(self):
        pooler = tiny.encoder().pooler
        heads = checkpoints.initial_heads(tiny.config(pooling="mean"), pooler)
        assert not torch.equal(heads["D_1"].dense.weight, pooler["weight"])


class TestBrokenCheckpoints:
    @pytest.mark.parametrize("file", FILES)
    @pytest.mark.parametrize("keep", [0, 9, 500, -1])
    def test_a_truncated_file(self, folder, file, keep):
        (folder / file).write_bytes((folder / file).read_bytes()[:keep])
        error = refuse(folder)
        assert error.key == "error.file.truncated"
        assert file in str(error)

    @pytest.mark.parametrize("file", FILES)
    def test_a_missing_weight_an_extra_one_and_one_of_another_shape(self, folder, file):
        whole = load_file(folder / file)
        name = min(name for name in whole if name.endswith(".weight"))
        less = {key: value for key, value in whole.items() if key != name}
        for changed, culprit in (
            (less, name),
            (whole | {"sneaky.weight": torch.zeros(1)}, "sneaky.weight"),
            (whole | {name: torch.zeros(1, 1, 1)}, name),
        ):
            save_file(changed, folder / file)
            error = refuse(folder)
            assert error.key == "error.file.keys"
            assert culprit in str(error)
            assert file in str(error)

    def test_no_adapter_where_the_configuration_has_one(self, folder):
        (folder / ADAPTER).unlink()
        assert ADAPTER in str(refuse(folder))

    def test_an_adapter_where_the_configuration_has_none(self, folder):
        change(folder, adapter=None)
        assert refuse(folder).key == "error.file.keys"

    def test_a_folder_that_is_no_checkpoint(self, folder, tmp_path):
        (folder / HEADS).unlink()
        assert refuse(folder, UnknownModelError).key == "error.checkpoint.unknown"
        assert refuse(tmp_path, UnknownModelError).key == "error.checkpoint.unknown"
        assert refuse(tmp_path / "nowhere", UnknownModelError).key == "error.checkpoint.unknown"

    @pytest.mark.parametrize("text", ["", "{", "[]", "null"])
    def test_a_configuration_that_cannot_be_read(self, folder, text):
        (folder / "config.json").write_text(text)
        assert "config.json" in str(refuse(folder))

    @pytest.mark.parametrize(
        "changed",
        [
            {"heads": ["baseline", "D_x"]},
            {"heads": ["baseline", f"D_{LAYERS}"]},
            {"heads": 3},
            {"pooling": "max"},
            {"gate_init": "zero"},
            {"reduction": 0},
            {"dropout": -1},
            {"seed": "x"},
            {"adapter": {"model_type": "x"}},
            {"encoder": None},
            {"encoder": {"model_type": "zork"}},
            {"encoder": {"model_type": "bert", "hidden_size": 32}},
            {"encoder": {"model_type": "bert", "num_hidden_layers": 3, "hidden_size": tiny.DIM}},
        ],
        ids=str,
    )
    def test_a_configuration_that_makes_no_sense(self, folder, changed):
        change(folder, **changed)
        refuse(folder)

    def test_a_head_that_would_fuse_the_last_layer_with_itself(self, folder):
        stored = load_file(folder / HEADS)
        old, new = f"D_{LAYERS - 1}_aff", f"D_{LAYERS}_aff"
        save_file({key.replace(old, new): value for key, value in stored.items()}, folder / HEADS)
        change(folder, heads=[*head_names(LAYERS)[:-1], new])
        refuse(folder)

    @pytest.mark.parametrize("other", [{"num_hidden_layers": 5}, {"hidden_size": 32}], ids=str)
    @pytest.mark.parametrize("adapter", [LORA, None], ids=["lora", "no-adapter"])
    def test_an_encoder_of_another_size(self, tmp_path, adapter, other):
        checkpoints.save(trained(adapter=adapter), tmp_path / "checkpoint")
        with pytest.raises(BrokenFileError):
            checkpoints.load(tmp_path / "checkpoint", tiny.encoder(**other))

    @pytest.mark.parametrize("name", [None, "", "nosuch", [], {}], ids=str)
    def test_an_encoder_that_there_is_not(self, folder, name):
        change(folder, backbone=name)
        with pytest.raises(DlfaError):
            checkpoints.load(folder)

    def test_other_labels_than_the_classifiers_have(self, folder):
        change(folder, labels=["yes", "no"])
        assert refuse(folder).key == "error.checkpoint.labels"

    def test_after_a_failure_the_mended_checkpoint_loads(self, folder):
        whole = (folder / HEADS).read_bytes()
        (folder / HEADS).write_bytes(whole[:-1])
        refuse(folder)
        (folder / HEADS).write_bytes(whole)
        assert logits(load(folder)).isfinite().all()


def change(folder: Path, **changes: object) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


class TestTheEcosystemsWay:
    """`from_pretrained` on such a folder would by itself make an encoder of random weights."""

    @pytest.mark.parametrize("kind", [DlfaModel, AutoModel])
    def test_a_checkpoint_is_put_onto_its_encoder(self, tmp_path, kind):
        place = tiny.save_encoder(tmp_path / "encoder")
        checkpoints.save(trained(backbone=str(place)), tmp_path / "checkpoint")
        loaded = kind.from_pretrained(tmp_path / "checkpoint")
        assert torch.equal(logits(loaded), logits(checkpoints.load(tmp_path / "checkpoint")[0]))

    def test_a_model_whose_adapter_is_not_merged_is_saved_as_a_checkpoint(self, tmp_path):
        place = tiny.save_encoder(tmp_path / "encoder")
        model = trained(backbone=str(place))
        model.save_pretrained(tmp_path / "saved")
        assert checkpoints.is_checkpoint(tmp_path / "saved")
        loaded = DlfaModel.from_pretrained(tmp_path / "saved")
        assert same(logits(loaded), logits(model))

    def test_a_loaded_checkpoint_is_saved_whole(self, folder, tmp_path):
        model = load(folder)
        model.save_pretrained(tmp_path / "whole")
        assert torch.equal(logits(DlfaModel.from_pretrained(tmp_path / "whole")), logits(model))

    def test_a_broken_checkpoint_is_refused_in_the_same_words(self, folder, tmp_path):
        change(folder, backbone=str(tiny.save_encoder(tmp_path / "encoder")))
        (folder / ADAPTER).write_bytes(b"")
        with pytest.raises(BrokenFileError, match=ADAPTER):
            DlfaModel.from_pretrained(folder)
