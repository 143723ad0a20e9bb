"""Evaluate, as a visitor meets it: finished runs at once, new ones live, and what they say."""

import json
import re
import shlex
import time

import numpy as np
import pytest

from tests.pages.conftest import MODEL
from tests.pages.visitor import Open, alt_texts, everything_said, figures, messages, word

VIEWS = {
    "accuracy": {"accuracy"},
    "differences": {"differences", "languages", "stability-paper", "stability-aff"},
    "translations": {"agreement-languages", "agreement-heads"},
    "mistakes": {"mistakes"},
    "kinds": {"kinds"},
    "examples": set(),
    "against": {"against", "against-languages"},
}
FEW = {"source": "new", "langs": ["en", "sw"], "group": "paper"}


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """Runs of these tests are kept apart, and none goes on when a test is over."""
    from dlfa.ui import jobs

    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path / "cache"))
    yield tmp_path / "cache"
    for job in list(jobs._GOING.values()):
        job._seen.clear()
    wait(lambda: not jobs._GOING)


def wait(until, seconds=120.0):
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def finish(app):
    """Start the run that is asked for, and look until it is done."""
    app.button(key="start-run").click().run()
    job = app.session_state["job"]
    wait(lambda: not job.going)
    return app.run()


class TestFirstSight:
    def test_a_finished_run_is_there_without_a_click(self, open_app: Open):
        app = open_app("evaluate")
        assert messages(app) == []
        assert [title.value for title in app.title] == [word("evaluate.title")]
        assert set(figures(app)) == VIEWS["accuracy"]
        assert app.segmented_control(key="source").value == "stored"

    def test_published_numbers_are_named_and_stand_apart(self, open_app: Open):
        (figure,) = figures(open_app("evaluate")).values()
        *ours, published = figure["data"]
        assert "mBERT" in json.dumps(figure["layout"]["xaxis"])
        assert all(cells["coloraxis"] == "coloraxis" for cells in ours)
        assert "coloraxis" not in published  # not on our scale

    def test_says_what_its_intervals_are_about(self, open_app: Open):
        said = everything_said(open_app("evaluate"))
        part = word("evaluate.note.intervals.xnli", premises="N", backbone="e5-small")
        assert part.split("N ")[1].replace("\\", "") in said

    def test_an_encoder_without_heads_leads_on(self, open_app: Open):
        app = open_app("evaluate", model="mbert")
        assert messages(app) == []
        assert word("untrained.lead", name="mbert") in everything_said(app)

    def test_speaks_german_too(self, open_app: Open):
        app = open_app("evaluate", ui="de")
        assert messages(app) == []
        assert app.title[0].value == "Wie oft stimmt es?"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_a_link(open_app: Open, view):
    app = open_app("evaluate", result=view)
    assert messages(app) == []
    assert not app.toast
    assert set(figures(app)) == VIEWS[view]
    assert all(len(alt) > 40 for alt in alt_texts(app).values())
    assert word(f"evaluate.result.{view}.about") in everything_said(app)


@pytest.mark.parametrize(
    "query",
    [
        {"subject": "difference"},
        {"result": "differences", "head": "D_3"},
        {"result": "translations", "head": "baseline"},
        {"result": "mistakes", "where": "sw", "head": "D_1"},
        {"result": "kinds", "head": "D_2_aff"},
        {"result": "examples", "who": "head", "where": "ur"},
    ],
    ids=str,
)
def test_a_link_opens_what_was_chosen(open_app: Open, query):
    app = open_app("evaluate", **query)
    assert messages(app) == []
    assert not app.toast
    assert {key: app.query_params[key] for key in query} == query


