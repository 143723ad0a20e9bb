"""Parts of speech, learned from English words alone and looked for in other languages' words.

The other half of the first claim of Chen et al. 2022: which layer carries syntax across languages.
The probe learns from English UD and is tested on the parallel treebank PUD, where all languages
say the same. No state outlives its batch: the probe is made from sums (`linear_probe`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from dlfa.analysis.embedder import Embedder
from dlfa.analysis.linear_probe import LinearProbe, ProbeSums
from dlfa.analysis.predict import Predictor, batches
from dlfa.analysis.probe_results import probed
from dlfa.analysis.word_states import word_states
from dlfa.data.collation import Features, collate, encode_words, to_device
from dlfa.data.tagged import Tagged, evaluation_sentences, training_sentences
from dlfa.data.tasks import task
from dlfa.results import Probe

__all__ = ["PUD_LANGUAGES", "PosProbe", "pos_probe"]

TASK, CORPUS, SPLIT = "pos", "ud", "pud"
PUD_LANGUAGES = tuple(
    "ar cs de en es fi fr gl hi id is it ja ko pl pt ru sv th tr zh".split()
)  # of Universal Dependencies' parallel treebanks
STEP_TOKENS = 1024  # a step's sub-words: under half a second on two cores


@dataclass(frozen=True)
class Answered:
    """What the probe said of one language's words."""

    right: Bool[np.ndarray, "space word"]
    control: Bool[np.ndarray, "space word"]
    sentences: np.ndarray
    """Whose each word is, ``(word)``."""
    tags: Int[np.ndarray, " word"]


def pos_probe(
    model: Embedder | Predictor,
    languages: Sequence[str] = PUD_LANGUAGES,
    *,
    spaces: Sequence[str] | None = None,
    train_words: int = 20_000,
    test_sentences: int = 200,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
    on_progress: Callable[[int, int], object] | None = None,
) -> Probe | None:
    """Return how well English parts of speech are found again in every language and space.

    Args:
        model: an encoder, raw or tuned.
        languages: of the parallel treebank; English among them shows what can be had at all.
        spaces: of the encoder; all by default.
        train_words: English words to learn from, whole sentences of them.
        test_sentences: of each language, the same in all.
        seed: of the choice of sentences, and of the shuffled tags.
        stop: asked after every batch; true ends it.
        on_progress: called after every batch with sentences done and all of them.

    Returns:
        accuracy over words; None where it was stopped.

    Raises:
        MissingDataError, OfflineError: the treebanks, or a language's, are not at hand.
        InputError: a space that the encoder does not have.
    """
    embedder = Embedder.of(model) if isinstance(model, Predictor) else model
    work = PosProbe(embedder, languages, spaces, train_words, test_sentences, seed)
    for done, total in work.steps():
        if on_progress is not None:
            on_progress(done, total)
        if stop is not None and stop():
            return None
    return work.result()


