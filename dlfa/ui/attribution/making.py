"""The analyses behind the page: each known already, or made in the background behind a bar.

Between two batches other visitors have their turn; nobody waits for longer than one of them.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TypeVar

from dlfa.results.attributions import Attribution, AttributionComparison, Doors, Faithfulness
from dlfa.ui.attribution.asked import Asked
from dlfa.ui.background import Piece
from dlfa.ui.loading import known, loaded
from dlfa.ui.store import SPACES
from dlfa.ui.turns import patient_turn, visitor
from dlfa.ui.waiting import made

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor
    from dlfa.analysis.score_paths import Tell

__all__ = ["compared", "curves", "explained", "side_by_side", "through_doors"]

Result = TypeVar("Result")
Pair = tuple[str, str]


def explained(asked: Asked) -> Attribution | None:
    """Return what each word adds to the chosen head's score; None while it is not there.

    Raises:
        DlfaError: see `dlfa.analysis.attribution.attribute`.
    """

    def work(predictor: "Predictor", tell: "Tell") -> Attribution:
        return _attributed(asked, asked.head, predictor, tell)

    return _made(asked, _name(asked, asked.head)[1:], work, "words")


def side_by_side(asked: Asked, heads: Sequence[str]) -> tuple[Attribution, ...] | None:
    """Return the same of several heads; those that are known already are not made again.

    Raises:
        DlfaError: see `dlfa.analysis.attribution.attribute`.
    """

    def work(predictor: "Predictor", tell: "Tell") -> tuple[Attribution, ...]:
        found = []
        for at, head in enumerate(heads):
            tell(at, len(heads))
            name = _name(asked, head)
            one: Attribution | None = SPACES.get(name)
            if one is None:
                one = _attributed(asked, head, predictor, lambda *_far, at=at: tell(at, len(heads)))
                SPACES.put(name, one)
            found.append(one)
        return tuple(found)

    return _made(asked, (*_about(asked), *heads), work, "heads")


def curves(asked: Asked, found: Attribution) -> Faithfulness | None:
    """Return deletion and insertion curves of an attribution; None while they are not there.

    Raises:
        DlfaError: see `dlfa.analysis.faithfulness.faithfulness`.
    """

    def work(predictor: "Predictor", tell: "Tell") -> Faithfulness:
        from dlfa.analysis.faithfulness import faithfulness

        return faithfulness(predictor, found.pair, found, tell=tell)

    return _made(asked, (*_about(asked), asked.head), work, "curves")


def through_doors(asked: Asked) -> Doors | None:
    """Return by which door the score's change came in; None while it is not there.

    Raises:
        DlfaError: see `dlfa.analysis.doors.by_door`.
    """

    def work(predictor: "Predictor", tell: "Tell") -> Doors:
        from dlfa.analysis.doors import by_door

        return by_door(
            predictor,
            asked.pair.texts,
            asked.head,
            asked.label,
            baseline=asked.baseline,
            tell=tell,
        )

    return _made(asked, (*_about(asked), asked.head), work, "doors")


def compared(asked: Asked, other: Pair, languages: tuple[str, str]) -> AttributionComparison | None:
    """Return the words' scores of the pair and of its translation; None while not there.

    Raises:
        DlfaError: see `dlfa.analysis.attributed_translations.compare_attributions`.
    """

    def work(predictor: "Predictor", tell: "Tell") -> AttributionComparison:
        from dlfa.analysis.attributed_translations import compare_attributions

        return compare_attributions(
            predictor,
            (asked.pair.texts, other),
            asked.head,
            asked.label,
            languages,
            method=asked.method,
            baseline=asked.baseline,
            tell=tell,
        )

    name = (*_about(asked), asked.head, other, languages)
    return _made(asked, name, work, "translation")


def _attributed(asked: Asked, head: str, predictor: "Predictor", tell: "Tell") -> Attribution:
    from dlfa.analysis.attribution import attribute

    return attribute(
        predictor,
        asked.pair.texts,
        head,
        asked.label,
        method=asked.method,
        baseline=asked.baseline,
        tell=tell,
    )


def _about(asked: Asked) -> tuple[Hashable, ...]:
    source = known(asked.model).source
    return source, asked.pair.texts, asked.label, asked.method, asked.baseline


def _name(asked: Asked, head: str) -> tuple[Hashable, ...]:
    """Return what one head's attribution is kept under."""
    return ("attribution-words", *_about(asked), head)


def _made(
    asked: Asked,
    name: tuple[Hashable, ...],
    work: "Callable[[Predictor, Tell], Result]",
    kind: str,
) -> Result | None:
    predictor, whose = loaded(asked.model), visitor()

    def call(piece: Piece) -> Result:
        with _turns(asked.model, whose, piece) as tell:
            return work(predictor, tell)

    found: Result | None = made((f"attribution-{kind}", *name), call, f"attribution.work.{kind}")
    return found


@contextmanager
def _turns(model: str, whose: Hashable, piece: Piece) -> "Iterator[Tell]":
    """Hold a turn in the model's line from each word about how far it is to the next."""
    with ExitStack() as held:

        def tell(done: int, total: int) -> None:
            held.close()
            piece.tell(done, total)
            held.enter_context(patient_turn(model, whose, lambda _ahead: piece.tell(done, total)))

        tell(0, 0)
        yield tell
