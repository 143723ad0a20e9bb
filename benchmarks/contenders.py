"""Who runs against whom in `benchmarks.throughput`: our predictor and transformers' pipeline."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    TextClassificationPipeline,
    pipeline,
)

from dlfa.analysis.predict import Predictor, SentencePair, load
from dlfa.data.sources import evaluation_pairs
from dlfa.data.tasks import task
from dlfa.model.backbones import Encoder, load_encoder
from dlfa.model.checkpoints import assemble, initial_heads
from dlfa.model.config import DlfaConfig

__all__ = [
    "DTYPES",
    "Answer",
    "answering",
    "best_size",
    "in_dtype",
    "one_head",
    "predictor",
    "seconds",
    "xnli",
]

DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32}
SIZES = (4, 8, 16, 32, 64)  # of the pipeline's batches
TRIAL = 96  # pairs to find its best size with
MBERT = {"hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072}

Answer = Callable[[Sequence[SentencePair]], object]


def xnli(count: int) -> list[SentencePair]:
    """Return test pairs, as many of each language as fit, language after language."""
    known = task("xnli")
    each = -(-count // len(known.languages))
    pairs = [
        (pair.first, pair.second)
        for language in known.languages
        for pair in evaluation_pairs(known, language, "test")[:each]
    ]
    return pairs[:count]


def predictor(backbone: str) -> Predictor:
    """Return the shipped model, or one of mBERT's size with random weights and e5's tokenizer."""
    if backbone == "e5-small":
        return load("e5-small-xnli")
    tokens = load_encoder("e5-small")
    torch.manual_seed(0)
    shape = BertConfig(vocab_size=len(tokens.tokenizer), **MBERT)  # type: ignore[arg-type]
    bert = BertModel(shape, add_pooling_layer=False).eval()
    encoder = Encoder(
        key=backbone, revision="random", pooling="cls", model=bert, tokenizer=tokens.tokenizer
    )
    config = DlfaConfig(
        encoder=bert.config.to_dict(),
        backbone=backbone,
        task="xnli",
        labels=("entailment", "neutral", "contradiction"),
        pooling=encoder.pooling,
    )
    model = assemble(config, bert, initial_heads(config)).eval().requires_grad_(False)
    return Predictor(model, encoder, checkpoint="random")


def in_dtype(of: Predictor, dtype: str) -> Predictor:
    """Return the same model computing in a dtype."""
    made = Predictor(of.model, of.encoder, of.checkpoint)
    made.hardware = replace(of.hardware, bf16=dtype == "bfloat16")
    return made


def one_head(of: Predictor, dtype: str) -> TextClassificationPipeline:
    """Return transformers' own pipeline with the merged encoder and the baseline's classifier."""
    config = BertConfig(**of.model.config.encoder)
    config.num_labels = len(of.labels)
    with torch.device("meta"):
        model = BertForSequenceClassification(config)
    head = of.model.heads["baseline"]
    parts = {
        "bert": of.model.backbone.state_dict(),
        "bert.pooler.dense": head.dense.state_dict(),
        "classifier": head.classifier.state_dict(),
    }
    state = {
        f"{part}.{name}": value.to(DTYPES[dtype])
        for part, one in parts.items()
        for name, value in one.items()
    }
    model.load_state_dict(state, assign=True)
    embeddings = of.model.backbone.get_submodule("embeddings")
    for name, buffer in embeddings.named_buffers():
        model.bert.embeddings.register_buffer(name, buffer, persistent=False)
    made = pipeline(
        "text-classification",
        model=model.eval(),
        tokenizer=of.tokenizer,
        device=of.model.device,
    )
    assert isinstance(made, TextClassificationPipeline)
    return made


def answering(pipe: TextClassificationPipeline, size: int) -> Answer:
    """Return the pipeline at one batch size."""
    return lambda pairs: pipe(
        [{"text": first, "text_pair": second} for first, second in pairs],
        batch_size=size,
        truncation=True,
        top_k=None,
    )


def seconds(call: Answer, pairs: Sequence[SentencePair]) -> float:
    """Return one call's wall time; every answer is on the CPU when it ends."""
    start = time.perf_counter()
    call(pairs)
    return time.perf_counter() - start


def best_size(pipe: TextClassificationPipeline, pairs: Sequence[SentencePair]) -> int:
    """Return the batch size at which the pipeline is fastest on a sample."""
    sample = pairs[:: max(1, len(pairs) // TRIAL)][:TRIAL]  # of every language
    return min(SIZES, key=lambda size: min(seconds(answering(pipe, size), sample) for _ in "ab"))
