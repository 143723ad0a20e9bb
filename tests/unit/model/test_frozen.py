"""What a frozen model computes at once is what the model computes head by head."""

import pytest
import torch
from torch.nn import functional as F
from transformers import XLMRobertaConfig, XLMRobertaModel

from dlfa.model import checkpoints
from dlfa.model.frozen import FrozenModel
from dlfa.model.frozen_encoder import FrozenEncoder
from dlfa.model.frozen_heads import FrozenHeads
from dlfa.model.modeling import DlfaModel
from dlfa.results import head_names
from tests.unit.model import tiny
from tests.unit.model.tiny import LAYERS, randomise, sentences

HEADS = head_names(LAYERS)
CLOSE = 1e-6
LENGTHS = [(6,), (1,), (4, 6, 2), (5, 5), (1, 1, 3)]
ASKED = [
    HEADS,
    ("baseline",),
    ("D_2",),
    ("D_3_aff", "D_1"),
    ("D_1_aff", "baseline", "D_1", "D_3"),
    ("D_2", "D_2"),
    HEADS[::-1],
]
poolings = pytest.mark.parametrize("pooling", ["cls", "mean"])
lengths = pytest.mark.parametrize("lengths", LENGTHS, ids=str)


def model(pooling: str = "mean", seed: int = 0, **changes: object) -> DlfaModel:
    """A model in eval mode whose heads have learned something."""
    made = checkpoints.new(tiny.config(pooling=pooling, **changes), tiny.encoder(seed)).eval()
    randomise(made.heads)
    return made.requires_grad_(False)


def reference(of: DlfaModel, states, mask, names) -> torch.Tensor:
    return torch.stack([of.heads[name](states, mask)[0] for name in names], dim=1)


def states_and_mask(of: DlfaModel, batch) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
    return of.encode(batch["input_ids"], batch["attention_mask"]), batch["attention_mask"].bool()


class TestEach:
    def test_states_come_one_by_one_and_are_those_of_a_call(self):
        made, batch = model(), sentences(4, 6, 2)
        encoder = FrozenEncoder(made.backbone, torch.float32)
        ids, mask = batch["input_ids"], batch["attention_mask"]
        for one, other in zip(encoder.each(ids, mask), encoder(ids, mask), strict=True):
            assert torch.equal(one, other)


