"""Sentences for the tiny model of `tests.integration.tagger`, and evaluations made up of them."""

from dataclasses import replace

import numpy as np

from tests.integration.tiny import WORDS

GONE = " "  # a word of which the tokenizer leaves nothing


def sentences(count: int = 40, languages: str = "en de", *, parallel: bool = False) -> list:
    """Made-up sentences; one is longer than the tiny encoder takes, one has a word of nothing."""
    from dlfa.data.tagged import Tagged

    draw = np.random.default_rng(0)
    found = []
    for code in languages.split():
        for at in range(count):
            size = 90 if at == 3 else int(draw.integers(1, 14))
            words = [*draw.choice(WORDS, size)]
            if at == 5:
                words[0] = GONE
                words.append("dog")
            tags = tuple(draw.integers(0, 7, len(words)).tolist())
            name = f"pud/{at}" if parallel else f"{code}/{at}"
            found.append(Tagged(name, tuple(map(str, words)), tags, code))
    return found


def tagged(answers, gold, sizes, languages, **given):
    """Return an evaluation with these answers, ``(word head)``; the first head is the baseline."""
    from dlfa.data.tasks import TASKS
    from dlfa.results import TaggedEvaluation, head_names
    from tests.unit.figures.samples import provenance

    task = given.pop("task", "ner")
    sizes = np.asarray(sizes)
    fields = {
        "ids": np.array([f"{code}/{at}" for at, code in enumerate(languages)]),
        "languages": np.asarray(languages),
        "tokens": sizes + 2,
        "sizes": sizes,
        "cut": np.zeros(len(sizes), int),
        "gold": np.asarray(gold, np.int8),
        "answers": np.asarray(answers, np.int8),
        "heads": head_names(12)[: np.shape(answers)[1]],
        "labels": TASKS[task].labels,
        "settings": {"task": task, "split": "validation", "total": len(sizes)},
        "provenance": provenance(),
    }
    return TaggedEvaluation(**fields | given)


def guessed(seed: int, rates=(0.8, 0.8, 0.9), count: int = 60, languages: str = "en de", **given):
    """Return an evaluation whose heads are right at these rates; hard sentences are so for all."""
    draw = np.random.default_rng(seed)
    codes = np.repeat(languages.split(), count)
    sizes = draw.integers(1, 15, len(codes))
    words = int(sizes.sum())
    gold = draw.integers(0, 7, words)
    hard = np.repeat(draw.normal(0, 0.15, len(codes)), sizes)[:, None]
    right = draw.random((words, len(rates))) < np.array(rates) + hard
    wrong = (gold[:, None] + draw.integers(1, 7, (words, len(rates)))) % 7
    return tagged(np.where(right, gold[:, None], wrong), gold, sizes, codes, **given)


def shuffled(evaluation, seed: int = 0):
    """Return the same sentences in another order."""
    order = np.random.default_rng(seed).permutation(len(evaluation.ids))
    words = np.split(np.arange(len(evaluation.gold)), np.cumsum(evaluation.sizes)[:-1])
    places = np.concatenate([words[at] for at in order])
    by_sentence = ("ids", "languages", "tokens", "sizes", "cut")
    return replace(
        evaluation,
        gold=evaluation.gold[places],
        answers=evaluation.answers[places],
        **{name: getattr(evaluation, name)[order] for name in by_sentence},
    )
