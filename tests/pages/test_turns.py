"""From a page to the model and back: known results, stages, short jobs, many visitors."""

import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from tests.pages.conftest import MODEL
from tests.pages.visitor import Open, figures, messages, word

PAIRS = [(f"Visitor {at} reads {at} books.", f"Somebody reads {at} books.") for at in range(20)]


@pytest.fixture
def empty():
    """Nothing is known yet, and nothing stays."""
    from dlfa.ui.store import STORES

    for store in STORES:
        store.clear()
    yield
    for store in STORES:
        store.clear()


class TestPredictions:
    def test_come_in_the_order_asked_for_and_are_computed_once(self, warm, empty, monkeypatch):
        from dlfa.ui import cache
        from dlfa.ui.loading import fetch

        predictor, asked = fetch(MODEL), []
        answer = type(predictor).predict

        def counted(self, pairs, heads="all"):
            asked.extend(pairs)
            return answer(self, pairs, heads)

        monkeypatch.setattr(type(predictor), "predict", counted)
        found = cache.predictions(MODEL, PAIRS)
        straight = predictor.predict(PAIRS[3:4])[0]
        assert abs(baseline(found[3]) - baseline(straight)).max() < 0.02
        asked.clear()
        changed = [*PAIRS[:-1], ("A new premise.", "A new hypothesis.")]
        assert cache.predictions(MODEL, changed)[:-1] == found[:-1]
        assert asked == changed[-1:]

    def test_the_same_pair_twice_is_one_question(self, warm, empty):
        from dlfa.ui import cache
        from dlfa.ui.store import ANSWERS

        one, two = cache.predictions(MODEL, [PAIRS[0], PAIRS[0]])
        assert one is two
        assert ANSWERS.entries == 1

    def test_nobody_changes_what_all_share(self, warm, empty):
        from dlfa.ui import cache

        (answers,) = cache.predictions(MODEL, PAIRS[:1])
        with pytest.raises(ValueError, match="read-only"):
            answers[0].probabilities[0] = 1


class TestPortions:
    def test_are_of_a_size_that_fits_a_turn_whatever_the_pairs(self, warm, empty, monkeypatch):
        """On a clock that gives every sub-word a millisecond."""
        from dlfa.policy import policy
        from dlfa.ui import cache
        from dlfa.ui.loading import fetch

        portions, now = [], [0.0]

        def predict(self, pairs, heads="all"):
            took = len(pairs) * max(map(cache._size, pairs)) / 1_000
            portions.append((len(pairs), took))
            now[0] += took
            return [()] * len(pairs)

        monkeypatch.setattr(type(fetch(MODEL)), "predict", predict)
        monkeypatch.setattr(cache, "time", SimpleNamespace(monotonic=lambda: now[0]))
        long = [(f"{at} " + "word " * 600, "H.") for at in range(6)]
        assert cache._size(long[0]) == policy().max_tokens
        assert len(cache.predictions(MODEL, [*PAIRS, *long])) == 26
        assert portions[:6] == [(1, 0.512)] * 6  # one pair is the least
        assert sum(count for count, _took in portions[6:]) == 20
        assert all(count > 1 and took <= cache.GOAL for count, took in portions[6:])

    def test_a_size_is_about_a_pairs_sub_words_in_every_script(self, warm):
        from dlfa.data.parallel import own_items
        from dlfa.ui.cache import _size
        from dlfa.ui.loading import fetch

        predictor, items = fetch(MODEL), own_items("xnli")
        for code in items[0].text:
            pairs = [item.text[code] for item in items]
            real = sum(len(predictor.tokens(pair)) for pair in pairs)
            assert 1 < sum(map(_size, pairs)) / real < 3.5, code


