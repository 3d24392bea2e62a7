"""Settings of every connection, and what a reading and a writing transaction promise."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from ccm.domain.dates import utc_now
from ccm.domain.errors import StoreUnavailable
from ccm.store import Store, open_store
from ccm.store.journal import Entry, append, broken_links
from ccm.store.models import AuditEvent, Setting, StoreState, User

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
}


def pragmas(connection: Connection) -> dict[str, Any]:
    """What a connection answers when asked for its settings."""
    return {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}


def names(connection: Connection) -> list[str]:
    """The people of the store."""
    return list(connection.execute(select(User.name).order_by(User.name)).scalars())


def add(store: Store, name: str) -> None:
    """A change as a command makes it: a row, and its entry in the journal."""
    with store.write("test") as transaction:
        values = {"name": name, "role": "reader", "created_at": transaction.now}
        transaction.connection.execute(insert(User).values(values))
        append(transaction, [Entry("user.added", "user", name)])


def test_every_pooled_connection_has_the_settings(sqlite_store: Store) -> None:
    pool = 12

    def together() -> set[int]:
        with ExitStack() as held:
            connections = [held.enter_context(sqlite_store.read()) for _ in range(pool)]
            for connection in connections:
                assert pragmas(connection) == PRAGMAS
                assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() >= 10_000
            return {id(connection.connection.dbapi_connection) for connection in connections}

    assert len(together()) == pool
    with sqlite_store.read() as connection:
        connection.invalidate()
    sqlite_store.close()
    assert len(together()) == pool
    with sqlite_store.write("test") as transaction:
        assert pragmas(transaction.connection) == PRAGMAS
    with sqlite_store.schema() as connection:
        assert pragmas(connection) == PRAGMAS


def test_a_reader_sees_one_state(store: Store) -> None:
    """A page's figures come from several queries: no write may come between them."""
    with store.read() as connection:
        revision = select(StoreState.revision)
        before, people = connection.execute(revision).scalar_one(), names(connection)
        add(store, "Arrivée entre deux lectures")
        assert names(connection) == people
        assert connection.execute(revision).scalar_one() == before
    with store.read() as connection:
        assert names(connection) == [*people, "Arrivée entre deux lectures"]


def test_what_a_reader_writes_is_not_kept(store: Store) -> None:
    with store.read() as connection:
        try:
            connection.execute(insert(Setting).values(key="lecture", value="1"))
        except DBAPIError:
            connection.rollback()
    with store.read() as connection:
        assert connection.execute(select(Setting).where(Setting.key == "lecture")).first() is None


def test_all_of_a_transaction_is_kept_or_nothing(store: Store) -> None:
    with store.read() as connection:
        before = names(connection), connection.execute(select(func.count(AuditEvent.seq))).scalar_one()

    class Interrupted(Exception):
        pass

    with pytest.raises(Interrupted), store.write("test") as transaction:
        values = {"name": "Personne", "role": "reader", "created_at": transaction.now}
        transaction.connection.execute(insert(User).values(values))
        append(transaction, [Entry("user.added", "user", "Personne")])
        raise Interrupted
    with store.read() as connection:
        assert (
            names(connection),
            connection.execute(select(func.count(AuditEvent.seq))).scalar_one(),
        ) == before


def test_without_its_entry_in_the_journal_a_change_is_not_kept(store: Store) -> None:
    with store.read() as connection:
        before = names(connection)
    with pytest.raises(DBAPIError), store.write("test") as transaction:
        values = {"name": "Personne", "role": "reader", "created_at": transaction.now}
        transaction.connection.execute(insert(User).values(values))
        # An entry that the journal cannot hold: it has that number already.
        row = transaction.connection.execute(select(AuditEvent.__table__)).first()
        assert row
        transaction.connection.execute(insert(AuditEvent).values(dict(row._mapping)))
    with store.read() as connection:
        assert names(connection) == before


def test_writers_take_their_turn(store: Store) -> None:
    """Eight writers read, then write: nobody is refused, nothing is lost, the journal does not fork."""
    writers, turns = 8, 5
    start = threading.Barrier(writers)
    with store.write("test") as transaction:
        transaction.connection.execute(insert(Setting).values(key="compteur", value="0"))

    def write(writer: int) -> None:
        start.wait()
        for turn in range(turns):
            with store.write(f"writer {writer}") as transaction:
                counter = Setting.__table__
                here = counter.c.key == "compteur"
                value = transaction.connection.execute(select(counter.c.value).where(here)).scalar_one()
                transaction.connection.execute(counter.update().where(here).values(value=str(int(value) + 1)))
                append(transaction, [Entry("test.counted", "setting", "compteur", {"turn": turn})])

    with ThreadPoolExecutor(writers) as threads:
        for done in [threads.submit(write, writer) for writer in range(writers)]:
            done.result()
    with store.read() as connection:
        value = connection.execute(select(Setting.value).where(Setting.key == "compteur")).scalar_one()
        events = connection.execute(select(AuditEvent.seq, AuditEvent.at).order_by(AuditEvent.seq)).all()
        assert list(broken_links(connection)) == []
    assert int(value) == writers * turns
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    # One instant for each transaction, each later than the one before.
    assert sorted({event.at for event in events}) == [event.at for event in events]


def test_each_change_makes_cached_answers_stale(store: Store) -> None:
    def revision() -> int:
        with store.read() as connection:
            found: int = connection.execute(select(StoreState.revision)).scalar_one()
            return found

    before = revision()
    add(store, "Une")
    add(store, "Deux")
    assert revision() == before + 2


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.db",
        "postgresql://ccm:hunter2@127.0.0.1:1/ccm",
        "oracle://x:hunter2@y/z",
        "?",
    ],
)
def test_a_store_that_cannot_be_opened_is_one_sentence_without_its_password(url: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        store = open_store(url)
        try:
            with store.read() as connection:
                connection.execute(text("select 1"))
        finally:
            store.close()
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_one_sentence_and_loses_nothing(sqlite_store: Store) -> None:
    with sqlite_store.read() as connection:
        before = names(connection)
    with pytest.raises(StoreUnavailable, match="plein"), sqlite_store.write("test") as transaction:
        connection = transaction.connection
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        rows = [
            {"name": f"Personne {n} {'x' * 90}", "role": "reader", "created_at": utc_now()}
            for n in range(5000)
        ]
        connection.execute(insert(User), rows)
    sqlite_store.close()
    with sqlite_store.read() as connection:
        assert names(connection) == before
    add(sqlite_store, "Après")
