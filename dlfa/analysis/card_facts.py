"""What a card says of a task's data, as data: sources, licences, what intervals are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["FACTS", "CardFacts"]


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """The sentences of one task's card."""

    license: str
    """The Hub's name for what adapter and heads are offered under."""
    datasets: tuple[str, ...]
    """Hub ids of what was trained on."""
    data: str
    """What the mirror's training data is."""
    chosen_on: str
    """On what the checkpoint was chosen, after "chosen on"."""
    intervals: str
    """What the intervals are made of, in the brackets of a sentence."""
    licences: str
    """Of the data, and what follows for adapter and heads."""


_CC_BY_SA = "adapter and these heads are\noffered under CC BY-SA 4.0."
_SENTENCES = "a bootstrap of sentences"

FACTS: Mapping[str, CardFacts] = {
    "xnli": CardFacts(
        license="cc-by-sa-4.0",
        datasets=("nyu-mll/multi_nli", "stanfordnlp/snli"),
        data=(
            "a partial mirror (33,897 MNLI and, after leaving out\n"
            "  premises that are Flickr8k captions, part of 37,483 SNLI pairs); English only."
        ),
        chosen_on="English validation",
        intervals=(
            "Wilson, on as many pairs as\nthree hypotheses to a premise are worth; "
            "the average's by a bootstrap of premises"
        ),
        licences=(
            f"MNLI: OANC and others. SNLI: CC BY-SA 4.0, hence this {_CC_BY_SA} "
            "XNLI (evaluation only): CC BY-NC 4.0."
        ),
    ),
    "paws-x": CardFacts(
        license="cc-by-sa-4.0",
        datasets=("google-research-datasets/paws-x",),
        data=(
            "a partial mirror: 11,978 pairs of PAWS-Wiki that do not occur\n"
            "  in PAWS-X, not the official 49,401; English only. Rows with the sentence NS are\n"
            "  left out."
        ),
        chosen_on="English validation",
        intervals=(
            "Wilson, on as many pairs as\nthose that share their first sentence are worth; the "
            "average's by a bootstrap of first sentences"
        ),
        licences=(
            "PAWS and PAWS-X: free for any use; their sentences are Wikipedia's, hence\n"
            f"this {_CC_BY_SA}"
        ),
    ),
    "ner": CardFacts(
        license="cc-by-sa-4.0",
        datasets=("google/xtreme",),
        data=(
            "the English train set (20,000 sentences), of which 2,000, drawn with seed 0,\n"
            "  were held out; English only."
        ),
        chosen_on=(
            "these held-out sentences, for the source's only other split is what is\n  reported,"
        ),
        intervals=_SENTENCES,
        licences=(
            "WikiANN (PAN-X): not confirmed; its sentences are Wikipedia's, hence this\n"
            f"{_CC_BY_SA}"
        ),
    ),
    "pos": CardFacts(
        license="cc-by-nc-sa-4.0",
        datasets=("google/xtreme",),
        data=(
            "the English train set (21,253 sentences), of which 1,500, drawn with seed 0,\n"
            "  were held out; English only."
        ),
        chosen_on=(
            "these held-out sentences, for the source's only other split is what is\n  reported,"
        ),
        intervals=_SENTENCES,
        licences=(
            "Universal Dependencies: by treebank, CC BY-SA or CC BY-NC-SA, hence this\n"
            "adapter and these heads are offered under CC BY-NC-SA 4.0. UD PUD (evaluation only): "
            "CC BY-SA 3.0 and 4.0."
        ),
    ),
}
