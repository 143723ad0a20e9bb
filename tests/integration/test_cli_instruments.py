"""``python -m dlfa intervene`` and ``robustness``: what the pages say, from the command line."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.integration.tagger import save_tagger
from tests.pages.tiny_models import save_model

PAIR = ("a man runs in the house", "no one sleeps")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_model(tmp_path_factory.mktemp("instruments"), "xnli"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], model: str):
    """Run a command in this process: status, standard output, standard error."""

    def call(command: str, *arguments: str, of: str = model) -> tuple[int, str, str]:
        from dlfa.__main__ import main

        status = main([command, *arguments, "--model", of])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


class TestIntervene:
    def test_a_pair_gets_the_numbers_of_the_analysis(self, run, model):
        from dlfa.analysis.predict import load
        from dlfa.analysis.whatif import what_if
        from dlfa.results import Intervention

        changes = ("zero", "scale:0.5", "set:0@channels=0-3")
        status, out, _ = run("intervene", *PAIR, "--change", *changes, "--json")
        assert status == 0
        told = json.loads(out)
        again = what_if(load(model), PAIR, [Intervention.parse(one) for one in changes], "all")
        assert told["changes"] == [str(one) for one in again.interventions]
        np.testing.assert_allclose(told["probabilities"], again.probabilities, atol=1e-5)
        np.testing.assert_allclose(told["controls"], again.controls, atol=1e-5)
        assert told["error"] < 1e-5

    def test_a_set_gets_differences_with_intervals_and_a_record_each(self, run, tmp_path: Path):
        out = tmp_path / "records"
        asked = ("--split", "built-in", "--languages", "en", "de", "--change", "one", "--heads")
        status, said, _ = run("intervene", *asked, "D_1", "--json", "--fresh", "--out", str(out))
        assert status == 0
        told = json.loads(said, parse_constant=pytest.fail)
        effect = told["accuracy"]
        for low, mean, high in zip(
            *(np.ravel(effect[name]) for name in ("low", "average", "high")), strict=True
        ):
            assert low <= mean <= high
        assert told["agreement"]["languages"] == ["de"]
        written = {one.parent.name for one in out.glob("*/run.json")}
        assert {"trained", "one"} <= written
        assert any(name.startswith("twin") for name in written), "the control has a record too"

    @pytest.mark.parametrize(
        "wrong",
        [
            (*PAIR, "--change", "upside-down"),
            (*PAIR, "--change", "set:0@tokens=999"),
            (*PAIR, "--change", "swap"),
            (*PAIR, "--heads", "D_99"),
            (PAIR[0],),
            ("--split", "built-in", "--languages", "xx"),
        ],
    )
    def test_what_is_unknown_is_one_sentence_and_a_status(self, run, wrong):
        refused(*run("intervene", *wrong))


class TestRobustness:
    def test_a_pair_gets_a_line_for_every_change_with_its_reason(self, run):
        asked = ("--perturb", "typos", "numbers", "--heads", "D_1", "baseline", "--gold", "neutral")
        status, out, _ = run("robustness", *PAIR, *asked)
        assert status == 0
        head, *rows = [line.split("\t") for line in out.strip().splitlines()]
        names = {row[head.index("perturbation")] for row in rows}
        assert names == {"typos", "numbers", "identity"}

    def test_a_set_gets_a_record_for_every_change_and_goes_on_with_what_is_done(
        self, run, tmp_path: Path, monkeypatch
    ):
        monkeypatch.setenv("DLFA_CACHE_DIR", str(tmp_path / "kept"))
        out = tmp_path / "records"
        asked = ("--perturb", "typos", "upper", "--languages", "en", "de", "--heads", "D_1")
        status, said, _ = run("robustness", *asked, "--out", str(out))
        assert status == 0
        assert {one.parent.name for one in out.glob("*/run.json")} == {
            "clean",
            "typos",
            "upper",
            "identity",
        }
        numbers = json.loads((out / "numbers.json").read_text(), parse_constant=pytest.fail)
        assert numbers["perturbations"] == ["typos", "upper", "identity"]
        again, said_again, err = run("robustness", *asked)
        assert again == 0
        rows = [line for line in said.splitlines() if "\t" in line]
        assert rows == [line for line in said_again.splitlines() if "\t" in line]
        assert err, "it says how much of it was there already"

    @pytest.mark.parametrize(
        "wrong",
        [
            ("--perturb", "nonsense"),
            ("--languages", "xx"),
            ("--limit", "0"),
            ("--seed", "-1"),
            (*PAIR, "--gold", "perhaps"),
            (*PAIR, "--heads", "D_99"),
            (PAIR[0],),
            (" ", PAIR[1]),
        ],
    )
    def test_what_is_unknown_is_one_sentence_and_a_status(self, run, wrong):
        refused(*run("robustness", *wrong))


@pytest.mark.parametrize("command", ["intervene", "robustness"])
def test_a_model_that_tags_asks_for_pairs_in_one_sentence(run, tmp_path_factory, command):
    tagger = str(save_tagger(tmp_path_factory.mktemp("tagger")))
    refused(*run(command, *PAIR, of=tagger))


@pytest.mark.parametrize("command", ["attribute", "intervene", "robustness"])
def test_a_seed_below_zero_is_one_sentence(run, command):
    refused(*run(command, *PAIR, "--seed", "-1"))


def refused(status: int, out: str, err: str) -> None:
    """One sentence, with a full stop, and nothing else."""
    assert (status, out) == (1, "")
    assert "Traceback" not in err
    assert err.strip().splitlines()[-1].endswith(".")
