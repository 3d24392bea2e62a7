"""A command that is cut off, after any of its statements or just before it is kept, leaves nothing behind."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from ccm.commands import Command
from ccm.domain.vocabulary import RecordState
from ccm.store import Store
from ccm.store.models import Base
from tests.integration import permission_executors  # noqa: F401 - it fills EXECUTORS
from tests.integration.permission_attempts import DONE, EXECUTORS
from tests.integration.permission_world import Place, World

COMMANDS = [
    name
    for name, one in EXECUTORS.items()
    # Nobody may take another person's piece away.
    if one.of and issubclass(one.of, Command) and name != "RemoveEvidence/of another"
]
_WRITING = ("INSERT", "UPDATE", "DELETE")


class _CutOff(Exception):
    """The script stopped here, as Streamlit stops one."""


@contextmanager
def _counting(engine: Engine, last: int | None = None) -> Iterator[list[str]]:
    """The statements that write; what comes after the `last` of them never happens."""
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(_WRITING):
            seen.append(statement)
            if len(seen) == last:
                raise _CutOff

    event.listen(engine, "after_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(engine, "after_cursor_execute", count)


def contents(store: Store) -> str:
    """A digest of all that a store holds."""
    digest = hashlib.sha256()
    with store.read() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table).order_by(*table.primary_key)):
                digest.update(repr(row).encode())
    return digest.hexdigest()


@pytest.mark.parametrize("operation", COMMANDS)
def test_a_command_that_is_cut_off_leaves_nothing(world: World, operation: str) -> None:
    before = contents(world.store)
    actor, place = _granted(world, operation)
    with _counting(world.store.engine) as whole:
        assert EXECUTORS[operation].attempt(world, actor, place) == DONE
    assert whole
    for last in range(1, len(whole) + 1):
        with _counting(world.store.engine, last), pytest.raises(_CutOff):
            EXECUTORS[operation].attempt(world, actor, place)
    assert contents(world.store) == before


def _granted(world: World, operation: str) -> tuple[Any, Place]:
    """A subject and a record for which it is done."""
    places = [place for place in world.places if place.scope == "own_region"]
    states = [state.value for state in (RecordState.SUBMITTED, RecordState.VALIDATED)]
    tried = [place for state in states for place in places if place.state == state]
    for actor in (world.subjects["administrator"], world.subjects["donor"], world.subjects["focal_point"]):
        for place in tried:
            if EXECUTORS[operation].attempt(world, actor, place) == DONE:
                return actor, place
    raise AssertionError(f"nobody may {operation}")
