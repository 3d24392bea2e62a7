"""The people of the follow-up."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ccm.domain.vocabulary import UserRole
from ccm.store.models import Entity, User, UserEntity


@dataclass(frozen=True)
class Person:
    """A person, their role, and the keys of the entities they answer for."""

    name: str
    role: UserRole
    entities: tuple[str, ...]
    active: bool


def people(connection: Connection) -> tuple[Person, ...]:
    """Everybody, by name; those who were disabled too."""
    entities: dict[int, list[str]] = {}
    answering = select(UserEntity.user_id, Entity.key).join(Entity, Entity.id == UserEntity.entity_id)
    for row in connection.execute(answering.order_by(Entity.position)):
        entities.setdefault(row.user_id, []).append(row.key)
    users = connection.execute(select(User.id, User.name, User.role, User.disabled_at).order_by(User.name))
    return tuple(
        Person(user.name, UserRole(user.role), tuple(entities.get(user.id, ())), user.disabled_at is None)
        for user in users
    )