class TestSteps:
    def test_are_gathered_once(self, warm, empty):
        from dlfa.ui.cache import in_steps
        from dlfa.ui.store import STUDIES

        done = []

        def jobs(_predictor):
            return [lambda at=at: done.append(at) or at for at in range(5)]

        for _ in range(2):
            assert in_steps(MODEL, ("sum", 5), jobs, sum) == 10
        assert done == [0, 1, 2, 3, 4]
        assert STUDIES.entries == 1  # the parts went when the whole was there

    def test_go_on_where_a_visitor_left(self, warm, empty):
        from dlfa.ui.cache import in_steps

        done: list[int] = []

        class LeftError(BaseException):
            pass

        def jobs(_predictor, stop=99):
            def job(at):
                if at == stop:
                    raise LeftError
                done.append(at)
                return at

            return [lambda at=at: job(at) for at in range(5)]

        with pytest.raises(LeftError):
            in_steps(MODEL, "left", lambda predictor: jobs(predictor, stop=3), sum)
        assert done == [0, 1, 2]
        assert in_steps(MODEL, "left", jobs, sum) == 10
        assert done == [0, 1, 2, 3, 4]

    def test_who_was_let_in_is_not_sent_away_midway(self, warm, empty, monkeypatch):
        from dlfa.ui import turns
        from dlfa.ui.cache import in_steps

        line = turns._line(MODEL)

        def jobs(_predictor):
            return [lambda at=at: fill(at) for at in range(3)]

        def fill(at):
            monkeypatch.setattr(line, "longest", 0)  # from now on everybody else is refused
            return at

        assert in_steps(MODEL, "let in", jobs, sum) == 3

    def test_who_waited_takes_what_a_twin_has_finished_meanwhile(self, warm, empty, monkeypatch):
        from dlfa.ui import turns
        from dlfa.ui.loading import known
        from dlfa.ui.store import STUDIES

        done: list[int] = []

        @contextmanager
        def turn(*_where, **_options):
            STUDIES.put((known(MODEL).source, "same"), "the twin's")
            yield

        monkeypatch.setattr(turns, "turn", turn)
        jobs = [lambda: done.append(1)] * 3
        assert turns.in_steps(MODEL, "same", lambda _predictor: jobs, len) == "the twin's"
        assert done == []

    def test_a_failure_is_not_kept(self, warm, empty):
        from dlfa.errors import TextError
        from dlfa.ui.cache import in_turn

        def fail(_predictor):
            raise TextError("error.text.empty")

        with pytest.raises(TextError):
            in_turn(MODEL, "key", fail)
        assert in_turn(MODEL, "key", lambda _predictor: 7) == 7


def baseline(answers):
    return answers[0].probabilities


def test_twenty_visitors_at_once_get_their_own_answers(warm, empty, monkeypatch):
    """On the shipped model: five leave midway, everybody else is answered, and rightly."""
    from dlfa.ui import cache, loading, turns

    here = threading.local()
    monkeypatch.setattr(turns, "visitor", lambda: here.name)
    found: dict[int, object] = {}
    ready = threading.Barrier(len(PAIRS))

    class LeftError(BaseException):
        pass

    def leave(_predictor):
        raise LeftError

    def visit(at: int) -> None:
        here.name = f"visitor {at}"
        ready.wait()
        try:
            if at % 4 == 0:
                cache.in_turn(MODEL, at, leave)
            found[at] = cache.predictions(MODEL, [PAIRS[at], PAIRS[(at + 1) % 20]])
        except LeftError:
            found[at] = "left"

    threads = [threading.Thread(target=visit, args=(at,)) for at in range(len(PAIRS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    assert turns.waiting(MODEL) == 0
    assert [at for at in range(20) if found[at] == "left"] == [0, 4, 8, 12, 16]
    for at in set(range(20)) - {0, 4, 8, 12, 16}:
        (alone,) = loading.fetch(MODEL).predict([PAIRS[at]])
        assert abs(baseline(found[at][0]) - baseline(alone)).max() < 0.02


class TestOnThePage:
    def test_a_line_that_does_not_move_is_a_sentence(self, open_app: Open, empty, monkeypatch):
        from dlfa.ui import turns

        line = turns._line(MODEL)
        monkeypatch.setattr(line, "patience", 0.3)
        with line.turn(visitor="somebody else"):
            app = open_app()
        assert messages(app) == [word("ui.queue.busy", seconds=0)]
        app.run()
        assert messages(app) == []
        assert figures(app)
