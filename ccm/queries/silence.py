"""Qui n'a pas répondu: reporting rate and punctuality of each entity in a period, and whom to remind."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Subquery, and_, case, func, not_, select

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
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.reporting_periods import Period, Phase, chosen, periods
from ccm.queries.results import EntityRef
from ccm.store.models import Contact, ProgressReport, Reminder, ReportingPeriod, User, UserEntity


@dataclass(frozen=True)
class Person:
    """A focal point, and how they are reached; empty for whoever may not see contacts."""

    name: str
    full_name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Tally:
    """Answers asked for in a period, those given, those of them handed in by the last day.

    Asked for: responsible answers in follow-up on the period's last day (or at D, before it), but those
    that had ended, completed or dropped, before the period's window. Given: a report that is submitted or
    validated speaks of a day of the window.
    """

    asked: int = 0
    given: int = 0
    on_time: int = 0

    @property
    def missing(self) -> int:
        """How many answers were not given."""
        return self.asked - self.given

    @property
    def late(self) -> int:
        """How many were given after the last day."""
        return self.given - self.on_time

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.asked + other.asked, self.given + other.given, self.on_time + other.on_time)


@dataclass(frozen=True)
class Reporting:
    """One entity in a period; `waiting` of its reports are to be validated."""

    entity: EntityRef
    tally: Tally
    waiting: int
    last_report: dt.date | None
    people: tuple[Person, ...]
    reminded_at: dt.datetime | None
    reminded_by: ReminderChannel | None


@dataclass(frozen=True)
class Silence:
    """Every entity that is asked to report, the most silent first, in a period among the known ones."""

    period: Period
    phase: Phase
    periods: tuple[Period, ...]
    regions: tuple[Reporting, ...]
    institutions: tuple[Reporting, ...]

    @property
    def lines(self) -> tuple[Reporting, ...]:
        """Regions, then institutions."""
        return self.regions + self.institutions

    @property
    def total(self) -> Tally:
        """All of them together."""
        return total(self.lines)


def total(lines: Sequence[Reporting]) -> Tally:
    """The sum of some lines."""
    return sum((line.tally for line in lines), Tally())


@dataclass(frozen=True)
class SilenceQuery(PrivateQuery[Silence]):
    """Who has not answered in a period at D (None: the one that waits for answers, else the last)."""

    at: At
    period: str | None = None

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's, and the ministers'."""
        require(actor, Action.READ_SILENCE)

    def answer_to(self, connection: Connection, actor: Actor) -> Silence:
        """Read it; contacts only for whoever may see them."""
        known = periods(connection)
        period = chosen(known, self.period, self.at)
        named, people = entities(connection, self.at.as_of), focal_points(connection, actor)
        reminded = reminders_in(connection, period)
        lines = [
            Reporting(
                named[row.entity_id],
                Tally(row.asked, int(row.given or 0), int(row.on_time or 0)),
                int(row.waiting or 0),
                row.last_report,
                people.get(row.entity_id, ()),
                *reminded.get(row.entity_id, (None, None)),
            )
            for row in _by_entity(connection, self.at, period)
        ]
        lines.sort(key=lambda line: (-line.tally.missing, line.entity.short_name))
        is_region = [line.entity.kind is EntityKind.REGION for line in lines]
        return Silence(
            period,
            period.phase(self.at.as_of),
            known,
            tuple(line for line, region in zip(lines, is_region, strict=True) if region),
            tuple(line for line, region in zip(lines, is_region, strict=True) if not region),
        )


def official(at: At) -> At:
    """The whole plan as validated: whom one asks does not hang on the reader's session or toggle."""
    return replace(at, session=None, provisional=False)


def asked_in(connection: Connection, at: At, period: Period) -> Subquery:
    """One row per answer asked for in the period: its holder, and what came."""
    seen = plan(connection, replace(official(at), as_of=min(at.as_of, period.ends_on)))
    a, r = seen.assignments, seen.recommendations
    came = _came(at, period)
    over = a.c.status.in_((Status.COMPLETED.value, Status.DROPPED.value))
    # Continuous answers are asked for as well: their silence is counted too.
    return (
        select(
            a.c.assignment_id,
            a.c.entity_id,
            came.c.given,
            came.c.on_time,
            came.c.waiting,
            came.c.last_report,
        )
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .outerjoin(came, came.c.assignment_id == a.c.assignment_id)
        .where(
            a.c.role == AssignmentRole.RESPONSIBLE.value,
            not_(and_(over, a.c.as_of < period.counts_from)),
        )
        .subquery("asked")
    )


def _by_entity(connection: Connection, at: At, period: Period) -> Sequence[Any]:
    asked = asked_in(connection, at, period)
    return connection.execute(
        select(
            asked.c.entity_id,
            func.count().label("asked"),
            func.sum(asked.c.given).label("given"),
            func.sum(asked.c.on_time).label("on_time"),
            func.sum(asked.c.waiting).label("waiting"),
            func.max(asked.c.last_report).label("last_report"),
        ).group_by(asked.c.entity_id)
    ).all()


def _came(at: At, period: Period) -> Subquery:
    """One row per answer that somebody spoke of by D: whether in the period's window, and in time."""
    report = ProgressReport
    said = report.as_of >= period.counts_from
    if period.counts_until is not None:
        said &= report.as_of <= period.counts_until
    counts = report.state.in_((ReportState.SUBMITTED, ReportState.VALIDATED))
    in_time = report.submitted_at < dt.datetime.combine(
        period.due_on + dt.timedelta(days=1), dt.time(), NIAMEY
    )
    return (
        select(
            report.assignment_id,
            func.max(case((said, 1), else_=0)).label("given"),
            func.max(case((said & in_time, 1), else_=0)).label("on_time"),
            func.sum(case((report.state == ReportState.SUBMITTED, 1), else_=0)).label("waiting"),
            func.max(report.as_of).label("last_report"),
        )
        .where(report.as_of <= at.as_of, counts)
        .group_by(report.assignment_id)
        .subquery()
    )


def focal_points(connection: Connection, actor: Actor) -> dict[int, tuple[Person, ...]]:
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


def reminders_in(
    connection: Connection, period: Period
) -> dict[int, tuple[dt.datetime | None, ReminderChannel | None]]:
    rows = connection.execute(
        select(Reminder.entity_id, Reminder.made_at, Reminder.channel)
        .join(ReportingPeriod, ReportingPeriod.id == Reminder.period_id)
        .where(ReportingPeriod.key == period.key)
    )
    return {row.entity_id: (row.made_at, ReminderChannel(row.channel)) for row in rows}
