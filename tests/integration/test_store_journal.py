"""The journal is one chain: whole after any writing, and no change of it goes unnoticed."""

import datetime as dt
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import time_machine
from sqlalchemy import Connection, insert, select, text

from ccm.domain.dates import utc_now
from ccm.queries.integrity import verify
from ccm.store import Store
from ccm.store.journal import GENESIS, Entry, append, broken_links, head
from ccm.store.models import AuditEvent, User
from ccm.store.traces import Finding, differences
from ccm.store.triggers import APPEND_ONLY
from tests.support.proof import PROOF

#: Requirement G4 counts a thousand: `make proof`.
TAMPERINGS = 1_000 if PROOF else 200
ACTORS = ("console", "Diffa", "Secrétariat permanent", "Zinder « point focal »")


def write(store: Store, turns: int, entries: int = 1) -> None:
    """Changes as commands make them: a row, and its entries in the journal."""
    for turn in range(turns):
        with store.write(ACTORS[turn % len(ACTORS)]) as transaction:
            now = transaction.now
            name = f"Personne {now.isoformat()}"
            transaction.connection.execute(insert(User).values(name=name, role="reader", created_at=now))
            told = [
                Entry(
                    "user.added", "user", name, {"turn": turn, "accents": "é œ ’", "nested": {"n": [1, None]}}
                )
                for _ in range(entries)
            ]
            append(transaction, told)


def events(connection: Connection) -> list[Any]:
    """The whole journal, in its order."""
    return list(connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.seq)).all())


def test_the_chain_is_whole_after_fifty_writes(store: Store) -> None:
    write(store, 50)
    with store.read() as connection:
        found = events(connection)
        assert list(broken_links(connection)) == []
        assert head(connection) == (51, found[-1].hash)
    assert [event.seq for event in found] == list(range(1, 52))
    assert found[0].previous_hash == GENESIS
    assert [event.previous_hash for event in found[1:]] == [event.hash for event in found[:-1]]
    assert len({event.at for event in found}) == 51
    assert not any(event.clock_suspect for event in found)
    assert [check for check in verify(store) if not check.passed] == []


def test_entries_of_one_change_follow_one_another(store: Store) -> None:
    write(store, 3, entries=4)
    with store.read() as connection:
        found = events(connection)[1:]
        assert list(broken_links(connection)) == []
    assert len(found) == 12
    assert [len({event.at for event in found[i : i + 4]}) for i in (0, 4, 8)] == [1, 1, 1]


def test_a_change_that_tells_nothing_bumps_nothing(store: Store) -> None:
    with store.read() as connection:
        before = head(connection)
    with store.write("test") as transaction:
        assert append(transaction, []) == before[0]
    with store.read() as connection:
        assert head(connection) == before


# Whoever can write the file can take the triggers off: the chain still tells ------------------------------


def _unguard(connection: Connection) -> None:
    """Take the guards off, as somebody who holds the file can."""
    assert "audit_event" in APPEND_ONLY
    if connection.dialect.name == "sqlite":
        names = (
            connection.execute(
                text("select name from sqlite_master where tbl_name = 'audit_event' and type = 'trigger'")
            )
            .scalars()
            .all()
        )
        for name in names:
            connection.execute(text(f"drop trigger {name}"))
    else:
        connection.execute(text("alter table audit_event disable trigger user"))


def _set(connection: Connection, number: int, /, **values: Any) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    statement = text(f"update audit_event set {assignments} where seq = :n")
    assert connection.execute(statement, {**values, "n": number}).rowcount == 1


def _text_of(column: str) -> Callable[[Connection, Any, Random], None]:
    def tamper(connection: Connection, row: Any, random: Random) -> None:
        old = getattr(row, column)
        at = random.randrange(len(old) + 1)
        new = random.choice([old[:at] + "x" + old[at:], old + " ", old[1:], old.swapcase(), ""])
        _set(connection, row.seq, **{column: new if new != old else old + "x"})

    return tamper


