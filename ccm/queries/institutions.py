"""Ministries, agencies and classes of actors side by side, and how much of the plan they stand for."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, Select, exists, select

from ccm.domain.figures import Figures
from ccm.domain.folding import fold
from ccm.domain.vocabulary import COLLECTIVE_KINDS, AssignmentRole, EntityKind
from ccm.metrics import At, kind_figures, plan_reading
from ccm.metrics.current import Plan, plan
from ccm.queries.ask import Query
from ccm.queries.comparison import by_load, entity_lines, naming_institutions, of_kind
from ccm.queries.entity import LISTED_APART
from ccm.queries.names import AxisRef, axes, entities
from ccm.queries.past import kept
from ccm.queries.results import EntityRef, GroupLine
from ccm.store.models import EntityAlias, Recommendation

_SOURCE = "source"


@dataclass(frozen=True)
class Unassigned:
    """A recommendation nobody is responsible for; `named` is False where the source's cell is empty."""

    key: str
    text: str
    named: bool


@dataclass(frozen=True)
class Institutions:
    """Everybody but the regions, and the recommendations that name nobody.

    `aliases`: the other spellings the source itself uses, by entity key.
    """

    plan: Figures
    axes: tuple[AxisRef, ...]
    ministries: tuple[GroupLine, ...]
    agencies: tuple[GroupLine, ...]
    classes: tuple[GroupLine, ...]
    by_ministry: Figures
    naming: int
    unassigned: tuple[Unassigned, ...]
    aliases: dict[str, tuple[str, ...]]
    known: tuple[EntityRef, ...]

    @property
    def lines(self) -> tuple[GroupLine, ...]:
        """Every line, ministries first."""
        return (*self.ministries, *self.agencies, *self.classes)

    @property
    def expected(self) -> int:
        """The answers expected of them all."""
        return sum(line.figures.expected for line in self.lines)

    @property
    def answered(self) -> int:
        """The answers they gave."""
        return sum(line.figures.answered for line in self.lines)

    @property
    def spoken(self) -> bool:
        """Whether any expected answer was given."""
        return self.answered > 0


@dataclass(frozen=True)
class InstitutionsQuery(Query[Institutions]):
    """Ministries and other institutions at a date, compared with an earlier one."""

    at: At
    before: At | None

    def answer(self, connection: Connection) -> Institutions:
        """Read every line, with its axes."""
        seen = plan(connection, self.at)
        whole = kept(connection, self.at, plan_reading).plan
        lines = entity_lines(connection, self.at, self.before, with_axes=True)
        named = entities(connection, self.at.as_of)
        return Institutions(
            plan=whole,
            axes=axes(connection),
            ministries=by_load(of_kind(lines, EntityKind.MINISTRY)),
            agencies=by_load(of_kind(lines, EntityKind.AGENCY)),
            classes=by_load(of_kind(lines, *COLLECTIVE_KINDS)),
            by_ministry=kind_figures(connection, self.at, EntityKind.MINISTRY, whole),
            naming=naming_institutions(connection, self.at),
            unassigned=_unassigned(connection, seen),
            aliases=_aliases(connection, named),
            known=tuple(e for e in named.values() if e.kind is not EntityKind.REGION),
        )


def _unassigned(connection: Connection, seen: Plan) -> tuple[Unassigned, ...]:
    rows = connection.execute(_without_responsible(seen).limit(LISTED_APART))
    return tuple(Unassigned(row.key, row.text, bool(row.actor_cell)) for row in rows)


def _without_responsible(seen: Plan) -> Select[str, str, str]:
    a, r = seen.assignments, seen.recommendations
    owed = exists().where(
        a.c.recommendation_id == r.c.recommendation_id, a.c.role == AssignmentRole.RESPONSIBLE.value
    )
    return (
        select(Recommendation.key, Recommendation.text, Recommendation.actor_cell)
        .join(r, r.c.recommendation_id == Recommendation.id)
        .where(~owed)
        .order_by(Recommendation.position, Recommendation.id)
    )


def _aliases(connection: Connection, named: dict[int, EntityRef]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    query = select(EntityAlias.entity_id, EntityAlias.alias).where(EntityAlias.origin == _SOURCE)
    for row in connection.execute(query.order_by(EntityAlias.id)):
        entity = named[row.entity_id]
        if fold(row.alias) not in (fold(entity.short_name), fold(entity.name)):
            found[entity.key].append(row.alias)
    return {key: tuple(aliases) for key, aliases in found.items()}
