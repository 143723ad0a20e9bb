"""How long a run would take here, measured on a few of its pairs before it starts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dlfa.errors import BusyError, PolicyError
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

__all__ = ["Few", "few", "foresee"]

TRIED = 32  # pairs of which some are measured
MINUTE = 60.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Few:
    """Some pairs of a set, and how many each language has."""

    pairs: "tuple[Labelled, ...]"
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
        return _("evaluate.forecast.busy", pairs=_pair_words(left))
    minutes = seconds >= 2 * MINUTE
    return _(
        "evaluate.forecast.minutes" if minutes else "evaluate.forecast.seconds",
        pairs=_pair_words(left),
        time=f"{max(1, round(seconds / MINUTE if minutes else seconds)):,}",
    )


def _pair_words(count: int) -> str:
    return _("evaluate.pairs.one") if count == 1 else _("evaluate.pairs", count=f"{count:,}")


def _few(asked: Asked) -> Few:
    request = asked.request
    key = known(request.model).source, "few pairs", request.split, request.languages
    found: Few | None = STUDIES.get(key)
    if found is None:
        from dlfa.analysis.examples import sample

        with st.spinner(_("evaluate.reading")):
            every = sample(loaded(request.model), request.languages, request.split, None, 0)
            found = _sifted(every)
        STUDIES.put(key, found)
    return found


def _sifted(every: "Sequence[Labelled]") -> Few:
    step = max(1, len(every) // TRIED)
    return Few(
        pairs=tuple(every[::step][:TRIED]),
        sizes=tuple(Counter(pair.language for pair in every).values()),
    )
