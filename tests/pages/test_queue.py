"""The line in front of a model."""

import threading
import time

import pytest

VISITORS = 20


@pytest.fixture
def line():
    from dlfa.ui.queue import Line

    return Line(patience=0.4, longest=3)


def start(work, *args) -> threading.Thread:
    thread = threading.Thread(target=work, args=args)
    thread.start()
    return thread


def run(line, jobs, visitor):
    """Do a long job in turns, as `dlfa.ui.turns.in_steps` does."""
    for at, job in enumerate(jobs):
        with line.turn(visitor=visitor, admitted=at > 0):
            part = job()
        yield part


def hold(line, seconds: float, started: threading.Event, visitor=None) -> threading.Thread:
    """Take a turn elsewhere and keep it for a while."""

    def work() -> None:
        with line.turn(visitor=visitor):
            started.set()
            time.sleep(seconds)

    thread = start(work)
    started.wait()
    return thread


class TestTurns:
    def test_come_in_the_order_of_arrival(self, line):
        line.patience, line.longest = 10, 10
        order: list[int] = []
        threads = [hold(line, 0.3, threading.Event())]

        def come(number: int) -> None:
            with line.turn():
                order.append(number)

        for number in range(5):
            threads.append(start(come, number))
            while line.waiting < number + 2:
                time.sleep(0.005)
        for thread in threads:
            thread.join()
        assert order == [0, 1, 2, 3, 4]

    def test_one_at_a_time(self, line):
        line.patience, line.longest = 10, 50
        inside, most = [0], [0]

        def work() -> None:
            for _ in range(20):
                with line.turn():
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    time.sleep(0.0005)
                    inside[0] -= 1

        threads = [start(work) for _ in range(8)]
        for thread in threads:
            thread.join()
        assert most == [1]
        assert line.waiting == 0

    def test_the_place_in_line_is_told(self, line):
        places: list[int] = []
        thread = hold(line, 0.2, threading.Event())
        with line.turn(places.append):
            pass
        thread.join()
        assert set(places) == {1}

    def test_a_failure_inside_gives_the_turn_on(self, line):
        with pytest.raises(ZeroDivisionError), line.turn():
            1 / 0  # noqa: B018
        with line.turn():
            pass

    def test_a_script_that_is_stopped_while_waiting_leaves_the_line(self, line):
        class StoppedError(BaseException):
            pass

        def stop(_ahead: int) -> None:
            raise StoppedError

        thread = hold(line, 0.3, threading.Event())
        with pytest.raises(StoppedError), line.turn(stop):
            pass
        thread.join()
        assert line.waiting == 0


class TestLimits:
    def test_impatience_is_an_error_that_leaves_the_line_whole(self, line):
        from dlfa.errors import BusyError

        thread = hold(line, 1.0, threading.Event())
        with pytest.raises(BusyError) as refused, line.turn():
            pass
        assert refused.value.key == "ui.queue.busy"
        thread.join()
        with line.turn():
            assert line.waiting == 1

    def test_a_full_line_refuses_at_once(self, line):
        from dlfa.errors import BusyError

        line.longest = 1
        thread = hold(line, 0.3, threading.Event())
        began = time.monotonic()
        with pytest.raises(BusyError) as refused, line.turn():
            pass
        assert refused.value.key == "ui.queue.full"
        assert time.monotonic() - began < 0.2
        thread.join()

    def test_nobody_fills_the_line_alone(self, line):
        from dlfa.errors import BusyError

        line.each, line.patience = 2, 5
        threads = [hold(line, 0.4, threading.Event(), visitor="greedy")]
        threads.append(start(lambda: list(run(line, [int], visitor="greedy"))))
        while sum(map(len, line._ring.values())) < 2:
            time.sleep(0.005)
        with pytest.raises(BusyError) as refused, line.turn(visitor="greedy"):
            pass
        assert refused.value.key == "ui.queue.yours"
        with line.turn(visitor="modest"):
            pass
        for thread in threads:
            thread.join()

    def test_who_was_let_in_finishes_although_the_line_has_filled_up(self, line):
        line.longest, line.patience = 1, 5
        threads: list[threading.Thread] = []

        def job(number: int) -> int:
            return number

        def jobs():
            yield lambda: job(0)
            threads.append(hold(line, 0.1, threading.Event()))
            yield lambda: job(1)

        assert list(run(line, jobs(), visitor="first")) == [0, 1]
        for thread in threads:
            thread.join()


class TestLongJobs:
    def test_give_way_after_each_part(self, line):
        """One has thirty jobs, the other one: the other waits for one of the thirty."""
        line.patience = 10
        order: list[str] = []
        came = threading.Event()

        def part(name: str) -> None:
            order.append(name)
            came.set()
            time.sleep(0.02)

        long = start(lambda: list(run(line, [lambda: part("long")] * 30, visitor="long")))
        came.wait()
        before = len(order)
        list(run(line, [lambda: part("short")], visitor="short"))
        assert order.index("short") <= before + 1
        long.join()
        assert order.count("long") == 30

    def test_a_visitor_with_many_pages_counts_once_in_each_round(self, line):
        """Three tickets of one visitor, then one of another: the other comes second."""
        line.patience = 10
        order: list[str] = []
        thread = hold(line, 0.3, threading.Event(), visitor="first")

        def come(name: str) -> None:
            with line.turn(visitor=name):
                order.append(name)

        threads = [thread]
        for at, name in enumerate(["many", "many", "many", "one"]):
            threads.append(start(come, name))
            while sum(map(len, line._ring.values())) < at + 2:
                time.sleep(0.005)
        for thread in threads:
            thread.join()
        assert order == ["many", "one", "many", "many"]

    def test_nobody_waits_for_one_who_stopped_asking(self, line):
        parts = run(line, [lambda: 1] * 10, visitor="gone")
        next(parts)
        began = time.monotonic()
        with line.turn(visitor="here"):
            assert time.monotonic() - began < 0.2
        parts.close()
        assert line.waiting == 0


def test_twenty_visitors_get_their_own_answers_in_fair_turns():
    """Everybody has eight jobs; one in four leaves midway; nobody is ever far behind."""
    from dlfa.ui.queue import Line

    line = Line(patience=20.0, longest=VISITORS)
    done = dict.fromkeys(range(VISITORS), 0)
    answers: dict[int, list[tuple[int, int]]] = {}
    spread: list[int] = []
    ready = threading.Barrier(VISITORS)

    def visit(visitor: int) -> None:
        def job(number: int) -> tuple[int, int]:
            time.sleep(0.002)
            done[visitor] += 1
            here = [count for other, count in done.items() if other % 4 or other == visitor]
            spread.append(max(here) - min(here))
            return visitor, number

        ready.wait()
        parts = run(line, [lambda n=n: job(n) for n in range(8)], visitor=visitor)
        answers[visitor] = [next(parts), next(parts)] if visitor % 4 == 0 else list(parts)
        parts.close()

    threads = [start(visit, visitor) for visitor in range(VISITORS)]
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    for visitor, found in answers.items():
        assert found == [(visitor, number) for number in range(2 if visitor % 4 == 0 else 8)]
    assert len(answers) == VISITORS
    assert line.waiting == 0
    # A thread that the system wakes late misses a round; nobody gets all theirs first.
    assert sorted(spread)[len(spread) // 2] <= 3
