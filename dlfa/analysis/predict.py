"""Load a trained model by name and ask it about sentence pairs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlfa.analysis.origins import longest_input, versions
from dlfa.data import listed
from dlfa.data.collation import Features, TokenBatch, collate, encode_pairs, to_device
from dlfa.data.folders import is_folder
from dlfa.data.texts import SentencePair, check_text
from dlfa.data.words import word_places
from dlfa.errors import PolicyError, UnknownModelError, UntrainedError, WrongTaskError
from dlfa.model import checkpoints
from dlfa.model.backbones import Encoder, is_encoder
from dlfa.model.device import Hardware, hardware
from dlfa.model.frozen import FrozenModel
from dlfa.model.modeling import DlfaModel
from dlfa.model.weights import weights_digest
from dlfa.policy import policy
from dlfa.results import Prediction, Provenance, Tokens

__all__ = [
    "CHECKPOINTS",
    "Predictor",
    "SentencePair",
    "available",
    "batches",
    "inputs",
    "load",
    "offered",
]

CHECKPOINTS = Path(__file__).parents[2] / "assets" / "checkpoints"
BATCH_TOKENS = 2048  # a batch's sub-words, padding included


def available() -> tuple[str, ...]:
    """Return the names of the checkpoints that lie in the repository."""
    found = CHECKPOINTS.glob(f"*/{checkpoints.HEADS}")
    return tuple(sorted(path.parent.name for path in found))


def offered() -> tuple[str, ...]:
    """Return what can be chosen by name: the repository's, then those in `DLFA_CHECKPOINTS`."""
    return (*available(), *listed.listed(available()))


def load(name: str | Path, tell: Callable[[str], object] = lambda stage: None) -> "Predictor":
    """Load a trained model: a shipped or listed checkpoint's name, or a checkpoint folder.

    Args:
        name: of the checkpoint, or its folder.
        tell: called with the stage that begins, see `dlfa.model.checkpoints.load`.

    Raises:
        UntrainedError: the name is an encoder's, which has no trained heads.
        UnknownModelError, BrokenFileError, OfflineError: see `dlfa.errors`.
        PolicyError: a public instance, and not one of its listed models.
    """
    folder = _folder(str(name))
    model, encoder = checkpoints.load(folder, tell=tell, listed=str(name) in offered())
    return Predictor(model, encoder, checkpoint=checkpoints.digest(folder))


def _folder(name: str) -> Path:
    if name in available():
        return CHECKPOINTS / name
    chosen = listed.listed(available()).get(name)
    if chosen is not None:
        return listed.folder_of(chosen)
    if not policy().any_model:
        raise PolicyError("error.policy.model", name=name)
    if is_encoder(name):
        raise UntrainedError("error.model.untrained", name=name)
    if not is_folder(name):
        raise UnknownModelError(
            "error.checkpoint.none", name=name, known=", ".join(offered()) or "-"
        )
    return Path(name)


