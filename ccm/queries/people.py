"""The people of the follow-up, as administrators see them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ccm.auth import Action, Actor, require
from ccm.domain.vocabulary import UserRole
from ccm.queries.ask import PrivateQuery
from ccm.store.models import Contact, Credential, Entity, SignIn, User, UserEntity


@dataclass(frozen=True)
class Person:
    """A person, their role, the keys of the entities they answer for, how they are reached and sign in."""

    name: str
    role: UserRole
    entities: tuple[str, ...]
    active: bool
    version: int = 1
    full_name: str = ""
    function: str = ""
    email: str = ""
    phone: str = ""
    has_password: bool = False
    second_factor: bool = False
    last_seen_at: dt.datetime | None = None

    def answers_for(self, entity: str) -> bool:
        """Whether they act, and for this entity (its key)."""
        return self.active and entity in self.entities


def people(connection: Connection) -> tuple[Person, ...]:
    """Everybody, by name; those who were disabled too."""
    entities: dict[int, list[str]] = {}
    answering = select(UserEntity.user_id, Entity.key).join(Entity, Entity.id == UserEntity.entity_id)
    for row in connection.execute(answering.order_by(Entity.position)):
        entities.setdefault(row.user_id, []).append(row.key)
    return tuple(_person(row, tuple(entities.get(row.id, ()))) for row in connection.execute(_everybody()))


@dataclass(frozen=True)
class PeopleQuery(PrivateQuery[tuple[Person, ...]]):
    """Everybody, for whoever manages them."""

    def authorise(self, actor: Actor) -> None:
        """The administrators'."""
        require(actor, Action.READ_PEOPLE)

    def answer_to(self, connection: Connection, actor: Actor) -> tuple[Person, ...]:
        """Read them."""
        return people(connection)


def _everybody() -> Any:
    seen = (
        select(SignIn.user_id, func.max(SignIn.last_seen_at).label("last_seen_at"))
        .group_by(SignIn.user_id)
        .subquery()
    )
    columns: list[Any] = [User.id, User.name, User.role, User.disabled_at, User.version]
    columns += [Contact.full_name, Contact.function, Contact.email, Contact.phone]
    columns += [Credential.password_hash, Credential.totp_confirmed_at, seen.c.last_seen_at]
    return (
        select(*columns)
        .outerjoin(Contact, Contact.user_id == User.id)
        .outerjoin(Credential, Credential.user_id == User.id)
        .outerjoin(seen, seen.c.user_id == User.id)
        .order_by(User.name)
    )


def _person(row: Any, entities: tuple[str, ...]) -> Person:
    return Person(
        name=row.name,
        role=UserRole(row.role),
        entities=entities,
        active=row.disabled_at is None,
        version=row.version,
        full_name=row.full_name or "",
        function=row.function or "",
        email=row.email or "",
        phone=row.phone or "",
        has_password=row.password_hash is not None,
        second_factor=row.totp_confirmed_at is not None,
        last_seen_at=row.last_seen_at,
    )