def _hash_of(column: str) -> Callable[[Connection, Any, Random], None]:
    def tamper(connection: Connection, row: Any, random: Random) -> None:
        old, at = getattr(row, column), random.randrange(64)
        digit = random.choice([digit for digit in "0123456789abcdef" if digit != old[at]])
        _set(connection, row.seq, **{column: old[:at] + digit + old[at + 1 :]})

    return tamper


def _moment(connection: Connection, row: Any, random: Random) -> None:
    moved = row.at + random.choice([1, -1]) * random.choice(
        [dt.timedelta(microseconds=1), dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=365)]
    )
    sqlite = connection.dialect.name == "sqlite"
    _set(connection, row.seq, at=moved.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if sqlite else moved)


def _suspect(connection: Connection, row: Any, _random: Random) -> None:
    _set(connection, row.seq, clock_suspect=not row.clock_suspect)


def _detail(connection: Connection, row: Any, random: Random) -> None:
    detail = dict(row.detail)
    name = random.choice([*detail, "more"])
    changed = random.choice([{**detail, name: "changed"}, {**detail, name: None, "x": 1}, {}])
    _set(connection, row.seq, detail=json.dumps(changed))


def _number(connection: Connection, row: Any, random: Random) -> None:
    _set(connection, row.seq, seq=row.seq + random.choice([1000, 5000]))


def _erase(connection: Connection, row: Any, _random: Random) -> None:
    connection.execute(text("delete from audit_event where seq = :n"), {"n": row.seq})


def _swap(connection: Connection, row: Any, _random: Random) -> None:
    """A row and the next one take each other's place."""
    other = row.seq + 1 if row.seq > 1 else row.seq + 2
    for old, new in ((row.seq, -1), (other, row.seq), (-1, other)):
        _set(connection, old, seq=new)


def _repeat(connection: Connection, row: Any, _random: Random) -> None:
    """A row that stands a second time, at the end."""
    columns = "at, clock_suspect, actor, action, object_type, object_key, detail, previous_hash, hash"
    last = "(select max(seq) + 1 from audit_event)"
    statement = (
        f"insert into audit_event (seq, {columns}) select {last}, {columns} from audit_event where seq = :n"
    )
    connection.execute(text(statement), {"n": row.seq})


KINDS: list[Callable[[Connection, Any, Random], None]] = [
    *(_text_of(column) for column in ("actor", "action", "object_type", "object_key")),
    *(_hash_of(column) for column in ("hash", "previous_hash")),
    _moment,
    _suspect,
    _detail,
    _number,
    _erase,
    _swap,
    _repeat,
]


class _TakenBack(Exception):
    """Ends a tampering: the next one starts from the whole chain."""


def test_tamperings_are_all_found(store: Store) -> None:
    write(store, 30)
    random = Random(2022)  # noqa: S311 - the same tamperings at each run
    with store.read() as connection:
        found = events(connection)
    missed = []
    for number in range(TAMPERINGS):
        kind = KINDS[number % len(KINDS)]
        # The last row is left to the next test: what stands after a row is what proves its absence.
        row = random.choice(found[:-1])
        with pytest.raises(_TakenBack), store.schema() as connection:
            _unguard(connection)
            kind(connection, row, random)
            told = list(broken_links(connection))
            if not told or not _named(told, row.seq, len(found)):
                missed.append((kind, row.seq, told))
            raise _TakenBack
    assert missed == []
    with store.read() as connection:
        assert list(broken_links(connection)) == []


def _named(told: list[str], seq: int, last: int) -> bool:
    """The first thing told names the place, or the row beside it that no longer fits."""
    first = int("".join(filter(str.isdigit, told[0])))
    return first in (seq, seq + 1, last + 1)


@pytest.mark.parametrize("cut", [1, 30])
def test_a_journal_that_was_cut_short_is_found(store: Store, cut: int) -> None:
    """The chain of what is left is whole: what was done without an entry tells."""
    write(store, 30)
    _cut(store, cut)
    assert any(not check.passed for check in verify(store))


