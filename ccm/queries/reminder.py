"""The reminder of one entity: what is missing from it in a period, and how its people are reached."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ccm.auth import Action, Actor, require
from ccm.domain.vocabulary import ReminderChannel, ReportState
from ccm.metrics import At
from ccm.queries.answers import answers
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.reporting_periods import Period, Phase, chosen, periods
from ccm.queries.results import AnswerState, EntityRef
from ccm.queries.silence import Person, asked_in, focal_points, official, reminders_in
from ccm.store.models import Assignment, ProgressReport, StoreState


@dataclass(frozen=True)
class Reminded:
    """What a reminder to one entity says: its missing answers, the most pressing first."""

    entity: EntityRef
    period: Period
    phase: Phase
    missing: tuple[AnswerState, ...]
    people: tuple[Person, ...]
    #: Why the last report was sent back, by assignment, of those that were.
    returned: Mapping[str, str]
    reminded_at: dt.datetime | None
    reminded_by: ReminderChannel | None
    #: Whether what is due is invented.
    demo: bool


@dataclass(frozen=True)
class ReminderQuery(PrivateQuery[Reminded | None]):
    """The reminder of one entity in a period at D; None for an entity that is not known."""

    at: At
    entity: str
    period: str | None = None

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require(actor, Action.RECORD_REMINDER)

    def answer_to(self, connection: Connection, actor: Actor) -> Reminded | None:
        """Read it. What is missing is what `SilenceQuery` counts as missing."""
        period = chosen(periods(connection), self.period, self.at)
        named = entities(connection, self.at.as_of)
        number = next((id_ for id_, entity in named.items() if entity.key == self.entity), None)
        if number is None:
            return None
        silent = _silent(connection, self.at, period, number)
        found = answers(connection, official(self.at), entity=number)
        missing = [answer for answer in found if answer.assignment in silent]
        missing.sort(key=lambda answer: (not answer.overdue, answer.due_date or dt.date.max))
        reminded = reminders_in(connection, period).get(number, (None, None))
        people = focal_points(connection, actor).get(number, ())
        phase = period.phase(self.at.as_of)
        returned = _returned(connection, [answer.assignment for answer in missing])
        demo = bool(connection.execute(select(StoreState.demo)).scalar_one())
        return Reminded(named[number], period, phase, tuple(missing), people, returned, *reminded, demo)


def _silent(connection: Connection, at: At, period: Period, entity: int) -> set[str]:
    """The keys of the entity's answers that were asked for and not given."""
    asked = asked_in(connection, at, period)
    rows = connection.execute(
        select(Assignment.key)
        .join(asked, asked.c.assignment_id == Assignment.id)
        .where(asked.c.entity_id == entity, func.coalesce(asked.c.given, 0) == 0)
    )
    return set(rows.scalars())


def _returned(connection: Connection, assignments: Sequence[str]) -> dict[str, str]:
    """The reasons for which the last reports of these answers wait to be mended."""
    report = ProgressReport
    last = select(func.max(report.id)).group_by(report.assignment_id)
    rows = connection.execute(
        select(Assignment.key, report.returned_reason)
        .join(Assignment, Assignment.id == report.assignment_id)
        .where(Assignment.key.in_(assignments), report.state == ReportState.RETURNED, report.id.in_(last))
    )
    return {row.key: row.returned_reason for row in rows}