class TestNewRun:
    def test_of_built_in_sentences_needs_no_data_set_and_says_first_what_it_takes(
        self, open_app: Open, monkeypatch
    ):
        monkeypatch.delenv("DLFA_DATA_DIR", raising=False)
        app = open_app("evaluate", **FEW)
        assert messages(app) == []
        told = word("evaluate.forecast.seconds", pairs=word("evaluate.pairs", count="48"), time="N")
        assert re.search(re.escape(told).replace("N", r"\d+"), everything_said(app))
        assert "48 " in everything_said(app)
        app = finish(app)
        assert messages(app) == []
        assert set(figures(app)) == {"accuracy"}

    def test_gives_the_same_answers_as_the_page_predict(self, open_app: Open):
        from dlfa.data.parallel import own_items
        from dlfa.ui.loading import fetch

        app = finish(open_app("evaluate", **FEW))
        found = app.session_state["job"].evaluation
        answers = {
            (str(one), str(code)): found.labels[answer]
            for one, code, answer in zip(
                found.ids, found.languages, found.answers[:, 0], strict=True
            )
        }
        items = own_items("xnli")[:6]
        predicted = fetch(MODEL).predict([item.text["sw"] for item in items])
        assert [answers[item.id, "sw"] for item in items] == [row[0].label for row in predicted]

    def test_while_it_goes_on_the_page_tells_how_far_it_is(self, open_app: Open, slowly):
        app = open_app("evaluate", **FEW)
        app.button(key="start-run").click().run()
        slowly.let(until=lambda: app.session_state["job"].progress)
        app.run()
        (bar,) = app.get("progress")
        assert " 48 " in bar.proto.text
        assert [button.key for button in app.button if button.key == "start-run"] == []
        assert word("evaluate.sidebar", words=bar.proto.text) in everything_said(app)

    def test_a_cancel_keeps_what_is_done_and_it_can_be_gone_on_with(self, open_app: Open, slowly):
        app = open_app("evaluate", **FEW | {"langs": ["en", "sw", "ur", "de"]})
        app.button(key="start-run").click().run()
        job = app.session_state["job"]
        slowly.let(until=lambda: job.evaluation is not None)
        app.button(key="cancel-run").click().run()
        assert word("evaluate.stopped") in everything_said(app)
        assert app.button(key="start-run").label == word("evaluate.resume")
        slowly.let_all()
        wait(lambda: not job.going)
        app.run()
        assert 0 < len(job.evaluation.ids) < 96
        assert set(figures(app)) == {"accuracy"}  # of what is there
        app = finish(app)
        assert len(job.evaluation.ids) == 96
        assert word("evaluate.stopped") not in everything_said(app)

    def test_a_reloaded_page_finds_the_run_under_way(self, open_app: Open, slowly):
        wanted = FEW | {"langs": ["en", "sw", "ur", "de"], "group": "chosen", "heads": ["D_8"]}
        app = open_app("evaluate", **wanted)
        app.button(key="start-run").click().run()
        job = app.session_state["job"]
        slowly.let(until=lambda: job.progress)
        app.run()
        step = job.progress
        kept = word("evaluate.cancel.kept", kept=step.done, answered=step.answered)
        assert kept in everything_said(app)
        address = dict(app.query_params)
        assert set(wanted) < set(address)
        app = open_app("evaluate", **address)
        since = range(step.answered, step.total + 1)  # it may have gone on meanwhile
        words = {word("evaluate.watch", answered=now, total=step.total) for now in since}
        assert app.button(key="start-run").label in words
        app.button(key="start-run").click().run()
        assert app.session_state["job"] is job
        assert app.button(key="cancel-run")

    def test_a_result_of_earlier_settings_says_so(self, open_app: Open):
        app = finish(open_app("evaluate", **FEW))
        assert word("evaluate.earlier") not in everything_said(app)
        assert word("evaluate.some.only", names="en, sw") in everything_said(app)
        app.multiselect(key="langs").set_value(["en"]).run()
        assert word("evaluate.earlier") in everything_said(app)

    def test_can_be_started_where_the_forecast_is_not_measured(self, open_app: Open, monkeypatch):
        from dlfa.errors import BusyError
        from dlfa.ui.evaluate import forecast

        def refuse(*_args):
            raise BusyError("evaluate.busy.yours")

        monkeypatch.setattr(forecast, "in_turn", refuse)
        app = open_app("evaluate", **FEW)
        assert messages(app) == []
        pairs = word("evaluate.pairs", count="48")
        assert word("evaluate.forecast.busy", pairs=pairs) in everything_said(app)
        assert app.button(key="start-run")

    def test_other_pages_work_meanwhile_and_the_side_bar_tells_of_the_run(
        self, open_app: Open, slowly
    ):
        app = open_app("evaluate", **FEW)
        app.button(key="start-run").click().run()
        app.switch_page("pages/predict.py").run()
        assert messages(app) == []
        assert figures(app)
        assert app.session_state["job"].going
        start = word("evaluate.sidebar", words="")
        assert start in everything_said(app)

    def test_a_failure_midway_is_a_sentence(self, open_app: Open, monkeypatch):
        from dlfa.analysis import evaluation
        from dlfa.errors import MissingDataError

        app = open_app("evaluate", **FEW)

        def fail(*_args, **_options):
            raise MissingDataError("error.data.missing", name="x", config="sw", split="test")

        monkeypatch.setattr(evaluation, "begin", fail)
        app = finish(app)
        assert messages(app) == [word("error.data.missing", name="x", config="sw", split="test")]
        assert app.button(key="start-run")

    def test_too_many_runs_are_a_sentence(self, open_app: Open, monkeypatch):
        from dlfa.ui import jobs

        app = open_app("evaluate", **FEW)
        monkeypatch.setattr(jobs, "MOST", 0)
        app.button(key="start-run").click().run()
        assert messages(app) == [word("evaluate.busy.all", running=0)]

    def test_the_command_beside_it_asks_for_the_same_run(self, open_app: Open):
        from dlfa.analysis.evaluation import begin
        from dlfa.ui.loading import fetch

        app = finish(open_app("evaluate", **FEW))
        command = shlex.split(app.code[-1].value)
        assert command[:4] == ["python", "-m", "dlfa", "evaluate"]
        said = options(command)
        assert said["--model"] == [MODEL]
        again = begin(
            fetch(MODEL),
            said["--languages"],
            split=said["--split"][0],
            heads=said["--heads"],
            seed=int(said["--seed"][0]),
        )
        assert again.digest == app.session_state["job"].digest
        assert again.kept == again.total == 48


