"""Work in the background: shared, in turns, stopped when nobody wants it, told when it fails."""

import time
from threading import Event

import pytest

from dlfa.errors import InputError
from dlfa.ui import background
from dlfa.ui.background import Piece, begin
from dlfa.ui.store import Store

PATIENCE = 10.0  # seconds


@pytest.fixture
def store() -> Store:
    return Store("spaces", megabytes=1)


def counting(piece: Piece) -> str | None:
    """Go on until nobody wants it."""
    while True:
        piece.tell(1, 2)
        time.sleep(0.01)


def ended(piece: Piece) -> bool:
    return piece.over.wait(PATIENCE)


def test_a_result_is_kept_under_its_name(store):
    piece = begin(("sum", 1), lambda piece: 42, store, "anna")
    assert ended(piece)
    assert (piece.result, store.get(("sum", 1))) == (42, 42)
    assert background.under_way() == 0


def test_who_asks_for_the_same_joins_and_the_work_is_done_once(store):
    go, calls = Event(), []

    def work(piece: Piece) -> int:
        calls.append(piece)
        go.wait(PATIENCE)
        return 1

    pieces = [begin(("same",), work, store, whose) for whose in ("anna", "ben")]
    go.set()
    assert pieces[0] is pieces[1]
    assert ended(pieces[0])
    assert len(calls) == 1


def test_it_goes_on_while_one_visitor_wants_it_and_ends_when_none_does(store):
    piece = begin(("long",), counting, store, "anna")
    begin(("long",), counting, store, "ben")
    piece.leave("anna")
    time.sleep(0.1)
    assert not piece.over.is_set()
    piece.leave("ben")
    assert ended(piece)
    assert store.get(("long",)) is None
    assert (piece.error, piece.case) == (None, "")


def test_who_asks_for_another_of_a_kind_leaves_the_last(store):
    first = begin(("kind", 1), counting, store, "anna")
    second = begin(("kind", 2), lambda piece: "two", store, "anna")
    assert ended(first)
    assert ended(second)
    assert store.get(("kind", 2)) == "two"


def test_pieces_of_one_kind_take_turns_and_other_kinds_do_not_wait(store):
    going, most, free = [], [], Event()

    def work(piece: Piece) -> int:
        going.append(piece)
        most.append(len(going))
        time.sleep(0.05)
        going.remove(piece)
        return 1

    def held(piece: Piece) -> int:
        free.wait(PATIENCE)
        return 1

    blocked = begin(("held",), held, store, "anna")
    pieces = [begin(("turns", at), work, store, f"visitor {at}") for at in range(4)]
    assert all(map(ended, pieces))
    assert max(most) == 1
    assert not blocked.over.is_set()
    free.set()
    assert ended(blocked)


def test_after_a_page_was_closed_it_ends_by_itself(store, monkeypatch):
    monkeypatch.setattr(background, "AWAY", 0.05)
    assert ended(begin(("away",), counting, store, "anna"))


def test_what_can_be_helped_is_told_and_a_mistake_of_ours_gets_a_number(store, caplog):
    def refused(piece: Piece) -> None:
        raise InputError("error.vectors.nan", count=3)

    def broken(piece: Piece) -> None:
        raise RuntimeError("oh")

    told = begin(("refused",), refused, store, "anna")
    ours = begin(("broken",), broken, store, "anna")
    assert ended(told)
    assert ended(ours)
    assert told.error is not None
    assert told.error.params["count"] == 3
    assert ours.case
    assert ours.case in caplog.text
    assert store.get(("broken",)) is None


def test_what_was_left_and_is_asked_for_again_begins_anew(store):
    first = begin(("again",), counting, store, "anna")
    first.leave("anna")
    second = begin(("again",), lambda piece: "there", store, "anna")
    assert second is not first
    assert ended(second)
    assert store.get(("again",)) == "there"
