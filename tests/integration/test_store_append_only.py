"""What the database itself refuses, whoever asks it: to rewrite or to erase what was recorded."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from ccm.domain.vocabulary import ReportState, Status
from ccm.store import Store, guards, open_store, upgrade
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Base,
    Entity,
    Evidence,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    Reminder,
    ReportingPeriod,
    Session,
    SessionChange,
    Succession,
)
from ccm.store.triggers import APPEND_ONLY, REPORT_CONTENT, REPORT_REASONS, REPORT_WRITTEN_ONCE

TABLES = (*APPEND_ONLY, "progress_report")
DAY = dt.date(2024, 1, 31)
ENDS = {"validated_at": "validated", "returned_at": "returned", "retracted_at": "retracted"}


@pytest.fixture
def lived(store: Store) -> Store:
    """A store with at least two rows in every append-only table."""
    with store.write("test") as transaction:
        connection, now = transaction.connection, transaction.now
        assignments = (
            connection.execute(select(Assignment.id).order_by(Assignment.id).limit(3)).scalars().all()
        )
        entities = connection.execute(select(Entity.id).order_by(Entity.id).limit(3)).scalars().all()
        recommendation = connection.execute(select(Recommendation.id).limit(1)).scalar_one()
        session = connection.execute(select(Session.id).limit(1)).scalar_one()
        dated = {"effective_on": DAY, "recorded_at": now}
        changes: list[tuple[Any, dict[str, Any]]] = [
            (
                AssignmentChange,
                {"assignment_id": assignments[0], "field": "weight", "value": "2", "number": 2},
            ),
            (
                RecommendationChange,
                {"recommendation_id": recommendation, "field": "nature", "value": "finite"},
            ),
            (SessionChange, {"session_id": session, "field": "political_date", "value": "", "day": DAY}),
            (Succession, {"predecessor_id": entities[0], "successor_id": entities[1]}),
        ]
        for model, values in changes:
            connection.execute(insert(model), [{**values, **dated}] * 2)
        connection.execute(insert(ProgressReport), [report(number, now) for number in assignments])
        reported = connection.execute(select(ProgressReport.id).limit(1)).scalar_one()
        piece = {"report_id": reported, "kind": "document", "name": "PV", "added_at": now}
        connection.execute(insert(Evidence), [piece] * 2)
        days = {"starts_on": DAY, "ends_on": DAY, "due_on": DAY}
        periods = [{"key": key, "label": key, "recorded_at": now, **days} for key in ("T1", "T2")]
        connection.execute(insert(ReportingPeriod), periods)
        period = connection.execute(select(ReportingPeriod.id).limit(1)).scalar_one()
        reminder = {"period_id": period, "channel": "sms", "made_at": now}
        connection.execute(insert(Reminder), [{"entity_id": number, **reminder} for number in entities])
    with store.read() as connection:
        assert min(len(rows(connection, table)) for table in TABLES if table != "audit_event") > 1
        assert rows(connection, "audit_event")
    return store


def report(assignment: int, now: dt.datetime, **values: Any) -> dict[str, Any]:
    """A validated report that the rules accept."""
    return {
        "assignment_id": assignment,
        "as_of": DAY,
        "status": Status.IN_PROGRESS,
        "percent": 50,
        "note": "Note",
        "author": "Diffa",
        "state": ReportState.VALIDATED,
        "submitted_at": now,
        "validated_at": now,
        "validated_by": "Secrétariat",
        **values,
    }


def rows(connection: Connection, table: str) -> list[Any]:
    """All that a table holds."""
    source = Base.metadata.tables[table]
    return list(connection.execute(select(source).order_by(*source.primary_key.columns)).all())


def attempts(table: str, dialect: str) -> Iterator[str]:
    """Statements that would rewrite or erase a row of a table, on this engine."""
    source = Base.metadata.tables[table]
    key = next(iter(source.primary_key.columns)).name
    columns = [column.name for column in source.columns]
    first = f"{key} = (select min({key}) from {table})"
    prose = {
        "audit_event": "actor",
        "revision": "text",
        "membership": "recorded_at",
        "succession": "effective_on",
        "progress_report": "note",
        "assignment": "key",
        "evidence": "name",
        "reminder": "author",
    }.get(table, "value")
    other = "'2031-01-01T00:00:00.000000Z'" if prose.endswith("_at") else "'2031-01-01'"
    yield f"update {table} set {prose} = {other} where {first}"
    yield f"update {table} set {key} = {key} + 100000 where {first}"
    yield f"delete from {table} where {first}"
    yield f"delete from {table}"
    same = ", ".join(columns)
    upsert = f"insert into {table} ({same}) select {same} from {table} where {first}"
    yield f"{upsert} on conflict ({key}) do update set {prose} = {other}"
    if dialect == "sqlite":
        picked = ", ".join(other if name == prose else name for name in columns)
        yield f"insert or replace into {table} ({same}) select {picked} from {table} where {first}"
        yield f"replace into {table} ({same}) select {picked} from {table} where {first}"
        yield f"update or replace {table} set {key} = (select max({key}) from {table}) where {first}"
    else:
        yield f"truncate {table} cascade"
        yield f"truncate {table} restart identity cascade"


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_rewritten_or_erased(lived: Store, table: str) -> None:
    with lived.read() as connection:
        before = rows(connection, table)
    for statement in attempts(table, lived.engine.dialect.name):
        with pytest.raises(DBAPIError, match="append-only"), lived.write("test") as transaction:
            transaction.connection.execute(text(statement.replace(":", "\\:")))
            pytest.fail(f"accepted: {statement}")
    with lived.read() as connection:
        assert rows(connection, table) == before


@pytest.mark.parametrize("table", ["assignment", "membership"])
def test_no_row_is_replaced_through_another_unique_key(sqlite_store: Store, table: str) -> None:
    """The new row has a number of its own, and the old one's place."""
    with sqlite_store.read() as connection:
        before = rows(connection, table)
    columns = Base.metadata.tables[table].columns.keys()
    picked = ", ".join("99999" if name == "id" else name for name in columns)
    statement = f"insert or replace into {table} ({', '.join(columns)}) select {picked} from {table} limit 1"
    with pytest.raises(DBAPIError, match="append-only"), sqlite_store.write("test") as transaction:
        transaction.connection.execute(text(statement))
    with sqlite_store.read() as connection:
        assert rows(connection, table) == before