def options(command: list[str]) -> dict[str, list[str]]:
    """What stands behind each option of a command."""
    found: dict[str, list[str]] = {}
    for part in command:
        if part.startswith("--"):
            found[part] = []
        elif found:
            found[list(found)[-1]].append(part)
    return found


class TestTwoRuns:
    def test_are_held_against_each_other(self, open_app: Open):
        finish(open_app("evaluate", **FEW))
        app = finish(open_app("evaluate", **FEW | {"langs": ["en"], "result": "against"}))
        assert len(app.selectbox(key="other").options) == 1  # of those on the same pairs
        assert messages(app) == []
        assert set(figures(app)) == {"against", "against-languages"}
        languages = word(
            "evaluate.against.fact", fact=word("evaluate.fact.languages"), first="1", second="2"
        )
        assert word("evaluate.against.differs", facts=languages) in everything_said(app)


class TestLinkToARun:
    def test_that_is_not_here_says_what_is_shown_instead(self, open_app: Open):
        app = open_app("evaluate", record="0123456789abcdef01234567")
        assert not app.toast
        told = word("evaluate.record.missing"), word("evaluate.record.instead.shipped")
        assert " ".join(told) in everything_said(app)
        assert set(figures(app)) == {"accuracy"}


class TestPublic:
    @pytest.fixture
    def public(self, monkeypatch):
        monkeypatch.setenv("DLFA_PUBLIC", "1")
        monkeypatch.delenv("DLFA_DATA_DIR", raising=False)

    def test_no_visitor_makes_it_fetch_a_corpus(self, open_app: Open, public):
        app = open_app("evaluate", source="new", set="test")
        assert [toast.value for toast in app.toast] == [
            word("ui.address.ignored.link", names="set")
        ]
        assert app.segmented_control(key="set").value == "built-in"
        app = open_app("evaluate", result="examples")
        assert messages(app) == []
        assert word("evaluate.examples.textless") in everything_said(app)
        assert word("evaluate.examples.caption") not in everything_said(app)

    def test_a_run_that_is_too_large_is_refused_with_the_way_out(
        self, open_app: Open, public, monkeypatch
    ):
        from dataclasses import replace

        from dlfa import policy

        monkeypatch.setattr(policy, "PUBLIC", replace(policy.PUBLIC, max_evaluated=40))
        app = open_app("evaluate", **FEW)
        assert messages(app) == [word("error.policy.evaluated", pairs=48, limit=40)]
        assert "start-run" not in [button.key for button in app.button]


