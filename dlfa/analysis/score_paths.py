r"""One head's score of one label, as a function that can be differentiated.

The score is the label's log-odds, :math:`z_y - \log \sum_{k \ne y} e^{z_k}` of the logits z. It
is a function of the embedding output of one pair, computed by the reference model's own modules,
layer by layer: no hook, no mode and no parameter of the shared model is touched, and gradients are
taken with respect to our own tensors only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from dlfa.analysis.predict import BATCH_TOKENS, Predictor, SentencePair
from dlfa.errors import InputError
from dlfa.model.heads import Head
from dlfa.results import Tokens
from dlfa.results.attributions import BASELINES
from dlfa.shapes import Logits, TokenStates

__all__ = ["Explained", "Tell", "log_odds"]

Tell = Callable[[int, int], object]
"""Called with what is done and what there is at most; ends the work by raising."""


def log_odds(logits: Logits, label: int) -> Tensor:
    """Return log(p / (1 - p)) of a label, ``(batch)``."""
    others = [place for place in range(logits.shape[-1]) if place != label]
    return logits[:, label] - logits[:, others].logsumexp(-1)


@dataclass(kw_only=True)
class Explained:
    """One pair, one head and one label; counts what is asked of the encoder."""

    predictor: Predictor
    tokens: Tokens
    head: str
    label: int
    ids: Tensor
    """``(1 token)``."""
    segments: Tensor | None
    """``(1 token)``, where the encoder uses them."""
    passes: int = field(default=0, init=False)

    @classmethod
    def of(
        cls, predictor: Predictor, pair: SentencePair, head: str, label: str = ""
    ) -> "Explained":
        """Look at one pair.

        Args:
            predictor: the model.
            pair: (premise, hypothesis).
            head: whose score.
            label: of which label; empty for the head's own answer.

        Raises:
            WrongTaskError: the model tags words.
            TextError: an empty or over-long text.
            UnknownHeadError: a head this model does not have.
            InputError: a label this model does not have.
        """
        predictor.model.heads.choose(head)
        labels = predictor.labels
        if label and label not in labels:
            raise InputError("error.label.unknown", label=label, known=", ".join(labels))
        ((_, batch),) = predictor.batches(predictor.encode([pair]))
        found = cls(
            predictor=predictor,
            tokens=predictor.tokens(pair),
            head=head,
            label=labels.index(label) if label else 0,
            ids=batch["input_ids"],
            segments=batch.get("token_type_ids"),
        )
        if not label:
            found.label = int(found.logits(found.input).argmax())
        return found

    @property
    def label_key(self) -> str:
        """The label's key."""
        return self.predictor.labels[self.label]

    @property
    def rows(self) -> int:
        """How many rows of this length a batch holds."""
        return max(1, BATCH_TOKENS // self.ids.shape[1])

    @property
    def module(self) -> Head:
        """The head."""
        return self.predictor.model.heads[self.head]

    @property
    def input(self) -> TokenStates:
        """The pair's embedding output, ``(1 token dim)``."""
        return self._embedded(input_ids=self.ids)

    @torch.no_grad()
    def baseline(self, kind: str) -> TokenStates:
        """Return the embedding output in which no word says anything, ``(1 token dim)``.

        Args:
            kind: of `BASELINES`.

        Raises:
            InputError: another kind, or a tokenizer without such a token.
        """
        tokenizer = self.predictor.tokenizer
        tokens = {"mask": tokenizer.mask_token_id, "padding": tokenizer.pad_token_id}
        if kind not in BASELINES or tokens.get(kind, 0) is None:
            known = ", ".join(name for name in BASELINES if tokens.get(name, 0) is not None)
            raise InputError("error.baseline.unknown", baseline=kind, known=known)
        words = torch.from_numpy(~self.tokens.special).to(self.ids.device)
        if kind in tokens:
            return self._embedded(input_ids=torch.where(words, tokens[kind], self.ids))
        backbone: Any = self.predictor.model.backbone
        table: Tensor = backbone.get_input_embeddings().weight
        own = table[self.ids]  # (1 token dim)
        return self._embedded(inputs_embeds=torch.where(words[:, None], table.mean(0), own))

    @torch.no_grad()
    def _embedded(self, **given: Tensor) -> TokenStates:
        embeddings: Any = self.predictor.model.backbone.embeddings
        # XLM-R counts places among what is no padding, and some baselines are padding
        first = embeddings.padding_idx + 1 if hasattr(embeddings, "padding_idx") else 0
        places = first + torch.arange(self.ids.shape[1], device=self.ids.device)
        states: Tensor = embeddings(
            token_type_ids=self.segments, position_ids=places[None], **given
        )
        return states

    def states(self, given: TokenStates, first: int = 0) -> list[TokenStates]:
        """Return all hidden states by layer, computed from those of layer ``first``.

        All rows are as long as the pair, so that nothing is padded. Below ``first``, which no
        caller reads, the given ones stand in.
        """
        self.passes += len(given)
        encoder: Any = self.predictor.model.backbone.encoder
        found = [given] * (first + 1)
        for layer in encoder.layer[first:]:
            found.append(layer(found[-1], None))
        return found

    def logits(self, embedded: TokenStates) -> Logits:
        """Return the head's logits, ``(batch label)``."""
        with torch.no_grad():
            return self.read(self.states(embedded))

    def read(self, states: list[TokenStates]) -> Logits:
        """Return the head's logits for all hidden states, ``(batch label)``."""
        mask = torch.ones(states[-1].shape[:2], dtype=torch.bool, device=states[-1].device)
        return self.module(states, mask)[0]

    def score(self, embedded: TokenStates) -> Tensor:
        """Return the label's log-odds, ``(batch)``."""
        return log_odds(self.read(self.states(embedded)), self.label)

    @torch.no_grad()
    def scores(self, embedded: TokenStates) -> Tensor:
        """Return the label's log-odds without a graph, in batches, ``(batch)``."""
        return torch.cat([self.score(rows) for rows in embedded.split(self.rows)])
