"""The terms of one recommendation: who owes an answer on it, and what is recorded to change."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ccm.auth import Action, Actor, require_somewhere
from ccm.domain.errors import NotFound
from ccm.domain.vocabulary import AssignmentRole, ChangeField, Nature
from ccm.metrics import At
from ccm.metrics.history import assignment_terms, recommendation_terms, terms_recorded
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.results import EntityRef
from ccm.store.models import Assignment, AssignmentChange, Recommendation, RecommendationChange


@dataclass(frozen=True)
class AssignmentTerms:
    """What one entity owes: role, weight, the due date of its own (None: the next session's)."""

    entity: EntityRef
    role: AssignmentRole
    weight: int
    due_date: dt.date | None


@dataclass(frozen=True)
class Coming:
    """A recorded change that takes effect after D; of the recommendation itself where no entity is named.

    `code` is its value where that is one of a closed list, `day` where it is a date, `value` as it is kept.
    """

    effective_on: dt.date
    entity: EntityRef | None
    field: ChangeField
    value: str
    author: str

    @property
    def code(self) -> AssignmentRole | Nature | None:
        """A role or a nature."""
        if self.field is ChangeField.ROLE:
            return AssignmentRole(self.value)
        return Nature(self.value) if self.field is ChangeField.NATURE else None

    @property
    def day(self) -> dt.date | None:
        """A due date; None where it is taken off."""
        is_day = self.field is ChangeField.DUE_DATE and self.value
        return dt.date.fromisoformat(self.value) if is_day else None


@dataclass(frozen=True)
class Terms:
    """The terms in force at D, and those to come. `follow_from`: no change counts before that day.

    `version` changes with whatever is recorded of them.
    """

    nature: Nature
    follow_from: dt.date | None
    assignments: tuple[AssignmentTerms, ...]
    coming: tuple[Coming, ...]
    version: int


@dataclass(frozen=True)
class TermsQuery(PrivateQuery[Terms]):
    """The terms of a recommendation by its key."""

    recommendation: str
    at: At

    def authorise(self, actor: Actor) -> None:
        """Whoever may change them."""
        require_somewhere(actor, Action.CHANGE_ASSIGNMENT)

    def answer_to(self, connection: Connection, actor: Actor) -> Terms:
        """Raises NotFound for an unknown recommendation."""
        known = select(Recommendation.id).where(Recommendation.key == self.recommendation)
        number = connection.execute(known).scalar()
        if number is None:
            raise NotFound("Cette recommandation n'est pas connue.")
        terms = recommendation_terms(self.at, [number]).subquery("terms")
        own = connection.execute(select(terms)).one()
        named = entities(connection, self.at.as_of)
        rows = connection.execute(assignment_terms(self.at, terms, [number])).all()
        lines = [
            AssignmentTerms(named[row.entity_id], AssignmentRole(row.role), row.weight, row.due_date)
            for row in rows
            if row.role is not None and not row.ended
        ]
        order = list(named.values())
        lines.sort(key=lambda line: (line.role is AssignmentRole.SUPPORT, order.index(line.entity)))
        return Terms(
            Nature(own.nature),
            own.follow_from,
            tuple(lines),
            _coming(connection, number, self.at, named),
            connection.execute(terms_recorded(number)).scalar_one(),
        )


def _coming(
    connection: Connection, recommendation: int, at: At, named: dict[int, EntityRef]
) -> tuple[Coming, ...]:
    a, r = AssignmentChange, RecommendationChange
    of_answers = connection.execute(
        select(a.effective_on, Assignment.entity_id, a.field, a.value, a.author)
        .join(Assignment, Assignment.id == a.assignment_id)
        .where(Assignment.recommendation_id == recommendation, a.effective_on > at.as_of)
        .order_by(a.id)
    )
    of_itself = connection.execute(
        select(r.effective_on, r.field, r.value, r.author)
        .where(r.recommendation_id == recommendation, r.effective_on > at.as_of)
        .order_by(r.id)
    )
    found = [
        Coming(on, named[entity], field, value, author) for on, entity, field, value, author in of_answers
    ]
    found += [Coming(on, None, field, value, author) for on, field, value, author in of_itself]
    return tuple(sorted(found, key=lambda change: change.effective_on))
