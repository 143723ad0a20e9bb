"""The memory and the disk that a training run takes, counted from what a probe found."""

from dataclasses import dataclass

from dlfa.data.tasks import task
from dlfa.training.probe import Probe
from dlfa.training.recipes import Settings
from dlfa.training.states import CHUNK

__all__ = ["Room", "room"]

FLOAT = 4  # bytes of a parameter; its gradient and Adam's two moments take as many each
PROGRAM = 800_000_000  # bytes of Python with torch, transformers and datasets, before any model
EXAMPLE, TOKEN = 1_500, 40  # bytes of an example in memory: its texts, and each of its sub-words
CHUNKS = 3  # in memory at once: the encoder's states, those to be written, what is written
KEPT = 2  # checkpoints to go on from, each with the optimiser's state
USUAL_BATCH = 1.5  # a batch of long sentences, in average lengths
TEMPORARY = 1.3  # what a step needs beside all it keeps


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a run takes, in bytes."""

    least: int
    """Memory at usual batches; the device's, where it has memory of its own."""
    most: int
    """Memory at a batch of the longest examples."""
    disk: int
    """In the run's folder while it goes on."""
    states: int
    """Of that, hidden states of a frozen encoder, which are removed at the end."""


def room(settings: Settings, found: Probe, examples: int, looked_at: int, length: int) -> Room:
    """Return the memory and the disk of a run.

    Args:
        settings: of the run.
        found: by the probe.
        examples: that are trained on.
        looked_at: validation examples.
        length: mean sub-words of an example.
    """
    weights = FLOAT * (found.held + 3 * found.learned)
    data = (examples + looked_at) * (EXAMPLE + TOKEN * length)
    each = TEMPORARY * found.activations / found.tokens * settings.recipe.batch_size
    longest = task(settings.task).max_length
    states = (examples + looked_at) * length * found.state if _frozen(settings) else 0
    fixed = PROGRAM + weights + data + (CHUNKS * CHUNK if states else 0)
    saved = FLOAT * (found.heads if _frozen(settings) else found.learned)
    return Room(
        least=round(fixed + each * min(longest, USUAL_BATCH * length)),
        most=round(fixed + each * longest),
        disk=round(KEPT * 3 * saved + saved / 2 + states),
        states=states,
    )


def _frozen(settings: Settings) -> bool:
    return settings.recipe.tuning == "frozen"
