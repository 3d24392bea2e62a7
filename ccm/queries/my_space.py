"""What is due from the person who asks: their answers, the most pressing first, and what is new."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, select

from ccm.auth import Action, Actor, require_somewhere
from ccm.domain.dates import today
from ccm.domain.figures import Figures
from ccm.domain.vocabulary import AssignmentRole, Nature, ReportState, Status
from ccm.metrics import At, entity_reading, holders
from ccm.queries.answer_form import DraftKept
from ccm.queries.answers import answers
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.news import News, last_visit, news
from ccm.queries.replaced import Replaced, followed, replaced
from ccm.queries.results import AnswerState, EntityRef
from ccm.store.models import Assignment, Draft, Entity, Evidence, ProgressReport


@dataclass(frozen=True)
class Pending:
    """The last report of an answer: in a list, one that waits or was sent back with a reason."""

    report_id: int
    state: ReportState
    status: Status
    percent: int | None
    as_of: dt.date
    submitted_at: dt.datetime
    returned_at: dt.datetime | None
    returned_reason: str
    note: str


@dataclass(frozen=True)
class Due:
    """One answer of the person's entities: its official state, what waits beside it, one's own draft.

    `latest_report_id` is that of its last report, whatever became of it: what a draft is begun on.
    """

    answer: AnswerState
    pending: Pending | None
    draft: DraftKept | None
    latest_report_id: int | None


@dataclass(frozen=True)
class Sent:
    """One report of the person's entities, and what became of it."""

    assignment: str
    recommendation: str
    as_of: dt.date
    status: Status
    percent: int | None
    state: ReportState
    author: str
    submitted_at: dt.datetime
    proved: bool


@dataclass(frozen=True)
class MySpace:
    """What is due, in the order in which it presses: each answer stands in one list.

    `to_correct`: sent back. `to_give`: nothing was ever said. `to_update`: said too long ago. `waiting`:
    handed in, not yet validated. `up_to_date`: the rest. `support` answers may be given, and are not due.
    `sent` are the last reports of these entities, newest first. `figures` are of those that answer for
    themselves; `replaced` says of the others who does, where it is nobody of one's own.
    """

    entities: tuple[EntityRef, ...]
    figures: tuple[tuple[EntityRef, Figures], ...]
    to_correct: tuple[Due, ...]
    to_give: tuple[Due, ...]
    to_update: tuple[Due, ...]
    waiting: tuple[Due, ...]
    up_to_date: tuple[Due, ...]
    support: tuple[Due, ...]
    news: tuple[News, ...]
    sent: tuple[Sent, ...]
    last_visit: dt.datetime | None
    replaced: tuple[Replaced, ...] = ()

    @property
    def cut_off(self) -> bool:
        """Whether nothing is asked because every one of one's entities was followed by another."""
        return bool(self.replaced) and not self.figures

    @property
    def due(self) -> int:
        """How many answers are asked for now."""
        return len(self.pressing)

    @property
    def pressing(self) -> tuple[Due, ...]:
        """The answers that are asked for now, the most pressing first."""
        return (*self.to_correct, *self.to_give, *self.to_update)


@dataclass(frozen=True)
class MySpaceQuery(PrivateQuery[MySpace]):
    """The space of whoever asks, at a date."""

    at: At

    def authorise(self, actor: Actor) -> None:
        """Whoever answers for some entity."""
        require_somewhere(actor, Action.SUBMIT_REPORT)

    def answer_to(self, connection: Connection, actor: Actor) -> MySpace:
        """Read it, for the actor's own entities alone."""
        own = {
            row.id: row.key
            for row in connection.execute(
                select(Entity.id, Entity.key)
                .where(Entity.key.in_(actor.entities))
                .order_by(Entity.position, Entity.id)
            )
        }
        named = entities(connection, self.at.as_of)
        figured = entity_reading(connection, self.at).entities
        found = [answer for number in own for answer in answers(connection, self.at, entity=number)]
        latest, drafts = _latest(connection, own), _drafts(connection, actor)
        lists: dict[str, list[Due]] = defaultdict(list)
        for answer in found:
            due = _due(answer, latest.get(answer.assignment), drafts.get(answer.assignment))
            lists[_list(due, self.at)].append(due)
        seen, ends = last_visit(connection, actor), followed(connection, self.at)
        return MySpace(
            entities=tuple(named[number] for number in own),
            figures=tuple(
                (named[number], figured.get(number, Figures())) for number in own if number not in ends
            ),
            news=news(connection, own, seen),
            sent=_sent(connection, own),
            last_visit=seen,
            replaced=replaced(connection, self.at, own, ends),
            **{name: tuple(sorted(lists[name], key=_urgency)) for name in _LISTS},
        )


