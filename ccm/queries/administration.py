"""What administrators see of entities, periods and settings."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from ccm.auth import Action, Actor, require
from ccm.domain.vocabulary import EntityKind
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.reporting_periods import Period, periods
from ccm.store.models import Assignment, Entity, EntityAlias, EntityName, Recommendation, Setting, Succession

_SECRETARIAT = "secretariat"
_DEFAULTS = {
    "public_reading": "on",
    "second_factor_for_administrators": "optional",
    "reporting_period_days": "90",
}


@dataclass(frozen=True)
class DatedName:
    """A name of an entity, and the days it holds."""

    short_name: str
    name: str
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True)
class Succeeded:
    """Who follows an entity from a day on, until another row says otherwise; `engagements` is 0 for all."""

    successor: str
    since: dt.date
    until: dt.date | None
    engagements: int


@dataclass(frozen=True)
class EntityNames:
    """An entity under its name on a day, with all its names, other spellings, focal points and successors.

    `added` are the spellings that the Secretariat added, and may remove.
    """

    key: str
    kind: EntityKind
    short_name: str
    name: str
    to_confirm: bool
    parent: str
    aliases: tuple[str, ...]
    added: tuple[str, ...]
    focal_points: int
    successors: tuple[Succeeded, ...]
    history: tuple[DatedName, ...]

    @property
    def names(self) -> int:
        """How many names are recorded of it, of whatever day."""
        return len(self.history)

    @property
    def label(self) -> str:
        """How a list names it."""
        return f"{self.short_name} ({self.key})" if self.short_name != self.key else self.key


@dataclass(frozen=True)
class EntityNamesQuery(PrivateQuery[tuple[EntityNames, ...]]):
    """Every entity on a day."""

    on: dt.date

    def authorise(self, actor: Actor) -> None:
        """The administrators'."""
        require(actor, Action.MANAGE_ENTITIES)

    def answer_to(self, connection: Connection, actor: Actor) -> tuple[EntityNames, ...]:
        """Read them, in the source's order."""
        aliases, added = _aliases(connection)
        followed, history, parents = _successions(connection), _history(connection), _parents(connection)
        return tuple(
            EntityNames(
                ref.key,
                ref.kind,
                ref.short_name,
                ref.name,
                ref.name_to_confirm,
                parents.get(number, ""),
                tuple(aliases[number]),
                tuple(added[number]),
                ref.focal_points,
                tuple(followed[number]),
                tuple(history[number]),
            )
            for number, ref in entities(connection, self.on).items()
        )


def _aliases(connection: Connection) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Spellings by entity id: all, and those of the Secretariat."""
    every: dict[int, list[str]] = defaultdict(list)
    added: dict[int, list[str]] = defaultdict(list)
    a = EntityAlias
    for entity, alias, origin in connection.execute(select(a.entity_id, a.alias, a.origin).order_by(a.id)):
        every[entity].append(alias)
        if origin == _SECRETARIAT:
            added[entity].append(alias)
    return every, added


def _history(connection: Connection) -> dict[int, list[DatedName]]:
    found: dict[int, list[DatedName]] = defaultdict(list)
    n = EntityName
    rows = select(n.entity_id, n.short_name, n.name, n.valid_from, n.valid_to).order_by(n.id)
    for row in connection.execute(rows):
        name = DatedName(row.short_name, row.name, row.valid_from, row.valid_to)
        found[row.entity_id].append(name)
    return found


def _parents(connection: Connection) -> dict[int, str]:
    above = aliased(Entity)
    rows = connection.execute(select(Entity.id, above.key).join(above, above.id == Entity.parent_id))
    return {row.id: row.key for row in rows}


def _successions(connection: Connection) -> dict[int, list[Succeeded]]:
    """What holds or held, by the predecessor's id: not what another row undid on its very day."""
    s = Succession
    columns: list[Any] = [s.predecessor_id, s.assignment_id, s.successor_id, s.effective_on, Entity.key]
    rows = connection.execute(
        select(*columns)
        .join(Entity, Entity.id == s.successor_id)
        .order_by(s.predecessor_id, s.assignment_id, s.effective_on, s.recorded_at, s.id)
    ).all()
    counted: Counter[tuple[int, str, dt.date, dt.date | None, bool]] = Counter()
    for _, group in groupby(rows, key=lambda row: (row.predecessor_id, row.assignment_id)):
        line = list(group)
        for row, later in zip_longest(line, line[1:]):
            until = later.effective_on if later else None
            if row.successor_id != row.predecessor_id and until != row.effective_on:
                whole = row.assignment_id is None
                counted[row.predecessor_id, row.key, row.effective_on, until, whole] += 1
    found: dict[int, list[Succeeded]] = defaultdict(list)
    for (before, key, since, until, whole), n in sorted(counted.items(), key=lambda item: item[0][2]):
        found[before].append(Succeeded(key, since, until, 0 if whole else n))
    return found


@dataclass(frozen=True)
class EngagementsQuery(PrivateQuery[tuple[tuple[str, str], ...]]):
    """What an entity was assigned: the keys of its answers, each with the recommendation's text."""

    entity: str

    def authorise(self, actor: Actor) -> None:
        """The administrators', who hand them over to a successor."""
        require(actor, Action.MANAGE_ENTITIES)

    def answer_to(self, connection: Connection, actor: Actor) -> tuple[tuple[str, str], ...]:
        """Read them, in the source's order."""
        rows = connection.execute(
            select(Assignment.key, Recommendation.text)
            .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
            .join(Entity, Entity.id == Assignment.entity_id)
            .where(Entity.key == self.entity)
            .order_by(Recommendation.position)
        )
        return tuple((row.key, row.text) for row in rows)


@dataclass(frozen=True)
class FollowUpSettings:
    """The settings of the follow-up, and its periods, newest first."""

    values: Mapping[str, str] = field(hash=False)
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class SettingsQuery(PrivateQuery[FollowUpSettings]):
    """What the Secretariat has set."""

    def authorise(self, actor: Actor) -> None:
        """The administrators'."""
        require(actor, Action.MANAGE_SETTINGS)

    def answer_to(self, connection: Connection, actor: Actor) -> FollowUpSettings:
        """Read them; what was never set has its default."""
        kept = connection.execute(select(Setting.key, Setting.value).where(Setting.key.in_(_DEFAULTS)))
        return FollowUpSettings({**_DEFAULTS, **{row.key: row.value for row in kept}}, periods(connection))
