"""An entity that another one follows: its figures go on under the new name."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.entities import AddEntity
from ccm.commands.successions import RecordSuccession
from ccm.domain.vocabulary import BAR_ORDER, EntityKind
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.entity import EntityTrendsQuery
from ccm.queries.explorer import BehindQuery, Selection, TrendQuery
from ccm.queries.filters import Movement, RegisterFilters
from ccm.queries.institutions import InstitutionsQuery
from ccm.queries.overview import OverviewQuery
from ccm.queries.register import RegisterQuery
from ccm.queries.results import GroupLine, TrendPoint
from ccm.store import Store, open_store
from tests.support.stores import Templates, demonstration_of_size_s

POSTGRESQL_IN_PROOF = True

OLD, NEW = "MF", "MEF"
#: The day of the succession, a day after it, and one before.
DAY, NOW, THEN = dt.date(2024, 6, 1), At(dt.date(2024, 6, 30)), At(dt.date(2023, 12, 31))
START = dt.date(2022, 8, 5)


@pytest.fixture
def demonstration(engine: str, templates: Templates, tmp_path: Path) -> Iterator[Store]:
    """The demonstration in a store of the test's own, with the ministry that will follow another."""
    with templates.copied(engine, "demonstration", demonstration_of_size_s, tmp_path) as url:
        store = open_store(url)
        new = AddEntity(NEW, EntityKind.MINISTRY, NEW, "Ministère de l’Économie et des Finances", DAY)
        submit(store, CONSOLE, new)
        yield store
        store.close()


def _line(lines: tuple[GroupLine, ...], key: str) -> GroupLine:
    return next(line for line in lines if line.key == key)


def _trend(store: Store, key: str) -> tuple[TrendPoint, ...]:
    return ask(store, EntityTrendsQuery(NOW))[key]


def test_the_successor_is_compared_with_what_its_lines_were_before(demonstration: Store) -> None:
    store = demonstration
    old = _line(ask(store, InstitutionsQuery(NOW, THEN)).ministries, OLD)
    assert old.before
    assert old.before.completion != old.figures.completion
    submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    for lines in (
        ask(store, InstitutionsQuery(NOW, THEN)).ministries,
        ask(store, OverviewQuery(NOW, THEN)).ministries,
    ):
        new = _line(lines, NEW)
        assert (new.figures, new.before, new.by_axis) == (old.figures, old.before, old.by_axis)
        assert OLD not in [line.key for line in lines]
    # Before that day nothing has changed.
    early = ask(store, InstitutionsQuery(At(dt.date(2024, 5, 31)), THEN)).ministries
    assert _line(early, OLD).before == old.before


def test_the_trend_of_a_successor_has_no_gap_and_leads_to_its_rows(demonstration: Store) -> None:
    store = demonstration
    of_pages, of_explorer = _trend(store, OLD), ask(store, TrendQuery(NOW, START, entity=OLD))
    by_axis = ask(store, TrendQuery(NOW, START, "A2", OLD))
    assert any(point.figures.answered for point in of_pages)
    submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    assert _trend(store, NEW) == of_pages
    assert ask(store, TrendQuery(NOW, START, entity=NEW)) == of_explorer
    assert ask(store, TrendQuery(NOW, START, "A2", NEW)) == by_axis
    for point in of_explorer:
        behind = ask(store, BehindQuery(NOW, Selection(entities=(NEW,), on=point.on)))
        counted = {status: getattr(point.figures, status.value) for status in BAR_ORDER}
        assert dict(behind.statuses) == {status: n for status, n in counted.items() if n}


def test_what_moved_among_a_successor_s_lines_is_found(demonstration: Store) -> None:
    store = demonstration

    def moved(entity: str, movement: Movement) -> list[str]:
        filters = RegisterFilters(entity=entity, moved=(movement,))
        groups = ask(store, RegisterQuery(NOW, filters, before=THEN)).groups
        return [row.key for group in groups for row in group.rows]

    found = {movement: moved(OLD, movement) for movement in Movement}
    assert found[Movement.UP]
    submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    assert {movement: moved(NEW, movement) for movement in Movement} == found
