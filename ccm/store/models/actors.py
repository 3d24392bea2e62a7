"""Who acts: entities with their names in time, and the people of the follow-up."""

import datetime as dt

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from ccm.domain.vocabulary import EntityKind, UserRole
from ccm.store.models.base import Base
from ccm.store.types import Id, Key, Moment, Prose, code, ref


class Entity(Base):
    """An actor of the plan: region, ministry, agency, or a class of actors."""

    __tablename__ = "entity"
    id: Mapped[Id]
    key: Mapped[Key]
    kind: Mapped[EntityKind] = mapped_column(code(EntityKind, "kind"))
    parent_id: Mapped[int | None] = ref("entity.id")
    position: Mapped[int]
    iso: Mapped[Prose]
    origin: Mapped[Prose]
    note: Mapped[Prose]
    recorded_at: Mapped[Moment]


class EntityName(Base):
    """A name of an entity and the days it holds; `origin` says whether the source gives it."""

    __tablename__ = "entity_name"
    id: Mapped[Id]
    entity_id: Mapped[int] = ref("entity.id", index=True)
    short_name: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    origin: Mapped[Prose]
    note: Mapped[Prose]
    __table_args__ = (
        CheckConstraint(
            "valid_to is null or valid_from is null or valid_from <= valid_to", name="days_in_order"
        ),
    )


class EntityAlias(Base):
    """Another spelling under which files name an entity; `folded` is what is compared."""

    __tablename__ = "entity_alias"
    id: Mapped[Id]
    entity_id: Mapped[int] = ref("entity.id", index=True)
    alias: Mapped[str] = mapped_column(String(300))
    folded: Mapped[str] = mapped_column(String(300), unique=True)
    origin: Mapped[Prose]


class Succession(Base):
    """From `effective_on` the successor answers for the predecessor (for one assignment only, in a split).

    Where both are one, the succession before is undone: the predecessor answers again for itself.
    """

    __tablename__ = "succession"
    id: Mapped[Id]
    predecessor_id: Mapped[int] = ref("entity.id", index=True)
    successor_id: Mapped[int] = ref("entity.id", index=True)
    assignment_id: Mapped[int | None] = ref("assignment.id")
    effective_on: Mapped[dt.date]
    recorded_at: Mapped[Moment]


class User(Base):
    """A person of the follow-up. Ends by `disabled_at`, never by deletion."""

    __tablename__ = "user_account"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    role: Mapped[UserRole] = mapped_column(code(UserRole, "role"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Moment]
    disabled_at: Mapped[Moment | None]
    __table_args__ = (CheckConstraint("length(name) between 1 and 120", name="name_length"),)


class UserEntity(Base):
    """The entities a focal point answers for."""

    __tablename__ = "user_entity"
    user_id: Mapped[int] = ref("user_account.id", primary_key=True)
    entity_id: Mapped[int] = ref("entity.id", primary_key=True)
