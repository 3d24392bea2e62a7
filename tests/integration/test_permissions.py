"""The table of permissions, every cell of it carried out on a real store."""

import ast
import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import ccm.commands
import ccm.queries
from ccm.auth import PERMISSIONS, Action
from ccm.commands import Command
from ccm.queries.ask import PrivateQuery
from ccm.store import open_store
from tests.integration import permission_table as table
from tests.integration.permission_attempts import EXECUTORS
from tests.integration.permission_world import World, make
from tests.support.postgres import PostgresServer
from tests.support.proof import PROOF
from tests.support.stores import Templates, first_load

#: PostgreSQL answers slower and by the same code: one cell in this many is carried out there too.
SAMPLE = 1 if PROOF else 67


def test_the_table_lists_every_cell_once() -> None:
    listed = Counter(cell for cell, _ in table.expected().elements())
    assert {line["operation"] for line in table.lines()} == EXECUTORS.keys()
    assert [cell for operation in EXECUTORS for cell in table.cells(operation) if listed[cell] != 1] == []
    assert {said for _, said in table.expected()} == {"y", ".", "c"}
    # A line that names no cell would look as if it said something.
    named = [table.spread(line["operation"], line["scope"], line["state"]) for line in table.lines()]
    assert all(named)
    assert {line["action"] for line in table.lines()} == set(Action) == PERMISSIONS.keys()


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


@pytest.mark.parametrize("operation", EXECUTORS)
def test_every_cell_comes_out_as_the_table_says(world: World, operation: str) -> None:
    assert table.wrong(world, table.cells(operation)) == []


def test_a_sample_comes_out_the_same_on_postgresql(postgres_world: World) -> None:
    every = [cell for operation in EXECUTORS for cell in table.cells(operation)]
    assert table.wrong(postgres_world, every[::SAMPLE]) == []


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
