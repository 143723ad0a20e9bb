"""Two models or two heads side by side: on a pinned pair, on the pair above, on the table."""

from functools import partial

import streamlit as st

from dlfa.errors import WrongTaskError
from dlfa.figures.comparisons import answer_difference, describe_answer_difference
from dlfa.figures.crossed import answers_crossed, describe_answers_crossed
from dlfa.figures.pair_tables import duel_table, sides_table
from dlfa.figures.words import plain
from dlfa.messages import _
from dlfa.results import Prediction
from dlfa.results.comparisons import AnsweredPair, Contest, Duel
from dlfa.ui import answer_table, cache, chrome, saving
from dlfa.ui.batch import answered
from dlfa.ui.commands import predict_command
from dlfa.ui.guard import guarded, literal
from dlfa.ui.loading import known
from dlfa.ui.pairs import known_pairs
from dlfa.ui.sides import Side, two_sides

__all__ = ["compare"]

LONGEST = 80  # characters of a sentence that stands above its figure
CHANCE = 0.05  # from this p on nothing is said to differ

_PINNED = "pinned"

Texts = tuple[str, str]
Names = tuple[str, str]


def compare(model: str, pair: Texts, *, ready: bool) -> None:
    """Show what two heads, of one model or of two, make of the same pairs.

    Args:
        model: the one that is chosen for the page.
        pair: the one above.
        ready: whether the model answers.

    Raises:
        DlfaError: see `dlfa.ui.cache.predictions`.
    """
    if not ready:
        st.caption(_("predict.compare.waiting"))
        return
    sides = two_sides(model)
    _check(sides)
    names = sides[0].name(sides[1]), sides[1].name(sides[0])
    _single(sides, names, pair)
    _many(sides, names)
    made = known(model).provenance  # last: the side bar tells of the page's model again
    commands = [predict_command(side.model, _pinned() or pair, (side.head,)) for side in sides]
    chrome.reproduce(made, "\n".join(commands))


def _check(sides: tuple[Side, Side]) -> None:
    """Raise WrongTaskError for two models whose answers are to different questions."""
    first, second = (known(side.model).provenance.task for side in sides)
    if first != second:
        raise WrongTaskError("error.compare.tasks", first=first, second=second)


def _pinned() -> Texts | None:
    match st.session_state.get(_PINNED):
        case [str(premise), str(hypothesis)]:
            return premise, hypothesis
    return None


def _single(sides: tuple[Side, Side], names: Names, pair: Texts) -> None:
    """Compare the two on the pinned pair, if there is one, and on the pair above."""
    pinned = _pinned()
    _pins(pinned, pair)
    shown = {"pinned": pinned, "above": pair if pair != pinned else None}
    places = {name: texts for name, texts in shown.items() if texts is not None}
    for (name, texts), place in zip(places.items(), st.columns(len(places)), strict=True):
        with place, guarded():
            premise, hypothesis = (literal(plain(text, LONGEST)) for text in texts)
            words = _(f"predict.compare.{name}", premise=premise, hypothesis=hypothesis)
            st.markdown(words)
            _difference(sides, names, texts, key=f"difference-{name}")
    st.caption(_("predict.compare.one"))


def _pins(pinned: Texts | None, pair: Texts) -> None:
    state = st.session_state
    with st.container(horizontal=True):
        if pinned != pair:
            act = partial(state.update, {_PINNED: list(pair)})
            st.button(_("predict.compare.pin"), key="pin", on_click=act, icon=":material/keep:")
        if pinned is not None:
            act = partial(state.update, {_PINNED: None})
            words = _("predict.compare.unpin")
            st.button(words, key="unpin", on_click=act, icon=":material/keep_off:")


def _difference(sides: tuple[Side, Side], names: Names, texts: Texts, *, key: str) -> None:
    first, second = (_answer(side, texts) for side in sides)
    told = AnsweredPair(
        number=1, premise=texts[0], hypothesis=texts[1], gold="", answers=(first, second)
    )
    chrome.figure(
        partial(answer_difference, names=names),
        partial(describe_answer_difference, names=names),
        first,
        second,
        key=key,
        caption=_("predict.compare.difference"),
        rows=sides_table([told], names, _columns(first)),
    )


def _columns(answer: Prediction) -> Names:
    """Return what the two sentences' columns are called in a table to take along."""
    from dlfa.data.tasks import task

    first, second = task(answer.provenance.task).evaluation.columns
    return first, second


def _answer(side: Side, texts: Texts) -> Prediction:
    (answers,) = cache.predictions(side.model, [texts])
    return next(answer for answer in answers if answer.head == side.head)


def _many(sides: tuple[Side, Side], names: Names) -> None:
    """Compare the two on the table of pairs."""
    from dlfa.analysis.comparisons import duel

    st.subheader(_("predict.compare.table"), anchor=False)
    rows = known_pairs()
    first, second = (answered(side.model, rows, quiet=at > 0) for at, side in enumerate(sides))
    told = [
        AnsweredPair(
            number=one.number,
            premise=one.premise,
            hypothesis=one.hypothesis,
            gold=one.gold,
            answers=(_of(sides[0], one), _of(sides[1], other)),
        )
        for one, other in zip(first, second, strict=True)
    ]
    if not told:
        return
    found = duel(
        [pair.answers[0] for pair in told],
        [pair.answers[1] for pair in told],
        [pair.gold for pair in told],
        names,
    )
    st.markdown(verdict(found))
    chrome.figure(
        answers_crossed,
        describe_answers_crossed,
        found,
        key="crossed",
        caption=_("predict.compare.crossed"),
        rows=duel_table(found),
    )
    _differing([told[row] for row in found.differ], names)


def _of(side: Side, pair: AnsweredPair) -> Prediction:
    return next(answer for answer in pair.answers if answer.head == side.head)


def _differing(told: list[AnsweredPair], names: Names) -> None:
    if told:
        st.markdown(_("predict.compare.rows", count=len(told)))
        answer_table.show_answers(told, key="differing", names=names)
        columns = _columns(told[0].answers[0])
        saving.save_table("differing", partial(sides_table, told, names, columns))


def verdict(found: Duel) -> str:
    """Say how often the two differ and, where labels are known, whether one is right more often."""
    first, second = map(literal, found.names)
    share = f"{100 * len(found.differ) / found.n:.0f}"
    words = _(
        "predict.compare.differ",
        first=first,
        second=second,
        differ=len(found.differ),
        n=found.n,
        share=share,
    )
    return f"{words} {_contest(found.contest, first, second)}"


def _contest(found: Contest | None, first: str, second: str) -> str:
    if found is None:
        return _("predict.compare.unknown")
    counts = _(
        "predict.compare.contest",
        first=first,
        second=second,
        n=found.n,
        first_right=found.both + found.first_only,
        second_right=found.both + found.second_only,
        first_only=found.first_only,
        second_only=found.second_only,
        p=f"{found.p:.2g}",
    )
    kind = "chance" if found.p >= CHANCE else "better"
    leader = first if found.first_only > found.second_only else second
    return f"{counts} " + _(f"predict.compare.{kind}", leader=leader)
