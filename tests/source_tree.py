"""Our own source files as syntax trees, for the tests that read code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        """Dotted, as it is imported: ``dlfa.model.fusion``, ``dlfa.model`` for its `__init__`."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> frozenset[str]:
        """Every module imported anywhere in the file."""
        return frozenset(name for node in ast.walk(self.tree) for name in imported(node))

    @cached_property
    def imports_at_once(self) -> frozenset[str]:
        """Every module imported when this one is: not in functions, not for type checkers only."""
        return frozenset(name for node in executed(self.tree) for name in imported(node))


def imported(node: ast.AST) -> Iterator[str]:
    """Yield the modules (and, it may be, names in them) that an import statement asks for."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def executed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from executed(child)


@cache
def package() -> tuple[Source, ...]:
    """Every file of ``dlfa/``."""
    return tuple(Source(path) for path in sorted((ROOT / "dlfa").rglob("*.py")))


@cache
def screens() -> tuple[Source, ...]:
    """``app.py`` and every file of ``pages/``."""
    paths = [*ROOT.glob("app.py"), *sorted((ROOT / "pages").rglob("*.py"))]
    return tuple(Source(path) for path in paths)
