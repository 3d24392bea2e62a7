"""A store in which every command was used."""

import datetime as dt

from sqlalchemy import insert, select

from ccm.auth import CONSOLE
from ccm.commands import AddUser, OpenSession, submit
from ccm.domain.vocabulary import LinkPurpose
from ccm.store import Store, Transaction
from ccm.store.models import (
    AnsweredRequest,
    Assignment,
    Base,
    Contact,
    Contest,
    Credential,
    Draft,
    DraftEvidence,
    Entity,
    Evidence,
    ExternalIdentity,
    OneTimeLink,
    ProgressReport,
    RecoveryCode,
    Reminder,
    ReportingPeriod,
    SignIn,
    SignInAttempt,
    Succession,
    User,
    UserEntity,
)
from tests.integration.acting import assign, import_assignments, import_reports, report


def lived_in(store: Store) -> Store:
    """Reports, assignments, a session and a person more than the first load."""
    import_reports(store, report(percent="20", as_of="2024-01-31"), report(entity="NE001"))
    import_reports(store, report(percent="80"), validate=False)
    import_reports(store, report(percent="60"))
    import_assignments(store, assign(weight="3"), assign(entity="NE003", role="support", line=3))
    import_assignments(store, assign(recommendation="CCM7-G-01", nature="continuous"))
    submit(store, CONSOLE, OpenSession(8, dt.date(2024, 5, 1)))
    submit(store, CONSOLE, AddUser("Awa", "reader"))
    return store


def fill_every_table(transaction: Transaction) -> None:
    """Rows in the tables that a store where people worked may still have empty."""
    connection, now = transaction.connection, transaction.now
    report = connection.execute(select(ProgressReport.id).limit(1)).scalar_one()
    user = connection.execute(select(User.id).limit(1)).scalar_one()
    one, other = connection.execute(select(Entity.id).order_by(Entity.id).limit(2)).scalars()
    connection.execute(insert(Contest).values(report_id=report, reason="Doute", opened_at=now))
    connection.execute(insert(UserEntity).values(user_id=user, entity_id=one))
    piece = {"kind": "file", "name": "pv.pdf", "sha256": "0" * 64, "media_type": "application/pdf", "size": 9}
    connection.execute(insert(Evidence).values(report_id=report, added_at=now, **piece))
    day = transaction.today
    period = {"key": "T1", "label": "T1", "starts_on": day, "ends_on": day, "due_on": day, "recorded_at": now}
    number = connection.execute(
        insert(ReportingPeriod).values(period).returning(ReportingPeriod.id)
    ).scalar_one()
    reminder = {"entity_id": one, "period_id": number, "channel": "copy", "made_at": now}
    connection.execute(insert(Reminder).values(reminder))
    succession = {"predecessor_id": one, "successor_id": other, "effective_on": transaction.today}
    connection.execute(insert(Succession).values(recorded_at=now, **succession))
    assignment = connection.execute(select(Assignment.id).limit(1)).scalar_one()
    own = {"user_id": user, "assignment_id": assignment}
    connection.execute(insert(Draft).values(content={"note": "à suivre"}, updated_at=now, **own))
    connection.execute(insert(DraftEvidence).values(added_at=now, **own, **piece))
    _sign_in(transaction, user)


def _sign_in(transaction: Transaction, user: int) -> None:
    """What signing in leaves, in every table of accounts."""
    now, later, whose = transaction.now, transaction.now + dt.timedelta(hours=1), {"user_id": user}
    rows: list[tuple[type[Base], dict[str, object]]] = [
        (Credential, {**whose, "password_hash": "$argon2id$", "changed_at": now}),
        (Contact, {**whose, "email": "awa@example.ne", "updated_at": now}),
        (RecoveryCode, {**whose, "code_hash": "1" * 64, "created_at": now}),
        (ExternalIdentity, {**whose, "issuer": "https://id.ne", "subject": "awa", "linked_at": now}),
        (
            OneTimeLink,
            {
                **whose,
                "purpose": LinkPurpose.RESET,
                "token_hash": "2" * 64,
                "created_at": now,
                "expires_at": later,
            },
        ),
        (
            SignIn,
            {
                **whose,
                "token_hash": "3" * 64,
                "created_at": now,
                "last_seen_at": now,
                "expires_at": later,
                "confirmed_at": now,
            },
        ),
        (SignInAttempt, {"account": "4" * 64, "address": "192.0.2.1", "at": now, "succeeded": True}),
        (AnsweredRequest, {"key": "5" * 64, "actor": "Awa", "command": "Trial", "result": "1", "at": now}),
    ]
    for model, values in rows:
        transaction.connection.execute(insert(model).values(values))
