"""One encoder pass serves every head, and nobody's logits depend on who else was asked."""

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F
from transformers import AutoModel

from dlfa.errors import UnknownHeadError
from dlfa.model import checkpoints
from dlfa.model.fusion import masked_mean
from dlfa.model.modeling import DlfaConfig, DlfaModel, Heads
from dlfa.results import head_gate, head_layer, head_names
from tests.unit.model import tiny
from tests.unit.model.tiny import LABELS, LAYERS, LORA, randomise, sentences

HEADS = head_names(LAYERS)
poolings = pytest.mark.parametrize("pooling", ["cls", "mean"])


def model(pooling: str = "mean", **changes: object) -> DlfaModel:
    """A model in eval mode whose heads have learned something."""
    made = checkpoints.new(tiny.config(pooling=pooling, **changes), tiny.encoder()).eval()
    randomise(made.heads)
    return made


@torch.no_grad()
def logits(of: DlfaModel, batch: dict[str, torch.Tensor], heads: object = None) -> torch.Tensor:
    return of(**batch, heads=heads).logits


class TestOnePass:
    @pytest.mark.parametrize("asked", [("baseline",), ("D_3_aff", "D_1"), HEADS])
    def test_however_many_heads_are_asked_the_encoder_runs_once(self, monkeypatch, asked):
        made = model()
        passes = []
        forward = made.backbone.forward
        monkeypatch.setattr(
            made.backbone, "forward", lambda **inputs: passes.append(1) or forward(**inputs)
        )
        assert logits(made, sentences(4, 6), asked).shape == (2, len(asked), len(LABELS))
        assert len(passes) == 1

    def test_only_the_heads_asked_for_run(self, monkeypatch):
        made = model()
        ran = []
        for name, head in made.heads.by_name.items():
            head.register_forward_hook(lambda *_, name=name: ran.append(name))
        logits(made, sentences(4, 6), ("D_2", "baseline"))
        assert ran == ["D_2", "baseline"]

    @poolings
    def test_a_heads_logits_do_not_depend_on_which_others_were_asked(self, pooling):
        made, batch = model(pooling), sentences(4, 6, 2)
        everything = logits(made, batch)
        for name in HEADS:
            assert torch.equal(logits(made, batch, [name])[:, 0], everything[:, HEADS.index(name)])
        mixed = ("D_2_aff", "baseline", "D_2_aff")
        rows = [HEADS.index(name) for name in mixed]
        assert torch.equal(logits(made, batch, mixed), everything[:, rows])

    def test_states_and_gates_come_from_the_same_pass_as_the_logits(self):
        made, batch = model(), sentences(4, 6)
        with torch.no_grad():
            found = made(**batch, return_states=True)
        assert torch.equal(found.logits, logits(made, batch))
        assert len(found.hidden_states) == LAYERS + 1
        assert list(found.fused) == [name for name in HEADS if name != "baseline"]
        assert made(**batch).hidden_states is None
        assert made(**batch).fused is None


