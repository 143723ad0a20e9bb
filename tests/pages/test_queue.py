"""The line in front of a model."""

import threading
import time

import pytest


@pytest.fixture
def line():
    from dlfa.ui.queue import Line

    return Line(patience=0.4, longest=3)


def hold(line, seconds: float, started: threading.Event) -> threading.Thread:
    """Take a turn elsewhere and keep it for a while."""

    def work() -> None:
        with line.turn():
            started.set()
            time.sleep(seconds)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_turns_come_in_the_order_of_arrival(line):
    line.patience = 10
    order: list[int] = []
    started = threading.Event()
    threads = [hold(line, 0.3, started)]
    started.wait()

    def come(number: int) -> None:
        with line.turn():
            order.append(number)

    line.longest = 10
    for number in range(5):
        threads.append(threading.Thread(target=come, args=(number,)))
        threads[-1].start()
        while len(line._tickets) < number + 2:
            time.sleep(0.005)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_one_at_a_time(line):
    line.patience, line.longest = 10, 50
    inside, most = [0], [0]

    def work() -> None:
        for _ in range(20):
            with line.turn():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0005)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert not line._tickets


def test_the_place_in_line_is_told(line):
    started, places = threading.Event(), []
    thread = hold(line, 0.2, started)
    started.wait()
    with line.turn(places.append):
        pass
    thread.join()
    assert places
    assert set(places) == {1}


def test_impatience_is_an_error_that_leaves_the_line_whole(line):
    from dlfa.errors import BusyError

    started = threading.Event()
    thread = hold(line, 1.0, started)
    started.wait()
    with pytest.raises(BusyError) as refused, line.turn():
        pass
    assert refused.value.key == "ui.queue.busy"
    thread.join()
    with line.turn():
        assert len(line._tickets) == 1


def test_a_full_line_refuses_at_once(line):
    from dlfa.errors import BusyError

    line.longest = 1
    started = threading.Event()
    thread = hold(line, 0.3, started)
    started.wait()
    began = time.monotonic()
    with pytest.raises(BusyError) as refused, line.turn():
        pass
    assert refused.value.key == "ui.queue.full"
    assert time.monotonic() - began < 0.2
    thread.join()


def test_a_failure_inside_gives_the_turn_on(line):
    with pytest.raises(ZeroDivisionError), line.turn():
        1 / 0  # noqa: B018
    with line.turn():
        pass


def test_a_script_that_is_stopped_while_waiting_leaves_the_line(line):
    class StoppedError(Exception):
        pass

    def stop(_ahead: int) -> None:
        raise StoppedError

    started = threading.Event()
    thread = hold(line, 0.3, started)
    started.wait()
    with pytest.raises(StoppedError), line.turn(stop):
        pass
    thread.join()
    assert not line._tickets
