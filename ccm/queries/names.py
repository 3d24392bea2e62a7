"""How things are named on a day: entities, axes, challenges, sessions."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from ccm.domain.vocabulary import UserRole
from ccm.queries.results import EntityRef
from ccm.store.models import Axis, Entity, EntityName, User, UserEntity

_FOCAL_POINTS = (
    select(UserEntity.entity_id, func.count().label("people"))
    .join(User, User.id == UserEntity.user_id)
    .where(User.role == UserRole.FOCAL_POINT, User.disabled_at.is_(None))
    .group_by(UserEntity.entity_id)
)


@dataclass(frozen=True)
class AxisRef:
    """An axis of the plan."""

    id: int
    key: str
    label: str


def axes(connection: Connection) -> tuple[AxisRef, ...]:
    """The axes, general recommendations first."""
    rows = connection.execute(select(Axis.id, Axis.key, Axis.label).order_by(Axis.position))
    return tuple(AxisRef(row.id, row.key, row.label) for row in rows)


def entities(connection: Connection, on: dt.date) -> dict[int, EntityRef]:
    """Every entity by id, in the source's order, under its name on that day."""
    focal = focal_points(connection)
    return {
        row.id: EntityRef(
            key=row.key,
            short_name=row.short_name or row.key,
            name=row.name or row.key,
            kind=row.kind,
            focal_points=focal.get(row.id, 0),
            name_to_confirm=row.origin == "to_confirm",
        )
        for row in connection.execute(_named(on))
    }


@lru_cache(64)
def _named(on: dt.date) -> Select[Any]:
    named = (
        select(EntityName)
        .where(
            or_(EntityName.valid_from.is_(None), EntityName.valid_from <= on),
            or_(EntityName.valid_to.is_(None), EntityName.valid_to >= on),
        )
        .subquery()
    )
    return (
        select(Entity.id, Entity.key, Entity.kind, named.c.short_name, named.c.name, named.c.origin)
        .outerjoin(named, named.c.entity_id == Entity.id)
        .order_by(Entity.position)
    )


def focal_points(connection: Connection) -> dict[int, int]:
    """How many active focal points answer for each entity: {entity id: count}."""
    return {row.entity_id: row.people for row in connection.execute(_FOCAL_POINTS)}


@lru_cache(maxsize=4096)
def short_key(key: str) -> str:
    """`CCM7-A1-05` is shown `A1-05`."""
    return key.partition("-")[2] or key
