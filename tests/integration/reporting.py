"""People and reports for tests of what the Secretariat does: each person with a sign-in of their own."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from ccm.auth import CONSOLE, Actor, resolve
from ccm.commands import ReportLine, submit
from ccm.commands.answer import SubmitReport
from ccm.commands.evidence import AddEvidence
from ccm.commands.own_account import set_password
from ccm.commands.people import AddUser
from ccm.commands.periods import OpenPeriod
from ccm.commands.sign_in import open_sign_in
from ccm.domain.dates import utc_now
from ccm.domain.vocabulary import EvidenceKind, ReportOrigin, UserRole
from ccm.store import Store
from ccm.store.models import Assignment, DraftEvidence, ProgressReport, User

#: The hash of no password: whoever has it can sign in as far as the store knows.
NO_PASSWORD = "$argon2id$"  # noqa: S105
RECOMMENDATION = "CCM7-A1-05"


def token_of(store: Store, name: str, role: str, *entities: str) -> str:
    """The token of a new person's sign-in."""
    submit(store, CONSOLE, AddUser(name, role, entities))
    with store.write("console") as transaction:
        user = transaction.connection.execute(select(User.id).where(User.name == name)).scalar_one()
        set_password(transaction, user, NO_PASSWORD)
        return open_sign_in(transaction, user, UserRole(role))


def person(store: Store, name: str, role: str, *entities: str) -> Actor:
    """A new person, signed in."""
    token = token_of(store, name, role, *entities)
    with store.read() as connection:
        return resolve(connection, token, utc_now())


def hand_in(
    store: Store,
    actor: Actor,
    entity: str = "NE002",
    origin: ReportOrigin = ReportOrigin.PORTAL,
    **cells: Any,
) -> int:
    """Hand in one answer on RECOMMENDATION, half done but for the cells given; the report's id."""
    right = {
        "recommendation": RECOMMENDATION,
        "as_of": "2024-03-31",
        "status": "in_progress",
        "percent": "50",
    }
    line = ReportLine(**{**right, "entity": entity, **cells})
    with store.read() as connection:
        base = connection.execute(
            select(func.max(ProgressReport.id))
            .join(Assignment, Assignment.id == ProgressReport.assignment_id)
            .where(Assignment.key == f"{line.recommendation}/{entity}")
        ).scalar()
    return submit(store, actor, SubmitReport(line, base, origin=origin))


def hand_in_with_document(store: Store, actor: Actor, base: int | None = None, **cells: Any) -> int:
    """Hand Diffa's answer in, with the name of a document behind it; the report's id."""
    submit(store, actor, AddEvidence(f"{RECOMMENDATION}/NE002", EvidenceKind.DOCUMENT, "PV du 12 mars"))
    with store.read() as connection:
        piece = connection.execute(select(DraftEvidence.id)).scalar_one()
    line = {"recommendation": RECOMMENDATION, "entity": "NE002", "as_of": "2024-03-31", **cells}
    return submit(store, actor, SubmitReport(ReportLine(**line), base, (piece,)))


def row(store: Store, report: int) -> Any:
    """A report as it is kept."""
    with store.read() as connection:
        found = select(ProgressReport.__table__).where(ProgressReport.id == report)
        return connection.execute(found).one()


def open_period(store: Store, key: str, *days: str) -> None:
    """Open a period from its three days."""
    start, end, due = (dt.date.fromisoformat(day) for day in days)
    submit(store, CONSOLE, OpenPeriod(key, key, start, end, due))