class TestHeads:
    @lengths
    @pytest.mark.parametrize("asked", ASKED, ids=len)
    def test_every_word_is_tagged_as_head_by_head(self, lengths, asked):
        made = model("none")
        states, mask = states_and_mask(made, sentences(*lengths))
        found = FrozenHeads(made.heads)(states, mask, asked)  # (batch head token label)
        real = mask[:, None, :, None]
        wanted = reference(made, states, mask, asked)
        torch.testing.assert_close(found * real, wanted * real, atol=CLOSE, rtol=CLOSE)

    def test_measuring_the_gates_of_a_tagger_changes_no_tag(self):
        made = model("none")
        states, mask = states_and_mask(made, sentences(4, 6))
        frozen = FrozenHeads(made.heads)
        logits, gates = frozen.measured(states, mask, HEADS)
        torch.testing.assert_close(logits, frozen(states, mask, HEADS), rtol=0, atol=0)
        assert gates.shape == (2, len(HEADS), 3)
        assert gates[:, 1:].isfinite().all()

    @poolings
    @lengths
    @pytest.mark.parametrize("asked", ASKED, ids=len)
    def test_all_at_once_is_head_by_head(self, pooling, lengths, asked):
        made = model(pooling)
        states, mask = states_and_mask(made, sentences(*lengths))
        found = FrozenHeads(made.heads)(states, mask, asked)
        torch.testing.assert_close(
            found, reference(made, states, mask, asked), atol=CLOSE, rtol=CLOSE
        )

    @poolings
    @pytest.mark.parametrize("seed", range(5))
    @pytest.mark.parametrize("reduction", [1, 4, 100])
    def test_whatever_was_learned(self, pooling, seed, reduction):
        made = model(pooling, reduction=reduction)
        randomise(made.heads, seed=seed)
        states, mask = states_and_mask(made, sentences(4, 6, 2))
        found = FrozenHeads(made.heads)(states, mask, HEADS)
        torch.testing.assert_close(
            found, reference(made, states, mask, HEADS), atol=CLOSE, rtol=CLOSE
        )

    @poolings
    @pytest.mark.parametrize("asked", ASKED, ids=len)
    def test_grouped_as_on_a_gpu_they_are_the_same(self, pooling, asked, monkeypatch):
        """A GPU takes all layers at once; here the size of the group is the only difference."""
        made = model(pooling)
        states, mask = states_and_mask(made, sentences(4, 6, 2))
        heads = FrozenHeads(made.heads)
        monkeypatch.setattr("dlfa.model.frozen_heads.layers_at_once", lambda device, layers: layers)
        torch.testing.assert_close(
            heads(states, mask, asked), reference(made, states, mask, asked), atol=CLOSE, rtol=CLOSE
        )

    @pytest.mark.parametrize("heads", [("baseline",), ("D_1", "D_3"), ("D_2_aff",)])
    def test_a_model_need_not_have_every_head(self, heads):
        made = model(heads=heads)
        states, mask = states_and_mask(made, sentences(4, 6, 2))
        found = FrozenHeads(made.heads)(states, mask, heads)
        torch.testing.assert_close(
            found, reference(made, states, mask, heads), atol=CLOSE, rtol=CLOSE
        )

    def test_heads_stay_in_float32_whatever_the_encoder_gives(self):
        made = model()
        states, mask = states_and_mask(made, sentences(4, 6, 2))
        rounded = [state.bfloat16() for state in states]
        with torch.autocast("cpu", torch.bfloat16):
            found = FrozenHeads(made.heads)(rounded, mask, HEADS)
            wanted = reference(made, rounded, mask, HEADS)
        assert found.dtype == torch.float32
        torch.testing.assert_close(found, wanted, atol=CLOSE, rtol=CLOSE)

    @poolings
    @lengths
    def test_a_gates_measures_are_those_of_the_gate_itself(self, pooling, lengths):
        made = model(pooling)
        states, mask = states_and_mask(made, sentences(*lengths))
        logits, found = FrozenHeads(made.heads).measured(states, mask, HEADS)
        torch.testing.assert_close(logits, FrozenHeads(made.heads)(states, mask, HEADS))
        for at, name in enumerate(HEADS):
            head = made.heads[name]
            for row, real in enumerate(mask):
                fused = head.fuse(states, mask)
                if fused is None:
                    assert found[row, at].isnan().all()
                    continue
                seen = real if pooling == "mean" else slice(0, 1)
                s, g = fused.attention[row][seen], fused.gate[row][seen]
                lower, last = states[head.layer][row][seen], states[-1][row][seen]
                one, other = (g * lower).norm(dim=-1), ((1 - g) * last).norm(dim=-1)
                share = (one / (one + other)).mean()
                wanted = torch.stack([share, s.mean(), s.std(correction=0)])
                torch.testing.assert_close(found[row, at], wanted, atol=1e-5, rtol=1e-4)

    def test_what_a_head_sees_is_not_changed(self):
        made = model()
        states, mask = states_and_mask(made, sentences(4, 6, 2))
        before = [state.clone() for state in states]
        FrozenHeads(made.heads)(states, mask, HEADS)
        assert all(map(torch.equal, states, before))


