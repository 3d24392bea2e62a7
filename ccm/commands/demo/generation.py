"""Making a whole demonstration, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from sqlalchemy import Connection, insert, inspect, select, update

from ccm.commands import current_state, first_load
from ccm.commands.demo.bulk import Bulk, write_bulk
from ccm.commands.demo.calendar import END, START, Clock
from ccm.commands.demo.changes import announce_next_session
from ccm.commands.demo.people import VALIDATOR
from ccm.commands.demo.reports import Author
from ccm.commands.demo.seventh import ids_by_key, write_seventh_session
from ccm.commands.demo.writer import Writer
from ccm.commands.given_back import give_back
from ccm.domain.errors import Conflict, Invalid, Problem
from ccm.domain.vocabulary import ReportState
from ccm.store import Store, Transaction, count_rows, upgrade
from ccm.store.journal import Entry, append
from ccm.store.models import (
    AuditEvent,
    Entity,
    ProgressReport,
    Recommendation,
    Session,
    Setting,
    StoreState,
    User,
)

#: Called with a step's name (a French message), how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

_LAST_OF_TABLE = 7


@dataclass(frozen=True)
class _Size:
    """How many recommendations and reports there are in all, and how many sessions were invented."""

    recommendations: int
    reports: int
    sessions: int


_SIZES: dict[str, _Size | None] = {
    "S": None,
    "M": _Size(2_000, 60_000, 10),
    "L": _Size(100_000, 2_000_000, 50),
}


def generate(store: Store, size: str = "S", seed: int = 7, progress: Progress | None = None) -> None:
    """Fill an absent or empty store with invented data, marked as such, in one transaction.

    S: the real recommendations of the 7th session with two invented years of life, in every state that
    the pages can show. M and L: the same, and invented sessions up to 2,000 recommendations and 60,000
    reports, or 100,000 and 2,000,000.

    The data has a calendar of its own: it starts on the 7th session's political date, 5 August 2022, and
    ends on 30 June 2024, the day on which a demonstration opens (setting `demo_today`). No row depends on
    the wall clock, so that a size and a seed always give the same rows, but for two things: the store's
    own identity, since two stores are never one, and the instant of the journal's `demo.generated`.

    Raises Conflict where the store holds anything, Invalid for an unknown size.
    """
    if size not in _SIZES:
        values = (("size", size), ("known", ", ".join(_SIZES)))
        raise Invalid([Problem("La taille « %(size)s » n'existe pas : donnez l'une de %(known)s.", values)])
    # Looked at before the schema is touched: a store that holds something is left exactly as it is.
    with store.read() as connection:
        _refuse_full(connection, store.url)
    upgrade(store)
    with store.write("console") as transaction:
        # A second process may have filled it between the look and the lock.
        _refuse_full(transaction.connection, store.url)
        _fill(transaction, size, seed, progress or _say_nothing)
        count_rows(transaction.connection)


def _say_nothing(_step: str, _done: int, _total: int) -> None:
    return None


def _refuse_full(connection: Connection, url: str) -> None:
    tables = inspect(connection).get_table_names()
    for model in (Session, StoreState, AuditEvent):
        first_row = select(1).select_from(model).limit(1)
        if model.__tablename__ in tables and connection.execute(first_row).first():
            raise Conflict(
                "L'entrepôt %(url)s contient déjà des données, la démonstration ne s'y mêle pas : "
                "indiquez avec --store un entrepôt absent ou vide.",
                url=url,
            )


def _fill(transaction: Transaction, size: str, seed: int, progress: Progress) -> None:
    connection, clock, rng = transaction.connection, Clock(), Random(seed)  # noqa: S311 - data, not secrets
    progress("7e session", 0, 1)
    # What the first load writes is stamped with the calendar's first day, as if it had been there then.
    first_load.load(replace(transaction, now=clock.instant(START)))
    writer = Writer(connection)
    author = Author(rng, clock, ids_by_key(connection, Entity), VALIDATOR)
    write_seventh_session(connection, writer, rng, author)
    progress("7e session", 1, 1)
    last = _LAST_OF_TABLE
    if wanted := _SIZES[size]:
        bulk = Bulk(
            first_session=last + 1,
            sessions=wanted.sessions,
            recommendations=wanted.recommendations - len(ids_by_key(connection, Recommendation)),
            reports=wanted.reports - writer.written[ProgressReport],
        )
        write_bulk(connection, writer, author, bulk, progress)
        last += wanted.sessions
    announce_next_session(writer, clock, last + 1)
    writer.close()
    progress("État courant", 0, 1)
    # The state as of the last invented day serves every later day: nothing takes effect after it.
    at_the_end = replace(transaction, now=clock.instant(END))
    current_state.refresh(at_the_end)
    _give_back(at_the_end)
    _mark(transaction, writer, size, seed)
    progress("État courant", 1, 1)


def _give_back(transaction: Transaction) -> None:
    """What was returned is its author's draft again, as it is when the Secretariat does it."""
    returned = select(ProgressReport.id).join(User, User.name == ProgressReport.author)
    returned = returned.where(ProgressReport.state == ReportState.RETURNED).order_by(ProgressReport.id)
    for report in transaction.connection.execute(returned).scalars().all():
        give_back(transaction, report)


def _mark(transaction: Transaction, writer: Writer, size: str, seed: int) -> None:
    connection = transaction.connection
    connection.execute(update(StoreState).values(demo=True, demo_seed=seed, demo_size=size))
    connection.execute(insert(Setting).values(key="demo_today", value=END.isoformat()))
    counts = {model.__tablename__: count for model, count in writer.written.items()}
    append(transaction, [Entry("demo.generated", "store", size, {"seed": seed, "rows": counts})])
