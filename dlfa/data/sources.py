"""Where examples come from: a mirror folder, or the Hub.

The folder named by ``DLFA_DATA_DIR`` is looked at first (it has the layout of the Hub: one folder
per data set id), then the Hub at a pinned revision, else a clear error names both ways. Our own
sentences need neither (see `dlfa.data.parallel`).
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.data import hub
from dlfa.data.checks import check_classes, check_columns, check_labels, check_texts, failure
from dlfa.data.tasks import Corpus, Task
from dlfa.errors import MissingDataError, OfflineError

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = [
    "Pair",
    "at_hand",
    "evaluation_pairs",
    "example_ids",
    "load",
    "mirror",
    "named_corpora",
    "offered",
    "origin",
    "place",
    "training_pairs",
    "usual_corpora",
]

SNLI = "stanfordnlp/snli"


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


def evaluation_pairs(task: Task, language: str, split: str) -> list[Pair]:
    """Return one language of the task's evaluation corpus, in the corpus' own order.

    Raises:
        UnknownLanguageError: a language the task does not have.
        MissingDataError, OfflineError: neither a mirror nor the Hub has it.
        BrokenDataError: a damaged file, a missing column, a label that is none of the task's.
    """
    task.check((language,))
    return _pairs(task, task.evaluation, language, split)


def training_pairs(task: Task, names: Iterable[str], split: str = "train") -> list[Pair]:
    """Return the English training pairs of the named corpora, one after the other.

    SNLI's premises are Flickr captions; rows whose premise is also a Flickr8k caption are left
    out, so that experiments on those photographs stay clean. That needs the captions at hand.

    Raises:
        MissingDataError, OfflineError: neither a mirror nor the Hub has it.
        BrokenDataError: see `evaluation_pairs`.
    """
    pairs: list[Pair] = []
    for corpus in named_corpora(task, names):
        found = _pairs(task, corpus, "en", split)
        captions = corpus.hub_id == SNLI
        pairs += without_captions(found, flickr8k_captions()) if captions else found
    return pairs


def named_corpora(task: Task, names: Iterable[str]) -> list[Corpus]:
    """Return a task's training corpora by name, `usual_corpora` if none is named.

    Raises:
        MissingDataError: the task has no corpus of that name.
    """
    chosen = tuple(names) or usual_corpora(task)
    for name in chosen:
        if name not in task.training:
            raise MissingDataError(
                "error.corpus.unknown", name=name, known=", ".join(task.training)
            )
    return [task.training[name] for name in chosen]


def usual_corpora(task: Task) -> tuple[str, ...]:
    """Return the names of the training corpora that are taken unless others are named.

    All of the task's; but SNLI only where the captions are at hand that it is to be without, so
    that a computer with nothing but the Hub trains on MNLI instead of on nothing.
    """
    captions = _flickr8k() is not None
    return tuple(
        name for name, corpus in task.training.items() if captions or corpus.hub_id != SNLI
    )


def _pairs(task: Task, corpus: Corpus, language: str, split: str) -> list[Pair]:
    rows = load(corpus, language, split)
    firsts, seconds, labels = (rows[name][:] for name in (*corpus.columns, corpus.label))
    told = place(corpus, language, split)
    check_classes(rows, corpus, task.labels, told)
    check_labels(labels, task.labels, told)
    check_texts((firsts, seconds), told)
    genres = rows[corpus.genre][:] if corpus.genre else [""] * len(labels)
    ids = example_ids(corpus, rows, language, split)
    if corpus.scattered:
        english = rows if language == "en" else load(corpus, "en", split)
        known = _gathered(example_ids(corpus, english, "en", split), english[corpus.columns[0]])
        premises: Iterable[str] = (known.get(one, one) for one in ids)
    else:
        premises = _premises(ids, firsts)
    columns = zip(ids, firsts, seconds, labels, premises, genres, strict=True)
    pairs = (Pair(*cells) for cells in columns)
    return [
        pair
        for pair in pairs  # -1: SNLI's annotators did not agree
        if pair.label >= 0 and corpus.unfit not in (pair.first.strip(), pair.second.strip())
    ]


def example_ids(corpus: Corpus, rows: "Dataset", language: str, split: str) -> list[str]:
    """Return each row's id: translations share theirs, other rows never do."""
    place = split if corpus.parallel else f"{language}/{split}"
    own = rows[corpus.id][:] if corpus.id else range(len(rows))
    return [f"{corpus.hub_id}/{place}/{one}" for one in own]