#: How many of the last reports are listed; all of an answer's stand on its own page.
_SENT = 20
_LISTS = ("to_correct", "to_give", "to_update", "waiting", "up_to_date", "support")


def _list(due: Due, at: At) -> str:
    answer, pending = due.answer, due.pending
    if pending and pending.state is ReportState.RETURNED:
        return "to_correct"
    if pending and pending.state is ReportState.SUBMITTED:
        return "waiting"
    if answer.role is not AssignmentRole.RESPONSIBLE:
        return "support"
    if answer.status is Status.NOT_REPORTED:
        return "to_give"
    ended = answer.status in (Status.COMPLETED, Status.DROPPED)
    silent = answer.as_of is None or answer.as_of < at.fresh_since
    return "to_update" if silent and not ended else "up_to_date"


def _urgency(due: Due) -> tuple[Any, ...]:
    """Late first, then by due date, then what was said longest ago, then the source's order."""
    answer = due.answer
    far = dt.date.max
    finite = answer.nature is Nature.FINITE
    return (not answer.overdue, answer.due_date or far, not finite, answer.as_of or dt.date.min)


def _due(answer: AnswerState, last: Pending | None, draft: DraftKept | None) -> Due:
    waits = last is not None and last.state in (ReportState.SUBMITTED, ReportState.RETURNED)
    return Due(answer, last if waits else None, draft, last.report_id if last else None)


def _latest(connection: Connection, own: Iterable[int]) -> dict[str, Pending]:
    """The latest report of each answer, by assignment key."""
    report, held = ProgressReport, holders(connection, today())
    latest = (
        select(func.max(report.id).label("id"))
        .join(held, held.c.assignment_id == report.assignment_id)
        .where(held.c.entity_id.in_(own))
        .group_by(report.assignment_id)
        .subquery()
    )
    columns: list[Any] = [report.id, report.state, report.status, report.percent, report.as_of]
    columns += [report.submitted_at, report.returned_at, report.returned_reason]
    columns += [report.note, Assignment.key]
    rows = connection.execute(
        select(*columns)
        .join(latest, latest.c.id == report.id)
        .join(Assignment, Assignment.id == report.assignment_id)
    )
    return {row.key: Pending(*row[:-1]) for row in rows}


def _drafts(connection: Connection, actor: Actor) -> dict[str, DraftKept]:
    rows = connection.execute(
        select(Draft.content, Draft.version, Draft.updated_at, Draft.base_report_id, Assignment.key)
        .join(Assignment, Assignment.id == Draft.assignment_id)
        .where(Draft.user_id == actor.user_id)
    )
    return {row.key: DraftKept(*row[:-1]) for row in rows}


def _sent(connection: Connection, own: Iterable[int]) -> tuple[Sent, ...]:
    report, held = ProgressReport, holders(connection, today())
    rows = connection.execute(
        select(Assignment.key, report.as_of, report.status, report.percent, report.state, report.author)
        .add_columns(report.submitted_at, exists().where(Evidence.report_id == report.id))
        .join(Assignment, Assignment.id == report.assignment_id)
        .join(held, held.c.assignment_id == Assignment.id)
        .where(held.c.entity_id.in_(own))
        .order_by(report.id.desc())
        .limit(_SENT)
    )
    return tuple(Sent(row.key, row.key.rpartition("/")[0], *row[1:]) for row in rows)
