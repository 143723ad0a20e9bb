"""How long training will take on this device: an honest guess from a few timed steps."""

import statistics
from dataclasses import dataclass

from dlfa.data.tasks import task
from dlfa.messages import _
from dlfa.model.device import hardware
from dlfa.training.probe import LENGTH, Probe, probe
from dlfa.training.recipes import Settings

__all__ = ["Forecast", "duration", "forecast", "planned_tokens"]

PAIRS = {  # labelled training pairs, or sentences, of each corpus
    "mnli": 392_702,
    "snli": 549_367,
    "paws": 49_401,
    "wikiann": 18_000,
    "ud": 19_753,
}
VALIDATION = 2_490  # English validation pairs of XNLI
SLOWER = 2.0  # what other programs, heat and long sentences cost; the slowest step times this


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The time a training run will take; all times in seconds."""

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

    def words(self) -> str:
        """Return the forecast in two or three sentences."""
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
        return f"{words} {_('forecast.busy')}" if self.busy else words


def forecast(settings: Settings) -> Forecast:
    """Time a few steps on this device and say how long the whole run will take.

    Raises:
        UnknownModelError, BrokenFileError, OfflineError: see `dlfa.training.probe.shape`.
    """
    return extrapolated(settings, probe(settings))


def extrapolated(settings: Settings, found: Probe) -> Forecast:
    """Return what a probe's pace means for a whole run."""
    tokens = planned_tokens(settings)
    pairs = min(settings.validation_limit or VALIDATION, VALIDATION)
    look = settings.checks * pairs * LENGTH / found.tokens * found.look

    def at(pace: float) -> float:
        return tokens / found.tokens * pace + look

    return Forecast(
        backbone=settings.backbone,
        tokens=tokens,
        device=hardware().name,
        dtype=hardware().dtype,
        tokens_per_second=found.tokens / statistics.median(found.steps),
        likely=at(statistics.median(found.steps)),
        low=at(min(found.steps)),
        high=at(SLOWER * max(found.steps)),
        steps=len(found.steps),
        busy=found.busy,
        probe_seconds=found.seconds,
    )


def planned_tokens(settings: Settings) -> int:
    """Return the token budget, or what the recipe's passes over its corpora come to."""
    chosen = settings.recipe
    corpora = chosen.corpora or task(settings.task).training
    whole = sum(PAIRS.get(name, 0) for name in corpora) * LENGTH
    return settings.max_tokens or round(chosen.epochs * whole)


def duration(seconds: float) -> str:
    """Return a time in words, as exactly as it is known: minutes, hours or days."""
    for unit, size in (("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * size:
            return _(f"forecast.{unit}", count=f"{seconds / size:.0f}")
    return _("forecast.minutes", count=max(1, round(seconds / 60)))
