"""Does a head give the same answer to all translations of one item?"""

import numpy as np
from jaxtyping import Bool, Float, Int

from dlfa.analysis.accuracies import by_language
from dlfa.analysis.statistics import wilson, worth
from dlfa.results import Agreement, Evaluation

__all__ = ["agreement", "parallel_rows"]

REFERENCE = "en"

Answers = Int[np.ndarray, "language item head"]
Interval = Float[np.ndarray, "bound head"]  # the share itself, low, high


def agreement(evaluation: Evaluation) -> Agreement | None:
    """Return how alike the answers to translations are, with the control.

    Items have to be there in every language that is compared: where few are there in all,
    languages are left out, so that as many pairs of answers as possible can be compared.

    Args:
        evaluation: at least one example; an id is there once in each language.

    Returns:
        None where no item is there in two languages.
    """
    found = parallel_rows(evaluation)
    return None if found is None else _agreement(evaluation, *found)


def parallel_rows(
    evaluation: Evaluation,
) -> tuple[Int[np.ndarray, "language item"], tuple[str, ...], int] | None:
    """Return where the items that are compared stand, their languages, and which is the reference.

    Returns:
        None where no item is there in two languages.
    """
    codes, rows = _rows(evaluation)
    chosen = _comparable(rows >= 0)
    if not chosen:
        return None
    rows = rows[chosen][:, (rows[chosen] >= 0).all(0)]  # (language item)
    names = tuple(codes[at] for at in chosen)
    return rows, names, names.index(REFERENCE) if REFERENCE in names else 0


def _agreement(
    evaluation: Evaluation,
    rows: Int[np.ndarray, "language item"],
    names: tuple[str, ...],
    reference: int,
) -> Agreement:
    answers, premises = evaluation.answers[rows], evaluation.premises[rows[reference]]
    gold, labels = evaluation.gold[rows[reference]], len(evaluation.labels)
    same = (answers == answers[reference]) & (answers >= 0)
    unanimous = _share(same.all(0), premises)
    pairwise = _share(_pairs(answers, labels), premises, len(names) * (len(names) - 1) // 2)
    each = np.array([_share(one, premises) for one in same])  # (language bound head)
    each[reference] = 1  # with itself, for certain
    return Agreement(
        heads=evaluation.heads,
        languages=names,
        reference=names[reference],
        items=rows.shape[1],
        unanimous=unanimous[0],
        unanimous_low=unanimous[1],
        unanimous_high=unanimous[2],
        pairwise=pairwise[0],
        pairwise_low=pairwise[1],
        pairwise_high=pairwise[2],
        expected=_expected(answers, gold, labels),
        with_reference=each[:, 0].T,
        with_reference_low=each[:, 1].T,
        with_reference_high=each[:, 2].T,
    )


def _rows(evaluation: Evaluation) -> tuple[tuple[str, ...], Int[np.ndarray, "language item"]]:
    """Where each item stands in the evaluation, language by language; −1 where it does not."""
    codes, groups = by_language(evaluation)
    ids, places = np.unique(evaluation.ids, return_inverse=True)
    rows = np.full((len(codes), len(ids)), -1)
    rows[groups, places] = np.arange(len(evaluation.ids))
    return codes, rows


def _comparable(there: Bool[np.ndarray, "language item"]) -> list[int]:
    """The languages that give most pairs of answers; none where no item is there twice.

    Found by leaving out, one by one, the language that most items lack alone.
    """
    left, found, most = list(range(len(there))), list[int](), 0
    while len(left) > 1:
        lacking = ~there[left]
        missed = lacking.sum(0)
        pairs = int((missed == 0).sum()) * len(left) * (len(left) - 1)
        if pairs > most:
            found, most = list(left), pairs
        alone = (lacking & (missed == 1)).sum(1)
        left.pop(int(np.lexsort((lacking.sum(1), alone))[-1]))
    return found


def _share(
    alike: Int[np.ndarray, "item head"] | Bool[np.ndarray, "item head"],
    premises: np.ndarray,
    tries: int = 1,
) -> Interval:
    """Equal answers of so many tries for each item, with Wilson's interval."""
    hits = alike.astype(np.int64)
    share = hits.mean(0) / tries
    return np.array([share, *wilson(share, worth(hits, premises, tries))])


def _pairs(answers: Answers, labels: int) -> Int[np.ndarray, "item head"]:
    """Pairs of languages with the same answer; an answer that is missing is like no other."""
    counts = np.array([(answers == label).sum(0) for label in range(labels)])
    return (counts * (counts - 1) // 2).sum(0)


def _expected(
    answers: Answers, gold: Int[np.ndarray, " item"], labels: int
) -> Float[np.ndarray, " head"]:
    r"""Pairwise agreement of answers that are independent given the right label.

    .. math:: \sum_g \pi_g \sum_a \frac{\left(\sum_l p_l\right)^2 - \sum_l p_l^2}{L (L - 1)},
        \quad p_l = P_l(a \mid g)
    """
    of_label = np.eye(labels)[gold]  # (item label)
    shares = of_label / np.maximum(of_label.sum(0), 1)
    found = np.zeros(answers.shape[2])
    for answer in range(labels):
        p = np.einsum("lih,ig->lhg", (answers == answer).astype(float), shares, optimize=True)
        found += (p.sum(0) ** 2 - (p**2).sum(0)) @ of_label.mean(0)
    return found / (len(answers) * (len(answers) - 1))
