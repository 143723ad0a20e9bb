"""The gates' analyses for the screen: each known already, or computed in its model's line."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.results import GateComparison, GateEffects, GateStudy, GateTrial
from dlfa.ui.turns import in_steps, in_turn

if TYPE_CHECKING:
    from dlfa.analysis.evaluation import Answers, Run
    from dlfa.analysis.examples import Labelled
    from dlfa.analysis.predict import Predictor, SentencePair
    from dlfa.analysis.study import Part, Study

__all__ = ["comparison", "effects", "study", "trial"]

RESULTS = Path(__file__).parents[2] / "assets" / "results"
BUILT_IN = "built-in"
STEP_TOKENS = 384  # with all changes: under half a second on two cores
SAMPLE = 20  # XNLI pairs per language in a study


def effects(model: str, pair: "SentencePair") -> GateEffects:
    """Return what each change of the gate does to one pair's answers.

    Raises:
        DlfaError: see `dlfa.analysis.gates.gate_effects`; BusyError if the line is too long.
    """

    def call(predictor: "Predictor") -> GateEffects:
        from dlfa.analysis.gates import gate_effects

        return gate_effects(predictor, pair)

    return in_turn(model, ("effects", pair), call)


def comparison(
    model: str, pairs: tuple["SentencePair", "SentencePair"], languages: tuple[str, str]
) -> GateComparison:
    """Return every head's gate on a pair and its translation, word by word.

    Raises:
        DlfaError: see `dlfa.analysis.alignment.compare_gates`; BusyError if the line is too long.
    """

    def call(predictor: "Predictor") -> GateComparison:
        from dlfa.analysis.alignment import compare_gates

        return compare_gates(predictor, pairs, languages)

    return in_turn(model, ("comparison", pairs, languages), call)


def study(model: str, data: str) -> GateStudy:
    """Return the gates of the built-in sentences, or of a sample of XNLI, in short turns.

    Args:
        model: a checkpoint's name or folder.
        data: ``"built-in"`` or ``"xnli"``.

    Raises:
        DlfaError: see `dlfa.analysis.study.gate_study`; BusyError if the line is too long.
    """
    made: list[Study] = []

    def jobs(predictor: "Predictor") -> "Sequence[Callable[[], Part]]":
        from dlfa.analysis.study import Study

        name = data if data == BUILT_IN else f"{predictor.model.config.task}/test"
        made.append(Study(predictor, _pairs(predictor, data), data=name))
        return made[0].steps()

    return in_steps(model, ("study", data), jobs, lambda parts: made[0].result(parts))


def _pairs(predictor: "Predictor", data: str) -> list["Labelled"]:
    from dlfa.analysis.examples import built_in, sample

    if data == BUILT_IN:
        return built_in(predictor.labels)
    return sample(predictor, ("all",), "test", SAMPLE, seed=0)


def trial(model: str, data: str) -> GateTrial | None:
    """Return accuracy under every change of the gate.

    Args:
        model: a checkpoint's name or folder.
        data: ``"built-in"``: computed here, in short turns; ``"xnli"``: read from the model's
            record, None if there is none of this very checkpoint.

    Raises:
        DlfaError: see `dlfa.analysis.trials`; BusyError if the line is too long.
    """
    if data != BUILT_IN:
        return in_turn(model, ("recorded trial",), lambda predictor: _recorded(model, predictor))[0]
    made: list[Run] = []

    def jobs(predictor: "Predictor") -> "Sequence[Callable[[], Answers]]":
        from dlfa.analysis.evaluation import Run
        from dlfa.analysis.examples import built_in

        made.append(Run(predictor, built_in(predictor.labels), changes=("all",)))
        return made[0].steps(STEP_TOKENS)

    def gather(parts: list["Answers"]) -> GateTrial:
        from dlfa.analysis.trials import gate_trial

        return gate_trial(made[0].result(parts, {"task": "xnli", "split": BUILT_IN}))

    return in_steps(model, ("trial", data), jobs, gather)


def _recorded(model: str, predictor: "Predictor") -> tuple[GateTrial | None]:
    from dlfa.analysis.trials import read_trial

    folder = RESULTS / f"{Path(model).name}-gates"
    if not folder.is_dir():
        return (None,)
    found = read_trial(folder)
    return (found if found.provenance.checkpoint == predictor.provenance.checkpoint else None,)
