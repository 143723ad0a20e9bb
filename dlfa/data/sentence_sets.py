"""Sets of sentences to look at: our own in fifteen languages, XNLI, NTREX, typed, a visitor's."""

from collections.abc import Collection, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from dlfa.data.guessing import guessed_languages
from dlfa.data.own_sentences import own_sentences as our_sentences
from dlfa.data.parallel import own_items
from dlfa.data.sentence_files import (
    OwnSentences,
    SentenceColumns,
    guessed_columns,
    own_sentences,
    read_sentences,
)
from dlfa.data.sentences import merged, rows_of, sentence_set
from dlfa.data.sources import Pair, evaluation_pairs, mirror
from dlfa.data.tasks import TASKS
from dlfa.data.texts import check_text
from dlfa.errors import BrokenDataError, MissingDataError, UnknownLanguageError
from dlfa.results.embeddings import SentenceSet

__all__ = [
    "OwnSentences",
    "SentenceColumns",
    "built_in",
    "guessed_columns",
    "merged",
    "ntrex",
    "ntrex_languages",
    "own_sentences",
    "read_sentences",
    "rows_of",
    "typed",
    "xnli_sentences",
]

ROLES = ("premise", "hypothesis")
Row = tuple[str, str, str, dict[str, str]]  # text, language, item, columns


def _gathered(name: str, rows: Sequence[Row]) -> SentenceSet:
    titles = dict.fromkeys(title for *_said, columns in rows for title in columns)
    return sentence_set(
        name,
        [text for text, *_rest in rows],
        [language for _text, language, *_rest in rows],
        items=[item for _text, _language, item, _columns in rows],
        columns={title: [columns.get(title, "") for *_, columns in rows] for title in titles},
    )


def built_in() -> SentenceSet:
    """Return our own sentences: 24 premises, 24 hypotheses and the page Tag's, in 15 languages.

    Columns: ``topic``; ``role`` (``premise``, ``hypothesis``, or ``sentence`` for one that stands
    alone); ``label``, a hypothesis' relation to its premise, empty elsewhere.
    """
    rows: list[Row] = []
    for item in own_items("xnli"):
        for (language, pair), (place, role) in product(item.text.items(), enumerate(ROLES)):
            label = item.label if role == "hypothesis" else ""
            said = {"topic": item.topic, "role": role, "label": label}
            rows.append((pair[place], language, f"{item.id}/{role}", said))
    for one in our_sentences():
        said = {"topic": one.topic, "role": "sentence", "label": ""}
        rows += [(text, language, one.id, said) for language, text in one.text.items()]
    return _gathered("built-in", rows)


def xnli_sentences(
    split: str = "validation",
    languages: Sequence[str] = (),
    limit: int | None = 200,
    seed: int = 0,
) -> SentenceSet:
    """Return sentences of XNLI, the same ones in every language.

    Columns: ``genre``; ``role``, ``premise`` or ``hypothesis``; ``label``, a hypothesis' relation
    to its premise.

    Args:
        split: ``"validation"`` or ``"test"``.
        languages: ISO 639-1 codes; all fifteen by default.
        limit: sentences a language, drawn without replacement; all if it is None.
        seed: of the draw.

    Raises:
        UnknownLanguageError: a language that XNLI does not have.
        MissingDataError, OfflineError, BrokenDataError: see `dlfa.data.sources`.
    """
    task = TASKS["xnli"]
    codes = tuple(dict.fromkeys(languages)) or task.languages
    task.check(codes)
    by_language = [
        _by_item(evaluation_pairs(task, code, split), code, task.labels) for code in codes
    ]
    shared = [item for item in by_language[0] if all(item in found for found in by_language)]
    chosen = _drawn(shared, limit, seed)
    rows = [found[item] for found in by_language for item in chosen]
    return _gathered(f"xnli {split}", rows)


def _by_item(pairs: Sequence[Pair], language: str, labels: Sequence[str]) -> dict[str, Row]:
    """Return every premise once and every hypothesis, by what they are translations of."""
    found: dict[str, Row] = {}
    for pair in pairs:
        premise, hypothesis = f"{pair.premise}/premise", f"{pair.id}/hypothesis"
        said = {"genre": pair.genre, "role": "premise", "label": ""}
        found.setdefault(premise, (pair.first, language, premise, said))
        said = {"genre": pair.genre, "role": "hypothesis", "label": labels[pair.label]}
        found[hypothesis] = (pair.second, language, hypothesis, said)
    return found


def _drawn(items: list[str], limit: int | None, seed: int) -> list[str]:
    if limit is None or limit >= len(items):
        return items
    chosen = np.random.default_rng(seed).choice(len(items), size=limit, replace=False)
    return [items[place] for place in sorted(chosen.tolist())]


def ntrex_languages() -> tuple[str, ...]:
    """Return the languages of NTREX that are at hand; none where it is not."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = _ntrex()
    if file is None:
        return ()
    try:
        return tuple(pq.read_schema(file).names)
    except (OSError, pa.ArrowException):
        return ()


def ntrex(languages: Sequence[str] = (), limit: int | None = 200) -> SentenceSet:
    """Return sentences of NTREX, news in the same order in every language.

    Federmann et al. 2022, "NTREX-128"; read from ``ntrex/parallel.parquet`` beside the mirror.

    Args:
        languages: ISO 639-1 codes; all that are at hand by default.
        limit: sentences a language, from the first; all if it is None.

    Raises:
        MissingDataError: it is not at hand.
        BrokenDataError: the file is damaged.
        UnknownLanguageError: a language that the file does not have.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = _ntrex()
    if file is None:
        raise MissingDataError("error.data.ntrex")
    known = ntrex_languages()
    codes = tuple(dict.fromkeys(languages)) or known
    if known and (missing := [code for code in codes if code not in known]):
        names, others = ", ".join(missing), ", ".join(known)
        raise UnknownLanguageError("error.language.set", name="NTREX", names=names, known=others)
    try:
        table = pq.read_table(file, columns=list(codes)).slice(0, limit).to_pydict()
    except (OSError, pa.ArrowException):
        told = {"name": "ntrex", "config": "parallel", "split": "test"}
        raise BrokenDataError("error.data.damaged", path=file, **told) from None
    rows: list[Row] = [
        (text, code, f"ntrex/{place}", {})
        for code in codes
        for place, text in enumerate(table[code])
        if text and text.strip()
    ]
    return _gathered("ntrex", rows)


def _ntrex() -> Path | None:
    root = mirror()
    file = root.resolve().parent / "ntrex" / "parallel.parquet" if root else None
    return file if file and file.is_file() else None


def typed(texts: Sequence[str], expected: Collection[str] = ()) -> SentenceSet:
    """Return sentences that somebody typed, their languages guessed; blank ones are left out.

    Args:
        texts: sentences.
        expected: languages that they are likely to be in.

    Raises:
        TextError: an over-long text, or one that is not text.
    """
    said = [check_text(text.strip()) for text in texts if text.strip()]
    return sentence_set(
        "typed", said, guessed_languages(said, expected), guessed=[True] * len(said)
    )
