"""What the claims are judged by: records by task, a trial of the gate, the encoder as published.

Gathering reads summaries only; examples are read, and sentences embedded, when a claim asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from dlfa.analysis import records
from dlfa.analysis.precomputed import opened, raw_digest
from dlfa.analysis.store import RESULTS
from dlfa.claims.recipes import recipe_of
from dlfa.claims.sources import Record, Runs, found_runs, own_runs, with_arms
from dlfa.data.sentence_sets import built_in
from dlfa.errors import RunError
from dlfa.results import Evaluation, LayerVectors, Probe, SentenceSet, pairs_of

__all__ = ["TASKS", "TRIED", "Evidence", "Trial", "gather"]

TASKS = ("xnli", "paws-x", "ner", "pos")  # of the paper
TRIED = ("half", "shuffle-tokens")  # changes of the gate after which it knows no token
GENUINE = "trained"


@dataclass(frozen=True, eq=False)
class Trial:
    """A folder with the same examples answered under several changes of the gate."""

    folder: Path

    @cached_property
    def runs(self) -> dict[str, Evaluation]:
        """By change, the gate as trained among them.

        Raises:
            RunError: a record cannot be read.
        """
        names = (GENUINE, *TRIED)
        there = [name for name in names if (self.folder / name / records.RUN).is_file()]
        return {name: pairs_of(records.read(self.folder / name)) for name in there}

    @property
    def record(self) -> Record:
        """That of the gate as trained."""
        folder = self.folder / GENUINE
        content = records.read_summary(folder)
        return Record(folder, content, recipe_of(content))


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """What is at hand for one encoder and one recipe."""

    backbone: str
    recipe: str
    runs: Mapping[str, Runs]
    """By task."""
    trial: Trial | None = None
    sentences: SentenceSet
    """Translations, for claims about the encoder as published."""
    embedded: Callable[[], LayerVectors]
    """Gives its vectors of these sentences, in every layer."""
    probe: Probe | None = None
    """Of parts of speech, in its layers; None where nobody has computed it."""
    arms: Mapping[str, tuple[Record, ...]]
    """Records of models with an intermediate task, by its arm."""
    own: tuple[str, ...] = ()
    """What of it is the visitor's, as the command line has it: ``("--record", "mine")``."""
    damaged: tuple[str, ...] = ()
    """A sentence for each record that cannot be read."""

    @cached_property
    def stamp(self) -> tuple[object, ...]:
        """What it says depends on: records as they lie on disk now, and sentences."""
        folders = [one.folder for runs in self.runs.values() for one in runs.records]
        folders += [one.folder for arm in self.arms.values() for one in arm]
        folders += [self.trial.folder / GENUINE] if self.trial else []
        files = [folder / records.RUN for folder in folders]
        return (*((str(one), one.stat().st_mtime_ns) for one in files), self.sentences.digest)

    @cached_property
    def vectors(self) -> LayerVectors:
        """The sentences' vectors, computed once.

        Raises:
            DlfaError: the encoder is not at hand.
        """
        return self.embedded()


def gather(
    backbone: str = "e5-small",
    recipe: str = "joint",
    *,
    store: Path | None = None,
    record: Path | None = None,
    sentences: SentenceSet | None = None,
    vectors: Callable[[SentenceSet], LayerVectors] | None = None,
) -> Evidence:
    """Return what is at hand for one encoder and one recipe.

    Args:
        backbone: the encoder's key.
        recipe: of training.
        store: as of `dlfa.claims.sources.found_runs`.
        record: a visitor's own, alone then: a folder of `dlfa.analysis.records`, or of several
            changes of the gate; encoder and recipe are its own.
        sentences: a visitor's own translations; the built-in ones if None.
        vectors: gives the encoder's vectors of them, where somebody has it loaded already.

    Raises:
        RunError: the visitor's record cannot be read.
    """
    runs: dict[str, Runs] = {}
    damaged: tuple[str, ...] = ()
    trial = None
    if record is None:
        runs, damaged = found_runs(backbone, recipe, store)
        trial = _shipped_trial(backbone, recipe)
    elif (record / GENUINE / records.RUN).is_file():
        trial = Trial(record)
        backbone, recipe = _made(trial.record)
    else:
        backbone, recipe, runs = own_runs(record)
    texts = built_in() if sentences is None else sentences
    return Evidence(
        backbone=backbone,
        recipe=recipe,
        runs=runs,
        trial=trial,
        sentences=texts,
        embedded=partial(vectors or partial(_embedded, backbone), texts),
        probe=_probe(backbone),
        arms=with_arms(backbone, store),
        own=(
            *(() if record is None else ("--record", str(record))),
            *(() if sentences is None else ("--sentences", sentences.name)),
        ),
        damaged=damaged,
    )


def _made(record: Record) -> tuple[str, str]:
    return str(record.content["provenance"]["backbone"]), record.recipe or "own"


def _shipped_trial(backbone: str, recipe: str) -> Trial | None:
    """Return the trial of the gate that lies in the repository for this encoder and recipe."""
    for file in sorted(RESULTS.glob(f"*/{GENUINE}/{records.RUN}")):
        trial = Trial(file.parents[1])
        try:
            if _made(trial.record) == (backbone, recipe):
                return trial
        except RunError:
            continue
    return None


def _probe(backbone: str) -> Probe | None:
    """Return the repository's probe of parts of speech, if it is of this very encoder."""
    found = opened(Path(backbone).name, raw_digest(backbone), built_in())
    probe = found.get("probe/pos") if found else None
    assert probe is None or isinstance(probe, Probe)
    return probe


def _embedded(backbone: str, sentences: SentenceSet) -> LayerVectors:
    from dlfa.analysis.embedding import embed, load_encoder

    embedder = load_encoder(backbone)
    return embed(embedder, sentences.texts, embedder.layers)
