"""``python -m dlfa predict --text``: the same answers as the page's, as words and as JSON."""

import json
from pathlib import Path

import pytest

from tests.integration.tagger import save_tagger


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tagger(tmp_path_factory.mktemp("cli")))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run a command in this process: status, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        from dlfa.__main__ import main

        status = main(["predict", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def test_json_holds_what_the_analysis_says(run, tagger):
    from dlfa.analysis.predict import load
    from dlfa.analysis.tag import tag

    texts = ["the man, eats", "-a dog " + "cat " * 80]
    given = [f"--text={text}" for text in texts]
    status, out, _ = run(*given, "--model", tagger, "--heads", "baseline", "D_2", "--json")
    assert status == 0
    found = [json.loads(line) for line in out.strip().splitlines()]
    for said, one in zip(found, tag(load(tagger), texts, ("baseline", "D_2")), strict=True):
        assert [word["text"] for word in said["words"]] == list(one.words)
        assert said["truncated"] == one.truncated
        for row in said["predictions"]:
            assert [tag or "" for tag in row["tags"]] == list(one.tags(row["head"]))
            assert [share is None for share in row["probabilities"]] == one.cut.tolist()


def test_words_come_a_line_for_each_head(run, tagger):
    status, out, _ = run("--text", "the man", "--model", tagger, "--heads", "baseline", "D_1_aff")
    assert status == 0
    assert [line.split()[0] for line in out.strip().splitlines()[2:]] == ["baseline", "D_1_aff"]


def test_the_wrong_kind_of_model_is_one_sentence_and_a_status(
    run, tagger, checkpoint: Path
) -> None:
    for arguments in (("--text", "the man"), ("the man", "a dog", "--model", tagger)):
        status, out, err = run(*arguments)
        assert (status, out) == (1, "")
        assert err.strip().splitlines()[-1].endswith(".")
        assert "Traceback" not in err