def test_without_recursive_triggers_a_row_would_be_replaced(sqlite_store: Store) -> None:
    """Why that setting is there: this test would be blind if the refusal came from elsewhere."""
    with sqlite_store.engine.connect() as connection:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
        connection.rollback()
        replace = "insert or replace into membership select * from membership limit 1"
        assert connection.exec_driver_sql(replace).rowcount == 1
        connection.rollback()
        connection.invalidate()


def test_nothing_that_enters_a_figure_is_left_unguarded() -> None:
    dated = {name for name, table in Base.metadata.tables.items() if "effective_on" in table.columns}
    assert {*dated, "audit_event", "assignment", "revision"} <= set(APPEND_ONLY)
    assert len(dated) == 5


def test_every_column_of_a_report_is_fixed_or_written_once() -> None:
    told = {"state", *(text for _, text in REPORT_REASONS)}
    assert {*REPORT_CONTENT, *REPORT_WRITTEN_ONCE} | told == set(ProgressReport.__table__.columns.keys())


@pytest.fixture
def submitted(store: Store) -> Iterator[tuple[Store, int]]:
    """A report that waits for validation."""
    with store.write("test") as transaction:
        assignment = transaction.connection.execute(select(Assignment.id).limit(1)).scalar_one()
        waiting = {"state": ReportState.SUBMITTED, "validated_at": None, "validated_by": ""}
        values = report(assignment, transaction.now, **waiting)
        added = transaction.connection.execute(
            insert(ProgressReport).values(values).returning(ProgressReport.id)
        )
        number: int = added.scalar_one()
    yield store, number


def change(store: Store, number: int, **values: Any) -> None:
    """Change columns of a report."""
    with store.write("test") as transaction:
        source = ProgressReport.__table__
        transaction.connection.execute(source.update().where(source.c.id == number).values(**values))


def test_a_report_takes_its_steps(submitted: tuple[Store, int]) -> None:
    store, number = submitted
    at = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
    change(store, number, state=ReportState.VALIDATED, validated_at=at, validated_by="Secrétariat")
    change(store, number, verified_at=at)
    change(store, number, state=ReportState.RETRACTED, retracted_at=at, retracted_reason="Erreur")


@pytest.mark.parametrize(
    "values",
    [
        {"note": "Autre note"},
        {"percent": 90},
        {"status": Status.NOT_STARTED, "percent": 0},
        {"as_of": DAY + dt.timedelta(days=1)},
        {"author": "Agadez"},
        {"blocked_reason": "motif"},
        {"submitted_at": dt.datetime(2024, 2, 1, tzinfo=dt.UTC)},
        {"dropped_kind": "abandoned"},
    ],
    ids="+".join,
)
def test_what_was_reported_stays(submitted: tuple[Store, int], values: dict[str, Any]) -> None:
    store, number = submitted
    with pytest.raises(DBAPIError, match="append-only"):
        change(store, number, **values)


LATER = dt.datetime(2025, 2, 1, tzinfo=dt.UTC)
REWRITTEN: list[dict[str, Any]] = [
    {"validated_at": LATER},
    {"validated_by": "Quelqu’un d’autre"},
    {"verified_at": LATER},
    {"retracted_at": LATER},
    {"retracted_reason": "Une autre raison"},
    # A retracted report does not come back.
    {"state": ReportState.VALIDATED, "retracted_at": None},
    {"state": ReportState.SUBMITTED, "validated_at": None, "retracted_at": None},
]


@pytest.mark.parametrize("values", REWRITTEN, ids="+".join)
def test_what_was_decided_is_written_once(submitted: tuple[Store, int], values: dict[str, Any]) -> None:
    store, number = submitted
    at = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
    change(store, number, state=ReportState.VALIDATED, validated_at=at, validated_by="Secrétariat")
    change(store, number, verified_at=at)
    change(store, number, state=ReportState.RETRACTED, retracted_at=at, retracted_reason="Erreur")
    with pytest.raises(DBAPIError, match="append-only"):
        change(store, number, **values)


def test_the_state_of_a_returned_report_is_final(submitted: tuple[Store, int]) -> None:
    store, number = submitted
    at = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
    change(store, number, state=ReportState.RETURNED, returned_at=at, returned_reason="Incomplet")
    with pytest.raises(DBAPIError, match="append-only"):
        change(store, number, returned_reason="Autre raison")
    with pytest.raises(DBAPIError):
        change(store, number, state=ReportState.VALIDATED, validated_at=at)


def test_a_store_is_guarded_wherever_it_was_made(store_url: str) -> None:
    """The guards come with the schema, not with the data; the doors of figures have theirs."""
    store = open_store(store_url)
    upgrade(store)
    with store.read() as connection:
        assert guards.missing(connection) == []
    with store.schema() as connection:
        guards.remove(connection)
    with store.read() as connection:
        missing = guards.missing(connection)
    store.close()
    assert missing == guards.expected(store.engine.dialect.name)
    assert all(any(name.startswith(f"{table}_no_") for name in missing) for table in TABLES)
