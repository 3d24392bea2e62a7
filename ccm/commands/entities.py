"""Entities that change: another spelling, another name from a day on, a successor."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select, update

from ccm.auth import Action, Actor, require
from ccm.commands import current_state
from ccm.commands.cells import told
from ccm.commands.command import Command
from ccm.domain.errors import Conflict, Invalid, NotFound, Problem
from ccm.domain.folding import fold
from ccm.i18n import N_
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Assignment, Entity, EntityAlias, EntityName, Succession

_SECRETARIAT = "secretariat"
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
        problems = _unchosen(entity=self.entity)
        if not folded or len(alias) > 300 or not alias.isprintable():
            problems.append(Problem("une orthographe de 300 caractères au plus", column="alias"))
        if problems:
            raise Invalid(problems)
        entity = _entity(transaction, self.entity)
        connection = transaction.connection
        taken = connection.execute(
            select(Entity.key)
            .join(EntityAlias, EntityAlias.entity_id == Entity.id)
            .where(EntityAlias.folded == folded)
        ).scalar()
        if taken:
            raise Conflict("« %(alias)s » désigne déjà %(key)s.", alias=alias, key=taken)
        row = {"entity_id": entity, "alias": alias, "folded": folded, "origin": _SECRETARIAT}
        connection.execute(insert(EntityAlias).values(row))
        append(transaction, [Entry("entity.alias_added", "entity", self.entity, {"alias": alias})])


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
        problems = _unchosen(entity=self.entity)
        if not 1 <= len(short) <= 64 or not short.isprintable():
            problems.append(Problem("un sigle de 64 caractères au plus", column="short_name"))
        if not 1 <= len(name) <= 300 or not name.isprintable():
            problems.append(Problem("un nom de 300 caractères au plus", column="name"))
        if problems:
            raise Invalid(problems)
        entity, connection = _entity(transaction, self.entity), transaction.connection
        own = select(EntityName.id, EntityName.valid_from, EntityName.short_name, EntityName.name).where(
            EntityName.entity_id == entity
        )
        recorded = connection.execute(own.order_by(EntityName.id)).all()
        if self.seen is not None and self.seen != len(recorded):
            raise Conflict(_OTHER_NAME, short_name=recorded[-1].short_name, name=recorded[-1].name)
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


@dataclass(frozen=True)
class RecordSuccession(Command[None]):
    """From a day on a successor answers for a predecessor: for all, or for the assignments of a split."""

    predecessor: str
    successor: str
    effective_on: dt.date
    assignments: tuple[str, ...] = ()

    def authorise(self, actor: Actor) -> None:
        """Entities are the administrators' business."""
        require(actor, Action.MANAGE_ENTITIES)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid for an entity that would follow itself, NotFound."""
        connection = transaction.connection
        if problems := _unchosen(predecessor=self.predecessor, successor=self.successor):
            raise Invalid(problems)
        old, new = _entity(transaction, self.predecessor), _entity(transaction, self.successor)
        if old == new or _follows(transaction, new, old):
            raise Invalid([Problem("un acteur ne peut pas se succéder à lui-même", column="successor")])
        ids = self._assignments(transaction, old)
        common = {
            "predecessor_id": old,
            "successor_id": new,
            "effective_on": self.effective_on,
            "recorded_at": transaction.now,
        }
        rows = [{**common, "assignment_id": id_} for id_ in ids] or [{**common, "assignment_id": None}]
        connection.execute(insert(Succession), rows)
        current_state.refresh(transaction)
        detail: dict[str, object] = {
            "successor": self.successor,
            "effective_on": self.effective_on.isoformat(),
            "assignments": list(self.assignments),
        }
        append(transaction, [Entry("entity.succeeded", "entity", self.predecessor, detail)])

    def _assignments(self, transaction: Transaction, entity: int) -> list[int]:
        ids = []
        for key in self.assignments:
            found: int | None = transaction.connection.execute(
                select(Assignment.id).where(Assignment.key == key, Assignment.entity_id == entity)
            ).scalar()
            if found is None:
                values = told(key=key, entity=self.predecessor)
                problem = Problem("« %(key)s » n'est pas un engagement de %(entity)s", values)
                raise Invalid([replace(problem, column="assignments")])
            ids.append(found)
        return ids


def _unchosen(**keys: str) -> list[Problem]:
    """A problem for each field in which no entity is chosen."""
    return [Problem("choisissez un acteur", column=column) for column, key in keys.items() if not key]


def _entity(transaction: Transaction, key: str) -> int:
    found: int | None = transaction.connection.execute(select(Entity.id).where(Entity.key == key)).scalar()
    if found is None:
        raise NotFound("« %(key)s » n'est pas un acteur connu.", key=key)
    return found


def _follows(transaction: Transaction, first: int, last: int) -> bool:
    """Whether `last` comes after `first` in some line of whole successions."""
    reached, seen = {first}, set[int]()
    while reached - seen:
        seen |= reached
        rows: Any = transaction.connection.execute(
            select(Succession.successor_id).where(
                Succession.predecessor_id.in_(seen), Succession.assignment_id.is_(None)
            )
        )
        reached |= set(rows.scalars())
    return last in reached