def test_a_journal_that_was_cut_short_is_found_whatever_it_told(store: Store) -> None:
    """Not every entry leaves a row elsewhere that would be missing its trace."""
    with store.write("console") as transaction:
        append(transaction, [Entry("user.reset", "user", "Diffa")])
    _cut(store, 1)
    assert any(not check.passed for check in verify(store))


def test_a_journal_cut_short_together_with_the_revision_is_found_by_the_rows(store: Store) -> None:
    """Only who also takes back every row that the lost entries told of leaves no trace in the store."""
    write(store, 3)
    _cut(store, 1)
    with store.schema() as connection:
        connection.execute(text("update store_state set revision = revision - 1"))
    with store.read() as connection:
        assert list(broken_links(connection)) == []
        (found,) = differences(connection)
    assert (found.table, found.finding) == ("user_account", Finding.UNTOLD)


def _cut(store: Store, entries: int) -> None:
    with store.schema() as connection:
        _unguard(connection)
        last = connection.execute(text("select max(seq) from audit_event")).scalar_one()
        connection.execute(text("delete from audit_event where seq > :n"), {"n": last - entries})


# Clocks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "back",
    [
        dt.timedelta(microseconds=1),
        dt.timedelta(hours=1),
        dt.timedelta(days=1),
        dt.timedelta(days=365 * 60),
    ],
    ids=["a microsecond", "an hour", "a day", "to 1966"],
)
def test_a_clock_that_goes_back_keeps_the_order_and_is_noted(store: Store, back: dt.timedelta) -> None:
    now = utc_now() + dt.timedelta(minutes=1)
    with time_machine.travel(now, tick=False):
        write(store, 2)
    with time_machine.travel(now - back, tick=False):
        write(store, 3)
    with time_machine.travel(now + dt.timedelta(seconds=1), tick=False):
        write(store, 1)
    with store.read() as connection:
        found = events(connection)[1:]
        assert list(broken_links(connection)) == []
    assert [event.seq for event in found] == [2, 3, 4, 5, 6, 7]
    moments = [event.at for event in found]
    assert moments == sorted(set(moments))
    # The second write of a clock that stands still is a microsecond later, not suspect.
    assert moments[1] == now + dt.timedelta(microseconds=1)
    assert [event.clock_suspect for event in found] == [False, False, True, True, True, False]
    assert moments[-1] == now + dt.timedelta(seconds=1)


def test_a_clock_far_ahead_is_noted_once_it_is_set_right(store: Store) -> None:
    ahead = dt.datetime(2038, 1, 19, 3, 14, 8, tzinfo=dt.UTC)
    with time_machine.travel(ahead, tick=False):
        write(store, 1)
    write(store, 1)
    with store.read() as connection:
        found = events(connection)[1:]
        assert list(broken_links(connection)) == []
    assert [event.at for event in found] == [ahead, ahead + dt.timedelta(microseconds=1)]
    assert [event.clock_suspect for event in found] == [False, True]


def test_the_moment_of_a_change_is_that_of_its_entry(store: Store) -> None:
    with (
        time_machine.travel(dt.datetime(2030, 1, 1, tzinfo=dt.UTC), tick=False),
        store.write("test") as first,
    ):
        append(first, [Entry("test.first", "store", "x")])
        assert first.now == dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
        # One in the morning in Niamey.
        assert first.today == dt.date(2030, 1, 1)
    with (
        time_machine.travel(dt.datetime(2030, 1, 1, 23, 30, tzinfo=dt.UTC), tick=False),
        store.write("x") as late,
    ):
        assert late.today == dt.date(2030, 1, 2)
        append(late, [Entry("test.late", "store", "x")])
    with store.read() as connection:
        assert [event.at for event in events(connection)[-2:]] == [first.now, late.now]
