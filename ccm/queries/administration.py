"""What administrators see of entities, periods and settings."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from ccm.auth import Action, Actor, require
from ccm.domain.vocabulary import EntityKind
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.reporting_periods import Period, periods
from ccm.store.models import Assignment, Entity, EntityAlias, EntityName, Recommendation, Setting, Succession

_DEFAULTS = {
    "public_reading": "on",
    "second_factor_for_administrators": "optional",
    "reporting_period_days": "90",
}


@dataclass(frozen=True)
class EntityNames:
    """An entity under its name on a day, with its other spellings, how many answer for it, who follows it.

    `names` counts the names that are recorded of it, of whatever day.
    """

    key: str
    kind: EntityKind
    short_name: str
    name: str
    to_confirm: bool
    aliases: tuple[str, ...]
    focal_points: int
    successors: tuple[str, ...]
    names: int

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
        aliases: dict[int, list[str]] = {}
        spelled = select(EntityAlias.entity_id, EntityAlias.alias).order_by(EntityAlias.id)
        for row in connection.execute(spelled):
            aliases.setdefault(row.entity_id, []).append(row.alias)
        following: dict[int, list[str]] = {}
        succeeded = select(Succession.predecessor_id, Entity.key, Succession.effective_on).join(
            Entity, Entity.id == Succession.successor_id
        )
        for before, key, day in connection.execute(succeeded.order_by(Succession.effective_on)):
            following.setdefault(before, []).append(f"{key} ({day:%d/%m/%Y})")
        counted = select(EntityName.entity_id, func.count().label("names")).group_by(EntityName.entity_id)
        named = Counter({row.entity_id: row.names for row in connection.execute(counted)})
        return tuple(
            EntityNames(
                ref.key,
                ref.kind,
                ref.short_name,
                ref.name,
                ref.name_to_confirm,
                tuple(aliases.get(number, ())),
                ref.focal_points,
                tuple(dict.fromkeys(following.get(number, ()))),
                named[number],
            )
            for number, ref in entities(connection, self.on).items()
        )


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
