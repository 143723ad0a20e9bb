"""The paper's model, as far as it can be tested without a download.

Random weights saved as the Hub's file lays them out (a ``bert.`` prefix, a ``cls.*`` head, layer
norms with the names ``gamma`` and ``beta``) and mBERT's real vocabulary.
"""

import json
import os
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForPreTraining, BertModel

from dlfa.data.collation import collate, encode_pairs
from dlfa.model import checkpoints
from dlfa.model.backbones import Encoder, load_encoder
from dlfa.model.modeling import DlfaConfig, DlfaModel
from dlfa.results import head_names

VOCABULARY_SIZE = 119_547
PAIRS = (
    ("Der Hund läuft durch den Park.", "Ein Tier bewegt sich."),
    ("القطة نائمة.", "القطة مستيقظة وتلعب."),
    ("孩子没有去上学。", "他在家。"),
)
# What the Hub's config.json says, sizes apart.
EXACT = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12}
SMALL = {"hidden_size": 24, "num_hidden_layers": 4, "num_attention_heads": 2}


@pytest.fixture(scope="session")
def vocabulary() -> Path:
    """mBERT's own ``vocab.txt``, from beside the mirror of the data sets."""
    named = os.environ.get("DLFA_DATA_DIR", "")
    file = Path(named, "..", "mbert-tokenizer", "vocab.txt").resolve()
    if not named or not file.is_file():
        pytest.skip("no mbert-tokenizer/vocab.txt beside the folder that DLFA_DATA_DIR names")
    return file


def config(sizes: dict[str, int]) -> BertConfig:
    return BertConfig(
        **sizes,
        intermediate_size=4 * sizes["hidden_size"],
        vocab_size=VOCABULARY_SIZE,
        max_position_embeddings=512,
        type_vocab_size=2,
        architectures=["BertForMaskedLM"],
    )


def legacy_name(name: str) -> str:
    if "LayerNorm" not in name:
        return name
    return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
        "LayerNorm.bias", "LayerNorm.beta"
    )


def save_as_the_hub_has_it(
    folder: Path, vocabulary: Path, sizes: dict[str, int]
) -> dict[str, torch.Tensor]:
    """Write config, weights, vocabulary and tokenizer configuration; return the weights."""
    torch.manual_seed(0)
    model = BertForPreTraining(config(sizes))
    for name, parameter in model.named_parameters():
        if "LayerNorm" in name or name.endswith("bias"):
            torch.nn.init.normal_(
                parameter, mean=0.5
            )  # initial ones and noughts would prove nothing
    tied = "cls.predictions.decoder."
    weights = {
        name: value for name, value in model.state_dict().items() if not name.startswith(tied)
    }
    folder.mkdir()
    stored = {legacy_name(name): value.contiguous() for name, value in weights.items()}
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    said = {key: value for key, value in model.config.to_diff_dict().items() if key != "dtype"}
    (folder / "config.json").write_text(json.dumps(said | {"model_type": "bert"}))
    (folder / "tokenizer_config.json").write_text(
        '{"do_lower_case": false, "model_max_length": 512}'
    )
    shutil.copy(vocabulary, folder / "vocab.txt")
    return weights


@pytest.fixture(scope="session")
def saved(vocabulary, tmp_path_factory) -> tuple[Path, dict[str, torch.Tensor]]:
    """A narrow mBERT with the real vocabulary: its folder and its weights by today's names."""
    folder = tmp_path_factory.mktemp("hub") / "mbert"
    return folder, save_as_the_hub_has_it(folder, vocabulary, SMALL)


@pytest.fixture(scope="session")
def mbert(saved) -> Encoder:
    return load_encoder(str(saved[0]))


def dlfa(encoder: Encoder, **changes: object) -> DlfaModel:
    made = DlfaConfig(
        encoder=encoder.model.config.to_dict(),
        backbone="mbert",
        task="xnli",
        labels=("entailment", "neutral", "contradiction"),
        pooling="cls",
        **changes,
    )
    return checkpoints.new(made, encoder).eval()


class TestLegacyLayout:
    def test_the_fixture_is_written_in_the_old_names(self, saved):
        from safetensors import safe_open

        with safe_open(saved[0] / "model.safetensors", "pt") as file:
            names = set(file.keys())
        assert "bert.encoder.layer.0.attention.output.LayerNorm.gamma" in names
        assert "bert.embeddings.LayerNorm.beta" in names
        assert not [
            name for name in names if "LayerNorm.weight" in name or "LayerNorm.bias" in name
        ]
        assert any(name.startswith("cls.") for name in names)

    def test_every_weight_lands_under_its_name_of_today(self, saved, mbert):
        _, weights = saved
        found = mbert.model.state_dict()
        wanted = {
            name.removeprefix("bert."): value
            for name, value in weights.items()
            if name.startswith("bert.") and "pooler" not in name
        }
        assert set(found) == set(wanted)
        assert all(torch.equal(value, wanted[name]) for name, value in found.items())

    def test_hidden_states_are_those_of_the_librarys_model_of_the_same_weights(self, saved, mbert):
        _, weights = saved
        library = BertModel(config(SMALL)).eval()
        library.load_state_dict(
            {n.removeprefix("bert."): v for n, v in weights.items() if n.startswith("bert.")}
        )
        batch = collate(encode_pairs(mbert.tokenizer, *zip(*PAIRS, strict=True), 128), 0)
        with torch.inference_mode():
            found, wanted = (model(**batch)[0] for model in (mbert.model, library))
        real = batch["attention_mask"].bool()
        torch.testing.assert_close(found[real], wanted[real], atol=1e-5, rtol=1e-5)

    def test_the_pooler_is_kept_for_the_heads_to_start_from(self, saved, mbert):
        _, weights = saved
        for part in ("weight", "bias"):
            assert torch.equal(mbert.pooler[part], weights[f"bert.pooler.dense.{part}"])
        model = dlfa(mbert)
        for name in head_names(mbert.layers):
            assert torch.equal(model.heads[name].dense.weight, mbert.pooler["weight"])
            assert torch.equal(model.heads[name].dense.bias, mbert.pooler["bias"])

    def test_first_tokens_are_pooled_and_pretrained_dense_makes_berts_own_pooled_output(
        self, saved, mbert
    ):
        library = BertModel.from_pretrained(saved[0]).eval()
        batch = collate(encode_pairs(mbert.tokenizer, *zip(*PAIRS, strict=True), 128), 0)
        head = dlfa(mbert).heads["baseline"]
        with torch.inference_mode():
            wanted = library(**batch).pooler_output
            states = mbert.model(**batch).last_hidden_state
            pooled = head.pool(states, batch["attention_mask"].bool())
            found = head.dense(pooled).tanh()
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)


