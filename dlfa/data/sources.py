"""Where examples come from: a mirror folder, the Hub, or our own sentences.

The folder named by ``DLFA_DATA_DIR`` is looked at first (it has the layout of the Hub: one folder
per data set id), then the Hub at a pinned revision, else a clear error names both ways. Our own
sentences need neither.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.data import hub
from dlfa.data.tasks import Corpus, Task
from dlfa.errors import MissingDataError, OfflineError

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["OwnItem", "Pair", "evaluation_pairs", "mirror", "own_items", "training_pairs"]

OWN_SENTENCES = Path(__file__).parents[2] / "assets" / "data" / "parallel_nli.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """One example of a sentence-pair task."""

    id: str
    """Stable: corpus, split and row, the same in every language of a parallel corpus."""
    first: str
    second: str
    label: int
    """Index into the task's labels."""
    premise: str
    """Id of the first of the consecutive rows that share this first sentence, the same in every
    language of a parallel corpus: XNLI has three hypotheses for each of its 1,670 test premises."""
    genre: str = ""
    """Empty where the corpus names none."""


@dataclass(frozen=True, kw_only=True)
class OwnItem:
    """One of our own parallel sentence pairs (machine-written, not checked by speakers)."""

    id: str
    label: str
    topic: str
    text: Mapping[str, tuple[str, str]]
    """Premise and hypothesis by language."""


@cache
def own_items() -> tuple[OwnItem, ...]:
    """Return our own parallel sentence pairs, which lie in the repository."""
    with OWN_SENTENCES.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(
        OwnItem(
            id=row["id"],
            label=row["label"],
            topic=row["topic"],
            text={
                language: (text["premise"], text["hypothesis"])
                for language, text in row["text"].items()
            },
        )
        for row in rows
    )


def evaluation_pairs(task: Task, language: str, split: str) -> list[Pair]:
    """Return one language of the task's evaluation corpus, in the corpus' own order.

    Raises:
        UnknownLanguageError: a language the task does not have.
        MissingDataError, OfflineError: neither a mirror nor the Hub has it.
    """
    task.check((language,))
    return _pairs(task.evaluation, language, split)


def training_pairs(task: Task, names: Iterable[str], split: str = "train") -> list[Pair]:
    """Return the English training pairs of the named corpora, one after the other.

    SNLI's premises are Flickr captions; rows whose premise is also a Flickr8k caption are left
    out, so that experiments on those photographs stay clean. That needs the captions at hand.

    Raises:
        MissingDataError, OfflineError: neither a mirror nor the Hub has it.
    """
    pairs: list[Pair] = []
    for name in names:
        if name not in task.training:
            raise MissingDataError(
                "error.corpus.unknown", name=name, known=", ".join(task.training)
            )
        found = _pairs(task.training[name], "en", split)
        pairs += without_captions(found, flickr8k_captions()) if name == "snli" else found
    return pairs


def _pairs(corpus: Corpus, language: str, split: str) -> list[Pair]:
    rows = load(corpus, language, split)
    firsts, seconds, labels = (rows[name][:] for name in (*corpus.columns, "label"))
    genres = rows[corpus.genre][:] if corpus.genre else [""] * len(labels)
    ids = [f"{corpus.hub_id}/{split}/{row}" for row in range(len(labels))]
    columns = zip(ids, firsts, seconds, labels, _premises(ids, firsts), genres, strict=True)
    pairs = (Pair(*cells) for cells in columns)
    return [pair for pair in pairs if pair.label >= 0]  # -1: SNLI's annotators did not agree


def _premises(ids: list[str], firsts: list[str]) -> Iterator[str]:
    """Yield each row's first neighbour above, or itself, from which on the sentence is the same."""
    for _first, run in groupby(zip(firsts, ids, strict=True), key=itemgetter(0)):
        same = [row for _text, row in run]
        yield from [same[0]] * len(same)


def mirror() -> Path | None:
    """Return the folder named by ``DLFA_DATA_DIR``, if it exists."""
    named = os.environ.get("DLFA_DATA_DIR", "")
    return Path(named) if named and Path(named).is_dir() else None


def load(corpus: Corpus, language: str, split: str) -> "Dataset":
    """Return one split as a `datasets.Dataset` of the two sentences, the label and any genre.

    Raises:
        MissingDataError, OfflineError: neither a mirror nor the Hub has it.
    """
    config = corpus.config.format(language=language) if corpus.config else None
    told = {"name": corpus.hub_id, "config": config or "default", "split": split}
    root = mirror()
    mirrored = root is not None and (root / corpus.hub_id).is_dir()
    if not mirrored and not hub.reachable():
        raise OfflineError("error.data.missing", **told)
    from datasets import load_dataset

    place = str(root / corpus.hub_id) if root is not None and mirrored else corpus.hub_id
    pinned = {} if mirrored else {"revision": corpus.revision}
    try:
        rows = load_dataset(place, config, split=corpus.splits.get(split, split), **pinned)
        genre = [corpus.genre] if corpus.genre else []
        return rows.select_columns([*corpus.columns, "label", *genre])
    except Exception as error:  # each format that a data set may come in has its own types
        raise MissingDataError("error.data.missing", **told) from error


def flickr8k_captions() -> frozenset[str]:
    """Return the normalised English captions of Flickr8k, from beside the mirror.

    Raises:
        MissingDataError: they are not at hand.
    """
    root = mirror()
    folder = root.resolve().parent / "flickr8k" if root else None
    if folder is None or not folder.is_dir():
        raise MissingDataError("error.data.flickr8k")
    from datasets import load_dataset

    captions: set[str] = set()
    for split in load_dataset(str(folder)).values():
        for of_one_image in split.select_columns("en")["en"]:
            captions.update(map(normalised, of_one_image))
    return frozenset(captions)


def normalised(sentence: str) -> str:
    """Lower-case, drop punctuation, single spaces: how captions are compared."""
    return " ".join(re.sub(r"[^\w\s]", "", sentence.lower()).split())


def without_captions(pairs: Iterable[Pair], captions: frozenset[str]) -> list[Pair]:
    """Leave out pairs whose premise is one of the captions."""
    return [pair for pair in pairs if normalised(pair.first) not in captions]
