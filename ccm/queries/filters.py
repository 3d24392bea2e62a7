"""The register's filters, and what they may be set to."""

import datetime as dt
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from sqlalchemy import Connection, Select, select

from ccm.domain.vocabulary import EntityKind, Status
from ccm.queries.ask import Query
from ccm.queries.names import AxisRef, axes, entities
from ccm.queries.results import EntityRef
from ccm.store.models import Axis, Challenge, Priority


class Order(StrEnum):
    """How the rows follow one another: as the source does, or what needs attention first."""

    SOURCE = "source"
    COMPLETION = "avancement"
    SILENCE = "silence"
    LATE = "retard"


class Outcome(StrEnum):
    """What became of a recommendation: what figures count of recommendations, not of answers.

    Judged by the answers of the entities asked for alone, as their figures are. `COUNTED`: in the mean.
    """

    REALISED = "realisee"
    DROPPED = "abandonnee"
    COUNTED = "comptee"
    ACTIVE = "active"
    SILENT = "silencieuse"


class Movement(StrEnum):
    """How a recommendation's completion moved between two dates; of the entities asked for, as in `Outcome`.

    `DONE`: realised at both; `OUTSIDE`: without a figure at one of the two.
    """

    UP = "hausse"
    DOWN = "baisse"
    STILL = "stable"
    DONE = "achevee"
    OUTSIDE = "hors_compte"


#: The filters that name a part of the plan; all others narrow what is counted within that part.
GROUP_FILTERS = ("axis", "challenge", "priority", "recommendation", "region", "entity", "among", "kinds")


@dataclass(frozen=True)
class RegisterFilters:
    """What the reader asked to keep. What is asked of answers must hold of one and the same answer.

    `among` and `kinds` keep the answers of any of several entities, by their keys and by what they are;
    `moved` needs a date to compare with.
    """

    q: str = ""
    axis: str | None = None
    challenge: str | None = None
    priority: str | None = None
    region: str | None = None
    entity: str | None = None
    status: Status | None = None
    overdue: bool = False
    unassigned: bool = False
    doubtful: bool = False
    continuous: bool = False
    answered: bool = False
    fresh: bool = False
    among: tuple[str, ...] = ()
    kinds: tuple[EntityKind, ...] = ()
    outcome: Outcome | None = None
    moved: tuple[Movement, ...] = ()
    recommendation: str | None = None

    @property
    def some(self) -> bool:
        """Whether anything is left out."""
        return self != EVERYTHING

    @property
    def group(self) -> "RegisterFilters":
        """The part of the plan that is looked at, whatever is looked for in it: what counts stand against."""
        narrowing = {field.name for field in fields(self)} - {*GROUP_FILTERS}
        return replace(self, **{name: getattr(EVERYTHING, name) for name in narrowing})

    @property
    def in_mean(self) -> bool:
        """Whether all that enters the completion of the plan, or of one group of it, is asked for."""
        names = ("axis", "challenge", "priority", "recommendation")
        group = {name: getattr(self, name) for name in names}
        return self == RegisterFilters(outcome=Outcome.COUNTED, **group)

    @property
    def actor_alone(self) -> str | None:
        """The key of the region or institution all of whose answers are asked for; None for anything else."""
        alone = self in (RegisterFilters(region=self.region), RegisterFilters(entity=self.entity))
        return self.region or self.entity if alone else None

    @property
    def by_answer(self) -> bool:
        """Whether a recommendation is kept for one of its answers."""
        held = self.region or self.entity or self.among or self.kinds
        return bool(held or self.by_state or self.overdue)

    @property
    def by_state(self) -> bool:
        """Whether a count of answers by their state is asked for: continuous ones are in none."""
        return bool(self.status or self.answered or self.fresh)

    @property
    def holders(self) -> tuple[str, ...]:
        """The keys of the entities asked for."""
        return tuple(key for key in (self.region, self.entity) if key)


#: No filter.
EVERYTHING = RegisterFilters()


@dataclass(frozen=True)
class ChallengeRef:
    """A challenge of the plan, and the axis the source puts it under."""

    key: str
    text: str
    axis: str


@dataclass(frozen=True)
class PriorityRef:
    """A priority of the plan, and the challenge it stands beside."""

    key: str
    text: str
    challenge: str


@dataclass(frozen=True)
class FilterOptions:
    """What each filter may be set to."""

    axes: tuple[AxisRef, ...]
    challenges: tuple[ChallengeRef, ...]
    priorities: tuple[PriorityRef, ...]
    regions: tuple[EntityRef, ...]
    institutions: tuple[EntityRef, ...]


@dataclass(frozen=True)
class FilterOptionsQuery(Query[FilterOptions]):
    """The values of the filters, under the names of a day."""

    as_of: dt.date

    def answer(self, connection: Connection) -> FilterOptions:
        """Read them, in the source's order."""
        challenges = challenge_refs().order_by(Challenge.session_id, Challenge.position)
        priorities = priority_refs().order_by(Challenge.session_id, Priority.position, Priority.id)
        named = tuple(entities(connection, self.as_of).values())
        return FilterOptions(
            axes(connection),
            tuple(ChallengeRef(*row) for row in connection.execute(challenges)),
            tuple(PriorityRef(*row) for row in connection.execute(priorities)),
            tuple(entity for entity in named if entity.kind is EntityKind.REGION),
            tuple(entity for entity in named if entity.kind is not EntityKind.REGION),
        )


def challenge_refs() -> Select[str, str, str]:
    """The challenges, as `ChallengeRef` has them."""
    return select(Challenge.key, Challenge.text, Axis.key.label("axis")).join(
        Axis, Axis.id == Challenge.axis_id
    )


def priority_refs() -> Select[str, str, str]:
    """The priorities, as `PriorityRef` has them."""
    return select(Priority.key, Priority.text, Challenge.key.label("challenge")).join(
        Challenge, Challenge.id == Priority.challenge_id
    )
