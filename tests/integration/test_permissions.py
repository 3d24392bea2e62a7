"""The table of permissions, every cell of it carried out on a real store."""

import ast
import csv
import importlib
import inspect
import pkgutil
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import ccm.commands
import ccm.queries
from ccm.auth import PERMISSIONS, Action
from ccm.commands import Command
from ccm.domain.vocabulary import RecordState
from ccm.queries.ask import PrivateQuery
from ccm.store import open_store
from tests.integration import permission_executors  # noqa: F401 - it fills EXECUTORS
from tests.integration.permission_attempts import EXECUTORS
from tests.integration.permission_world import SCOPES, SUBJECTS, UNASSIGNED, Place, World, make
from tests.support.postgres import PostgresServer
from tests.support.proof import PROOF
from tests.support.stores import Templates, first_load

TABLE = Path(__file__).with_name("permissions.csv")
#: PostgreSQL answers slower and by the same code: one cell in this many is carried out there too.
SAMPLE = 1 if PROOF else 67

Cell = tuple[str, str, str, str]


def _lines() -> list[dict[str, str]]:
    text = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(text, strict=True))


@cache
def _expected() -> Counter[tuple[Cell, str]]:
    """Every cell of the table with what it says: (operation, scope, state, subject) and y, c or a point."""
    cells: Counter[tuple[Cell, str]] = Counter()
    for line in _lines():
        for scope, state in _spread(line["operation"], line["scope"], line["state"]):
            for subject in SUBJECTS:
                cells[(line["operation"], scope, state, subject), line[subject]] += 1
    return cells


def _spread(operation: str, scope: str, state: str) -> list[tuple[str, str]]:
    every = _places(EXECUTORS[operation].bound)
    return [
        (place, at)
        for place, at in every
        if (scope == "*" or place in scope.split("|")) and (state == "*" or at in state.split("|"))
    ]


def _places(bound: str) -> list[tuple[str, str]]:
    if bound == "store":
        return [("-", "-")]
    if bound == "entity":
        return [(scope, "-") for scope in SCOPES]
    return [*product(SCOPES, (state.value for state in RecordState)), (UNASSIGNED, "none")]


def _cells(operation: str) -> list[Cell]:
    places = _places(EXECUTORS[operation].bound)
    return [(operation, scope, state, subject) for (scope, state), subject in product(places, SUBJECTS)]


def test_the_table_lists_every_cell_once() -> None:
    listed = Counter(cell for cell, _ in _expected().elements())
    assert {line["operation"] for line in _lines()} == EXECUTORS.keys()
    assert [cell for operation in EXECUTORS for cell in _cells(operation) if listed[cell] != 1] == []
    assert {said for _, said in _expected()} == {"y", ".", "c"}
    # A line that names no cell would look as if it said something.
    assert [line for line in _lines() if not _spread(line["operation"], line["scope"], line["state"])] == []
    assert {line["action"] for line in _lines()} == set(Action) == PERMISSIONS.keys()


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The store of the trials, on SQLite."""
    file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("permissions") / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield make(store)
    store.close()


@pytest.fixture(scope="module")
def postgres_world(
    postgres_server: PostgresServer, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The same on PostgreSQL."""
    folder = tmp_path_factory.mktemp("permissions")
    with templates.copied("postgresql", "first_load", first_load, folder) as url:
        store = open_store(url)
        yield make(store)
        store.close()


def _wrong(world: World, cells: list[Cell]) -> list[tuple[Cell, str]]:
    """The cells that come out otherwise than the table says, with what came out."""
    said = dict(_expected().keys())
    records = {(place.scope, place.state): place for place in world.places}
    wrong = []
    for cell in cells:
        operation, scope, state, subject = cell
        place = records.get((scope, state)) or Place(scope, state, entity=SCOPES.get(scope, ""))
        became = EXECUTORS[operation].attempt(world, world.subjects[subject], place)
        if became != said[cell]:
            wrong.append((cell, became))
    return wrong


@pytest.mark.parametrize("operation", EXECUTORS)
def test_every_cell_comes_out_as_the_table_says(world: World, operation: str) -> None:
    assert _wrong(world, _cells(operation)) == []


def test_a_sample_comes_out_the_same_on_postgresql(postgres_world: World) -> None:
    every = [cell for operation in EXECUTORS for cell in _cells(operation)]
    assert _wrong(postgres_world, every[::SAMPLE]) == []


# Nothing is left out of it -------------------------------------------------------------------------------


def _classes(package: Any, base: type[Any]) -> set[type[Any]]:
    """Every public class of a package that is a `base`."""
    found = set()
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        members = vars(importlib.import_module(module.name)).values()
        found |= {
            member
            for member in members
            if inspect.isclass(member)
            and issubclass(member, base)
            and member is not base
            and member.__module__.startswith(package.__name__)
            and not member.__name__.startswith("_")
        }
    return found


def test_every_command_and_private_question_is_executed() -> None:
    known = _classes(ccm.commands, Command) | _classes(ccm.queries, PrivateQuery)
    assert known == {executor.of for executor in EXECUTORS.values() if executor.of}


@pytest.mark.parametrize(
    "of",
    sorted(
        _classes(ccm.commands, Command) | _classes(ccm.queries, PrivateQuery), key=lambda one: one.__name__
    ),
)
def test_every_one_of_them_asks_the_table(of: type[Any]) -> None:
    source = ast.parse(inspect.getsource(inspect.getmodule(of)))  # type: ignore[arg-type]
    body = next(one for one in ast.walk(source) if isinstance(one, ast.ClassDef) and one.name == of.__name__)
    authorise = next(one for one in body.body if isinstance(one, ast.FunctionDef) and one.name == "authorise")
    called = {
        call.func.id
        for call in ast.walk(authorise)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    assert called & {"require", "require_somewhere"}