class PosProbe:
    """The same in short steps, for those who share the machine with others.

    Args:
        embedder: an encoder, raw or tuned.
        languages: of the parallel treebank.
        spaces: of the encoder; all by default.
        train_words: English words to learn from.
        test_sentences: of each language.
        seed: of the choice of sentences, and of the shuffled tags.
    """

    def __init__(
        self,
        embedder: Embedder,
        languages: Sequence[str] = PUD_LANGUAGES,
        spaces: Sequence[str] | None = None,
        train_words: int = 20_000,
        test_sentences: int = 200,
        seed: int = 0,
    ) -> None:
        self.embedder, self.languages, self.seed = embedder, tuple(languages), seed
        self.spaces = embedder.choose(spaces)
        self.labels = task(TASK).labels
        self.train = _training(train_words, seed)
        self.tests = {code: _testing(code, test_sentences, seed) for code in self.languages}
        device = embedder.device
        self.device = device if device.type == "cuda" else torch.device("cpu")  # doubles
        self.answers: dict[str, Answered] = {}

    def steps(self) -> Iterator[tuple[int, int]]:
        """Learn, then test; yield sentences done and all of them after every batch."""
        total = len(self.train) + sum(map(len, self.tests.values()))
        done, sums = 0, None
        for rows, states, tags in self._batches(self.train, self._shuffled()):
            if sums is None:
                sums = ProbeSums.of(states, tags, len(self.labels))
            else:
                sums = sums + sums.like(states, tags)
            done += len(rows)
            yield done, total
        assert sums is not None
        self.count = sums.count[0].cpu().numpy()
        probe = sums.fit()
        for code, sentences in self.tests.items():
            for more in self._test(probe, code, sentences):
                done += more
                yield done, total

    def _test(self, probe: LinearProbe, code: str, sentences: Sequence[Tagged]) -> Iterator[int]:
        """Yield how many sentences every batch holds."""
        own = [np.array(one.tags) for one in sentences]
        right, names, gold = [], [], []
        for rows, states, tags in self._batches(sentences, [own, own]):
            right.append((probe.predict(states) == tags[:, None]).cpu().numpy())
            gold.append(tags[0].cpu().numpy())
            names += [sentences[row].id for row in rows for _word in range(self.sizes[row])]
            yield len(rows)
        found = np.concatenate(right, axis=2)  # (set space word)
        self.answers[code] = Answered(found[0], found[1], np.array(names), np.concatenate(gold))

    def _shuffled(self) -> list[list[np.ndarray]]:
        """Return every training sentence's tags, and the same shuffled over all words."""
        tags = np.concatenate([one.tags for one in self.train])
        ends = np.cumsum([len(one.tags) for one in self.train])[:-1]
        order = np.random.default_rng(self.seed).permutation(len(tags))
        return [np.split(tags, ends), np.split(tags[order], ends)]

    def _batches(
        self, sentences: Sequence[Tagged], labels: Sequence[Sequence[np.ndarray]]
    ) -> Iterator[tuple[list[int], Tensor, Tensor]]:
        """Yield row numbers, states ``(space word dim)`` and labels ``(set word)``."""
        with self.embedder.tokenising:
            words = [one.words for one in sentences]
            features = encode_words(self.embedder.tokenizer, words, self.embedder.max_tokens)
        there = [np.array(one["first"]) >= 0 for one in features]
        self.sizes = [int(known.sum()) for known in there]
        for rows in batches([len(one["input_ids"]) for one in features], STEP_TOKENS):
            chosen = [[one[row][there[row]] for row in rows] for one in labels]
            tags = torch.from_numpy(np.stack([np.concatenate(one) for one in chosen]))
            states = self._states([features[row] for row in rows])
            yield rows, states.to(self.device), tags.long().to(self.device)

    def _states(self, features: Sequence[Features]) -> Tensor:
        batch = collate(features, self.embedder.tokenizer.pad_token_id)
        batch = to_device(batch, self.embedder.device)
        return word_states(self.embedder, batch, features, self.spaces)

    def result(self) -> Probe:
        """Return what all the steps found, of words whose sentences are drawn as wholes."""
        parts = [self.answers[code] for code in self.languages]
        common = int(self.count.argmax())
        return probed(
            TASK,
            self.spaces,
            self.languages,
            [part.right for part in parts],
            [part.sentences for part in parts],
            control=np.mean([part.control.mean(1) for part in parts], axis=0),
            majority=float(np.mean([(part.tags == common).mean() for part in parts])),
            trained_on=("en",),
            provenance=replace(self.embedder.provenance, seed=self.seed),
        )


def _training(words: int, seed: int) -> list[Tagged]:
    """Return whole English sentences, in a random order, until there are enough words."""
    found, _held_out = training_sentences(task(TASK), [CORPUS])
    order = np.random.default_rng(seed).permutation(len(found))
    sizes = np.cumsum([len(found[at].words) for at in order.tolist()])
    return [found[at] for at in order[: int(np.searchsorted(sizes, words)) + 1].tolist()]


def _testing(code: str, sentences: int, seed: int) -> list[Tagged]:
    """Return the same sentences in every language."""
    found = sorted(evaluation_sentences(task(TASK), code, SPLIT), key=lambda one: one.id)
    order = np.random.default_rng(seed).permutation(len(found))[:sentences]
    return [found[at] for at in np.sort(order).tolist()]