class TestTakenAlong:
    def test_the_record_is_what_the_page_shows(self, open_app: Open, tmp_path):
        from dlfa.analysis.records import EXAMPLES, RUN, read
        from dlfa.ui.evaluate.shown import Shown
        from dlfa.ui.evaluate.take import record_file

        found = finish(open_app("evaluate", **FEW)).session_state["job"].evaluation
        shown = Shown(model=MODEL, key=("x",), title="", evaluation=found, command="")
        for name in (RUN, EXAMPLES):
            (tmp_path / name).write_bytes(record_file(shown, name))
        again = read(tmp_path)
        assert again.ids.tolist() == found.ids.tolist()
        np.testing.assert_array_equal(again.answers, found.answers)


class TestDisagreements:
    @pytest.fixture
    def found(self):
        from dlfa.results import Evaluation
        from tests.unit.test_results import PROVENANCE

        generator = np.random.default_rng(0)
        probabilities = generator.dirichlet([1, 1, 1], (60, 2)).astype(np.float32)
        return Evaluation(
            ids=np.array([f"item-{at % 20}" for at in range(60)]),
            premises=np.array([f"item-{at % 20}" for at in range(60)]),
            languages=np.repeat(["en", "sw", "ur"], 20),
            genres=np.array([""] * 60),
            gold=generator.integers(0, 3, 60),
            tokens=np.full(60, 9),
            overlap=np.full(60, np.nan),
            negation=np.full(60, -1),
            answers=probabilities.argmax(-1),
            probabilities=probabilities,
            gates=None,
            heads=("baseline", "D_1"),
            labels=("a", "b", "c"),
            settings={},
            provenance=PROVENANCE,
        )

    def test_are_those_and_only_those_where_the_two_differ(self, found):
        from dlfa.ui.evaluate.disagreements import disagreements

        rows = disagreements(found, "D_1")
        differ = found.answers[:, 0] != found.answers[:, 1]
        assert sorted(rows) == np.flatnonzero(differ).tolist()

    def test_fall_into_three_kinds(self, found):
        from dlfa.ui.evaluate.disagreements import WHO, disagreements

        sets = {who: set(disagreements(found, "D_1", who=who).tolist()) for who in WHO}
        assert sets["head"] | sets["baseline"] | sets["neither"] == sets["any"]
        assert not sets["head"] & sets["baseline"]
        assert all(found.right[row, 1] for row in sets["head"])
        assert not any(found.right[list(sets["neither"])].ravel())

    def test_can_be_of_one_language(self, found):
        from dlfa.ui.evaluate.disagreements import disagreements

        rows = disagreements(found, "D_1", "sw")
        assert set(found.languages[rows]) == {"sw"}

    def test_of_several_languages_take_turns_where_nobody_knows_how_sure_they_are(self, found):
        from dataclasses import replace

        from dlfa.ui.evaluate.disagreements import disagreements

        rows = disagreements(replace(found, probabilities=None), "D_1")
        assert sorted(rows) == sorted(disagreements(found, "D_1"))
        assert set(found.languages[rows[:3]]) == {"en", "sw", "ur"}
        assert found.languages[rows[0]] == found.languages[rows[3]]

    def test_come_with_the_surest_first(self, found):
        from dlfa.ui.evaluate.disagreements import disagreements

        margins = found.margins[disagreements(found, "D_1")].min(axis=1)
        assert (np.diff(margins) <= 0).all()


class TestOpening:
    @pytest.fixture
    def app(self, open_app: Open):
        from dataclasses import replace

        app = finish(open_app("evaluate", **FEW | {"result": "examples"}))
        job = app.session_state["job"]
        answers = job.evaluation.answers.copy()
        answers[0, job.evaluation.heads.index("D_3")] = (answers[0, 0] + 1) % 3
        job.evaluation = found = replace(job.evaluation, answers=answers)
        key = job.digest, len(found.ids)
        app.session_state["picked_example"] = (key, str(found.ids[0]), str(found.languages[0]))
        return app.selectbox(key="head").set_value("D_3").run()

    @pytest.mark.parametrize("page", ["predict", "gates"])
    def test_a_disagreement_shows_both_answers(self, app, page):
        app.button(key=f"open-{page}").click().run()
        assert app.session_state["heads"] == ["baseline", "D_3"]
        assert (app.session_state["layer"], app.session_state["gate"]) == (3, "paper")


