"""A tiny encoder and a tiny mirror, saved where a test wants them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

WORDS = "a man woman dog cat runs sleeps eats not the old red house is in no one".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def save_encoder(folder: Path, layers: int = 4, dim: int = 16, further: Sequence[str] = ()) -> Path:
    """Save a random BERT with a word-level tokenizer; further words come before the others."""
    vocab = {piece: row for row, piece in enumerate([*SPECIAL, *further, *WORDS])}
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
    splits = dict.fromkeys(("en", "sw"), ("validation", "test"))
    for language, names in splits.items():
        for split in names:
            save(f"facebook/xnli/{language}/{split}", pairs(12))
    (folder / "facebook" / "xnli" / "README.md").write_text(card(splits))
    return folder


def card(splits: Mapping[str, Sequence[str]]) -> str:
    """Return a data set's card: its configurations, each with its splits."""
    configs = [
        {
            "config_name": name,
            "data_files": [{"split": split, "path": f"{name}/{split}-*"} for split in of_it],
        }
        for name, of_it in splits.items()
    ]
    return f"---\nconfigs: {json.dumps(configs)}\n---\n"


def save_tagged_mirror(folder: Path, rows: int = 160) -> Path:
    """Save made-up NER sentences in the layout of the Hub: English to train on, and Swahili."""
    generator = np.random.default_rng(0)

    def sentences(count: int) -> pa.Table:
        words = [generator.choice(WORDS, generator.integers(3, 12)).tolist() for _ in range(count)]
        tags = [[WORDS.index(word) % 7 for word in sentence] for sentence in words]
        return pa.table({"tokens": words, "ner_tags": tags})

    splits = {"PAN-X.en": ("train", "validation"), "PAN-X.sw": ("validation",)}
    home = folder / "google" / "xtreme"
    for name, of_it in splits.items():
        (home / name).mkdir(parents=True)
        for split in of_it:
            table = sentences(rows if split == "train" else 12)
            parquet.write_table(table, home / name / f"{split}-00000-of-00001.parquet")
    (home / "README.md").write_text(card(splits))
    return folder
