"""From corpora to shards: whatever a training and its evaluation read, tokenised once.

A folder holds ``<backbone>/encoder`` (the weights; of the embedding the rows that occur in any of
the tasks) and for each task ``train.npz``, ``validation.npz``, ``test.npz`` (see
`dlfa.data.shards`), ``rows.npy`` (which rows of the embedding their numbers stand for) and
``shard.json``. A machine with the folder needs neither corpora nor tokenizer;
`dlfa.training.shards` reads it.
"""

import logging
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from dlfa.analysis.examples import from_corpus
from dlfa.analysis.origins import longest_input
from dlfa.analysis.tag_examples import absent
from dlfa.data.atomic import replacing, write_json
from dlfa.data.collation import encode_pairs, encode_words
from dlfa.data.features import word_overlap
from dlfa.data.labelled import Labelled
from dlfa.data.shards import ends_of, flat, write_set
from dlfa.data.sources import offered, origin
from dlfa.data.splits import usual_split
from dlfa.data.tagged import Tagged, evaluation_sentences
from dlfa.data.tasks import Task, task
from dlfa.model.backbones import Encoder, load_encoder
from dlfa.model.packed import save_packed
from dlfa.model.vocabulary import (
    WORDS,
    body_of,
    cut_config,
    kept_rows,
    renumbered,
)
from dlfa.training.recipes import Settings
from dlfa.training.run import corpora, material
from dlfa.training.setup import encode
from dlfa.training.shards import (
    ABOUT,
    BODY,
    POOLER,
    ROWS,
    SETS,
    TABLE,
    VERSION,
    WEIGHTS,
    place,
)

__all__ = ["prepare"]

log = logging.getLogger(__name__)
Sets = Mapping[str, dict[str, np.ndarray]]


def prepare(settings: Settings, folder: Path) -> Path:
    """Write one task's shard, atomically; return its folder.

    Args:
        settings: task, backbone and recipe, whose corpora are taken whole.
        folder: for the shards of all tasks and encoders.

    Raises:
        MissingDataError, OfflineError, BrokenDataError, ModelError: see `dlfa.errors`.
    """
    known, encoder = task(settings.task), load_encoder(settings.backbone)
    target = place(folder, settings.backbone, known.key)
    found = _sets(known, settings, encoder)
    learned = [found[name]["tokens"] for name in ("train", "validation")]
    rows, count = kept_rows(encoder, learned, found["test"]["tokens"])
    sets = {
        name: {**arrays, "tokens": renumbered(arrays["tokens"], rows)}
        for name, arrays in found.items()
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    _save_encoder(encoder, rows, target.parent / BODY)
    with replacing(target) as fresh:
        for name, arrays in sets.items():
            write_set(arrays, fresh / f"{name}.npz")
        np.save(fresh / ROWS, rows.astype(np.uint32))
        write_json(fresh / ABOUT, _about(known, settings, encoder, sets, count))
    return target


def _save_encoder(encoder: Encoder, rows: np.ndarray, folder: Path) -> None:
    """Write the weights, with these rows of the embedding and those that other tasks asked for."""
    earlier = np.load(folder / ROWS, allow_pickle=False) if (folder / ROWS).is_file() else rows[:0]
    every = np.union1d(rows, earlier)
    with replacing(folder) as fresh:
        np.save(fresh / ROWS, every.astype(np.uint32))
        save_packed(body_of(encoder), fresh / WEIGHTS)
        save_packed({WORDS: encoder.model.state_dict()[WORDS][every]}, fresh / TABLE)
        if encoder.pooler is not None:
            save_packed(encoder.pooler, fresh / POOLER)


def _sets(known: Task, settings: Settings, encoder: Encoder) -> Sets:
    examples, held_out = material(known, settings)
    languages = offered(known, usual_split(known))
    log.info("%s: tokenising %d languages", known.key, len(languages))
    tests = _sentences if known.kind == "tagging" else _pairs
    return {
        "train": flat(encode(examples, known, encoder).examples),
        "validation": flat(encode(held_out, known, encoder).examples),
        "test": tests(known, languages, encoder),
    }


def _pairs(known: Task, languages: tuple[str, ...], encoder: Encoder) -> dict[str, np.ndarray]:
    """Return the test pairs of all languages, with what a record keeps of them."""
    every = from_corpus(known, languages, usual_split(known))
    pairs = [one for pairs in every for one in pairs]
    first, second = zip(*(one.pair for one in pairs), strict=True)
    return {
        **flat(encode_pairs(encoder.tokenizer, first, second, known.max_length)),
        **_named(pairs, ("id", "language", "premise", "genre")),
        "gold": np.array([one.gold for one in pairs], np.int8),
        "negation": np.array([one.negation for one in pairs], np.int8),
        "overlap": np.array([word_overlap(*one.pair, one.language) for one in pairs]),
        "sum": _sums([one.pair for one in pairs]),
    }


def _sentences(known: Task, languages: tuple[str, ...], encoder: Encoder) -> dict[str, np.ndarray]:
    """Return the test sentences of all languages with their tags; none is cut that fits in."""
    split = usual_split(known)
    every = [one for code in languages for one in evaluation_sentences(known, code, split)]
    longest = longest_input(encoder.model.config)
    encoded = encode_words(encoder.tokenizer, [one.words for one in every], longest)
    assert [len(one["first"]) for one in encoded] == [len(one.tags) for one in every]
    return {
        **flat(encoded),
        **_named(every, ("id", "language")),
        "tags": np.concatenate([one.tags for one in every]).astype(np.int8),
        "words": ends_of([one.tags for one in every]),
        "sum": _sums([one.words for one in every]),
    }


def _named(
    examples: Sequence[Labelled] | Sequence[Tagged], names: tuple[str, ...]
) -> dict[str, np.ndarray]:
    return {name: np.array([getattr(one, name) for one in examples]) for name in names}


def _sums(texts: Sequence[tuple[str, ...]]) -> np.ndarray:
    """Return a digest of each example's texts: a shard holds no text, but knows which it was."""
    found = [sha256("\0".join(parts).encode()).digest()[:8] for parts in texts]
    return np.frombuffer(b"".join(found), "<u8")


def _about(
    known: Task, settings: Settings, encoder: Encoder, sets: Sets, rows: int
) -> dict[str, Any]:
    split = usual_split(known)
    lacking = absent(known, split)
    long = longest_input(encoder.model.config) if known.kind == "tagging" else known.max_length
    return {
        "version": VERSION,
        "task": known.key,
        "encoder": {
            "key": encoder.key,
            "revision": encoder.revision,
            "pooling": encoder.pooling,
        },
        "config": cut_config(encoder, rows),
        "corpora": list(corpora(settings)),
        "source": [origin(known.training[name]) for name in corpora(settings)],
        "examples": {name: len(sets[name]["ends"]) for name in SETS},
        "tokens": {name: len(sets[name]["tokens"]) for name in SETS},
        "test": {
            "task": known.key,
            "split": split,
            "max_length": long,
            "source": origin(known.corpus(split)),
            **({"absent": list(lacking)} if lacking else {}),
        },
    }
