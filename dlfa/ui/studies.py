"""The gates' analyses for the screen: each known already, or computed in its model's line."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dlfa.results import GateComparison, GateEffects, GateStudy, GateTrial
from dlfa.ui import cache
from dlfa.ui.turns import in_steps, in_turn

if TYPE_CHECKING:
    from dlfa.analysis.evaluation import Part as Given
    from dlfa.analysis.evaluation import Run
    from dlfa.analysis.examples import Labelled
    from dlfa.analysis.predict import Predictor, SentencePair
    from dlfa.analysis.study import Part, Study

__all__ = [
    "BUILT_IN",
    "RESULTS",
    "comparison",
    "drawn",
    "effects",
    "study",
    "trial",
    "trial_folder",
]

RESULTS = Path(__file__).parents[2] / "assets" / "results"
BUILT_IN = "built-in"
SAMPLE = ("test", 20)  # of a task's corpus: split, and pairs per language
STEP_TOKENS = 384  # with all changes: under half a second on two cores
HEADS_AT_ONCE = 1_400  # heads x tokens of one pair under all changes, in half a second


def effects(model: str, pair: "SentencePair") -> GateEffects:
    """Return what each change of the gate does to one pair's answers.

    Raises:
        DlfaError: see `dlfa.analysis.gates.gate_effects`; BusyError if the line is too long.
    """

    def jobs(predictor: "Predictor") -> Sequence[Callable[[], GateEffects]]:
        from dlfa.analysis.gates import fusing, gate_effects

        names = fusing(predictor)
        some = max(1, HEADS_AT_ONCE // len(predictor.tokens(pair)))
        groups = [names[at : at + some] for at in range(0, len(names), some)]
        return [partial(gate_effects, predictor, pair, group) for group in groups]

    def gather(parts: list[GateEffects]) -> GateEffects:
        from dlfa.analysis.gates import joined_effects

        return joined_effects(parts)

    return in_steps(model, ("effects", pair), jobs, gather)


def comparison(
    model: str, pairs: tuple["SentencePair", "SentencePair"], languages: tuple[str, str]
) -> GateComparison:
    """Return every head's gate on a pair and its translation, word by word.

    Raises:
        DlfaError: see `dlfa.analysis.alignment.compare_gates`; BusyError if the line is too long.
    """
    first, second = (cache.gates(model, pair) for pair in pairs)

    def call(predictor: "Predictor") -> GateComparison:
        from dlfa.analysis.alignment import align, compared

        return compared(first, second, align(predictor, pairs), languages)

    return in_turn(model, ("comparison", pairs, languages), call)


def study(model: str, data: str) -> GateStudy:
    """Return the gates of the built-in sentences, or of a sample of the corpus, in short turns.

    Args:
        model: a checkpoint's name or folder.
        data: ``"built-in"``, or the task's key.

    Raises:
        DlfaError: see `dlfa.analysis.study.gate_study`; BusyError if the line is too long.
    """
    split, limit = drawn(data)
    made: list[Study] = []

    def draw(predictor: "Predictor") -> list["Labelled"]:
        from dlfa.analysis.examples import sample

        return sample(predictor, ("all",), split, limit, seed=0)

    pairs = in_turn(model, ("study pairs", data), draw)  # a corpus is read once, not at every run

    def jobs(predictor: "Predictor") -> "Sequence[Callable[[], Part]]":
        from dlfa.analysis.study import Study

        name = data if data == BUILT_IN else f"{predictor.model.config.task}/{split}"
        made.append(Study(predictor, pairs, data=name))
        return made[0].steps()

    return in_steps(model, ("study", data), jobs, lambda parts: made[0].result(parts))


def trial(model: str, data: str) -> GateTrial | None:
    """Return accuracy under every change of the gate.

    Args:
        model: a checkpoint's name or folder.
        data: ``"built-in"``: computed here, in short turns; the task's key: read from the model's
            record, None if there is none of this very checkpoint.

    Raises:
        DlfaError: see `dlfa.analysis.trials`; BusyError if the line is too long.
    """
    if data != BUILT_IN:
        return _recorded(model)
    made: list[Run] = []

    def jobs(predictor: "Predictor") -> "Sequence[Callable[[], Given]]":
        from dlfa.analysis.evaluation import Run
        from dlfa.analysis.examples import built_in
        from dlfa.data.tasks import task

        about = {"task": predictor.model.config.task, "split": BUILT_IN}
        examples = built_in(task(predictor.model.config.task))
        made.append(Run(predictor, examples, changes=("all",), settings=about))
        return made[0].steps(STEP_TOKENS)

    def gather(parts: list["Given"]) -> GateTrial:
        from dlfa.analysis.trials import gate_trial

        return gate_trial(made[0].result(parts))

    return in_steps(model, ("trial", data), jobs, gather)


def drawn(data: str) -> tuple[str, int | None]:
    """Return split and pairs per language of a set: ``"built-in"``, or a task's key."""
    return (BUILT_IN, None) if data == BUILT_IN else SAMPLE


def trial_folder(model: str) -> Path:
    """Return the folder of a model's recorded trial, whether it is there or not."""
    return RESULTS / f"{Path(model).name}-gates"


def _recorded(model: str) -> GateTrial | None:
    folder = trial_folder(model)
    if not folder.is_dir():
        return None

    def read(predictor: "Predictor") -> tuple[GateTrial, bool]:
        from dlfa.analysis.trials import read_trial

        found = read_trial(folder)
        return found, found.provenance.checkpoint == predictor.provenance.checkpoint

    found, of_this = in_turn(model, ("recorded trial", folder.stat().st_mtime_ns), read)
    return found if of_this else None
