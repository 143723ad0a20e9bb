"""How long a run would take here, measured on a few of its pairs before it starts."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from dlfa.errors import BusyError, PolicyError
from dlfa.messages import _, of_task
from dlfa.policy import policy
from dlfa.ui.evaluate.form import Asked
from dlfa.ui.evaluate.request import ALL
from dlfa.ui.loading import known, loaded
from dlfa.ui.store import STUDIES
from dlfa.ui.task import kind_of
from dlfa.ui.turns import in_turn

if TYPE_CHECKING:
    from dlfa.analysis.kinds import Examples
    from dlfa.analysis.predict import Predictor
    from dlfa.data.labelled import Labelled
    from dlfa.data.tagged import Tagged

__all__ = ["Few", "few", "foresee"]

TRIED = 32  # pairs of which some are measured
MINUTE = 60.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Few:
    """Some pairs of a set, and how many each language has."""

    pairs: "tuple[Labelled, ...] | tuple[Tagged, ...]"
    """Or sentences of words."""
    sizes: tuple[int, ...]

    def total(self, limit: int | None) -> int:
        """Return the pairs of a run with at most so many a language."""
        return sum(size if limit is None else min(size, limit) for size in self.sizes)


def few(asked: Asked) -> Few:
    """Draw some pairs, and count all: what takes long of a corpus is to read it, once.

    A visitor's own pairs are kept nowhere but where they are, in the session.

    Raises:
        DlfaError: the data is not at hand.
        PolicyError: more pairs than this instance evaluates at once.
    """
    found = _few(asked) if asked.own is None else _sifted(asked.own)
    pairs, most = found.total(asked.request.limit), policy().max_evaluated
    if pairs > most:
        raise PolicyError("error.policy.evaluated", pairs=f"{pairs:,}", limit=f"{most:,}")
    return found


def foresee(asked: Asked, some: Few, kept: int = 0) -> str:
    """Say what a run would come to; each kind of pairs is measured once an hour at most.

    Args:
        asked: the run.
        some: of its pairs.
        kept: pairs that are done already.

    Raises:
        DlfaError: the model fails on them.
    """
    request = asked.request

    def measure(predictor: "Predictor") -> float:
        from dlfa.analysis.evaluation import forecast

        heads = ALL if request.heads == (ALL,) else request.heads
        return forecast(predictor, some.pairs, heads)

    key = "forecast", request.split, request.languages, request.digest, request.heads
    left = some.total(request.limit) - kept
    try:
        seconds = in_turn(request.model, key, measure) * left / len(some.pairs)
    except BusyError:
        return _("evaluate.forecast.busy", pairs=_pair_words(left, request.model))
    minutes = seconds >= 2 * MINUTE
    return _(
        "evaluate.forecast.minutes" if minutes else "evaluate.forecast.seconds",
        pairs=_pair_words(left, request.model),
        time=f"{max(1, round(seconds / MINUTE if minutes else seconds)):,}",
    )


def _pair_words(count: int, model: str) -> str:
    if count == 1:
        return of_task("evaluate.pairs.one", kind_of(model))
    return of_task("evaluate.pairs", kind_of(model), count=f"{count:,}")


def _few(asked: Asked) -> Few:
    request = asked.request
    key = known(request.model).source, "few pairs", request.split, request.languages
    found: Few | None = STUDIES.get(key)
    if found is None:
        from dlfa.analysis.evaluation import drawn

        with st.spinner(_("evaluate.reading")):
            every = drawn(loaded(request.model), request.languages, request.split, None, 0)
            found = _sifted(every)
        STUDIES.put(key, found)
    return found


def _sifted(every: "Examples") -> Few:
    some: Any = every[:: max(1, len(every) // TRIED)][:TRIED]
    return Few(
        pairs=tuple(some),
        sizes=tuple(Counter(pair.language for pair in every).values()),
    )
