"""From the token in a cookie to the person who acts: asked on every run, callback, fragment and request."""

import datetime as dt
import hashlib
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ccm.auth.policy import NOBODY, PUBLIC, Actor
from ccm.domain.vocabulary import UserRole
from ccm.store.models import Credential, Entity, Setting, SignIn, User, UserEntity

#: How long a browser may stay silent, and how long a sign-in lasts at most, by role.
IDLE = dt.timedelta(minutes=30)
ABSOLUTE = {role: dt.timedelta(hours=12) for role in UserRole} | {
    UserRole.VALIDATOR: dt.timedelta(hours=8),
    UserRole.ADMINISTRATOR: dt.timedelta(hours=8),
}
#: How far a clock may be set back, or two clocks differ, before what they stamped is no longer believed.
CLOCKS_DIFFER = dt.timedelta(minutes=1)
# Asked on every run and request: built once.
_SETTING = select(Setting.value).where(Setting.key == bindparam("key"))
_LIVE = (
    select(SignIn.id.label("sign_in_id"), User.id, User.name, User.role, Credential.totp_confirmed_at)
    .join(User, User.id == SignIn.user_id)
    .outerjoin(Credential, Credential.user_id == User.id)
    .where(
        SignIn.ended_at.is_(None),
        SignIn.expires_at > bindparam("now"),
        SignIn.last_seen_at > bindparam("idle_since"),
        # A clock that went back must not lengthen a sign-in.
        SignIn.last_seen_at <= bindparam("latest"),
        User.disabled_at.is_(None),
    )
)
_BY_TOKEN = _LIVE.where(SignIn.token_hash == bindparam("token"))
_BY_ID = _LIVE.where(SignIn.id == bindparam("sign_in"))
_ENTITIES = (
    select(Entity.key)
    .join(UserEntity, UserEntity.entity_id == Entity.id)
    .where(UserEntity.user_id == bindparam("user"))
)


def digest(token: str) -> str:
    """What the store keeps of a token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def resolve(connection: Connection, token: str | None, now: dt.datetime) -> Actor:
    """The person behind a token; the public where there is none, or where it has ended.

    NOBODY stands for the public where reading without an account is switched off.
    """
    if token:
        row = connection.execute(_BY_TOKEN, {"token": digest(token), **_clock(now)}).first()
        if row is not None:
            return _actor(connection, row)
    return PUBLIC if public_reading(connection) else NOBODY


def still(connection: Connection, actor: Actor, now: dt.datetime) -> Actor:
    """The same person with the rights they have now; not admitted any more where the sign-in has ended.

    The public is admitted as long as the setting says so; the terminal stays as it is.
    """
    if actor.anonymous:
        return actor if actor.admitted and public_reading(connection) else NOBODY
    if actor.sign_in_id is None:
        return actor
    row = connection.execute(_BY_ID, {"sign_in": actor.sign_in_id, **_clock(now)}).first()
    return _actor(connection, row) if row is not None else NOBODY


def public_reading(connection: Connection) -> bool:
    """Whether one may read without an account: yes, unless the setting says no."""
    return _setting(connection, "public_reading") != "off"


def owes_second_factor(connection: Connection) -> bool:
    """Whether administrators must have a second factor: without it they reach their own account alone."""
    return _setting(connection, "second_factor_for_administrators") == "required"


def _setting(connection: Connection, key: str) -> str | None:
    value: str | None = connection.execute(_SETTING, {"key": key}).scalar()
    return value


def _clock(now: dt.datetime) -> dict[str, dt.datetime]:
    return {"now": now, "idle_since": now - IDLE, "latest": now + CLOCKS_DIFFER}


def _actor(connection: Connection, row: Any) -> Actor:
    keys = connection.execute(_ENTITIES, {"user": row.id})
    role = UserRole(row.role)
    confined = (
        role is UserRole.ADMINISTRATOR and row.totp_confirmed_at is None and owes_second_factor(connection)
    )
    entities = frozenset(keys.scalars())
    return Actor(row.name, role, entities, row.id, row.sign_in_id, confined=confined)
