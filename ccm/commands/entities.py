"""Entities: a new one, another spelling, another name from a day on."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import delete, func, insert, select, update

from ccm.auth import Action, Actor, require
from ccm.commands.cells import told
from ccm.commands.command import Command
from ccm.commands.spellings import entity_id, require_free, unchosen
from ccm.domain.errors import Conflict, Invalid, NotFound, Problem
from ccm.domain.folding import fold
from ccm.domain.vocabulary import EntityKind
from ccm.i18n import N_
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Entity, EntityAlias, EntityName

_SECRETARIAT = "secretariat"
_KEY = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
#: The eight regions are known, and drawn: none is added.
ADDED_KINDS = tuple(kind for kind in EntityKind if kind is not EntityKind.REGION)
_OTHER_NAME = N_(
    "Quelqu'un a renommé cet acteur entre-temps : « %(short_name)s », %(name)s. Comparez, puis recommencez."
)


@dataclass(frozen=True)
class AddAlias(Command[None]):
    """Another spelling under which files name an entity."""

    entity: str
    alias: str

    def authorise(self, actor: Actor) -> None:
        """Entities are the administrators' business."""
        require(actor, Action.MANAGE_ENTITIES)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid for an empty or long spelling, Conflict where it names somebody already."""
        alias, folded = " ".join(self.alias.split()), fold(self.alias)
        problems = unchosen(entity=self.entity)
        if not folded or len(alias) > 300 or not alias.isprintable():
            problems.append(Problem("une orthographe de 300 caractères au plus", column="alias"))
        if problems:
            raise Invalid(problems)
        entity = entity_id(transaction.connection, self.entity)
        connection = transaction.connection
        require_free(connection, alias, ever=True)
        row = {"entity_id": entity, "alias": alias, "folded": folded, "origin": _SECRETARIAT}
        connection.execute(insert(EntityAlias).values(row))
        append(transaction, [Entry("entity.alias_added", "entity", self.entity, {"alias": alias})])


@dataclass(frozen=True)
class RemoveAlias(Command[None]):
    """A spelling that was added by mistake means its entity no more; those of the source stay."""

    alias: str

    def authorise(self, actor: Actor) -> None:
        """Entities are the administrators' business."""
        require(actor, Action.MANAGE_ENTITIES)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises NotFound for what the Secretariat did not add, or is removed already."""
        if not self.alias:
            raise Invalid([Problem("choisissez une orthographe", column="alias")])
        connection = transaction.connection
        found = connection.execute(
            select(EntityAlias.id, Entity.key)
            .join(Entity, Entity.id == EntityAlias.entity_id)
            .where(EntityAlias.alias == self.alias, EntityAlias.origin == _SECRETARIAT)
        ).first()
        if found is None:
            raise NotFound(
                "« %(alias)s » n'est pas une orthographe que le Secrétariat a ajoutée.", alias=self.alias
            )
        connection.execute(delete(EntityAlias).where(EntityAlias.id == found.id))
        append(transaction, [Entry("entity.alias_removed", "entity", found.key, {"alias": self.alias})])


@dataclass(frozen=True)
class AddEntity(Command[None]):
    """A ministry, an agency or a class of actors not known so far: it may succeed to others."""

    key: str
    kind: str
    short_name: str
    name: str
    valid_from: dt.date
    parent: str = ""

    def authorise(self, actor: Actor) -> None:
        """Entities are the administrators' business."""
        require(actor, Action.MANAGE_ENTITIES)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid with every problem, Conflict where its key or a name means another, NotFound."""
        key = self.key.strip().upper()
        short, name = " ".join(self.short_name.split()), " ".join(self.name.split())
        problems = list(_unnamed(short, name))
        if not _KEY.fullmatch(key) or len(key) > 64:
            problems.append(Problem("un code en capitales, par exemple MAT-DC", column="key"))
        kind = next((known for known in ADDED_KINDS if known == self.kind), None)
        if kind is None:
            problems.append(
                Problem("les huit régions sont connues : choisissez un autre genre", column="kind")
            )
        if problems:
            raise Invalid(problems)
        connection = transaction.connection
        for spelling in (key, short, name):
            require_free(connection, spelling)
        row = {
            "key": key,
            "kind": kind,
            "parent_id": entity_id(connection, self.parent) if self.parent else None,
            "position": select(func.max(Entity.position) + 1).scalar_subquery(),
            "origin": _SECRETARIAT,
            "recorded_at": transaction.now,
        }
        entity = connection.execute(insert(Entity).values(row).returning(Entity.id)).scalar_one()
        named = {"entity_id": entity, "short_name": short, "name": name, "valid_from": self.valid_from}
        connection.execute(insert(EntityName).values(**named, origin=_SECRETARIAT))
        detail: dict[str, object] = {
            "kind": self.kind,
            "short_name": short,
            "name": name,
            "parent": self.parent,
            "effective_on": self.valid_from.isoformat(),
        }
        append(transaction, [Entry("entity.added", "entity", key, detail)])


@dataclass(frozen=True)
class RenameEntity(Command[None]):
    """From a day on an entity has another name; what it was called before stays."""

    entity: str
    short_name: str
    name: str
    effective_on: dt.date
    seen: int | None = None

    def authorise(self, actor: Actor) -> None:
        """Entities are the administrators' business."""
        require(actor, Action.MANAGE_ENTITIES)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid for empty or long names, or a day before the present name's, Conflict."""
        short, name = " ".join(self.short_name.split()), " ".join(self.name.split())
        problems = [*unchosen(entity=self.entity), *_unnamed(short, name)]
        if problems:
            raise Invalid(problems)
        entity, connection = entity_id(transaction.connection, self.entity), transaction.connection
        own = select(EntityName.id, EntityName.valid_from, EntityName.short_name, EntityName.name).where(
            EntityName.entity_id == entity
        )
        recorded = connection.execute(own.order_by(EntityName.id)).all()
        if self.seen is not None and self.seen != len(recorded):
            raise Conflict(_OTHER_NAME, short_name=recorded[-1].short_name, name=recorded[-1].name)
        for spelling in (short, name):
            require_free(connection, spelling, self.entity)
        present = connection.execute(own.where(EntityName.valid_to.is_(None))).first()
        if present and present.valid_from and self.effective_on <= present.valid_from:
            values = told(day=present.valid_from.isoformat())
            problem = Problem("le nom actuel vaut depuis le %(day)s : un jour après", values)
            raise Invalid([replace(problem, column="effective_on")])
        if present:
            eve = self.effective_on - dt.timedelta(days=1)
            connection.execute(update(EntityName).where(EntityName.id == present.id).values(valid_to=eve))
        row = {
            "entity_id": entity,
            "short_name": short,
            "name": name,
            "valid_from": self.effective_on,
            "origin": _SECRETARIAT,
        }
        connection.execute(insert(EntityName).values(row))
        detail: dict[str, object] = {
            "short_name": short,
            "name": name,
            "effective_on": self.effective_on.isoformat(),
        }
        append(transaction, [Entry("entity.renamed", "entity", self.entity, detail)])


def _unnamed(short: str, name: str) -> Iterator[Problem]:
    """What is wrong with a short name and a name."""
    if not 1 <= len(short) <= 64 or not short.isprintable():
        yield Problem("un sigle de 64 caractères au plus", column="short_name")
    if not 1 <= len(name) <= 300 or not name.isprintable():
        yield Problem("un nom de 300 caractères au plus", column="name")