@pytest.fixture
def slowly(monkeypatch):
    """Runs take their steps only when they are let."""
    from contextlib import contextmanager
    from threading import Semaphore

    from dlfa.ui import jobs

    gate, turn = Semaphore(0), jobs.patient_turn

    class Steps:
        @staticmethod
        def let(count=1, until=None):
            if until is None:
                gate.release(count)
                return
            end = time.monotonic() + 60
            while not until():
                assert time.monotonic() < end, "waited in vain"
                gate.release()
                time.sleep(0.2)

        @staticmethod
        def let_all():
            gate.release(1_000_000)

    @contextmanager
    def held(model, line, tell):
        gate.acquire()
        with turn(model, line, tell):
            yield

    monkeypatch.setattr(jobs, "patient_turn", held)
    yield Steps
    Steps.let_all()


class TestOwnData:
    ROWS = (
        ("Marmot 71 sleeps.", "An animal rests.", "entailment"),
        ("It is red.", "No.", "neutral"),
    )

    @pytest.fixture
    def app(self, open_app: Open):
        lines = ["premise,hypothesis,label", *(",".join(row) for row in self.ROWS)]
        app = open_app("evaluate", source="new", set="own", group="paper")
        assert "start-run" not in [button.key for button in app.button]
        upload = next(one for one in app.get("file_uploader") if "own-file" in one.proto.id)
        upload.upload("own.csv", "\n".join(lines).encode("utf-8-sig"), "text/csv").run()
        return finish(app)

    def test_is_evaluated_like_any_other(self, app):
        assert messages(app) == []
        assert set(figures(app)) == {"accuracy"}
        found = app.session_state["job"].evaluation
        assert len(found.ids) == 2
        assert found.settings["split"] == "own"

    def test_is_named_by_its_file(self, app):
        assert f"{word('evaluate.set.own')}: own.csv" in everything_said(app)

    def test_goes_with_its_file(self, app):
        from dlfa.ui.store import STUDIES

        digest = app.session_state["job"].digest
        assert any(digest in key for key in STUDIES._kept)
        app.button(key="own-forget").click().run()
        assert messages(app) == []
        assert "job" not in app.session_state
        assert "asked_run" not in app.session_state
        assert not any(digest in key for key in STUDIES._kept)
        assert not figures(app)

    def test_leaves_no_sentence_in_what_visitors_share(self, app):
        from dlfa.ui.store import STORES

        for store in STORES:
            assert "Marmot 71" not in repr(list(store._kept.items()))

    def test_has_its_sentences_in_the_table_of_examples(self, app):
        from dlfa.ui.evaluate.corpora import sentences
        from dlfa.ui.evaluate.shown import Shown

        asked = app.session_state["asked_run"]
        own = {(pair.id, pair.language): pair.pair for pair in asked.own}
        found = app.session_state["job"].evaluation
        shown = Shown(model=MODEL, key=("o",), title="", evaluation=found, command="", own=own)
        keys = list(zip(found.ids.tolist(), found.languages.tolist(), strict=True))
        texts = sentences(shown, [*keys, ("nobody", "en")])
        assert sorted(texts.values()) == sorted(row[:2] for row in self.ROWS)
        app.segmented_control(key="result").set_value("examples").run()
        assert messages(app) == []

    def test_stays_in_the_session_and_never_reaches_the_disk(self, app, own_cache, open_app: Open):
        from dlfa.analysis.store import stored

        assert [run for run in stored() if not run.shipped] == []
        files = [file for file in own_cache.rglob("*") if file.is_file()]
        assert not any(b"Marmot" in file.read_bytes() for file in files)
        assert not figures(open_app("evaluate", source="new", set="own"))  # somebody else

    def test_the_lines_beside_it_make_the_same_numbers(self, app, own_cache, tmp_path, monkeypatch):
        import dlfa
        from dlfa.ui import loading

        lines = ["premise,hypothesis,label", *(",".join(row) for row in self.ROWS)]
        (tmp_path / "own.csv").write_text("\n".join(lines), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(dlfa, "load", loading.fetch)  # loaded already
        made: dict[str, object] = {}
        exec(compile(app.code[-1].value, "own", "exec"), made)
        shown = app.session_state["job"].evaluation
        np.testing.assert_allclose(made["found"].accuracies.average, shown.right.mean(0))
