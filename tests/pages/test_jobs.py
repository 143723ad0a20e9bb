"""Runs in the background: started, watched, cancelled, gone on with, shared, and let go."""

import threading
import time
from types import SimpleNamespace

import pytest

from dlfa.errors import BusyError, MissingDataError

MODEL = "a model"


class Steps:
    """A run of short jobs, which keeps what is done as the real one does."""

    def __init__(self, total=6, fail_at=None, error=None):
        self.total, self.done, self.fail_at, self.error = total, 0, fail_at, error
        self.went, self.store, self.digest = 0, None, "steps"
        self.held = threading.Event()
        self.held.set()

    def evaluation(self):
        return SimpleNamespace(ids=range(self.done)) if self.done else None

    def go(self, turn, tokens):
        self.went += 1
        while self.done < self.total:
            with turn():
                if self.done == self.fail_at:
                    raise self.error
                self.done += 1
            yield SimpleNamespace(answered=self.done, total=self.total, rate=1.0, whole=True)
            self.held.wait(10)


@pytest.fixture
def visitors(monkeypatch):
    """Sessions of several visitors; `be` says whose page runs now."""
    from dlfa.ui import jobs

    here = threading.local()
    sessions: dict[str, dict[str, object]] = {}

    def be(name):
        here.state = sessions.setdefault(name, {})

    class State:
        def __getattr__(self, name):
            return getattr(here.state, name)

        def __getitem__(self, key):
            return here.state[key]

        def __setitem__(self, key, value):
            here.state[key] = value

        def __contains__(self, key):
            return key in here.state

    monkeypatch.setattr(jobs, "st", SimpleNamespace(session_state=State()))
    monkeypatch.setattr(jobs, "fetch", lambda name: name)
    be("Ada")
    yield be
    for name in sessions:
        be(name)
        jobs.cancel()
    wait(lambda: not jobs._GOING)


def wait(until, seconds=10.0):
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def begin(run):
    return lambda _predictor: run


class TestOneRun:
    def test_goes_on_by_itself_and_ends_with_all_of_it(self, visitors):
        from dlfa.ui import jobs

        job = jobs.start("run", MODEL, begin(Steps()))
        wait(lambda: job.state == "done")
        assert len(job.evaluation.ids) == 6
        assert job.progress.answered == 6
        assert jobs.mine() is job
        assert not jobs.watching()

    def test_a_cancel_keeps_what_is_done_and_a_later_start_goes_on(self, visitors):
        from dlfa.ui import jobs

        run = Steps()
        run.held.clear()
        job = jobs.start("run", MODEL, begin(run))
        wait(lambda: run.done == 1)
        jobs.cancel()
        assert not jobs.watching()  # at once, whatever the thread still does
        assert jobs.mine() is job  # and to look at what is there does not call it back
        run.held.set()
        wait(lambda: job.state == "stopped")
        assert 0 < run.done < 6
        assert len(job.evaluation.ids) == run.done
        assert jobs.start("run", MODEL, begin(Steps())) is job
        wait(lambda: job.state == "done")
        assert (run.done, run.went) == (6, 2)

    def test_who_goes_on_before_the_thread_has_stopped_goes_on_with_it(self, visitors):
        from dlfa.ui import jobs

        run = Steps()
        run.held.clear()
        job = jobs.start("run", MODEL, begin(run))
        wait(lambda: run.done == 1)
        jobs.cancel()
        assert jobs.start("run", MODEL, begin(Steps())) is job
        run.held.set()
        wait(lambda: job.state == "done")
        assert run.went == 1

    def test_an_expected_failure_is_kept_as_its_sentence_and_can_be_tried_again(self, visitors):
        from dlfa.ui import jobs

        error = MissingDataError("error.data.missing", name="x", config="en", split="test")
        run = Steps(fail_at=2, error=error)
        job = jobs.start("run", MODEL, begin(run))
        wait(lambda: job.state == "failed")
        assert job.error is error
        assert len(job.evaluation.ids) == 2
        run.fail_at = None
        jobs.start("run", MODEL, begin(run))
        wait(lambda: job.state == "done")
        assert job.error is None

    def test_a_mistake_of_ours_has_a_number_and_the_log_has_it_too(self, visitors, caplog):
        from dlfa.ui import jobs

        job = jobs.start("run", MODEL, begin(Steps(fail_at=0, error=KeyError("oh"))))
        wait(lambda: job.state == "failed")
        assert job.error is None
        assert job.case
        assert job.case in caplog.text

    def test_a_run_that_cannot_begin_says_why(self, visitors):
        from dlfa.ui import jobs

        def fail(_predictor):
            raise MissingDataError("error.data.missing", name="x", config="en", split="test")

        job = jobs.start("run", MODEL, fail)
        wait(lambda: job.state == "failed")
        assert isinstance(job.error, MissingDataError)
        assert job.evaluation is None


