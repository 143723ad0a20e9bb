"""How long a run would take here, measured on a few of its pairs before it starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dlfa.errors import PolicyError
from dlfa.messages import _
from dlfa.policy import policy
from dlfa.ui.evaluate.form import Asked
from dlfa.ui.evaluate.request import ALL
from dlfa.ui.loading import known, loaded
from dlfa.ui.store import STUDIES
from dlfa.ui.turns import in_turn

if TYPE_CHECKING:
    from dlfa.analysis.examples import Labelled
    from dlfa.analysis.predict import Predictor

__all__ = ["Forecast", "foresee"]

TRIED = 32  # pairs that are measured
MINUTE = 60.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a run would come to."""

    pairs: int
    tried: int
    """Pairs that were measured."""
    seconds: float

    def words(self, kept: int = 0) -> str:
        """Say it in one sentence.

        Args:
            kept: pairs that are done already.
        """
        seconds = self.seconds * (self.pairs - kept) / self.pairs
        minutes = seconds >= 2 * MINUTE
        return _(
            "evaluate.forecast.minutes" if minutes else "evaluate.forecast.seconds",
            pairs=f"{self.pairs - kept:,}",
            time=f"{max(1, round(seconds / MINUTE if minutes else seconds)):,}",
            tried=self.tried,
        )


@dataclass(frozen=True, kw_only=True)
class _Few:
    """Some pairs of a set, and how many each language has."""

    pairs: "tuple[Labelled, ...]"
    sizes: tuple[int, ...]

    def total(self, limit: int | None) -> int:
        return sum(size if limit is None else min(size, limit) for size in self.sizes)


def foresee(asked: Asked) -> Forecast:
    """Return what a run would come to; each kind of pairs is measured once an hour at most.

    Raises:
        DlfaError: the data is not at hand; BusyError if the line is too long.
        PolicyError: more pairs than this instance evaluates at once.
    """
    request = asked.request
    few = _few(asked)
    pairs = few.total(request.limit)
    most = policy().max_evaluated
    if pairs > most:
        raise PolicyError("error.policy.evaluated", pairs=f"{pairs:,}", limit=f"{most:,}")

    def measure(predictor: "Predictor") -> float:
        from dlfa.analysis.evaluation import forecast

        heads = ALL if request.heads == (ALL,) else request.heads
        return forecast(predictor, few.pairs, heads)

    key = "forecast", request.split, request.languages, request.digest, request.heads
    seconds = in_turn(request.model, key, measure) * pairs / len(few.pairs)
    return Forecast(pairs=pairs, tried=len(few.pairs), seconds=seconds)


def _few(asked: Asked) -> _Few:
    """Draw some pairs, and count all: what takes long of a corpus is to read it, once."""
    request = asked.request
    source = known(request.model).source
    key = source, "few pairs", request.split, request.languages, request.digest
    found: _Few | None = STUDIES.get(key)
    if found is None:
        with st.spinner(_("evaluate.reading")):
            found = _sifted(_every(asked))
        STUDIES.put(key, found)
    return found


def _every(asked: Asked) -> "Sequence[Labelled]":
    if asked.own is not None:
        return asked.own
    from dlfa.analysis.examples import sample

    request = asked.request
    return sample(loaded(request.model), request.languages, request.split, None, 0)


def _sifted(every: "Sequence[Labelled]") -> _Few:
    from collections import Counter

    step = max(1, len(every) // TRIED)
    return _Few(
        pairs=tuple(every[::step][:TRIED]),
        sizes=tuple(Counter(pair.language for pair in every).values()),
    )
