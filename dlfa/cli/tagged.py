"""``python -m dlfa predict --text``: sentences, and the tags of their words."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlfa.cli.words import say
from dlfa.messages import _

if TYPE_CHECKING:
    from dlfa.results.taggings import Tagging

__all__ = ["tag_texts"]


def tag_texts(
    model: str, texts: Sequence[str], heads: str | tuple[str, ...], *, as_json: bool
) -> None:
    """Tag sentences and say what came out.

    Args:
        model: a checkpoint's name or folder.
        texts: a sentence each.
        heads: names, or ``"all"``.
        as_json: one object a sentence, else words.

    Raises:
        WrongTaskError: the model answers sentence pairs.
        DlfaError: see `dlfa.analysis.tag`.
    """
    from dlfa.analysis.predict import load
    from dlfa.analysis.tag import tag

    predictor = load(model)
    found = tag(predictor, texts, heads)
    if not as_json:
        say(_("cli.predict.model", model=model, backbone=predictor.provenance.backbone))
    for one in found:
        (_say_json if as_json else _say_words)(one)


def _say_json(tagging: "Tagging") -> None:
    words = [
        {"text": word, "start": start, "end": end}
        for word, (start, end) in zip(tagging.words, tagging.spans.tolist(), strict=True)
    ]
    said = [
        {
            "head": head,
            "tags": [tag or None for tag in tagging.tags(head)],
            "probabilities": [
                share if tag else None
                for tag, share in zip(tagging.tags(head), row.round(6).tolist(), strict=True)
            ],
        }
        for head, row in zip(tagging.heads, tagging.certainty.astype(float), strict=True)
    ]
    found = {
        "text": tagging.text,
        "words": words,
        "predictions": said,
        "truncated": tagging.truncated,
        "provenance": tagging.provenance.to_dict(),
    }
    say(json.dumps(found, ensure_ascii=False))


def _say_words(tagging: "Tagging") -> None:
    say(tagging.text)
    for head in tagging.heads:
        said = " ".join(
            f"{word}/{tag or '-'}"
            for word, tag in zip(tagging.words, tagging.tags(head), strict=True)
        )
        say(f"{head:9}  {said}")
