"""Qui n'a pas répondu: reporting rate and punctuality of each entity in a period, and whom to remind."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, case, func, select

from ccm.auth import Action, Actor, allowed, require
from ccm.domain.dates import NIAMEY
from ccm.domain.vocabulary import (
    AssignmentRole,
    EntityKind,
    ReminderChannel,
    ReportState,
    Status,
    UserRole,
)
from ccm.metrics import At
from ccm.metrics.current import plan
from ccm.queries.answers import answers
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.results import AnswerState, EntityRef
from ccm.store.models import (
    Assignment,
    AssignmentState,
    Contact,
    ProgressReport,
    Reminder,
    ReportingPeriod,
    User,
    UserEntity,
)


@dataclass(frozen=True)
class Period:
    """A reporting period. Without any in the store, the last days before the date stand for one (key "")."""

    key: str
    label: str
    starts_on: dt.date
    ends_on: dt.date
    due_on: dt.date


@dataclass(frozen=True)
class Person:
    """A focal point, and how they are reached; empty for whoever may not see contacts."""

    name: str
    full_name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Reporting:
    """One entity in a period: answers asked for, given, given by the last day, and who answers for it.

    Asked for: responsible answers in follow-up, not ended (dropped, or completed before the period).
    """

    entity: EntityRef
    asked: int
    given: int
    on_time: int
    waiting: int
    last_report: dt.date | None
    people: tuple[Person, ...]
    reminded_at: dt.datetime | None
    reminded_by: ReminderChannel | None

    @property
    def missing(self) -> int:
        """How many answers were not given."""
        return self.asked - self.given


@dataclass(frozen=True)
class Silence:
    """Every entity that is asked to report, the most silent first, in a period among the known ones."""

    period: Period
    periods: tuple[Period, ...]
    lines: tuple[Reporting, ...]

    @property
    def asked(self) -> int:
        """Answers asked for in all."""
        return sum(line.asked for line in self.lines)

    @property
    def given(self) -> int:
        """Answers given in all."""
        return sum(line.given for line in self.lines)

    @property
    def on_time(self) -> int:
        """Answers given by the last day in all."""
        return sum(line.on_time for line in self.lines)


@dataclass(frozen=True)
class SilenceQuery(PrivateQuery[Silence]):
    """Who has not answered in a period (None: the one that holds the date, else the last)."""

    at: At
    period: str | None = None

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's, and the ministers'."""
        require(actor, Action.READ_SILENCE)

    def answer_to(self, connection: Connection, actor: Actor) -> Silence:
        """Read it; contacts only for whoever may see them."""
        known = periods(connection)
        chosen = _chosen(known, self.period, self.at)
        counted = _counted(connection, self.at, chosen)
        named, people = entities(connection, self.at.as_of), _people(connection, actor)
        reminded = _reminded(connection, chosen)
        lines = [
            Reporting(
                entity=named[row.entity_id],
                asked=int(row.asked),
                given=int(row.given),
                on_time=int(row.on_time),
                waiting=int(row.waiting),
                last_report=row.last_report,
                people=people.get(row.entity_id, ()),
                reminded_at=reminded.get(row.entity_id, (None, None))[0],
                reminded_by=reminded.get(row.entity_id, (None, None))[1],
            )
            for row in counted
        ]
        order = list(EntityKind)
        lines.sort(key=lambda line: (-line.missing, order.index(line.entity.kind), line.entity.short_name))
        return Silence(chosen, known, tuple(lines))


@dataclass(frozen=True)
class Reminded:
    """What a reminder to one entity says: its missing answers, the most pressing first."""

    entity: EntityRef
    period: Period
    missing: tuple[AnswerState, ...]
    people: tuple[Person, ...]
    reminded_at: dt.datetime | None
    reminded_by: ReminderChannel | None


@dataclass(frozen=True)
class ReminderQuery(PrivateQuery[Reminded | None]):
    """The reminder of one entity in a period; None for an entity that nothing is asked of."""

    at: At
    entity: str
    period: str | None = None

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require(actor, Action.RECORD_REMINDER)

    def answer_to(self, connection: Connection, actor: Actor) -> Reminded | None:
        """Read it."""
        chosen = _chosen(periods(connection), self.period, self.at)
        named = entities(connection, self.at.as_of)
        number = next((id_ for id_, entity in named.items() if entity.key == self.entity), None)
        if number is None:
            return None
        given = _given(connection, chosen, number)
        missing = [
            answer
            for answer in answers(connection, self.at, entity=number)
            if answer.role is AssignmentRole.RESPONSIBLE
            and answer.status not in (Status.COMPLETED, Status.DROPPED)
            and answer.assignment not in given
        ]
        missing.sort(key=lambda answer: (not answer.overdue, answer.due_date or dt.date.max))
        at, by = _reminded(connection, chosen).get(number, (None, None))
        people = _people(connection, actor).get(number, ())
        return Reminded(named[number], chosen, tuple(missing), people, at, by)