class Predictor:
    """A trained model, ready to answer: tokenizer, `DlfaModel` and provenance.

    Read-only: many threads may share it, one call at a time.

    Args:
        model: frozen, in eval mode, adapter merged.
        encoder: its tokenizer and source.
        checkpoint: digest of adapter and heads.
    """

    def __init__(self, model: DlfaModel, encoder: Encoder, checkpoint: str) -> None:
        self.hardware: Hardware = hardware()
        self.model = model.eval()
        self.model.to(torch.device(self.hardware.device))
        self.encoder = encoder
        self.tokenizer = encoder.tokenizer
        self.checkpoint = checkpoint
        self._frozen: FrozenModel | None = None
        self.tokenising = Lock()  # a fast tokenizer serves one thread at a time

    @property
    def heads(self) -> tuple[str, ...]:
        """Every head's name, in order."""
        return self.model.heads.choose()

    @property
    def labels(self) -> tuple[str, ...]:
        """The task's label keys."""
        return tuple(self.model.config.labels)

    @property
    def tagging(self) -> bool:
        """Whether it tags words, rather than answering sentence pairs."""
        return bool(self.model.config.tagging)

    @property
    def max_tokens(self) -> int:
        """Longest input in sub-words; more is cut."""
        return longest_input(self.model.config.encoder_config)

    @property
    def frozen(self) -> FrozenModel:
        """The model laid out for speed; made anew if somebody changed a parameter."""
        if self._frozen is None or not self._frozen.is_made_of(self.model):
            self._frozen = FrozenModel(self.model, self.hardware.encoder_dtype)
        return self._frozen

    @cached_property
    def weights(self) -> str:
        """Digest of all weights where the encoder's source has none of its own; else empty."""
        return weights_digest(self.model, self.encoder.revision)

    @cached_property
    def provenance(self) -> Provenance:
        """Where this model's numbers come from."""
        config = self.model.config
        return Provenance(
            backbone=self.encoder.key,
            state=f"tuned({config.task})",
            checkpoint=self.checkpoint,
            revision=self.encoder.revision,
            device=self.hardware.name,
            dtype=self.hardware.dtype,
            seed=config.seed,
            gate_init=config.gate_init,
            versions=versions(),
        )

    def predict(
        self, pairs: Sequence[SentencePair], heads: Iterable[str] | str = "all"
    ) -> list[tuple[Prediction, ...]]:
        """Return every head's answer for every pair, in the order asked for.

        Args:
            pairs: (premise, hypothesis) texts.
            heads: names such as ``("baseline", "D_8")``, or ``"all"``.

        Raises:
            TextError: an empty or over-long text.
            UnknownHeadError: a head this model does not have.
        """
        names = self.model.heads.choose(heads)
        encoded = self.encode(pairs)
        answers: list[tuple[Prediction, ...]] = [()] * len(encoded)
        for rows, batch in self.batches(encoded):
            probabilities = self.probabilities(batch, names)
            for row, scores in zip(rows, probabilities, strict=True):
                answers[row] = self.answer(scores, names, encoded[row])
        return answers

    def answer(
        self,
        probabilities: Float[np.ndarray, "head label"],
        heads: Sequence[str],
        features: Features,
    ) -> tuple[Prediction, ...]:
        """Wrap one pair's probabilities as results."""
        return tuple(
            Prediction(
                head=head,
                probabilities=scores,
                labels=self.labels,
                tokens=len(features["input_ids"]),
                truncated=features["truncated"],
                provenance=self.provenance,
            )
            for head, scores in zip(heads, probabilities, strict=True)
        )

    def encode(
        self, pairs: Sequence[SentencePair], max_length: int | None = None
    ) -> list[Features]:
        """Check and tokenise pairs.

        Raises:
            WrongTaskError: the model tags words.
            TextError: an empty or over-long text.
        """
        if self.tagging:
            raise WrongTaskError("error.model.tagging", task=self.model.config.task)
        if not pairs:
            return []
        first, second = zip(
            *((check_text(one), check_text(two)) for one, two in pairs), strict=True
        )
        with self.tokenising:
            return encode_pairs(self.tokenizer, first, second, max_length or self.max_tokens)

    def batches(self, encoded: Sequence[Features]) -> Iterator[tuple[list[int], TokenBatch]]:
        """Yield (row numbers, padded batch on the device), longest pairs first."""
        for rows in batches([len(example["input_ids"]) for example in encoded]):
            batch = collate([encoded[row] for row in rows], self.tokenizer.pad_token_id)
            yield rows, to_device(batch, self.model.device)

    @torch.inference_mode()
    def probabilities(
        self, batch: TokenBatch, heads: Sequence[str]
    ) -> Float[np.ndarray, "batch head label"]:
        """Return each head's probabilities for one batch: one encoder pass."""
        logits = self.frozen.logits(heads, **inputs(batch))
        return logits.float().softmax(-1).cpu().numpy()

    @torch.inference_mode()
    def measured(
        self, batch: TokenBatch, heads: Sequence[str]
    ) -> tuple[Float[np.ndarray, "batch head label"], Float[np.ndarray, "batch head measure"]]:
        """Return probabilities, and `dlfa.results.GATE_MEASURES` of each gate: one pass."""
        logits, gates = self.frozen.measured(heads, **inputs(batch))
        return logits.float().softmax(-1).cpu().numpy(), gates.float().cpu().numpy()

    @torch.inference_mode()
    def states(self, batch: TokenBatch) -> tuple[Tensor, ...]:
        """Return all hidden states of one batch: one encoder pass."""
        return self.frozen.states(**inputs(batch))

    def tokens(self, pair: SentencePair) -> Tokens:
        """Return the model's view of one pair.

        Raises:
            TextError: an empty or over-long text.
        """
        first, second = (check_text(text) for text in pair)
        with self.tokenising:
            encoded = self.tokenizer(
                first, second, truncation="longest_first", max_length=self.max_tokens
            )
        (encoding,) = encoded.encodings
        names = {None: "special", 0: "premise", 1: "hypothesis"}
        segment = tuple(names[part] for part in encoding.sequence_ids)
        word, words = word_places((first, second), encoding.sequence_ids, encoding.offsets)
        return Tokens(
            pieces=tuple(encoding.tokens),
            special=np.array([part == "special" for part in segment]),
            segment=segment,
            truncated=bool(encoding.overflowing),
            word=np.array(word),
            words=words,
        )


def batches(lengths: Sequence[int], budget: int = BATCH_TOKENS) -> Iterator[list[int]]:
    """Yield row numbers, longest first, so that ``rows x longest`` stays within the budget."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if rows and (len(rows) + 1) * lengths[rows[0]] > budget:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def inputs(batch: TokenBatch) -> dict[str, Tensor]:
    """Return what the encoder takes of a batch."""
    return {name: value for name, value in batch.items() if name != "labels"}  # type: ignore[misc]
