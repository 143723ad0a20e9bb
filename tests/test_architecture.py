"""The house rules of `dlfa/README.md`, read from the source; import-linter checks the rest."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.source_tree import ROOT, Source, executed, package, screens

EVERYTHING = (*package(), *screens())
LONGEST = 300  # lines
VAGUE = {"common", "core", "helper", "helpers", "misc", "util", "utils"}
PICKLES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
# What pages may use; dlfa.shapes is left out because it brings torch.
PAGES_USE = (
    "dlfa.errors",
    "dlfa.figures",
    "dlfa.messages",
    "dlfa.policy",
    "dlfa.results",
    "dlfa.ui",
)
# A machine that only trains and evaluates has none of these installed.
SCREEN_AND_DATA = {"captum", "datasets", "langcodes", "plotly", "seqeval", "streamlit", "umap"}
GPU_BOX = ("dlfa.analysis.evaluation", "dlfa.data", "dlfa.model", "dlfa.training")


@cache
def distributions() -> Mapping[str, list[str]]:
    """Return which installed distributions bring a top-level module: slow, so asked once."""
    return packages_distributions()


def each(sources: Iterable[Source]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("source", list(sources), ids=lambda source: source.name)


def within(module: str, packages: Iterable[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in packages)


def exports(source: Source) -> list[str] | None:
    """Return the module's `__all__`, None if it has none."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return None


def defined(source: Source) -> set[str]:
    """Return the names that the module's top level defines or imports."""
    names: set[str] = set()
    for node in ast.walk(source.tree) if source.name == "dlfa" else executed(source.tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name for alias in aliases}
    names |= {node.name for node in source.tree.body if isinstance(node, ast.FunctionDef)}
    return names


def test_there_is_something_to_read() -> None:
    assert len(package()) > 20
    assert screens(), "app.py and pages/ are missing"


class TestImports:
    @each(screens())
    def test_a_page_uses_ui_figures_and_results_only(self, source: Source) -> None:
        allowed = (*sys.stdlib_module_names, "streamlit", *PAGES_USE)
        modules = {name for name in source.imports if name != "dlfa"}
        assert {name for name in modules if not within(name, allowed)} == set()

    @each(package())
    def test_only_the_ui_imports_streamlit(self, source: Source) -> None:
        if not within(source.name, ["dlfa.ui"]):
            assert not any(within(name, ["streamlit"]) for name in source.imports)

    @each(source for source in package() if within(source.name, GPU_BOX))
    def test_training_machines_need_no_screen_and_no_data_library(self, source: Source) -> None:
        known = {source.name: source for source in package()}
        seen: set[str] = set()
        ahead = [source.name]
        while ahead:
            name = ahead.pop()
            seen.add(name)
            if name in known:
                parents = {name.rpartition(".")[0]} - {""}
                ahead += [new for new in known[name].imports_at_once | parents if new not in seen]
        assert {name for name in seen if within(name, SCREEN_AND_DATA)} == set()

    @each(EVERYTHING)
    def test_what_is_imported_is_required_by_name(self, source: Source) -> None:
        """Not only brought along by something else, in whatever version."""
        lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        required = {line.split("==")[0] for line in lines if "==" in line}
        homes = distributions()
        for top in {name.split(".")[0] for name in source.imports} & set(homes):
            found = {home.lower().replace("_", "-") for home in homes[top]}
            assert found & required or top == "dlfa", top

    def test_importing_the_package_is_quick_and_brings_no_heavy_library(self) -> None:
        code = (
            "import sys, time; start = time.perf_counter(); import dlfa;"
            "print(time.perf_counter() - start, *{'torch', 'streamlit', 'transformers'}"
            ".intersection(sys.modules))"
        )
        runs = [
            subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
            ).stdout.split()
            for _ in range(3)
        ]
        assert [heavy for _, *heavy in runs] == [[], [], []]
        assert statistics.median(float(seconds) for seconds, *_ in runs) < 0.3


class TestFiles:
    @each(package())
    def test_no_vague_names(self, source: Source) -> None:
        assert VAGUE.isdisjoint(source.name.split("."))

    @each(package())
    def test_no_file_is_too_long_to_read(self, source: Source) -> None:
        assert source.text.count("\n") <= LONGEST

    @each(package())
    def test_annotations_stay_real(self, source: Source) -> None:
        """jaxtyping reads them at run time."""
        assert "__future__.annotations" not in source.imports

    @each(EVERYTHING)
    def test_nobody_prints(self, source: Source) -> None:
        calls = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
        assert not [call.lineno for call in calls if ast.unparse(call.func) == "print"]

    @each(EVERYTHING)
    def test_nothing_is_unpickled(self, source: Source) -> None:
        assert not [name for name in source.imports if within(name, PICKLES)]
        for call in (node for node in ast.walk(source.tree) if isinstance(node, ast.Call)):
            if ast.unparse(call.func) == "torch.load":
                options = {option.arg: ast.unparse(option.value) for option in call.keywords}
                assert options.get("weights_only") == "True", f"line {call.lineno}"

    @each(EVERYTHING)
    def test_everything_public_has_a_docstring(self, source: Source) -> None:
        told = ast.get_docstring(source.tree) or ""
        assert told, "the module has none"
        public = [
            node
            for node in source.tree.body
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and not node.name.startswith("_")
        ]
        # An error without a body is told in the tree of its module's docstring.
        silent = {node.name for node in public if not ast.get_docstring(node)}
        assert {name for name in silent if not (name.endswith("Error") and name in told)} == set()


class TestPublicNames:
    @each(source for source in package() if exports(source) is not None)
    def test_all_lists_what_exists(self, source: Source) -> None:
        listed = exports(source) or []
        assert sorted(set(listed)) == sorted(listed), "a name twice"
        assert set(listed) <= defined(source)

    @each(package())
    def test_every_module_says_what_it_offers(self, source: Source) -> None:
        defines = any(
            isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
            for node in source.tree.body
        )
        if defines and source.path.name != "__main__.py":
            assert exports(source) is not None
