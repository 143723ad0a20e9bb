"""How long training will take on this device, and how much room: an honest guess from a probe."""

import statistics
from dataclasses import dataclass
from pathlib import Path

from dlfa.data.sources import usual_corpora
from dlfa.data.tasks import task
from dlfa.messages import _
from dlfa.model.device import hardware
from dlfa.training.frozen import fits
from dlfa.training.probe import Probe, length, probe
from dlfa.training.recipes import Settings
from dlfa.training.room import Room, room

__all__ = [
    "Forecast",
    "duration",
    "examples",
    "extrapolated",
    "forecast",
    "planned_tokens",
    "size",
]

PAIRS = {  # labelled training pairs, or sentences, of each corpus as it is on the Hub
    "mnli": 392_702,
    "snli": 549_367,
    "paws": 49_401,
    "wikiann": 18_000,
    "ud": 19_753,
}
VALIDATION = 2_490  # English validation pairs of XNLI, for tasks that hold out no number of theirs
SLOWER = 2.0  # what other programs, heat and long sentences cost; the slowest step times this


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The time and the room a training run will take; all times in seconds."""

    backbone: str
    tokens: int
    """Training tokens asked for."""
    device: str
    dtype: str
    tokens_per_second: float
    """Of the probe's middle step."""
    likely: float
    """At the pace of the middle step, with the looks at validation; data not yet read."""
    low: float
    """At the pace of the quickest step."""
    high: float
    """At half the pace of the slowest step."""
    steps: int
    """Training steps that were timed."""
    busy: bool
    """Whether other programs were using the computer meanwhile."""
    probe_seconds: float
    """What the forecast itself took."""
    room: Room
    """Memory and disk."""

    def words(self) -> str:
        """Return the forecast in a few sentences."""
        words = _(
            "forecast.words",
            tokens=f"{self.tokens:,}",
            likely=duration(self.likely),
            low=duration(self.low),
            high=duration(self.high),
            device=self.device,
            dtype=self.dtype,
            rate=f"{self.tokens_per_second:.0f}",
            steps=self.steps,
        )
        return " ".join([words, self._room(), *([_("forecast.busy")] if self.busy else [])])

    def _room(self) -> str:
        values = {
            "least": size(self.room.least),
            "most": size(self.room.most),
            "disk": size(self.room.disk),
        }
        if self.room.states:
            return _("forecast.room.states", **values, states=size(self.room.states))
        return _("forecast.room", **values)


def forecast(settings: Settings) -> Forecast:
    """Time a few steps on this device and say how long the whole run will take.

    Raises:
        UnknownModelError, BrokenFileError, OfflineError: see `dlfa.training.probe.shape`.
    """
    return extrapolated(settings, probe(settings))


def extrapolated(settings: Settings, found: Probe, place: Path = Path()) -> Forecast:
    """Return what a probe's pace means for a whole run.

    Args:
        settings: of the run.
        found: by the probe of its encoder, task, heads and tuning.
        place: where it will be written: its disk decides whether hidden states can be kept.
    """
    tokens, each = planned_tokens(settings), length(settings.task)
    looked_at = _validation(settings)
    taken = room(settings, found, examples(settings), looked_at, each)
    look = settings.checks * looked_at * each / found.tokens * found.look
    passes = tokens / found.tokens  # of the probe's batch
    if not taken.states or fits(taken.states, place):
        once, live = (examples(settings) + looked_at) * each / found.tokens * found.encoding, 0.0
    else:  # the encoder runs at every step, and at every look
        once = settings.checks * looked_at * each / found.tokens * found.encoding
        live = found.encoding

    def at(pace: float, slower: float = 1.0) -> float:
        return passes * (pace + slower * live) + slower * once + look

    pace = statistics.median(found.steps)
    return Forecast(
        backbone=settings.backbone,
        tokens=tokens,
        device=hardware().name,
        dtype=hardware().dtype,
        tokens_per_second=found.tokens / (pace + live),
        likely=at(pace),
        low=at(min(found.steps)),
        high=at(SLOWER * max(found.steps), SLOWER),
        steps=len(found.steps),
        busy=found.busy,
        probe_seconds=found.seconds,
        room=taken,
    )


def examples(settings: Settings) -> int:
    """Return the training examples of a run: those asked for, as far as its corpora have them."""
    corpora = settings.recipe.corpora or usual_corpora(task(settings.task))
    whole = sum(PAIRS.get(name, 0) for name in corpora) - task(settings.task).held_out
    return min(settings.examples or whole, whole)


def planned_tokens(settings: Settings) -> int:
    """Return the token budget, or what the recipe's passes over its examples come to."""
    passes = settings.recipe.epochs * examples(settings) * length(settings.task)
    return settings.max_tokens or round(passes)


def _validation(settings: Settings) -> int:
    every = task(settings.task).held_out or VALIDATION
    return min(settings.validation_limit or every, every)


def duration(seconds: float) -> str:
    """Return a time in words, as exactly as it is known: minutes, hours or days."""
    for unit, length_ in (("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * length_:
            return _(f"forecast.{unit}", count=f"{seconds / length_:.0f}")
    return _("forecast.minutes", count=max(1, round(seconds / 60)))


def size(bytes_: int) -> str:
    """Return a number of bytes in words: gigabytes, or megabytes."""
    if bytes_ >= 1e9:
        return _("forecast.gigabytes", count=f"{bytes_ / 1e9:.1f}")
    return _("forecast.megabytes", count=f"{bytes_ / 1e6:.0f}")
