"""A run: partial results, stopping and going on, two at once, faults of the machine."""

import subprocess
import sys
import weakref
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import numpy as np
import pytest
import torch

WORDS = "a dog runs in the park while two cats sleep on it".split()


def pairs(count: int = 150, languages: str = "en de") -> list:
    """Labelled pairs of lengths that lean on the label."""
    from dlfa.analysis.examples import Labelled

    generator = np.random.default_rng(0)

    def text(words: int) -> str:
        return " ".join(generator.choice(WORDS, words))

    return [
        Labelled(str(at), code, at % 3, (text(2 + at % 9 + 5 * (at % 3)), text(3)), str(at // 3))
        for code in languages.split()
        for at in range(count)
    ]


@pytest.fixture
def start(tiny_predictor, monkeypatch, tmp_path):
    """Runs over the same pairs that keep their chunks in a folder of this test's own."""
    from dlfa.analysis import runs

    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(runs, "LARGEST_ELSEWHERE", 64)

    def run(**options: object):
        made = {"heads": ("baseline", "D_1", "D_2_aff"), "store": True} | options
        return runs.Run(made.pop("predictor", tiny_predictor), pairs(), **made)

    return run


def whole(run, tokens: int = 256):
    for _ in run.go(tokens=tokens):
        pass
    return run.evaluation()


def same(one, other) -> None:
    for name in ("ids", "languages", "answers", "probabilities", "gates", "tokens", "overlap"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


class TestPartial:
    def test_nothing_is_said_before_the_first_chunk_is_whole(self, start):
        run = start()
        assert run.evaluation() is None
        seen = 0
        for progress in run.go(tokens=64):
            found = run.evaluation()
            assert (0 if found is None else len(found.ids)) == progress.done <= progress.answered
            assert progress.answered <= progress.total == 300
            seen += not progress.whole
        assert seen > 5
        assert run.evaluation().complete

    def test_a_partial_result_says_of_how_many_it_is(self, start):
        run = start()
        for progress in run.go(tokens=256):
            if progress.whole:
                break
        found = run.evaluation()
        assert not found.complete
        assert found.settings["total"] == 300
        assert len(found.ids) == progress.done

    def test_examples_come_in_their_own_order(self, start):
        found = whole(start())
        assert found.ids.tolist() == [one.id for one in pairs()]

    def test_every_job_has_its_turn(self, start):
        turns = []

        @contextmanager
        def turn():
            turns.append("in")
            yield
            turns.append("out")

        run = start(store=False)
        steps = sum(1 for _ in run.go(turn, tokens=256))
        assert turns == ["in", "out"] * (len(turns) // 2)
        assert len(turns) // 2 >= steps - len(run.chunks)

    def test_what_a_batch_holds_moves_no_answer(self, start):
        few, many = (start(store=False) for _ in range(2))
        for run, tokens in ((few, 40), (many, 4096)):
            for _ in run.go(tokens=tokens):
                pass
        one, other = few.evaluation(), many.evaluation()
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-4)
        np.testing.assert_array_equal(one.answers, other.answers)

    def test_it_is_what_the_model_says_one_by_one(self, start, tiny_predictor):
        found = whole(start())
        for at in (0, 7, 160, 299):
            (answers,) = tiny_predictor.predict([pairs()[at].pair], found.heads)
            for column, answer in enumerate(answers):
                np.testing.assert_allclose(
                    found.probabilities[at, column], answer.probabilities, atol=1e-5
                )
                assert found.tokens[at] == answer.tokens


class TestStopping:
    def test_whole_chunks_are_kept_and_the_rest_is_done_later(self, start):
        run = start()
        going = run.go(tokens=64)
        while run.done < 100:
            last = next(going)
        going.close()
        again = start()
        assert again.kept == run.done >= 100
        rows = np.flatnonzero(again._found.there)
        same(again.evaluation(), run.evaluation())
        assert len(rows) < 300
        same(whole(again, 64), whole(start(store=False), 64))
        assert last.total == 300

    def test_a_finished_run_is_read_and_not_done_again(self, start, monkeypatch):
        from dlfa.analysis.passes import Passes

        first = whole(start())
        monkeypatch.setattr(Passes, "_take", lambda *_: pytest.fail("computed again"))
        again = start(command="again")
        assert again.kept == again.total
        same(whole(again), first)
        assert again.evaluation().provenance.command == "again"

    def test_another_order_of_labels_is_another_run(self, start, tiny_predictor, monkeypatch):
        whole(start())
        labels = list(reversed(tiny_predictor.model.config.labels))
        monkeypatch.setattr(tiny_predictor.model.config, "labels", labels)
        assert start().kept == 0

    def test_other_weights_from_a_folder_of_the_same_name_are_another_run(
        self, start, tiny_predictor, monkeypatch
    ):
        assert tiny_predictor.weights  # its encoder comes from a folder
        whole(start())
        monkeypatch.setitem(tiny_predictor.__dict__, "weights", "others")
        assert start().kept == 0

    @pytest.mark.parametrize(
        "other", [{"seed": 1}, {"heads": ("baseline",)}, {"max_length": 8}, {"changes": ("half",)}]
    )
    def test_another_run_does_not_take_its_chunks(self, start, other):
        whole(start())
        assert start(**other).kept == 0

    def test_a_damaged_chunk_is_done_again(self, start):
        run = start()
        going = run.go(tokens=256)
        while run.done < 200:
            next(going)
        going.close()
        file = sorted(run.store.folder.glob("chunk-*.npz"))[1]
        file.write_bytes(b"not a chunk")
        again = start()
        assert 0 < again.kept < run.done
        same(whole(again), whole(start(store=False)))

    def test_who_is_behind_takes_over_what_another_has_finished(self, start, monkeypatch):
        from dlfa.analysis.passes import Passes

        behind = start()
        going = behind.go(tokens=256)
        while behind.done < 100:
            next(going)
        first = whole(start())  # finishes, and drops the chunks
        monkeypatch.setattr(Passes, "_take", lambda *_: pytest.fail("computed again"))
        *_, last = going
        assert last.done == last.total
        same(behind.evaluation(), first)

    def test_runs_with_several_changes_leave_nothing_on_disk(self, start):
        run = start(changes=("trained", "shut"))
        for _ in run.go(tokens=256):
            pass
        assert set(run.evaluations()) == {"trained", "shut"}
        assert not run.store.folder.exists()

    def test_old_runs_are_tidied_up_though_none_ever_finishes(self, start, monkeypatch):
        from dlfa.analysis import store

        monkeypatch.setattr(store, "IN_USE", 0.0)
        for seed in range(4):
            run = start(seed=seed)
            run.store.limit = 1
            going = run.go(tokens=256)
            while not run.done:
                next(going)
            going.close()
        assert [path.name for path in run.store.root.iterdir()] == [run.digest]

    def test_two_that_do_the_same_at_once_both_end_well(self, start):
        runs = [start(), start()]
        found: dict[int, object] = {}
        threads = [
            Thread(target=lambda at=at, run=run: found.update({at: whole(run)}))
            for at, run in enumerate(runs)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        same(found[0], found[1])
        assert (runs[0].store.record / "run.json").is_file()


@pytest.mark.slow
class TestProcesses:
    """The same run in processes of their own, as the page and the command line are."""

    @pytest.fixture
    def process(self, tiny_checkpoint, tmp_path):
        script = (
            "import os, signal, sys\n"
            "from dlfa.analysis.predict import load\n"
            "from dlfa.analysis.evaluation import begin\n"
            "from dlfa.analysis import runs\n"
            "runs.LARGEST_ELSEWHERE = 45\n"
            f"run = begin(load({str(tiny_checkpoint)!r}), split='built-in')\n"
            "print(run.kept, flush=True)\n"
            "for progress in run.go(tokens=64):\n"
            "    if 'kill' in sys.argv and progress.done > 130 and not progress.whole:\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "print(run.done, run.total, run.evaluation().answers.sum())\n"
        )
        environment = {"DLFA_CACHE_DIR": str(tmp_path), "PATH": "", "DLFA_DTYPE": "float32"}

        def start(*arguments: str) -> subprocess.Popen:
            return subprocess.Popen(
                [sys.executable, "-c", script, *arguments],
                env=environment | {"OMP_NUM_THREADS": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )

        return start

    def test_one_that_is_killed_loses_no_whole_chunk(self, process):
        """`kill -9` in the middle, then the same command again."""
        killed = process("kill")
        said, told = killed.communicate()
        assert killed.returncode == -9, told
        assert said.split() == ["0"]
        again, _ = process().communicate()
        kept, done, total, _answers = map(int, again.split())
        assert 130 < kept < done == total

    def test_two_that_do_the_same_at_once_both_end_well(self, process, tmp_path):
        both = [process(), process()]
        found = [one.communicate()[0].split()[1:] for one in both]
        assert [one.returncode for one in both] == [0, 0]
        assert found[0] == found[1]
        (run,) = (tmp_path / "evaluations").iterdir()
        assert [path.name for path in run.iterdir()] == ["record"]


class TestMachine:
    def test_a_full_memory_halves_the_batches_and_goes_on(self, start, tiny_predictor, monkeypatch):
        sizes = []
        real = type(tiny_predictor).measured

        def small(self, batch, heads):
            sizes.append(batch["input_ids"].numel())
            if sizes[-1] > 100:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return real(self, batch, heads)

        wanted = whole(start(store=False))
        monkeypatch.setattr(type(tiny_predictor), "measured", small)
        run = start(store=False)
        for _ in run.go(tokens=512):
            pass
        np.testing.assert_allclose(run.evaluation().probabilities, wanted.probabilities, atol=1e-5)
        refused = sum(size > 100 for size in sizes)
        assert 0 < refused < 12  # only until the budget was small enough

    def test_a_batch_that_did_not_fit_is_given_back_before_the_next_try(
        self, start, tiny_predictor, monkeypatch
    ):
        alive: list[weakref.ref] = []
        real = type(tiny_predictor).measured

        def small(self, batch, heads):
            assert not any(one() is not None for one in alive)
            if batch["input_ids"].numel() > 100:
                held = torch.zeros(batch["input_ids"].shape)
                alive.append(weakref.ref(held))
                raise torch.OutOfMemoryError("CUDA out of memory")
            return real(self, batch, heads)

        monkeypatch.setattr(type(tiny_predictor), "measured", small)
        assert whole(start(store=False), 512).complete
        assert len(alive) > 1

    def test_one_example_too_large_for_the_memory_is_named(
        self, start, tiny_predictor, monkeypatch
    ):
        from dlfa.errors import MemoryFullError

        def none(self, batch, heads):
            raise torch.OutOfMemoryError("CUDA out of memory")

        monkeypatch.setattr(type(tiny_predictor), "measured", none)
        with pytest.raises(MemoryFullError, match="sub-words"):
            whole(start(store=False))

    def test_an_example_without_numbers_is_named_and_never_right(
        self, start, tiny_predictor, monkeypatch
    ):
        real = type(tiny_predictor).measured

        def broken(self, batch, heads):
            probabilities, gates = real(self, batch, heads)
            longest = batch["attention_mask"].sum(1).argmax()
            probabilities[longest, 1] = np.nan
            return probabilities, gates

        monkeypatch.setattr(type(tiny_predictor), "measured", broken)
        found = whole(start(store=False))
        wrong = found.answers < 0
        assert wrong[:, 1].any()
        assert not wrong[:, [0, 2]].any()
        assert not found.right[wrong].any()
        faults = found.settings["faults"]
        assert len(faults) == wrong.sum()
        at = int(np.flatnonzero(wrong[:, 1])[0])
        assert f"{found.ids[at]} ({found.languages[at]}): D_1" in faults

    def test_what_bfloat16_turned_is_counted(self, start, tiny_predictor, monkeypatch):
        real = type(tiny_predictor).measured

        def rough(self, batch, heads):
            probabilities, gates = real(self, batch, heads)
            probabilities[:, 0] = np.roll(probabilities[:, 0], 1, axis=-1)
            return probabilities, gates

        made = replace(tiny_predictor.provenance, dtype="bfloat16")
        monkeypatch.setitem(tiny_predictor.__dict__, "provenance", made)
        monkeypatch.setattr(type(tiny_predictor), "measured", rough)
        flips = whole(start(store=False)).settings["flips"]
        assert flips["answers"] == 3 * flips["examples"] == 3 * 96
        assert flips["turned"] >= 96  # the first head's, all of them
        assert flips["farthest"] > 0

    def test_float32_is_not_held_against_itself(self, start, tiny_predictor, monkeypatch):
        made = replace(tiny_predictor.provenance, dtype="float32")
        monkeypatch.setitem(tiny_predictor.__dict__, "provenance", made)
        assert "flips" not in whole(start(store=False)).settings


def test_own_pairs_never_reach_the_disk(tiny_predictor, monkeypatch, tmp_path) -> None:
    from dlfa.analysis.evaluation import begin

    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path))
    run = begin(tiny_predictor, split="own", examples=pairs(10), store=True)
    assert whole(run).complete
    assert not list(tmp_path.iterdir())


def test_a_head_or_language_named_twice_counts_once(tiny_predictor) -> None:
    from dlfa.analysis.evaluation import begin

    twice = {"heads": ("baseline", "baseline", "D_1"), "split": "built-in", "store": False}
    run = begin(tiny_predictor, ("en", "en"), **twice)
    assert run.heads == ("baseline", "D_1")
    assert run.total == 24


def test_no_example_is_said_in_words(tiny_predictor) -> None:
    from dlfa.analysis.runs import Run
    from dlfa.errors import InputError

    with pytest.raises(InputError):
        Run(tiny_predictor, [])


def test_gates_are_measured_with_the_answers(start, tiny_predictor) -> None:
    found = whole(start(store=False))
    assert np.isnan(found.gates[:, 0]).all()
    assert ((found.gates[:, 1:, :2] > 0) & (found.gates[:, 1:, :2] < 1)).all()