class TestHeads:
    @poolings
    @pytest.mark.parametrize("name", HEADS)
    def test_a_head_is_fusion_pooling_dense_tanh_and_classifier(self, pooling, name):
        made, batch = model(pooling), sentences(4, 6, 1)
        head, mask = made.heads[name], batch["attention_mask"].bool()
        with torch.no_grad():
            states = made.backbone(**batch, output_hidden_states=True).hidden_states
            final = states[-1]
            if name != "baseline":
                lower = states[head_layer(name)]
                attended = head.fusion.aif((lower + final) / 2, mask)
                gate = attended.output if head_gate(name) == "paper" else attended.attention
                final = lower * gate + final * (1 - gate)
            pooled = final[:, 0] if pooling == "cls" else masked_mean(final, mask)
            hidden = torch.tanh(F.linear(pooled, head.dense.weight, head.dense.bias))
            wanted = F.linear(hidden, head.classifier.weight, head.classifier.bias)
        torch.testing.assert_close(logits(made, batch, [name])[:, 0], wanted, atol=1e-5, rtol=1e-5)

    @pytest.mark.parametrize("asked", [("D_9",), ("baseline", "nosuch"), (), ("D_4",), ("",)])
    def test_an_unknown_head_is_refused_with_the_names_of_those_there_are(self, asked):
        with pytest.raises(UnknownHeadError) as caught:
            model()(**sentences(3), heads=asked)
        assert all(name in str(caught.value) for name in HEADS)
        assert all(name in str(caught.value) for name in asked if name not in HEADS)

    def test_a_head_may_be_asked_for_by_its_name_alone(self):
        heads = model().heads
        assert heads.choose("D_2") == ("D_2",)
        assert heads.choose("all") == heads.choose() == HEADS
        assert heads.choose(iter(["D_2", "baseline"])) == ("D_2", "baseline")

    def test_every_head_computes_in_float32_inside_bfloat16_autocast(self):
        made, batch = model(), sentences(4, 6)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            inside = made(**batch, return_states=True)
        assert inside.logits.dtype == torch.float32
        assert {fused.attention.dtype for fused in inside.fused.values()} == {torch.float32}
        mask = batch["attention_mask"].bool()
        with torch.no_grad():
            outside = [made.heads[name](inside.hidden_states, mask)[0] for name in HEADS]
        assert torch.equal(torch.stack(outside, dim=1), inside.logits)

    def test_dropout_rests_in_eval_mode_and_works_in_training(self):
        made, batch = model(dropout=0.5), sentences(4, 6)
        assert torch.equal(logits(made, batch), logits(made, batch))
        made.train()
        made.backbone.eval()
        assert not torch.equal(logits(made, batch, ["baseline"]), logits(made, batch, ["baseline"]))

    def test_a_name_with_a_dot_could_not_be_stored_and_there_is_none(self):
        assert not [name for name in head_names(48) if "." in name]
        keys = Heads(tiny.config(), tiny.DIM).state_dict()
        assert {key.split(".")[1] for key in keys} == set(HEADS)


class TestLaws:
    @poolings
    def test_padding_changes_no_logits(self, pooling):
        made, batch = model(pooling), sentences(4, 6)
        wider = {name: F.pad(value, (0, 5)) for name, value in batch.items()}
        assert (logits(made, wider) - logits(made, batch)).abs().max() < 1e-5

    @poolings
    def test_batch_mates_change_no_logits(self, pooling):
        made, batch = model(pooling), sentences(4, 6, 2)
        together = logits(made, batch)
        for row, length in enumerate((4, 6, 2)):
            alone = {name: value[row : row + 1, :length] for name, value in batch.items()}
            assert (logits(made, alone)[0] - together[row]).abs().max() < 1e-5

    @poolings
    def test_the_order_of_the_sentences_is_the_order_of_the_answers(self, pooling):
        made, batch = model(pooling), sentences(4, 6, 2)
        turned = {name: value.flip(0) for name, value in batch.items()}
        assert (logits(made, turned).flip(0) - logits(made, batch)).abs().max() < 1e-5

    def test_without_a_mask_every_token_is_real(self):
        made, batch = model(), sentences(5, 5)
        assert torch.equal(logits(made, {"input_ids": batch["input_ids"]}), logits(made, batch))

    def test_the_second_sentence_is_marked_where_the_encoder_marks_it(self):
        made, batch = model(), sentences(5, 5)
        second = batch | {"token_type_ids": (torch.arange(5) > 2).long().expand(2, 5)}
        assert not torch.allclose(logits(made, second), logits(made, batch), atol=1e-3)

    def test_no_hook_is_left_behind(self):
        made, batch = model(), sentences(4, 6)

        def hooks() -> int:
            return sum(
                len(module._forward_hooks) + len(module._forward_pre_hooks)
                for module in made.modules()
            )

        logits(made, batch)  # the first call makes transformers' own, which stay
        before = hooks()
        for _ in range(3):
            logits(made, batch)
        with pytest.raises(UnknownHeadError):
            logits(made, batch, ["nosuch"])
        with pytest.raises(IndexError):
            logits(made, {"input_ids": torch.full((2, 3), 10_000)})
        assert hooks() == before

    def test_the_loss_is_the_mean_of_the_heads_cross_entropies(self):
        made, batch = model(), sentences(4, 6, 2)
        labels = torch.tensor([0, 2, 1])
        with torch.no_grad():
            found = made(**batch, labels=labels)
        each = [F.cross_entropy(found.logits[:, row], labels) for row in range(len(HEADS))]
        assert float(found.loss) == pytest.approx(float(torch.stack(each).mean()), abs=1e-6)
        assert made(**batch).loss is None

    def test_every_head_and_the_encoder_learn_from_it(self):
        made = model(adapter=LORA).train()
        made(**sentences(4, 6, 2), labels=torch.tensor([0, 2, 1])).loss.backward()
        still = [n for n, p in made.named_parameters() if p.requires_grad and p.grad is None]
        assert still == []
        assert any("lora_" in name for name, p in made.named_parameters() if p.requires_grad)
        assert made.backbone.get_input_embeddings().weight.grad is None