def periods(connection: Connection) -> tuple[Period, ...]:
    """The periods the Secretariat opened, newest first."""
    p = ReportingPeriod
    rows = connection.execute(
        select(p.key, p.label, p.starts_on, p.ends_on, p.due_on).order_by(p.starts_on.desc())
    )
    return tuple(Period(*row) for row in rows)


def _chosen(known: tuple[Period, ...], key: str | None, at: At) -> Period:
    named = next((period for period in known if period.key == key), None)
    begun = [period for period in known if period.starts_on <= at.as_of]
    if named or begun:
        return named or begun[0]
    return Period("", "", at.fresh_since, at.as_of, at.as_of)


def _counted(connection: Connection, at: At, period: Period) -> Any:
    """One row per entity: what was asked for in the period and what came."""
    on = min(at.as_of, period.due_on)
    seen = plan(connection, replace(at, as_of=on))
    a, r, report = seen.assignments, seen.recommendations, ProgressReport
    said = report.as_of.between(period.starts_on, period.ends_on)
    last_instant = dt.datetime.combine(period.due_on + dt.timedelta(days=1), dt.time(), NIAMEY)
    waits = report.state == ReportState.SUBMITTED
    counts = report.state.in_((ReportState.SUBMITTED, ReportState.VALIDATED))
    came = (
        select(
            report.assignment_id,
            func.max(case((counts & said, 1), else_=0)).label("given"),
            func.max(case((counts & said & (report.submitted_at < last_instant), 1), else_=0)).label(
                "on_time"
            ),
            func.max(case((waits, 1), else_=0)).label("waiting"),
            func.max(case((counts, report.as_of))).label("last_report"),
        )
        .where(report.as_of <= at.as_of)
        .group_by(report.assignment_id)
        .subquery()
    )
    ended = (a.c.status == Status.DROPPED.value) | (
        (a.c.status == Status.COMPLETED.value) & (a.c.as_of < period.starts_on)
    )
    # Continuous answers are asked for as well: their silence is counted too.
    asked = [a.c.role == AssignmentRole.RESPONSIBLE.value, ~ended]
    return connection.execute(
        select(
            a.c.entity_id,
            func.count().label("asked"),
            func.coalesce(func.sum(came.c.given), 0).label("given"),
            func.coalesce(func.sum(came.c.on_time), 0).label("on_time"),
            func.coalesce(func.sum(came.c.waiting), 0).label("waiting"),
            func.max(came.c.last_report).label("last_report"),
        )
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .outerjoin(came, came.c.assignment_id == a.c.assignment_id)
        .where(*asked)
        .group_by(a.c.entity_id)
    ).all()


def _given(connection: Connection, period: Period, entity: int) -> set[str]:
    rows = connection.execute(
        select(Assignment.key)
        .join(AssignmentState, AssignmentState.assignment_id == Assignment.id)
        .join(ProgressReport, ProgressReport.assignment_id == Assignment.id)
        .where(
            AssignmentState.entity_id == entity,
            ProgressReport.state.in_((ReportState.SUBMITTED, ReportState.VALIDATED)),
            ProgressReport.as_of.between(period.starts_on, period.ends_on),
        )
    )
    return set(rows.scalars())


def _people(connection: Connection, actor: Actor) -> dict[int, tuple[Person, ...]]:
    """Active focal points by entity id, with their contacts for whoever may see them."""
    contacts = allowed(actor, Action.READ_CONTACTS)
    columns: list[Any] = [UserEntity.entity_id, User.name, Contact.full_name, Contact.email, Contact.phone]
    rows = connection.execute(
        select(*columns)
        .join(User, User.id == UserEntity.user_id)
        .outerjoin(Contact, Contact.user_id == User.id)
        .where(User.role == UserRole.FOCAL_POINT, User.disabled_at.is_(None))
        .order_by(User.name)
    )
    found: dict[int, tuple[Person, ...]] = {}
    for entity, name, *reached in rows:
        person = Person(name, *[text or "" for text in reached]) if contacts else Person("")
        found[entity] = (*found.get(entity, ()), person)
    return found


def _reminded(
    connection: Connection, period: Period
) -> dict[int, tuple[dt.datetime | None, ReminderChannel | None]]:
    rows = connection.execute(
        select(Reminder.entity_id, Reminder.made_at, Reminder.channel)
        .join(ReportingPeriod, ReportingPeriod.id == Reminder.period_id)
        .where(ReportingPeriod.key == period.key)
    )
    return {row.entity_id: (row.made_at, ReminderChannel(row.channel)) for row in rows}
