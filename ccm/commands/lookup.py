"""What lines name, found without a question per line: recommendations, entities, assignments."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Connection, or_, select

from ccm.commands.cells import Refusal, listed, shown, told
from ccm.domain.dates import today
from ccm.domain.errors import Problem
from ccm.domain.folding import fold
from ccm.i18n import N_
from ccm.metrics import holders
from ccm.store.models import (
    Assignment,
    Entity,
    EntityAlias,
    EntityName,
    Recommendation,
)

Item = TypeVar("Item")

#: Who no entity, or no single one, is; whoever chooses from a list is told so in other words.
UNKNOWN_ENTITY = N_("« %(value)s » n'est pas un acteur connu : par exemple %(known)s")
SHARED_SPELLING = N_("« %(value)s » désigne plusieurs acteurs : écrivez %(keys)s")

#: Values asked for in one statement: below what any engine takes.
_AT_ONCE = 500
#: Beyond these, likeness is not looked for: the form of a key is told instead.
_MOST_COMPARED, _MOST_HELPED = 5_000, 50


@dataclass(frozen=True)
class Named:
    """A recommendation, entity or assignment: its id and key."""

    id: int
    key: str


def parts(items: Iterable[Item], size: int = _AT_ONCE) -> Iterator[list[Item]]:
    """The items in lists of at most `size`."""
    ordered = list(items)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def entity_names(connection: Connection, on: dt.date) -> dict[str, str]:
    """The full name of each entity on a day, by its key."""
    since, until = EntityName.valid_from, EntityName.valid_to
    named = select(Entity.key, EntityName.name).join(Entity, Entity.id == EntityName.entity_id)
    rows = connection.execute(
        named.where(or_(since.is_(None), since <= on), or_(until.is_(None), until >= on))
    )
    return {row.key: row.name for row in rows}


class Lookup:
    """The part of the plan that a file speaks of, read once."""

    def __init__(self, connection: Connection, recommendations: Collection[str]) -> None:
        self.connection = connection
        self._helped = 0
        keys = {key.strip().upper() for key in recommendations}
        self.recommendations = {row.key: row for row in self._recommendations(keys)}
        self.assignments = self._assignments()
        self._assigned: dict[int, list[int]] = defaultdict(list)
        for recommendation, entity in self.assignments:
            self._assigned[recommendation].append(entity)

    def recommendation(self, text: str) -> Named:
        """The recommendation of this key; raises Refusal with the keys that look like it."""
        found = self.recommendations.get(text.strip().upper())
        if found is None:
            like = listed(self._near(text.strip().upper(), self._all_keys)) or "CCM7-A1-05"
            values = told(value=shown(text), like=like)
            raise Refusal(
                Problem("« %(value)s » n'est pas une recommandation connue : par exemple %(like)s", values)
            )
        return found

    def entity(self, text: str) -> Named:
        """The entity of this key or spelling; raises Refusal with the keys that are accepted."""
        found = self._spellings.get(fold(text), set())
        if len(found) == 1:
            return self._entities[next(iter(found))]
        if found:
            values = told(value=shown(text), keys=listed(sorted(self._entities[id_].key for id_ in found)))
            raise Refusal(Problem(SHARED_SPELLING, values))
        near = [min(self._spellings[spelling]) for spelling in self._near(fold(text), self._spellings)]
        known = [self._entities[id_].key for id_ in dict.fromkeys(near or self._entities)]
        values = told(value=shown(text), known=listed(known, most=24))
        raise Refusal(Problem(UNKNOWN_ENTITY, values))

    def find_entity(self, text: str) -> Named | None:
        """The one entity of this key or spelling, if there is one."""
        found = self._spellings.get(fold(text), set())
        return self._entities[next(iter(found))] if len(found) == 1 else None

    def holder(self, recommendation: str, entity: Named) -> str:
        """The key of the entity that answers today for what this one is assigned in a recommendation."""
        known = self.recommendations.get(recommendation.strip().upper())
        assignment = self.assignments.get((known.id, entity.id)) if known else None
        return self._holders.get(assignment.id, entity.key) if assignment else entity.key

    def name(self, key: str) -> str:
        """The full name today of the entity of this key; the key where it has none."""
        return self._names.get(key, key)

    def assigned(self, recommendation: Named) -> list[str]:
        """The keys of the entities that are assigned to a recommendation."""
        return sorted(self._entities[entity].key for entity in self._assigned[recommendation.id])

    def _recommendations(self, keys: Collection[str]) -> Iterator[Named]:
        for some in parts(sorted(keys)):
            query = select(Recommendation.id, Recommendation.key).where(Recommendation.key.in_(some))
            yield from (Named(row.id, row.key) for row in self.connection.execute(query))

    def _assignments(self) -> dict[tuple[int, int], Named]:
        found: dict[tuple[int, int], Named] = {}
        for ids in parts(row.id for row in self.recommendations.values()):
            query = select(Assignment.id, Assignment.key, Assignment.recommendation_id, Assignment.entity_id)
            rows = self.connection.execute(query.where(Assignment.recommendation_id.in_(ids)))
            found.update({(row.recommendation_id, row.entity_id): Named(row.id, row.key) for row in rows})
        return found

    @cached_property
    def _holders(self) -> dict[int, str]:
        """The keys of the entities that answer today, by assignment id."""
        found: dict[int, str] = {}
        for ids in parts(row.id for row in self.recommendations.values()):
            held = holders(self.connection, today(), ids)
            rows = self.connection.execute(
                select(held.c.assignment_id, Entity.key).join(Entity, Entity.id == held.c.entity_id)
            )
            found.update({row.assignment_id: row.key for row in rows})
        return found

    @cached_property
    def _entities(self) -> dict[int, Named]:
        entities = self.connection.execute(select(Entity.id, Entity.key).order_by(Entity.position))
        return {row.id: Named(row.id, row.key) for row in entities}

    @cached_property
    def _names(self) -> dict[str, str]:
        return entity_names(self.connection, today())

    @cached_property
    def _spellings(self) -> dict[str, set[int]]:
        """Entity ids by every folded spelling; a key means its own entity only."""
        spelled: dict[str, set[int]] = defaultdict(set)
        named = select(EntityName.entity_id, EntityName.short_name, EntityName.name)
        for row in self.connection.execute(named):
            spelled[fold(row.short_name)].add(row.entity_id)
            spelled[fold(row.name)].add(row.entity_id)
        for alias in self.connection.execute(select(EntityAlias.entity_id, EntityAlias.folded)):
            spelled[alias.folded].add(alias.entity_id)
        for id_, entity in self._entities.items():
            spelled[fold(entity.key)] = {id_}
        return dict(spelled)

    @cached_property
    def _all_keys(self) -> list[str]:
        query = select(Recommendation.key).order_by(Recommendation.position).limit(_MOST_COMPARED)
        return list(self.connection.execute(query).scalars())

    def _near(self, text: str, known: Iterable[str]) -> list[str]:
        """Up to three known spellings that look like the text."""
        self._helped += 1
        return get_close_matches(text[:64], known, n=3, cutoff=0.7) if self._helped <= _MOST_HELPED else []