def _gathered(ids: Iterable[str], firsts: Iterable[str]) -> dict[str, str]:
    """Return by id the id of the first row, wherever it stands, with the same first sentence."""
    seen: dict[str, str] = {}
    return {one: seen.setdefault(first, one) for one, first in zip(ids, firsts, strict=True)}


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
    """Return one split as a `datasets.Dataset` of the texts, the labels, any id and any genre.

    Raises:
        MissingDataError, OfflineError: neither a mirror nor the Hub has it.
        BrokenDataError: a file is damaged, or lacks a column.
    """
    config, told = corpus.configuration(language), place(corpus, language, split)
    where, pinned = _where(corpus, told)
    wanted = [*filter(None, (corpus.id, corpus.genre, *corpus.columns, corpus.label))]
    from datasets import load_dataset

    try:
        if corpus.beside:
            rows = load_dataset("parquet", data_files=f"{where}/{language}.parquet", split="train")
        else:
            rows = load_dataset(where, config, split=corpus.splits.get(split, split), **pinned)
    except Exception as error:  # each format that a data set may come in has its own types
        raise failure(error, _folder(corpus), told) from error
    check_columns(rows, wanted, told)
    return rows.select_columns(wanted)


def place(corpus: Corpus, language: str, split: str) -> dict[str, str]:
    """Return how a message calls one split of one language: name, configuration, split."""
    config = corpus.configuration(language) or language
    return {"name": corpus.hub_id, "config": config, "split": split}


def _where(corpus: Corpus, told: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return where a corpus is, and at which revision, where the Hub has several."""
    folder = _folder(corpus)
    if folder is not None:
        return str(folder), {}
    if corpus.beside:
        raise MissingDataError("error.data.beside", **told)
    if not hub.reachable():
        raise OfflineError("error.data.missing", **told)
    return corpus.hub_id, {"revision": corpus.revision}


def _folder(corpus: Corpus) -> Path | None:
    """Return a corpus' folder in the mirror or beside it, None where there is none."""
    root = mirror()
    if root is None:
        return None
    folder = (root.resolve().parent if corpus.beside else root) / corpus.hub_id
    return folder if folder.is_dir() else None


def at_hand(corpus: Corpus) -> bool:
    """Return whether a corpus lies in the mirror, so that nobody has to ask the Hub."""
    return _folder(corpus) is not None


def origin(corpus: Corpus) -> str:
    """Return what a record says of its data: a mirror's folder, or the Hub's commit."""
    if corpus.beside:
        return f"{corpus.hub_id} (folder beside the mirror)"
    if _folder(corpus) is not None:
        return f"{corpus.hub_id} (mirror)"
    return f"{corpus.hub_id}@{corpus.revision}"


def offered(task: Task, split: str) -> tuple[str, ...]:
    """Return the languages of a task that its source has, in the task's order.

    A mirror, and now and then the Hub, holds fewer than a task declares.
    """
    corpus = task.corpus(split)
    folder = _folder(corpus)
    if folder is not None:
        return tuple(code for code in _declared(task, folder) if _holds(corpus, folder, code))
    if corpus.beside or not hub.reachable():
        return task.languages  # asking for one of them says what is missing
    from datasets import get_dataset_config_names

    there = set(get_dataset_config_names(corpus.hub_id, revision=corpus.revision))
    return tuple(code for code in task.languages if corpus.configuration(code) in there)


def _declared(task: Task, folder: Path) -> tuple[str, ...]:
    """Return a task's languages, and after them what a folder of tables has besides."""
    more = sorted(path.stem for path in folder.glob("*.parquet"))
    return tuple(dict.fromkeys((*task.languages, *more)))


def _holds(corpus: Corpus, folder: Path, language: str) -> bool:
    if corpus.beside:
        return (folder / f"{language}.parquet").is_file()
    config = corpus.configuration(language)
    return config is None or (folder / config).is_dir()


def _flickr8k() -> Path | None:
    """Return the folder with Flickr8k's captions, beside the mirror; None where there is none."""
    root = mirror()
    folder = root.resolve().parent / "flickr8k" if root else None
    return folder if folder is not None and folder.is_dir() else None


def flickr8k_captions() -> frozenset[str]:
    """Return the normalised English captions of Flickr8k, from beside the mirror.

    Raises:
        MissingDataError: they are not at hand.
    """
    folder = _flickr8k()
    if folder is None:
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
