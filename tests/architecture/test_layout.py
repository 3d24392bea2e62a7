"""What the import contracts cannot say: the scripts outside the package, the size and habits of modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.machine import ROOT

PAGES = sorted((ROOT / "pages").glob("*.py"))
APPLICATION = ROOT / "dashboard.py"
# Migrations are history: generated once, as long as the tables are many.
MODULES = [path for path in sorted((ROOT / "ccm").rglob("*.py")) if "migrations" not in path.parts]
SOURCES = [*MODULES, *PAGES, APPLICATION]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), _name(path)))


def _imports(path: Path) -> set[str]:
    """The dotted names of the modules that a file imports, wherever in it."""
    found = set()
    for node in _tree(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # `from ccm import ui` imports ccm.ui, `from ccm.ui import ask` imports ccm.ui too.
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "ccm" else set()
            )
            found |= {node.module or "."} - {"ccm"}
    return found


def _foreign(path: Path, *allowed: str) -> set[str]:
    return {
        name
        for name in _imports(path)
        if not any(name == module or name.startswith(f"{module}.") for module in (*allowed, "__future__"))
    }


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_there_are_pages() -> None:
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_pages_know_streamlit_and_the_interface_only(page: Path) -> None:
    assert _foreign(page, "streamlit", "ccm.ui") == set()


def test_the_application_knows_streamlit_the_interface_and_the_routes_only() -> None:
    assert _foreign(APPLICATION, "streamlit", "ccm.ui", "ccm.web") == set()


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_modules_are_rooms_not_halls(path: Path) -> None:
    assert _lines(path) <= (120 if path in PAGES else 300)


@pytest.mark.parametrize("word", ["session_state", "unsafe_allow_html"])
def test_one_module_holds_what_is_dangerous_everywhere(word: str) -> None:
    holders = {
        _name(path)
        for path in SOURCES
        for node in _tree(path)
        if (isinstance(node, ast.Attribute) and node.attr == word)
        or (isinstance(node, ast.keyword) and node.arg == word)
    }
    assert len(holders) <= 1
    assert all(holder.startswith("ccm/ui/") for holder in holders)


@pytest.mark.parametrize("word", ["fragment", "dialog"])
def test_nothing_runs_beside_the_router(word: str) -> None:
    """A fragment runs without the router's check, on what an earlier run drew for whoever was there then."""
    found = {
        _name(path)
        for path in [*PAGES, APPLICATION, *(ROOT / "ccm" / "ui").rglob("*.py")]
        for node in _tree(path)
        if isinstance(node, ast.Attribute) and node.attr == word
    }
    assert found == set()


def test_only_the_terminal_prints() -> None:
    printing = {
        _name(path)
        for path in SOURCES
        for node in _tree(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    # The first administrator's code has the console as its one way.
    assert {name for name in printing if not name.startswith("ccm/cli/")} == {"ccm/web/lifespan.py"}


def test_data_is_text_that_a_person_can_review() -> None:
    stores = ("*.db", "*.db-wal", "*.db-shm")
    files = [
        path
        for path in sorted((ROOT / "data").rglob("*"))
        if path.is_file()
        and "evidence" not in path.relative_to(ROOT).parts
        and not any(path.match(store) for store in stores)
    ]
    assert files
    for path in files:
        text = path.read_bytes().decode("utf-8")
        assert "\0" not in text, _name(path)
        assert "\r" not in text, _name(path)