class TestManyVisitors:
    def test_take_turns(self, visitors):
        """Three runs at once, and none is done before the others have begun."""
        from dlfa.ui import jobs

        order, runs = [], {}

        class Told(Steps):
            def go(self, turn, tokens):
                for step in super().go(turn, tokens):
                    order.append(self.name)
                    yield step

        for name in ("Ada", "Ben", "Cem"):
            visitors(name)
            runs[name] = Told(total=8)
            runs[name].name = name
            runs[name].held.clear()
            jobs.start(name, MODEL, begin(runs[name]))
        for run in runs.values():
            wait(lambda run=run: run.done == 1)
            run.held.set()
        wait(lambda: not jobs._GOING)
        assert all(run.done == 8 for run in runs.values())
        assert set(order[:4]) == set(runs)

    def test_a_page_comes_between_two_steps_of_a_run(self, visitors):
        from dlfa.ui import jobs, turns

        run = Steps(total=10_000_000)
        jobs.start("run", MODEL, begin(run))
        wait(lambda: run.done > 10)
        began = time.monotonic()
        with turns._line(MODEL).turn(visitor="a page"):
            held = run.done
            time.sleep(0.05)
            assert run.done == held
        assert time.monotonic() - began < 2

    def test_who_starts_the_same_run_watches_it_and_one_cancel_does_not_stop_it(self, visitors):
        from dlfa.ui import jobs

        run = Steps()
        run.held.clear()
        job = jobs.start("run", MODEL, begin(run))
        visitors("Ben")
        assert jobs.mine() is None
        assert jobs.start("run", MODEL, begin(Steps())) is job
        visitors("Ada")
        jobs.cancel()
        run.held.set()
        wait(lambda: job.state == "done")
        assert run.went == 1

    def test_one_run_at_a_time_and_a_bounded_number_of_all(self, visitors):
        from dlfa.ui import jobs

        stuck = [Steps() for _ in range(jobs.MOST)]
        for at, run in enumerate(stuck):
            run.held.clear()
            visitors(f"visitor {at}")
            jobs.start(at, MODEL, begin(run))
        with pytest.raises(BusyError):
            jobs.start("a second one", MODEL, begin(Steps()))
        visitors("late")
        with pytest.raises(BusyError):
            jobs.start("one too many", MODEL, begin(Steps()))
        assert jobs.mine() is None
        for run in stuck:
            run.held.set()
        wait(lambda: not jobs._GOING)
        job = jobs.start("one too many", MODEL, begin(Steps()))
        wait(lambda: job.state == "done")


class TestDeadSessions:
    def test_a_run_that_nobody_looks_at_ends_and_keeps_what_is_done(self, visitors, monkeypatch):
        from dlfa.ui import jobs

        now = [0.0]
        monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: now[0]))
        run = Steps(total=1_000_000)
        job = jobs.start("run", MODEL, begin(run))
        wait(lambda: run.done > 3)
        now[0] = jobs.AWAY - 1
        assert jobs.mine() is job  # somebody looks
        now[0] = 2 * jobs.AWAY - 2
        seen = run.done
        wait(lambda: run.done > seen)
        now[0] = 2 * jobs.AWAY + 1
        wait(lambda: job.state == "stopped")
        assert not jobs._GOING
        assert len(job.evaluation.ids) <= run.done < run.total

    def test_a_page_that_is_open_in_the_background_keeps_its_run(self, visitors, monkeypatch):
        """A browser may hold back the looks of a tab for longer than `AWAY`."""
        from dlfa.ui import jobs

        now, open_pages = [0.0], {"Ada's page"}
        server = SimpleNamespace(is_active_session=open_pages.__contains__)
        held = SimpleNamespace(exists=lambda: True, get_instance=lambda: server)
        monkeypatch.setattr(jobs, "runtime", held)
        monkeypatch.setattr(jobs, "visitor", lambda: "Ada's page")
        monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: now[0]))
        run = Steps(total=1_000_000)
        job = jobs.start("run", MODEL, begin(run))
        wait(lambda: run.done > 3)
        now[0] = 100 * jobs.AWAY
        seen = run.done
        wait(lambda: run.done > seen + 3)
        assert job.going
        open_pages.clear()
        wait(lambda: job.state == "stopped")

    def test_a_reloaded_page_finds_its_run(self, visitors):
        from dlfa.ui import jobs

        run = Steps()
        run.held.clear()
        job = jobs.start("run", MODEL, begin(run))
        visitors("Ada after a reload")
        assert jobs.mine() is None
        assert jobs.under_way("run") is job
        assert jobs.under_way("another") is None
        assert jobs.start("run", MODEL, begin(Steps())) is job
        run.held.set()
        wait(lambda: job.state == "done")
        assert jobs.under_way("run") is None

    def test_what_is_done_holds_neither_model_nor_examples(self, visitors):
        from dlfa.ui import jobs

        job = jobs.start("run", MODEL, begin(Steps()))
        wait(lambda: job.state == "done")
        assert (job.run, job.begin) == (None, None)
        assert (job.digest, job.total, job.stored) == ("steps", 6, False)
        assert jobs.start("run", MODEL, begin(Steps())) is not job  # and can be asked for again

    def test_what_is_dropped_is_gone(self, visitors):
        from dlfa.ui import jobs

        run = Steps(total=1_000_000)
        job = jobs.start("run", MODEL, begin(run))
        jobs.drop()
        assert jobs.mine() is None
        wait(lambda: job.state == "stopped")

    def test_one_that_waits_for_its_turn_ends_too(self, visitors, monkeypatch):
        from dlfa.ui import jobs, turns

        run = Steps()
        with turns._line(MODEL).turn(visitor="somebody else"):
            job = jobs.start("run", MODEL, begin(run))
            wait(lambda: job.ahead == 1)
            jobs.cancel()
            wait(lambda: job.state == "stopped")
        assert run.done == 0


def test_a_run_outwaits_a_line_that_sends_pages_away(visitors, monkeypatch):
    from dlfa.ui import jobs, turns

    line = turns._line(MODEL)
    monkeypatch.setattr(line, "patience", 0.05)
    with line.turn(visitor="somebody else"):
        job = jobs.start("run", MODEL, begin(Steps()))
        wait(lambda: job.ahead == 1)
        time.sleep(0.3)
        assert job.going
    wait(lambda: job.state == "done")
