"""What the page What if asks for: known already, in its model's line, or made in the background."""

from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from dlfa.results import Intervention, InterventionTrial, LayerAnswers, WhatIf
from dlfa.ui.background import Piece
from dlfa.ui.loading import fetch, known
from dlfa.ui.turns import in_steps, in_turn, patient_turn, visitor
from dlfa.ui.waiting import made
from dlfa.ui.whatif.request import SetRequest

if TYPE_CHECKING:
    from dlfa.analysis.predict import Predictor, SentencePair

__all__ = ["answers", "effects", "layers", "scaled"]

FACTORS = tuple(at / 20 for at in range(41))  # of the curve: 0 to 2
STEP_TOKENS = 512  # sub-words of one turn: with all heads, twins too, half a second on two cores


def answers(
    model: str,
    pair: "SentencePair",
    change: Intervention,
    translation: "SentencePair | None" = None,
) -> WhatIf:
    """Return every head's answers to one pair under an intervention, with its control.

    Raises:
        DlfaError: see `dlfa.analysis.whatif.what_if`; BusyError if the line is too long.
    """

    def call(predictor: "Predictor") -> WhatIf:
        from dlfa.analysis.whatif import what_if

        return what_if(predictor, pair, [change], translation=translation)

    return in_turn(model, ("what if", pair, str(change), translation), call)


def scaled(model: str, pair: "SentencePair", head: str) -> WhatIf:
    """Return one head's answers with its gate scaled by 0 to 2.

    Raises:
        DlfaError: see `answers`.
    """

    def call(predictor: "Predictor") -> WhatIf:
        from dlfa.analysis.whatif import what_if

        done = [Intervention(kind="scale", amount=factor) for factor in FACTORS]
        return what_if(predictor, pair, done, [head])

    return in_turn(model, ("what if scaled", pair, head), call)


def layers(
    model: str,
    pairs: Sequence[tuple[str, "SentencePair"]],
    heads: tuple[str, ...],
    change: Intervention,
) -> LayerAnswers:
    """Return the answers of all fusion layers to a pair and its translations, in short turns.

    Args:
        model: a checkpoint's name or folder.
        pairs: by language, the one that is looked at first.
        heads: of one reading of the gate.
        change: shown beside the gate as trained.

    Raises:
        DlfaError: see `dlfa.analysis.layer_answers`; BusyError if the line is too long.
    """

    def jobs(predictor: "Predictor") -> Sequence[Callable[[], LayerAnswers]]:
        from dlfa.analysis.layer_answers import layer_answers

        return [
            partial(layer_answers, predictor, {code: pair}, heads, change) for code, pair in pairs
        ]

    def gather(parts: list[LayerAnswers]) -> LayerAnswers:
        from dlfa.analysis.layer_answers import joined_answers

        return joined_answers(parts)

    return in_steps(model, ("what if layers", tuple(pairs), heads, str(change)), jobs, gather)


def effects(request: SetRequest) -> InterventionTrial | None:
    """Return what an intervention does over a set; None while it is made in the background.

    What was done is kept on disk, chunk by chunk: whoever cancels goes on there.

    Raises:
        DlfaError: see `dlfa.analysis.intervened.begin_trial`.
    """
    whose = visitor()

    def work(piece: Piece) -> InterventionTrial:
        return _worked(request, piece, whose)

    name = ("what-if-set", known(request.model).source, request)
    found: InterventionTrial | None = made(name, work, "whatif.work")
    return found


def _worked(request: SetRequest, piece: Piece, whose: Hashable) -> InterventionTrial:
    from dlfa.analysis.intervention_trials import intervention_trial

    run = request.begin(fetch(request.model))
    piece.tell(run.kept, run.total)

    def turn() -> AbstractContextManager[None]:
        return patient_turn(request.model, whose, lambda ahead: piece.tell(piece.done, piece.total))

    for progress in run.go(turn=turn, tokens=STEP_TOKENS):
        piece.tell(progress.answered, run.total)
    return intervention_trial(run.evaluations(), run.against)
