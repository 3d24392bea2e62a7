"""One's own account, as one sees it."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ccm.auth import Action, Actor, require
from ccm.domain.dates import today
from ccm.domain.vocabulary import UserRole
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.store.models import Credential, RecoveryCode, SignIn


@dataclass(frozen=True)
class SignInSeen:
    """One browser that is signed in; `here` is the one that asks."""

    since: dt.datetime
    last_seen: dt.datetime
    here: bool


@dataclass(frozen=True)
class OwnAccount:
    """Name, role, the names of one's entities, second factor and sign-ins of the person who asks.

    `confirmed_at` is when the password was last given here. `pending_secret` is the second factor's while it
    waits for its first code, None otherwise.
    """

    name: str
    role: UserRole
    entities: tuple[str, ...]
    password_changed_at: dt.datetime | None
    second_factor: bool
    pending_secret: str | None
    recovery_codes_left: int
    confirmed_at: dt.datetime | None
    sign_ins: tuple[SignInSeen, ...]


@dataclass(frozen=True)
class OwnAccountQuery(PrivateQuery[OwnAccount]):
    """The account of whoever asks."""

    def authorise(self, actor: Actor) -> None:
        """Whoever is signed in, of themselves."""
        require(actor, Action.MANAGE_OWN_ACCOUNT, author=actor.name)

    def answer_to(self, connection: Connection, actor: Actor) -> OwnAccount:
        """Read it."""
        kept = connection.execute(
            select(Credential.changed_at, Credential.totp_secret, Credential.totp_confirmed_at).where(
                Credential.user_id == actor.user_id
            )
        ).first()
        confirmed = kept is not None and kept.totp_confirmed_at is not None
        return OwnAccount(
            name=actor.name,
            role=actor.role,
            entities=_names(connection, actor),
            password_changed_at=kept.changed_at if kept else None,
            second_factor=confirmed,
            pending_secret=kept.totp_secret if kept and not confirmed else None,
            recovery_codes_left=_codes_left(connection, actor),
            confirmed_at=connection.execute(
                select(SignIn.confirmed_at).where(SignIn.id == actor.sign_in_id)
            ).scalar(),
            sign_ins=_sign_ins(connection, actor),
        )


def _names(connection: Connection, actor: Actor) -> tuple[str, ...]:
    named = entities(connection, today()).values()
    return tuple(entity.name for entity in named if entity.key in actor.entities)


def _codes_left(connection: Connection, actor: Actor) -> int:
    count = select(func.count()).where(RecoveryCode.user_id == actor.user_id, RecoveryCode.used_at.is_(None))
    return connection.execute(count).scalar_one()


def _sign_ins(connection: Connection, actor: Actor) -> tuple[SignInSeen, ...]:
    rows = connection.execute(
        select(SignIn.id, SignIn.created_at, SignIn.last_seen_at)
        .where(SignIn.user_id == actor.user_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.last_seen_at.desc())
    )
    return tuple(SignInSeen(row.created_at, row.last_seen_at, row.id == actor.sign_in_id) for row in rows)
