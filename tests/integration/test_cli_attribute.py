"""``python -m dlfa attribute``: the numbers of the page, as words and as JSON."""

import json

import pytest

from tests.integration.tagger import save_tagger
from tests.pages.tiny_models import save_model

PAIR = ("a man runs in the house", "no one sleeps")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_model(tmp_path_factory.mktemp("attribute"), "xnli"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], model: str):
    """Run the command in this process: status, standard output, standard error."""

    def call(*arguments: str, of: str = model) -> tuple[int, str, str]:
        from dlfa.__main__ import main

        status = main(["attribute", *PAIR, "--model", of, *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def test_json_holds_what_the_analysis_says_for_every_head(run, model):
    from dlfa.analysis.attribution import attribute
    from dlfa.analysis.predict import load

    asked = ("--head", "D_2", "baseline", "--label", "neutral", "--baseline", "mean", "--json")
    status, out, _ = run(*asked)
    assert status == 0
    found = [json.loads(line) for line in out.strip().splitlines()]
    assert [one["head"] for one in found] == ["D_2", "baseline"]
    again = attribute(load(model), PAIR, "D_2", "neutral", baseline="mean")
    said = [word["score"] for word in found[0]["words"]]
    assert said == pytest.approx(again.words.tolist(), abs=1e-5)
    assert found[0]["gap"] == pytest.approx(again.gap, abs=1e-4)
    assert found[0]["provenance"]["dtype"] == "float32"
    assert found[0]["provenance"]["command"].startswith("python -m dlfa")


def test_doors_curves_and_translations_come_on_demand(run):
    _, out, _ = run("--head", "D_2", "--doors", "--json")
    doors = json.loads(out)
    assert set(doors["doors"]) == {"lower", "last", "product", "global", "local"}
    total = doors["end"] - doors["start"]
    assert sum(doors["doors"].values()) == pytest.approx(total, rel=0.02)
    _, out, _ = run("--head", "D_2", "--curves", "--json")
    curves = json.loads(out)["faithfulness"]
    assert len(curves["areas"]["deletion"]["random"]) == curves["draws"]
    assert curves["shares"][-1] == 1
    _, out, _ = run("--head", "D_2", "--translation", "the dog eats", "a cat", "--json")
    both = json.loads(out)
    assert both["first"]["label"] == both["second"]["label"]
    assert all(len(link) == 2 for link in both["links"])


def test_words_come_a_line_for_each_head(run):
    status, out, _ = run("--head", "D_1", "D_2_aff")
    assert status == 0
    assert [line.split(":")[0] for line in out.strip().splitlines()] == ["D_1", "D_2_aff"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--head", "D_99"),
        ("--label", "perhaps"),
        ("--method", "guess"),
        ("--baseline", "zero"),
        ("--quadrature", "none"),
        ("--head", "baseline", "--doors"),
    ],
)
def test_what_is_unknown_is_one_sentence_and_a_status(run, wrong):
    status, out, err = run(*wrong)
    assert (status, out) == (1, "")
    assert err.strip().splitlines()[-1].endswith(".")
    assert "Traceback" not in err


def test_a_model_that_tags_asks_for_pairs_in_one_sentence(run, tmp_path_factory):
    tagger = save_tagger(tmp_path_factory.mktemp("tagger"))
    status, out, err = run("--head", "D_1", of=str(tagger))
    assert (status, out) == (1, "")
    assert err.strip().splitlines()[-1].endswith(".")
