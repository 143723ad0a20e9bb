"""The tasks, as data: a further task is one more entry here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from dlfa.data.published import NER, PAWS_X, POS, XNLI, Published
from dlfa.errors import UnknownLanguageError, UnknownModelError

__all__ = ["TASKS", "Corpus", "Kind", "Metric", "Task", "task"]

Kind = Literal["pair", "tagging"]
Metric = Literal["accuracy", "f1", "word_accuracy", "macro_f1"]
"""``f1`` is seqeval's: of spans, micro-averaged over their types."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """One data set, pinned, and how its rows become examples."""

    hub_id: str
    """Its name on the Hub; a mirror folder has the same relative path."""
    revision: str
    """The Hub commit, 40 hex digits."""
    splits: Mapping[str, str]
    """Our split name -> the corpus' own."""
    columns: tuple[str, ...] = ("premise", "hypothesis")
    """The columns with the first and the second sentence, or with the words."""
    label: str = "label"
    """The column with the right answer, or with one per word."""
    genre: str | None = None
    """The column with the kind of text, where the corpus has one."""
    id: str | None = None
    """The column that translations share; the row's number where there is none."""
    parallel: bool = True
    """Whether the same row, or id, in two languages is a translation."""
    scattered: bool = False
    """Whether rows with the same first sentence stand apart, so that English has to be asked."""
    unfit: str | None = None
    """A sentence that stands for a missing translation; its rows are left out."""
    config: str | None = None
    """The Hub configuration; ``"{language}"`` or ``"{name}"`` where each language is one."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What ``{name}`` is, by ISO code."""
    beside: bool = False
    """Not on the Hub: ``<hub_id>/<language>.parquet`` beside the mirror."""

    def configuration(self, language: str) -> str | None:
        """Return one language's Hub configuration, None where the corpus has but one."""
        if self.config is None:
            return None
        return self.config.format(language=language, name=self.names.get(language, language))


