"""Entities that come, are named, and follow one another; periods that are mended: never unread, ever told."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.entities import AddAlias, AddEntity, RemoveAlias, RenameEntity
from ccm.commands.periods import ChangePeriod
from ccm.commands.successions import RecordSuccession, WithdrawSuccession
from ccm.domain.errors import CcmError, Conflict, Invalid, NotFound
from ccm.domain.vocabulary import EntityKind, GroupBy
from ccm.queries.administration import EntityNames, EntityNamesQuery
from ccm.queries.ask import ask_as
from ccm.queries.integrity import verify
from ccm.store import Store
from ccm.store.models import Assignment, EntityAlias, ReportingPeriod
from tests.integration.acting import events, everything, table
from tests.integration.reporting import open_period

POSTGRESQL_IN_PROOF = True

DAY = dt.date(2024, 3, 1)
MONTH_LATER = dt.date(2024, 4, 1)
NEW = AddEntity("mx-n", EntityKind.MINISTRY, "MX", "Ministère nouveau", DAY, "MJ")


def _refused(store: Store, command: Any, error: type[CcmError]) -> str:
    before = everything(store)
    with pytest.raises(error) as caught:
        submit(store, CONSOLE, command)
    assert everything(store) == before
    return str(caught.value)


def _entity(store: Store, key: str, on: dt.date = DAY) -> EntityNames:
    return next(one for one in ask_as(store, CONSOLE, EntityNamesQuery(on)) if one.key == key)


def _held(store: Store, as_of: str) -> dict[str, int]:
    """How many recommendations each entity answers for."""
    return {row.key: row.figures.recommendations for row in table(store, GroupBy.ENTITY, as_of).rows}


def _whole(store: Store) -> None:
    assert [check.detail for check in verify(store) if not check.passed] == []


def test_a_new_entity_may_succeed(store: Store) -> None:
    submit(store, CONSOLE, NEW)
    found = _entity(store, "MX-N")
    assert (found.kind, found.short_name, found.name, found.parent) == (
        "ministry",
        "MX",
        "Ministère nouveau",
        "MJ",
    )
    assert [(name.name, name.valid_from) for name in found.history] == [("Ministère nouveau", DAY)]
    submit(store, CONSOLE, RecordSuccession("MJ", "MX-N", DAY))
    assert _held(store, "2024-03-01")["MX-N"] == _held(store, "2024-02-29")["MJ"]
    assert [event[1] for event in events(store, "entity.added")] == ["MX-N"]
    _whole(store)


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"key": "M X"}, Invalid, "key : "),
        ({"key": ""}, Invalid, "key : "),
        ({"kind": EntityKind.REGION}, Invalid, "kind : "),
        ({"kind": "royaume"}, Invalid, "kind : "),
        ({"short_name": " "}, Invalid, "short_name : "),
        ({"name": "x" * 301}, Invalid, "name : "),
        ({"parent": "MZ"}, NotFound, "MZ"),
        ({"key": "MJ"}, Conflict, "MJ"),
        ({"short_name": "diffa"}, Conflict, "NE002"),
        ({"name": "Region de DIFFA"}, Conflict, "NE002"),
    ],
)
def test_a_new_entity_is_refused(
    sqlite_store: Store, changes: dict[str, Any], error: type[CcmError], says: str
) -> None:
    values = {**NEW.__dict__, **changes}
    assert says in _refused(sqlite_store, AddEntity(**values), error)


def test_a_spelling_means_one_entity(sqlite_store: Store) -> None:
    store = sqlite_store
    for taken in ("Région de Diffa", "NE002", "diffa"):
        assert "NE002" in _refused(store, AddAlias("MJ", taken), Conflict)
    submit(store, CONSOLE, AddAlias("MJ", "Justice et droits"))
    assert "MJ" in _refused(store, AddAlias("MF", "JUSTICE et droits"), Conflict)
    for short, name in (("Diffa", "Nom libre"), ("MLIBRE", "justice et droits"), ("NE002", "Nom libre")):
        _refused(store, RenameEntity("MF", short, name, DAY), Conflict)
    # Its own spellings are its own to take.
    submit(store, CONSOLE, RenameEntity("MJ", "MJ", "Justice et droits", DAY))


def test_a_spelling_is_removed_but_for_those_of_the_source(store: Store) -> None:
    with store.read() as connection:
        of_source = select(EntityAlias.alias).where(EntityAlias.origin == "source").limit(1)
        source = connection.execute(of_source).scalar_one()
    submit(store, CONSOLE, AddAlias("MF", "Justice et droits"))
    assert _entity(store, "MF").added == ("Justice et droits",)
    submit(store, CONSOLE, RemoveAlias("Justice et droits"))
    assert _entity(store, "MF").added == ()
    submit(store, CONSOLE, AddAlias("MJ", "Justice et droits"))
    _refused(store, RemoveAlias(source), NotFound)
    _refused(store, RemoveAlias("Inconnue"), NotFound)
    _refused(store, RemoveAlias(""), Invalid)
    assert [event[1:] for event in events(store, "entity.alias_removed")] == [
        ("MF", {"alias": "Justice et droits"})
    ]
    _whole(store)


def test_a_wrong_succession_is_undone(store: Store) -> None:
    before = _held(store, "2024-03-01")
    submit(store, CONSOLE, RecordSuccession("MJ", "MAEC", DAY))
    assert "MJ" not in _held(store, "2024-03-01")
    early = WithdrawSuccession("MJ", "MAEC", DAY, DAY - dt.timedelta(days=1))
    assert "withdrawn_on : " in _refused(store, early, Invalid)
    # From a later day on: what was between stays.
    submit(store, CONSOLE, WithdrawSuccession("MJ", "MAEC", DAY, MONTH_LATER))
    assert "MJ" not in _held(store, "2024-03-31")
    assert _held(store, "2024-04-01") == before
    assert [(one.successor, one.since, one.until) for one in _entity(store, "MJ").successors] == [
        ("MAEC", DAY, MONTH_LATER)
    ]
    # From its first day on: as if it had never been.
    submit(store, CONSOLE, WithdrawSuccession("MJ", "MAEC", DAY, DAY))
    assert _held(store, "2024-03-01") == before
    assert _entity(store, "MJ").successors == ()
    _refused(store, WithdrawSuccession("MJ", "MAEC", DAY, DAY), Conflict)
    # The other way round is no circle any more.
    submit(store, CONSOLE, RecordSuccession("MAEC", "MJ", DAY))
    assert "MAEC" not in _held(store, "2024-03-01")
    _refused(store, RecordSuccession("MJ", "MAEC", DAY), Invalid)
    _whole(store)


def test_a_split_undone_follows_what_holds_for_all(store: Store) -> None:
    with store.read() as connection:
        key = (
            connection.execute(select(Assignment.key).where(Assignment.key.endswith("/MJ"))).scalars().first()
        )
    assert key
    own = _held(store, "2024-03-01")
    submit(store, CONSOLE, RecordSuccession("MJ", "INS", DAY, (key,)))
    submit(store, CONSOLE, RecordSuccession("MJ", "MAEC", MONTH_LATER))
    assert [(one.successor, one.engagements) for one in _entity(store, "MJ").successors] == [
        ("INS", 1),
        ("MAEC", 0),
    ]
    submit(store, CONSOLE, WithdrawSuccession("MJ", "INS", DAY, DAY))
    assert _held(store, "2024-03-01") == own
    assert _held(store, "2024-04-01").get("INS") == own.get("INS")
    _whole(store)


def test_a_circle_through_a_split_is_refused(sqlite_store: Store) -> None:
    store = sqlite_store
    with store.read() as connection:
        key = (
            connection.execute(select(Assignment.key).where(Assignment.key.endswith("/MJ"))).scalars().first()
        )
    assert key
    submit(store, CONSOLE, RecordSuccession("MJ", "MAEC", DAY, (key,)))
    _refused(store, RecordSuccession("MAEC", "MJ", DAY), Invalid)
    # What takes effect later counts as well.
    submit(store, CONSOLE, RecordSuccession("INS", "MF", MONTH_LATER))
    _refused(store, RecordSuccession("MF", "INS", DAY), Invalid)


def test_a_period_is_mended(store: Store) -> None:
    open_period(store, "Q4", "2023-10-01", "2024-12-31", "2025-01-15")
    seen = ("Q4", dt.date(2023, 10, 1), dt.date(2024, 12, 31), dt.date(2025, 1, 15))
    right = (dt.date(2023, 10, 1), dt.date(2023, 12, 31), dt.date(2024, 1, 15))
    submit(store, CONSOLE, ChangePeriod("Q4", "4e trimestre", *right, seen))
    with store.read() as connection:
        p = ReportingPeriod
        kept = connection.execute(select(p.label, p.starts_on, p.ends_on, p.due_on)).one()
    assert tuple(kept) == ("4e trimestre", *right)
    # The days that were taken by mistake are free again.
    open_period(store, "Q1", "2024-01-01", "2024-03-31", "2024-04-15")
    ((_, key, told),) = events(store, "period.changed")
    assert (key, told["before"]["ends_on"], told["ends_on"]) == ("Q4", "2024-12-31", "2023-12-31")
    assert "entre-temps" in _refused(store, ChangePeriod("Q4", "Autre", *right, seen), Conflict)
    overlapping = ChangePeriod("Q4", "Q4", right[0], dt.date(2024, 1, 1), dt.date(2024, 1, 15))
    assert "starts_on : " in _refused(store, overlapping, Invalid)
    assert "label : " in _refused(store, ChangePeriod("Q4", " ", *right), Invalid)
    _refused(store, ChangePeriod("Q9", "Q9", *right), NotFound)
    _whole(store)