class TestConfig:
    def test_heads_are_all_those_of_the_encoder_unless_said_otherwise(self):
        config = DlfaConfig(encoder=tiny.bert_config().to_dict())
        assert tuple(config.heads) == HEADS
        assert config.layers == LAYERS
        assert config.encoder_config.hidden_size == tiny.DIM

    def test_a_round_trip_through_json_changes_nothing(self, tmp_path):
        config = tiny.config(adapter=LORA, gate_init="neutral", reduction=2)
        config.save_pretrained(tmp_path)
        read = DlfaConfig.from_pretrained(tmp_path)
        assert read.encoder_config.to_dict() == config.encoder_config.to_dict()
        one, other = ({**made.to_dict(), "encoder": None} for made in (read, config))
        assert one == other

    def test_a_pooling_that_is_none_is_refused(self):
        with pytest.raises(ValueError, match="none of"):
            tiny.config(pooling="max")

    @pytest.mark.parametrize("gate_init", ["standard", "neutral"])
    def test_gate_init_reaches_every_gate(self, gate_init):
        heads = Heads(tiny.config(gate_init=gate_init), tiny.DIM)
        starts = {
            branch[4].weight.abs().sum().item()
            for name in HEADS[1:]
            for branch in (
                heads[name].fusion.aif.global_branch,
                heads[name].fusion.aif.local_branch,
            )
        }
        assert starts == {0.0 if gate_init == "neutral" else float(tiny.DIM)}

    def test_reduction_reaches_every_gate(self):
        heads = Heads(tiny.config(reduction=8), tiny.DIM)
        assert heads["D_1"].fusion.aif.local_branch[0].out_channels == tiny.DIM // 8


class TestSavePretrained:
    """The way of the ecosystem: `from_pretrained` gives back what `save_pretrained` wrote."""

    @staticmethod
    def reload(folder: Path, kind: type) -> DlfaModel:
        loaded, report = kind.from_pretrained(folder, output_loading_info=True)
        assert not any(report.values()), report
        assert isinstance(loaded, DlfaModel)
        return loaded

    @pytest.mark.parametrize("kind", [DlfaModel, AutoModel])
    def test_a_whole_model_round_trips_bit_for_bit(self, kind, tmp_path):
        made, batch = model(), sentences(4, 6)
        made.save_pretrained(tmp_path)
        loaded = self.reload(tmp_path, kind)
        state = made.state_dict()
        assert set(loaded.state_dict()) == set(state)
        assert all(torch.equal(value, state[name]) for name, value in loaded.state_dict().items())
        assert not loaded.training
        assert torch.equal(logits(loaded, batch), logits(made, batch))
        assert loaded.config.to_dict()["heads"] == list(HEADS)

    def test_a_saved_model_is_where_its_encoder_is_too(self, tmp_path):
        made = model()
        made.save_pretrained(tmp_path)
        size = sum(file.stat().st_size for file in tmp_path.glob("*.safetensors"))
        assert size > 4 * sum(p.numel() for p in made.parameters())
        assert not checkpoints.is_checkpoint(tmp_path)