class TestEncoder:
    @lengths
    def test_bert_gives_the_librarys_states(self, lengths):
        bert, batch = tiny.encoder().model, sentences(*lengths)
        wanted = bert(**batch, output_hidden_states=True).hidden_states
        with torch.no_grad():
            found = FrozenEncoder(bert, torch.float32)(**batch)
        real = batch["attention_mask"].bool()
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            torch.testing.assert_close(one[real], other[real], atol=1e-5, rtol=1e-5)

    def test_xlm_roberta_gives_the_librarys_states(self):
        shape = tiny.bert_config(vocab_size=40, pad_token_id=1, initializer_range=0.3)
        config = XLMRobertaConfig(**{**shape.to_dict(), "model_type": "xlm-roberta"})
        torch.manual_seed(0)
        roberta = XLMRobertaModel(config, add_pooling_layer=False).eval()
        batch = sentences(4, 6, 2)
        batch["input_ids"] = (batch["input_ids"] + 2).where(batch["attention_mask"].bool(), 1)
        wanted = roberta(**batch, output_hidden_states=True).hidden_states
        with torch.no_grad():
            found = FrozenEncoder(roberta, torch.float32)(**batch)
        real = batch["attention_mask"].bool()
        for one, other in zip(found, wanted, strict=True):
            torch.testing.assert_close(one[real], other[real], atol=1e-5, rtol=1e-5)

    def test_the_second_sentence_is_marked_where_the_encoder_marks_it(self):
        bert, batch = tiny.encoder().model, sentences(5, 5)
        batch["token_type_ids"] = (torch.arange(5) > 2).long().expand(2, 5)
        with torch.no_grad():
            wanted = bert(**batch).last_hidden_state
            found = FrozenEncoder(bert, torch.float32)(**batch)[-1]
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)

    @pytest.mark.parametrize("activation", ["gelu", "relu", "gelu_new"])
    @pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
    def test_any_activation_is_the_encoders_own(self, activation, dtype):
        bert, batch = tiny.bert(hidden_act=activation), sentences(4, 6, 2)
        with torch.no_grad():
            wanted = bert(**batch).last_hidden_state
            found = FrozenEncoder(bert, dtype)(**batch)[-1]
        real = batch["attention_mask"].bool()
        error = (found[real] - wanted[real]).abs().max()
        assert error < (1e-5 if dtype == torch.float32 else 0.2)

    def test_the_e5_encoder_in_bfloat16_is_as_near_as_autocast(self, e5):
        encoded = e5.tokenizer(["A dog runs.", "Ein Hund läuft durch den Park."], padding=True)
        batch = {name: torch.tensor(encoded[name]) for name in ("input_ids", "attention_mask")}
        real = batch["attention_mask"].bool()
        with torch.no_grad():
            exact = e5.model(**batch).last_hidden_state[real]
            with torch.autocast("cpu", torch.bfloat16):
                cast = e5.model(**batch).last_hidden_state[real]
            found = FrozenEncoder(e5.model, torch.bfloat16)(**batch)[-1][real]
        assert found.dtype == torch.float32
        assert (found - exact).abs().mean() < 2 * (cast - exact).abs().mean()

    def test_the_e5_encoder_in_float32_is_the_librarys(self, e5):
        batch = {"input_ids": torch.tensor([[0, 62, 10269, 32354, 2]])}
        batch["attention_mask"] = torch.ones_like(batch["input_ids"])
        with torch.no_grad():
            wanted = e5.model(**batch).last_hidden_state
            found = FrozenEncoder(e5.model, torch.float32)(**batch)[-1]
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)


class TestModel:
    @poolings
    def test_a_frozen_model_answers_as_the_model_does(self, pooling):
        made, batch = model(pooling), sentences(4, 6, 2)
        with torch.no_grad():
            found = FrozenModel(made, torch.float32).logits(HEADS, **batch)
            wanted = made(**batch).logits
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)

    @poolings
    def test_padding_changes_no_logits(self, pooling):
        frozen, batch = FrozenModel(model(pooling), torch.float32), sentences(4, 6)
        wider = {name: F.pad(value, (0, 5)) for name, value in batch.items()}
        with torch.no_grad():
            narrow, wide = (frozen.logits(HEADS, **one) for one in (batch, wider))
        torch.testing.assert_close(wide, narrow, atol=1e-5, rtol=1e-5)

    def test_it_knows_when_it_is_out_of_date(self):
        made = model()
        frozen = FrozenModel(made, torch.float32)
        assert frozen.is_made_of(made)
        made.train()
        assert not frozen.is_made_of(made)
        made.eval()
        assert frozen.is_made_of(made)
        made.heads.load_state_dict(model(seed=1).heads.state_dict())
        assert not frozen.is_made_of(made)
        frozen = FrozenModel(made, torch.float32)
        made.heads = model(seed=1).heads
        assert not frozen.is_made_of(made)

    def test_a_step_of_batch_norm_makes_it_out_of_date(self):
        made, batch = model(), sentences(4, 6, 2)
        frozen = FrozenModel(made, torch.float32)
        made.train()
        made(**batch)
        assert not frozen.is_made_of(made.eval())
