"""A run over tagged sentences: the tags of a plain loop, kept on disk, in any order."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.integration.plain_loop import plain_tags
from tests.integration.tagger import save_tagger
from tests.unit.analysis.tagger import sentences, shuffled

HEADS = ("baseline", "D_1", "D_2_aff")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return save_tagger(tmp_path_factory.mktemp("tagger"))


@pytest.fixture(scope="module")
def predictor(folder):
    """Computes in float32 wherever the tests run."""
    from dlfa.analysis.predict import load

    found = load(folder)
    found.hardware = replace(found.hardware, bf16=False)
    return found


@pytest.fixture
def start(predictor, monkeypatch, tmp_path):
    from dlfa.analysis import runs

    monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(runs, "FIRST", 16)
    monkeypatch.setattr(runs, "LARGEST_ELSEWHERE", 16)
    settings = {"task": "ner", "split": "validation", "limit": None}

    def run(examples=None, **options):
        made = {"heads": HEADS, "store": True, "settings": settings} | options
        return runs.Run(predictor, examples or sentences(), **made)

    return run


def whole(run, tokens: int = 256):
    for _ in run.go(tokens=tokens):
        pass
    return run.evaluation()


def same(one, other) -> None:
    for name in ("ids", "languages", "tokens", "sizes", "cut", "gold", "answers"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_the_engine_equals_a_plain_loop_with_seqeval_on_top(start, folder, predictor) -> None:
    from seqeval.metrics import f1_score

    from dlfa.analysis.reports import report
    from dlfa.model.backbones import load_encoder

    run = start(store=False)
    found, told = whole(run), report(run.evaluation(), draws=20).accuracies
    encoder = load_encoder(str(folder.parent / "encoder"))
    words = [one.words for one in run.examples]
    loop = plain_tags(
        encoder.model, predictor.tokenizer, folder, words, HEADS, predictor.max_tokens
    )
    np.testing.assert_array_equal(found.answers, np.concatenate(loop))
    assert found.cut.sum() == 2 * (1 + 28)  # a word of nothing; what there is no room for
    names = np.array([*found.labels, "O"])  # the last: no answer is outside of every span
    for at, code in enumerate(told.languages):
        mine = [place for place, one in enumerate(run.examples) if one.language == code]
        wanted = [names[list(run.examples[place].tags)].tolist() for place in mine]
        for head in range(len(HEADS)):
            said = [names[loop[place][:, head]].tolist() for place in mine]
            assert told.share[head, at] == pytest.approx(f1_score(wanted, said), abs=1e-9)


class TestOnTheWay:
    def test_partial_results_grow_chunk_by_chunk(self, start):
        run, seen = start(), []
        for progress in run.go(tokens=64):
            found = run.evaluation()
            assert (0 if found is None else len(found.ids)) == progress.done
            seen.append(progress.done)
            if 0 < progress.done < progress.total:
                assert not found.complete
                assert len(found.gold) == found.sizes.sum() == len(found.answers)
        assert len(set(seen)) > 3
        assert run.evaluation().complete

    def test_a_run_that_was_stopped_goes_on_and_equals_one_that_was_not(self, start):
        run = start()
        going = run.go(tokens=64)
        while run.done < 30:
            next(going)
        going.close()
        again = start()
        assert again.kept == run.done >= 30
        same(again.evaluation(), run.evaluation())
        same(whole(again, 64), whole(start(store=False), 64))

    def test_a_finished_run_is_read_and_not_done_again(self, start, monkeypatch):
        from dlfa.analysis.tag_passes import TagPasses

        first = whole(start())
        monkeypatch.setattr(TagPasses, "_take", lambda *_: pytest.fail("computed again"))
        again = start(command="again")
        assert again.kept == again.total
        same(whole(again), first)
        assert again.evaluation().provenance.command == "again"

    def test_what_a_batch_holds_moves_no_tag(self, start):
        same(whole(start(store=False), 64), whole(start(store=False), 4096))

    def test_the_order_of_examples_changes_no_tag(self, start):
        given = sentences()
        one = whole(start(given, store=False))
        order = np.random.default_rng(0).permutation(len(given))
        same(whole(start([given[at] for at in order], store=False)), shuffled(one))

    def test_a_full_memory_halves_the_batches(self, start, predictor, monkeypatch):
        import torch

        wanted, logits = whole(start(store=False)), predictor.frozen.logits

        def narrow(heads, input_ids, **rest):
            if input_ids.numel() > 100:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return logits(heads, input_ids=input_ids, **rest)

        monkeypatch.setattr(predictor.frozen, "logits", narrow)
        same(whole(start(store=False)), wanted)


def test_other_tags_are_another_run(start) -> None:
    whole(start())
    given = sentences()
    given[0] = replace(given[0], tags=tuple((tag + 1) % 7 for tag in given[0].tags))
    assert start(given).kept == 0


def test_the_gates_controls_are_refused_in_words(start) -> None:
    from dlfa.errors import InputError

    with pytest.raises(InputError, match="ner"):
        start(changes=("shut",))


def test_words_without_numbers_are_named(start, predictor, monkeypatch) -> None:
    logits = predictor.frozen.logits

    def broken(heads, **given):
        found = logits(heads, **given)
        found[:, 1] = float("nan")
        return found

    monkeypatch.setattr(predictor.frozen, "logits", broken)
    found = whole(start(store=False))
    assert (found.answers[:, 1] == -1).all()
    assert len(found.settings["faults"]) == len(found.ids)
    assert found.settings["faults"][0].endswith("D_1")


class TestRecords:
    def test_read_back_they_say_the_same(self, start, tmp_path):
        from dlfa.analysis import records
        from dlfa.analysis.reports import metrics, report

        run = whole(start())
        first, *further = (report(run, metric, draws=50) for metric in metrics(run))
        records.write(run, tmp_path / "record", report=first, further=further)
        back = records.read(tmp_path / "record")
        same(back, run)
        assert (back.heads, back.labels, back.settings) == (run.heads, run.labels, run.settings)
        content = records.read_summary(tmp_path / "record")
        row = content["summary"]["de"]["D_1"]
        assert row["low"] <= row["f1"] <= row["high"]
        assert content["averages"]["D_1"]["f1"] == pytest.approx(
            np.mean([content["summary"][code]["D_1"]["f1"] for code in ("en", "de")]), abs=1e-6
        )
        assert set(content["further"]) == {"word_accuracy"}

    def test_no_text_is_in_them(self, start, tmp_path):
        from dlfa.analysis import records

        records.write(whole(start()), tmp_path / "record")
        for file in (tmp_path / "record").iterdir():
            assert b"dog" not in file.read_bytes()

    def test_a_card_is_made_of_them(self, start, tmp_path, folder):
        import json

        from dlfa.analysis import records
        from dlfa.analysis.cards import card
        from dlfa.analysis.reports import metrics, report

        run = whole(start())
        first, *further = (report(run, metric, draws=50) for metric in metrics(run))
        records.write(run, tmp_path / "record", report=first, further=further)
        recipe = {"name": "joint", "lora_rank": 2, "gate_init": "neutral", "corpora": []}
        training = {
            "settings": {
                "task": "ner",
                "backbone": "tiny",
                "recipe": recipe,
                "max_tokens": 10,
                "seed": 0,
                "validation_limit": None,
                "checks": 2,
            },
            "tokens": 10,
            "seconds": 60.0,
            "validation": {"eval_f1": 0.5, "num_input_tokens_seen": 10.0},
            "hardware": "cpu",
            "versions": {},
            "commit": "0" * 40,
        }
        (tmp_path / "training.json").write_text(json.dumps(training))
        made = card(tmp_path, tmp_path / "record", "a record")
        assert "## Zero-shot F1 in percent" in made
        assert "40 sentences a language (all)" in made
        baseline = records.read_summary(tmp_path / "record")["summary"]["de"]["baseline"]
        assert f"| German (de) | {100 * baseline['f1']:.1f} (" in made
        assert "By word accuracy" in made
