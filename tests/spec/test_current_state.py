"""Today's figures come from rows that every write keeps up to date; history gives the same."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from ccm.domain.vocabulary import GroupBy
from ccm.metrics import At, entity_reading, figures, plan_reading
from tests.spec.checks import told
from tests.spec.conftest import Trial
from tests.spec.raw_rows import raw_rows as straight_from_the_tables
from tests.spec.readings import END_OF_TIME, differences, from_sql, state_differences
from tests.support.plan_builder import fill, raw_rows
from tests.support.recompute import Point

POSTGRESQL_ONE_IN = 4

#: On the first of June some changes have taken effect and others are announced.
NOW = dt.datetime(2024, 6, 1, 9, tzinfo=dt.UTC)
TODAY = NOW.date()
PLAN = """
    sessions
    number  political_date
    7       2022-08-05
    8       -

    recommendations
    key  axis  nature      priorities
    R1   A1    finite      P1,P2
    R2   A1    continuous  P1
    R3   G     finite      P2
    R4   G     finite      P2

    memberships
    recommendation  session  effective_on  recorded_at
    R3              8        2024-08-02    2024-05-20

    assignments
    recommendation  entities     weight  due_date
    R1              NE001,NE002  2       2024-07-01
    R2              MJ           1       -
    R3              MJ,MF        1       -

    reports
    answer    as_of       status       percent  validated_at
    R1/NE001  2024-04-30  completed    100      2024-05-02
    R1/NE002  2024-01-31  in_progress  40       2024-02-02
    R2/MJ     2024-04-30  in_progress  -        2024-05-02
    R3/MJ     2024-04-30  blocked      20       2024-05-02

    changes
    key       field           value       effective_on  recorded_at
    R1/NE002  weight          1           2024-06-10    2024-05-15
    R1/NE001  end             true        2024-06-20    2024-05-15
    R2        nature          finite      2024-06-30    2024-05-15
    R4        withdrawn       true        2024-07-10    2024-05-15
    8         political_date  2024-08-02  2024-05-10    2024-05-10

    successions
    predecessor  successor  effective_on  recorded_at
    MJ           MF         2024-07-20    2024-05-15
"""
EFFECTS = ("2024-06-10", "2024-06-20", "2024-06-30", "2024-07-10", "2024-07-20", "2024-08-02")
DAYS = [
    TODAY,
    *[dt.date.fromisoformat(text) + dt.timedelta(shift) for text in EFFECTS for shift in (-1, 0, 1)],
]


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement.lower())

    event.listen(connection, "before_cursor_execute", listen)
    yield sent
    event.remove(connection, "before_cursor_execute", listen)


@pytest.mark.parametrize("session", [None, 7])
def test_todays_figures_read_no_history(trial: Trial, session: int | None) -> None:
    with trial() as transaction:
        fill(transaction, PLAN, NOW)
        with statements(transaction.connection) as sent:
            for by in GroupBy:
                figures(transaction.connection, At(TODAY, session=session), by)
            entity_reading(transaction.connection, At(TODAY, session=session))
            plan_reading(transaction.connection, At(TODAY, session=session))
    assert sent
    # A cohort is what a session holds by now, hence the handful of sessions' dates; never the reports.
    read = {"progress_report", "assignment_change", "recommendation_change"}
    read |= {"session_change"} if session is None else set()
    assert [text for text in sent if any(table in text for table in read)] == []


def test_past_figures_read_history(trial: Trial) -> None:
    with trial() as transaction:
        fill(transaction, PLAN, NOW)
        with statements(transaction.connection) as sent:
            figures(transaction.connection, At(TODAY - dt.timedelta(days=1)), GroupBy.AXIS)
    assert any("progress_report" in text for text in sent)


@pytest.mark.parametrize("by", ["axis", "entity", "session"])
def test_days_to_come_are_answered_right_around_each_announced_effect(trial: Trial, by: str) -> None:
    with trial() as transaction:
        fill(transaction, PLAN, NOW)
        raw = raw_rows(transaction.connection, TODAY)
        found = [
            f"{day}: {line}"
            for day in DAYS
            for line in differences(transaction.connection, raw, by, Point(day))
        ]
    assert not found, told(found)


def test_the_current_state_equals_history_on_its_day(trial: Trial) -> None:
    with trial() as transaction:
        fill(transaction, PLAN, NOW)
        connection = transaction.connection
        assert state_differences(connection, TODAY) == []
        for by in GroupBy:
            now, told_by_history = Point(TODAY), Point(TODAY, END_OF_TIME)
            assert from_sql(connection, by.value, now) == from_sql(connection, by.value, told_by_history)


def test_the_export_holds_what_the_tables_hold(trial: Trial) -> None:
    with trial() as transaction:
        fill(transaction, PLAN, NOW)
        exported = raw_rows(transaction.connection, TODAY)
        read = straight_from_the_tables(transaction.connection)
    for name, rows in read.items():
        kept = [{key: row[key] for key in rows[0]} for row in exported[name]]
        assert sorted(kept, key=str) == sorted(rows, key=str), name
