"""A tiny encoder and a tiny mirror, saved where a test wants them."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

WORDS = "a man woman dog cat runs sleeps eats not the old red house is in no one".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def save_encoder(folder: Path, layers: int = 4, dim: int = 16) -> Path:
    """Save a random BERT with a word-level tokenizer."""
    vocab = {piece: row for row, piece in enumerate(SPECIAL + WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocab),
        hidden_size=dim,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * dim,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def save_mirror(folder: Path, rows: int = 96) -> Path:
    """Save made-up NLI pairs in the layout of the Hub."""
    generator = np.random.default_rng(0)

    def pairs(count: int) -> pa.Table:
        def sentence() -> str:
            return " ".join(generator.choice(WORDS, size=generator.integers(3, 12)))

        return pa.table(
            {
                "premise": [sentence() for _ in range(count)],
                "hypothesis": [sentence() for _ in range(count)],
                "label": pa.array(np.arange(count) % 3),
            }
        )

    def save(path: str, table: pa.Table) -> None:
        file = folder / f"{path}-00000-of-00001.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(table, file)

    save("nyu-mll/multi_nli/data/train", pairs(rows))
    save("nyu-mll/multi_nli/data/validation_matched", pairs(12))
    configs = []
    for language in ("en", "sw"):
        save(f"facebook/xnli/{language}/validation", pairs(12))
        save(f"facebook/xnli/{language}/test", pairs(12))
        configs.append(
            {
                "config_name": language,
                "data_files": [
                    {"split": split, "path": f"{language}/{split}-*"}
                    for split in ("validation", "test")
                ],
            }
        )
    card = f"---\nconfigs: {json.dumps(configs)}\n---\n"
    (folder / "facebook" / "xnli" / "README.md").write_text(card)
    return folder