class TestTokenizer:
    def test_has_the_whole_vocabulary(self, mbert):
        assert len(mbert.tokenizer) == VOCABULARY_SIZE == mbert.model.config.vocab_size

    def test_is_cased_and_keeps_accents(self, mbert):
        tokenize = mbert.tokenizer.tokenize
        assert tokenize("Paris") == ["Paris"]
        assert tokenize("paris") != tokenize("Paris")
        assert "".join(tokenize("Müller")).replace("##", "") == "Müller"

    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("Hello world!", [101, 31178, 11356, 106, 102]),
            ("你好", [101, 2262, 3240, 102]),
        ],
    )
    def test_gives_the_ids_of_the_published_model(self, mbert, text, ids):
        assert mbert.tokenizer(text)["input_ids"] == ids

    def test_tells_the_two_sentences_apart(self, mbert):
        first, second = PAIRS[0]
        encoded = mbert.tokenizer(first, second)
        cut = encoded["input_ids"].index(mbert.tokenizer.sep_token_id) + 1
        wanted = [0] * cut + [1] * (len(encoded["input_ids"]) - cut)
        assert encoded["token_type_ids"] == wanted

    def test_special_pieces_have_berts_ids(self, mbert):
        tokenizer = mbert.tokenizer
        assert (tokenizer.pad_token_id, tokenizer.unk_token_id) == (0, 100)
        assert (tokenizer.cls_token_id, tokenizer.sep_token_id) == (101, 102)
        assert tokenizer.mask_token_id == 103


class TestForward:
    def test_pairs_go_through_every_head(self, mbert):
        batch = collate(encode_pairs(mbert.tokenizer, *zip(*PAIRS, strict=True), 128), 0)
        assert set(batch) == {"input_ids", "attention_mask", "token_type_ids"}
        assert batch["token_type_ids"].max() == 1
        with torch.inference_mode():
            found = dlfa(mbert)(**batch, return_states=True)
        assert found.logits.shape == (3, len(head_names(mbert.layers)), 3)
        assert found.logits.isfinite().all()
        assert len(found.hidden_states) == mbert.layers + 1

    def test_the_second_sentences_mark_reaches_the_answers(self, mbert):
        batch = collate(encode_pairs(mbert.tokenizer, *zip(*PAIRS, strict=True), 128), 0)
        model = dlfa(mbert)
        with torch.inference_mode():
            marked = model(**batch).logits
            unmarked = model(**{k: v for k, v in batch.items() if k != "token_type_ids"}).logits
        assert not torch.allclose(marked, unmarked, atol=1e-4)

    def test_a_checkpoint_on_it_round_trips(self, saved, tmp_path):
        lora = {"r": 2, "lora_alpha": 4, "target_modules": list(checkpoints.LORA_TARGETS)}
        model = dlfa(load_encoder(str(saved[0])), adapter=lora)
        checkpoints.save(model, tmp_path / "checkpoint", half=False)
        encoder = load_encoder(str(saved[0]))
        batch = collate(encode_pairs(encoder.tokenizer, *zip(*PAIRS, strict=True), 128), 0)
        loaded, _ = checkpoints.load(tmp_path / "checkpoint", encoder)
        with torch.inference_mode():
            torch.testing.assert_close(
                loaded(**batch).logits, model(**batch).logits, atol=1e-5, rtol=1e-5
            )


@pytest.mark.slow
class TestExactSize:
    """12 layers x 768, 178 million weights: what the Hub's file holds."""

    def test_loads_whole_and_answers_with_all_twenty_three_heads(self, vocabulary, tmp_path):
        save_as_the_hub_has_it(tmp_path / "mbert", vocabulary, EXACT)
        encoder = load_encoder(str(tmp_path / "mbert"))
        assert encoder.layers == 12
        assert sum(p.numel() for p in encoder.model.parameters()) == 177_262_848
        assert encoder.pooler["weight"].shape == (768, 768)
        batch = collate(encode_pairs(encoder.tokenizer, *zip(*PAIRS, strict=True), 128), 0)
        with torch.inference_mode():
            logits = dlfa(encoder)(**batch).logits
        assert logits.shape == (3, 23, 3)
        assert logits.isfinite().all()