@dataclass(frozen=True, kw_only=True)
class Task:
    """A zero-shot task: trained on English, evaluated in every language."""

    key: str
    kind: Kind = "pair"
    """``"pair"``: one label for two sentences; ``"tagging"``: one for each word of a sentence."""
    labels: tuple[str, ...]
    """Label keys, in the order of the corpus' class indices."""
    languages: tuple[str, ...]
    """ISO 639-1 codes, English first, then alphabetical; a mirror may hold fewer."""
    evaluation: Corpus
    """``validation`` and ``test`` in every language."""
    further: Mapping[str, Corpus] = field(default_factory=dict)
    """Other sets to evaluate on, by the name of the split that they are asked for as."""
    training: Mapping[str, Corpus]
    """English training corpora by short name, the default first."""
    held_out: int = 0
    """English training rows, drawn with a seed of their own, that are kept from training and on
    which checkpoints are chosen; 0 where the evaluation corpus has a validation split for that."""
    published: Published | None = None
    """What others measured, to stand beside what is measured here."""
    own: str = ""
    """The file in ``assets/data`` with our own parallel pairs, empty where there is none."""
    metrics: tuple[Metric, ...] = ("accuracy",)
    """What is measured, the one that is reported first."""
    chosen_by: Metric = "accuracy"
    """What checkpoints compete on."""
    epochs: int = 5
    """Passes over the English data in the XTREME benchmark's recipe."""
    max_length: int = 128
    """Longest training input, and longest pair in evaluation, in sub-words (the XTREME
    benchmark's)."""

    @property
    def sets(self) -> tuple[str, ...]:
        """What the task may be evaluated on: splits of its corpus, then its further sets."""
        return ("test", "validation", *self.further)

    def corpus(self, split: str) -> Corpus:
        """Return the corpus that a split is of."""
        return self.further.get(split, self.evaluation)

    def check(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return the languages, each once, ``("all",)`` spelled out.

        Raises:
            UnknownLanguageError: one this task does not have.
        """
        if languages == ("all",):
            return self.languages
        unknown = [language for language in languages if language not in self.languages]
        if unknown or not languages:
            raise UnknownLanguageError(
                "error.language.unknown",
                names=", ".join(unknown) or "-",
                task=self.key,
                known=", ".join(self.languages),
            )
        return tuple(dict.fromkeys(languages))


_ALL = {"train": "train", "validation": "validation", "test": "test"}

_PAWS_X = Corpus(
    hub_id="google-research-datasets/paws-x",
    revision="4cd8187c404bda33cb1f62b49b001115862acf37",
    splits=_ALL,
    columns=("sentence1", "sentence2"),
    id="id",
    scattered=True,
    unfit="NS",
    config="{language}",
)
_XTREME = Corpus(
    hub_id="google/xtreme",
    revision="ec5f1f46e9af79639a90684a7a70a956c4998f04",
    splits=_ALL,
    columns=("tokens",),
    label="ner_tags",
    parallel=False,
    config="PAN-X.{language}",
)
_UDPOS = replace(
    _XTREME,
    label="pos_tags",
    config="udpos.{name}",
    names={
        "en": "English",
        "af": "Afrikaans",
        "ar": "Arabic",
        "bg": "Bulgarian",
        "de": "German",
        "el": "Greek",
        "es": "Spanish",
        "et": "Estonian",
        "eu": "Basque",
        "fa": "Persian",
        "fi": "Finnish",
        "fr": "French",
        "he": "Hebrew",
        "hi": "Hindi",
        "hu": "Hungarian",
        "id": "Indonesian",
        "it": "Italian",
        "ja": "Japanese",
        "kk": "Kazakh",
        "ko": "Korean",
        "mr": "Marathi",
        "nl": "Dutch",
        "pl": "Polish",
        "pt": "Portuguese",
        "ru": "Russian",
        "ta": "Tamil",
        "te": "Telugu",
        "th": "Thai",
        "tl": "Tagalog",
        "tr": "Turkish",
        "ur": "Urdu",
        "vi": "Vietnamese",
        "yo": "Yoruba",
        "zh": "Chinese",
    },
)
_PUD = Corpus(  # Universal Dependencies 2.x, the CoNLL 2017 shared task's parallel test
    hub_id="ud-pud",
    revision="",
    splits={"pud": "test"},
    columns=("tokens",),
    label="pos_tags",
    id="sent_id",
    beside=True,
)

TASKS: Mapping[str, Task] = {
    "xnli": Task(
        key="xnli",
        labels=("entailment", "neutral", "contradiction"),
        languages=tuple("en ar bg de el es fr hi ru sw th tr ur vi zh".split()),
        evaluation=Corpus(
            hub_id="facebook/xnli",
            revision="b8dd5d7af51114dbda02c0e3f6133f332186418e",
            splits={"validation": "validation", "test": "test"},
            config="{language}",
        ),
        training={
            "mnli": Corpus(
                hub_id="nyu-mll/multi_nli",
                revision="da70db2af9d09693783c3320c4249840212ee221",
                splits={"train": "train", "validation": "validation_matched"},
            ),
            "snli": Corpus(
                hub_id="stanfordnlp/snli",
                revision="cdb5c3d5eed6ead6e5a341c8e56e669bb666725b",
                splits=_ALL,
                config="plain_text",
            ),
        },
        published=XNLI,
        own="parallel_nli.jsonl",
    ),
    "paws-x": Task(
        key="paws-x",
        labels=("different", "paraphrase"),
        languages=tuple("en de es fr ja ko zh".split()),
        evaluation=_PAWS_X,
        training={"paws": _PAWS_X},
        published=PAWS_X,
        own="parallel_paws_x.jsonl",
    ),
    "ner": Task(
        key="ner",
        kind="tagging",
        labels=("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"),
        languages=tuple(
            "en af ar bg bn de el es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl "
            "pl pt ru sw ta te th tl tr ur vi yo zh".split()
        ),
        evaluation=_XTREME,
        training={"wikiann": _XTREME},
        held_out=2000,
        published=NER,
        epochs=10,
        metrics=("f1", "word_accuracy"),
        chosen_by="f1",
    ),
    "pos": Task(
        key="pos",
        kind="tagging",
        labels=tuple(
            "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()
        ),
        languages=tuple(_UDPOS.names),
        evaluation=_UDPOS,
        further={"pud": _PUD},
        training={"ud": _UDPOS},
        held_out=1500,
        published=POS,
        epochs=10,
        metrics=("f1", "word_accuracy", "macro_f1"),
        chosen_by="word_accuracy",
    ),
}


def task(key: str) -> Task:
    """Return a task by key.

    Raises:
        UnknownModelError: there is no such task.
    """
    try:
        return TASKS[key]
    except KeyError:
        raise UnknownModelError("error.task.unknown", name=key, known=", ".join(TASKS)) from None
