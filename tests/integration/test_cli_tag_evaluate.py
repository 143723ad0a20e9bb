"""``python -m dlfa evaluate`` of a model that tags words, on a tiny mirror."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.integration.tagger import save_tagger
from tests.integration.tiny import WORDS

LANGUAGES = ("en", "de")
SENTENCES = 12


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tagger(tmp_path_factory.mktemp("cli")))


@pytest.fixture(autouse=True)
def mirror(tmp_path, monkeypatch) -> Path:
    """NER's validation sets in two languages, and a cache of its own."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "datasets")
    root, configs = tmp_path / "hub", []
    generator = np.random.default_rng(0)
    for code in LANGUAGES:
        words = [generator.choice(WORDS, size=5).tolist() for _ in range(SENTENCES)]
        tags = [generator.integers(7, size=5).tolist() for _ in range(SENTENCES)]
        path = f"PAN-X.{code}/validation-00000-of-00001.parquet"
        (root / "google" / "xtreme" / path).parent.mkdir(parents=True)
        pq.write_table(pa.table({"tokens": words, "ner_tags": tags}), root / "google/xtreme" / path)
        files = [{"split": "validation", "path": path}]
        configs.append({"config_name": f"PAN-X.{code}", "data_files": files})
    card = f"---\nconfigs: {json.dumps(configs)}\n---\n"
    (root / "google" / "xtreme" / "README.md").write_text(card)
    for name, value in {
        "DLFA_DATA_DIR": root,
        "DLFA_CACHE_DIR": tmp_path / "cache",
        "HF_HUB_OFFLINE": 1,
    }.items():
        monkeypatch.setenv(name, str(value))
    return root


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tagger):
    """Evaluate in this process: status, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        from dlfa.__main__ import main

        heads = ["--heads", "baseline", "D_2"]
        status = main(["evaluate", "--task", "ner", "--model", tagger, *heads, *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def test_what_is_said_is_what_the_record_holds_and_seqeval_counts(run, tmp_path) -> None:
    from dlfa.analysis import records
    from dlfa.analysis.tag_scores import tag_scores

    status, out, _ = run("--out", str(tmp_path / "record"))
    assert status == 0
    found = records.read(tmp_path / "record")
    assert found.settings["split"] == "validation"  # the mirror has no test set
    assert len(found.ids) == len(LANGUAGES) * SENTENCES
    said = {line.split()[0]: line for line in out.splitlines() if " words=" in line}
    assert set(said) == set(LANGUAGES)
    for code in LANGUAGES:
        rows = found.languages == code
        here = np.repeat(rows, found.sizes)
        about = found.gold[here], found.answers[here], found.sizes[rows]
        shares = tag_scores("f1", found.labels, *about)
        for head, share in zip(("baseline", "D_2"), shares, strict=True):
            assert f"{head} {100 * share:.1f}" in said[code]
        assert f"words={here.sum()}" in said[code]


def test_a_second_time_it_is_taken_from_the_disk_and_says_the_same(run) -> None:
    _, first, _ = run("--languages", "de", "--limit", "5")
    status, second, told = run("--languages", "de", "--limit", "5")
    assert (status, second) == (0, first)
    assert "5" in told


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--split", "test"), ("test", "validation")),
        (("--split", "pud"), ("pud",)),
        (("--split", "built-in"), ("ner",)),
        (("--languages", "fr"), ("fr", "en, de")),
        (("--gate", "noise"), ("--gate",)),
        (("--limit", "0"), ("0",)),
        (("--seed", "-1"), ("-1",)),
        (("--heads", "D_9"), ("D_9",)),
    ],
)
def test_what_cannot_be_is_one_sentence(run, arguments, named) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (1, "")
    last = err.strip().splitlines()[-1]
    assert "Traceback" not in err
    for word in named:
        assert word in last
    assert last.endswith(".")
