"""Readings kept from one revision to the next: never other than what history says, cheap after a write."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, select

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.demo import generate
from ccm.commands.retraction import RetractReport
from ccm.metrics import At, entity_reading, plan_reading, whole_plan
from ccm.queries.ask import ask
from ccm.queries.overview import OverviewQuery
from ccm.queries.past import kept
from ccm.store import Store, open_store
from ccm.store.models import ProgressReport
from tests.integration.acting import assign, import_assignments, import_reports, report
from tests.support.proof import some
from tests.support.stores import Templates

POSTGRESQL_ONE_IN = 4

LAST_DAY = dt.date(2024, 6, 30)
AT, BEFORE = At(LAST_DAY), At(dt.date(2023, 12, 31))
DAYS = [dt.date(2022, 12, 31), dt.date(2023, 12, 31), dt.date(2024, 3, 30), dt.date(2024, 3, 31), LAST_DAY]
READS: tuple[Callable[..., object], ...] = (plan_reading, entity_reading, whole_plan)


def _demonstration_of_that_day(url: str) -> None:
    store = open_store(url)
    generate(store, "S", 7)
    store.close()


@pytest.fixture
def plan(engine: str, templates: Templates, tmp_path: Path) -> Iterator[Store]:
    """The demonstration at size S on its last day, on each engine: what is read of that day is today's."""
    with (
        time_machine.travel(dt.datetime(2024, 6, 30, 12, tzinfo=dt.UTC), tick=False),
        templates.copied(engine, "demonstration_of_that_day", _demonstration_of_that_day, tmp_path) as url,
    ):
        opened = open_store(url)
        yield opened
        opened.close()


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Every statement sent to the store meanwhile."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement.lower())

    event.listen(store.engine, "before_cursor_execute", listen)
    yield sent
    event.remove(store.engine, "before_cursor_execute", listen)


def histories(sent: list[str]) -> int:
    """How many statements rank reports, as reading a past day does."""
    return sum("row_number" in text and "progress_report" in text for text in sent)


def stale(store: Store) -> list[str]:
    """The readings that are kept and no longer true."""
    with store.read() as connection:
        return [
            f"{read.__name__} {day}"
            for day in DAYS
            for read in READS
            if kept(connection, replace(AT, as_of=day), read) != read(connection, replace(AT, as_of=day))
        ]


def test_what_is_kept_is_what_history_says_after_every_kind_of_write(plan: Store) -> None:
    assert stale(plan) == []
    writes: list[Callable[[], None]] = [
        lambda: import_reports(plan, report(as_of="2024-03-31", percent="51")),
        lambda: import_reports(plan, report(as_of="2022-12-30", percent="12")),
        lambda: import_reports(plan, report(as_of="2023-01-15"), validate=False),
        lambda: import_assignments(plan, assign(weight="7", effective_on="2023-06-30")),
        lambda: submit(plan, CONSOLE, RetractReport(_oldest(plan), "erreur de saisie")),
    ]
    for write in some(writes, plan.engine.dialect.name):
        write()
        assert stale(plan) == []


def test_a_report_leaves_earlier_days_unread_and_the_overview_exact(plan: Store) -> None:
    with statements(plan) as first:
        ask(plan, OverviewQuery(AT, BEFORE))
    assert histories(first) > 2
    import_reports(plan, report(as_of=LAST_DAY.isoformat(), status="completed", percent="100"))
    with statements(plan) as after:
        found = ask(plan, OverviewQuery(AT, BEFORE))
    assert histories(after) == 0
    with plan.read() as connection:
        assert found.plan == whole_plan(connection, AT)
        assert found.plan_before == whole_plan(connection, BEFORE)
        assert [point.figures for point in found.trend] == [
            whole_plan(connection, replace(AT, as_of=point.on)) for point in found.trend
        ]


def test_an_overview_that_was_asked_before_sends_one_question(plan: Store) -> None:
    ask(plan, OverviewQuery(AT, BEFORE))
    with statements(plan) as sent:
        ask(plan, OverviewQuery(AT, BEFORE))
    assert [text for text in sent if text.startswith("select")] == [sent[-1]]


def test_a_first_overview_reads_each_past_day_once_for_each_grouping(plan: Store) -> None:
    with statements(plan) as sent:
        found = ask(plan, OverviewQuery(AT, BEFORE))
    # Recommendations and entities at the earlier date, and the whole plan at each other point of the trend.
    assert histories(sent) <= 2 + len(found.trend)


def test_a_reader_of_an_earlier_state_keeps_nothing(plan: Store) -> None:
    with plan.read() as earlier:
        seen = kept(earlier, AT, whole_plan)
        import_reports(plan, report(as_of="2024-06-29", status="completed", percent="100"))
        with plan.read() as later:
            assert kept(later, AT, whole_plan) != seen
        assert kept(earlier, AT, whole_plan) == seen
    assert stale(plan) == []


def _oldest(store: Store) -> int:
    with store.read() as connection:
        official = select(ProgressReport.id).where(ProgressReport.state == "validated")
        return int(
            connection.execute(official.order_by(ProgressReport.as_of, ProgressReport.id)).scalars().first()
            or 0
        )
