"""Some recommendations at a past date: as in the whole plan, without the history of the others."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import Connection, select

from ccm.metrics import At
from ccm.metrics.current import Plan, part_of_plan, plan
from ccm.queries.ask import ask
from ccm.queries.scope import store_query
from ccm.queries.whole import Whole
from ccm.store import Store
from ccm.store.models import AuditEvent

PAST = dt.date(2023, 12, 31)


@pytest.mark.parametrize("session", [None, 7])
@pytest.mark.parametrize("provisional", [False, True])
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("past", [False, True])
def test_it_says_what_the_whole_plan_says(
    demo: Store, session: int | None, provisional: bool, known: bool, past: bool
) -> None:
    at = At(PAST if past else ask(demo, store_query()).default_date, session=session, provisional=provisional)
    with demo.read() as connection:
        if known:
            instants = select(AuditEvent.at).order_by(AuditEvent.seq)
            at = replace(at, known_at=connection.execute(instants).scalars().all()[-1])
        every = plan(connection, at)
        whole = {number: rows(connection, every, number) for number in range(1, 49)}
        assert sum(map(len, whole.values())) > 48
        for some in ([], [1], [3, 17, 40], list(whole)):
            part = part_of_plan(connection, at)
            found = (told(connection.execute(select(one), {"only": some})) for one in relations(part))
            assert sorted(chain(*found)) == sorted(chain(*(whole[number] for number in some)))


def relations(seen: Plan) -> tuple[Any, Any]:
    return seen.recommendations, seen.assignments


def rows(connection: Connection, seen: Plan, number: int) -> list[str]:
    """What a plan has of one recommendation."""
    found = (
        told(connection.execute(select(one).where(one.c.recommendation_id == number)))
        for one in relations(seen)
    )
    return [*chain(*found)]


def told(found: Any) -> list[str]:
    return [repr(sorted(row._mapping.items())) for row in found]


@pytest.mark.parametrize("rows_of", [Whole.recommendations, Whole.answers, Whole.tracking])
def test_a_batch_of_a_file_does_not_read_the_whole_history(
    sqlite_demo: Store, monkeypatch: pytest.MonkeyPatch, rows_of: Callable[[Whole, Connection], Any]
) -> None:
    """Told by the steps that SQLite takes: with 12 batches in place of one, not 12 times as many."""
    one, many = (steps(sqlite_demo, monkeypatch, rows_of, size) for size in (1_000, 40))
    assert many < 4 * one


def steps(
    store: Store, monkeypatch: pytest.MonkeyPatch, rows_of: Callable[[Whole, Connection], Any], size: int
) -> int:
    """How many thousands of steps SQLite takes for the rows of a past date."""
    monkeypatch.setattr("ccm.queries.whole._BATCH", size)
    counted: list[None] = []
    with store.read() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: counted.append(None), 1_000)
        assert sum(1 for _ in rows_of(Whole(At(PAST)), connection)) > 40
        driver.set_progress_handler(None, 0)
    return len(counted)


def test_what_is_read_through_is_kept_in_less_memory_and_the_connection_is_as_before(
    sqlite_demo: Store,
) -> None:
    size = "PRAGMA cache_size"
    with sqlite_demo.stream() as connection:
        assert connection.exec_driver_sql(size).scalar_one() == -8192
    with pytest.raises(ZeroDivisionError), sqlite_demo.stream():
        raise ZeroDivisionError
    with sqlite_demo.read() as connection:
        assert connection.exec_driver_sql(size).scalar_one() == -65536
