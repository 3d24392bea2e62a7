"""One recommendation in full: its place, figures, answers, texts from meeting to meeting, source, history."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, func, select

from ccm.config import DATA
from ccm.domain.figures import Figures
from ccm.domain.vocabulary import AssignmentRole, InstanceKind, Nature
from ccm.metrics import At
from ccm.metrics.current import plan
from ccm.metrics.history import recommendation_states, session_dates
from ccm.queries.answers import answers
from ccm.queries.ask import Query
from ccm.queries.changes import Change, PastReport, changes, past_reports
from ccm.queries.filters import ChallengeRef, PriorityRef, challenge_refs, priority_refs
from ccm.queries.known import PlanFigures, plan_figures
from ccm.queries.names import AxisRef, short_key
from ccm.queries.results import AnswerState, RevisionEntry
from ccm.store.models import (
    Axis,
    Challenge,
    Instance,
    Priority,
    Recommendation,
    RecommendationPriority,
    Revision,
    Session,
)

#: The report each session's table was copied from, and its meeting, by session number.
_SOURCES = {7: ("ccm7-reunion-technique.txt", InstanceKind.TECHNICAL)}
_MEETINGS = list(InstanceKind)


@dataclass(frozen=True)
class Source:
    """Where the text comes from: a line of a meeting's report, and the cells of that line as they stand."""

    line: int
    cells: tuple[str, ...]
    meeting: InstanceKind
    held_on: dt.date | None


@dataclass(frozen=True)
class Sheet:
    """Everything said of one recommendation at a date.

    `followed` is False before its adoption and after its withdrawal: there are then no figures and no
    answers. `starts_on` is the day its follow-up begins. `reports` are those that were official once.
    """

    key: str
    text: str
    axis: AxisRef
    challenge: ChallengeRef
    priorities: tuple[PriorityRef, ...]
    nature: Nature
    session: int
    followed: bool
    withdrawn: bool
    starts_on: dt.date | None
    figures: Figures
    before: Figures | None
    plan: Figures
    answers: tuple[AnswerState, ...]
    support: tuple[AnswerState, ...]
    reports: tuple[PastReport, ...]
    changes: tuple[Change, ...]
    texts: tuple[RevisionEntry, ...]
    doubt: str
    other_reading: str
    actor_cell: str
    source: Source | None
    previous: str | None
    following: str | None

    @property
    def dropped(self) -> bool:
        """Whether every answer was given up: the recommendation leaves the means."""
        return self.figures.recommendations_dropped > 0

    @property
    def unassigned(self) -> bool:
        """Whether nobody is responsible for it."""
        return self.figures.unassigned > 0


@dataclass(frozen=True)
class WholeKeyQuery(Query[str | None]):
    """The key of the one recommendation that screens show under a short key (`A1-05`)."""

    short: str

    def answer(self, connection: Connection) -> str | None:
        """Find it; None where there is none, or more than one."""
        ending = Recommendation.key.endswith(f"-{self.short}", autoescape=True)
        keys = connection.execute(select(Recommendation.key).where(ending)).scalars()
        found = [key for key in keys if short_key(key) == self.short]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class RecommendationQuery(Query[Sheet | None]):
    """One recommendation by its key at a date, compared with an earlier one; None where there is none."""

    key: str
    at: At
    before: At | None = None
    known: PlanFigures | None = field(default=None, compare=False, repr=False)
    known_before: PlanFigures | None = field(default=None, compare=False, repr=False)

    def answer(self, connection: Connection) -> Sheet | None:
        """Read every part from one view of the store."""
        row = connection.execute(_found(self.key)).first()
        return self._sheet(connection, row) if row else None

    def _sheet(self, connection: Connection, row: Any) -> Sheet:
        at = self.at
        state = connection.execute(recommendation_states(at, [row.id])).first()
        now = plan_figures(connection, at, self.known)
        followed = row.id in now.recommendations
        stated = answers(connection, at, [row.id]) if followed else ()
        axis, challenge = _place(connection, row, state)
        then = plan_figures(connection, self.before, self.known_before) if self.before else None
        texts = _texts(connection, row, at)
        previous, following = _beside(connection, at, row)
        return Sheet(
            key=row.key,
            text=row.text,
            axis=axis,
            challenge=challenge,
            priorities=_priorities(connection, row.id),
            nature=Nature(state.nature if state else row.initial_nature),
            session=row.session,
            followed=followed,
            withdrawn=state is None,
            starts_on=state.follow_from if state else None,
            figures=now.recommendations.get(row.id, Figures()),
            before=then.recommendations.get(row.id) if then else None,
            plan=now.plan,
            answers=tuple(a for a in stated if a.role is AssignmentRole.RESPONSIBLE),
            support=tuple(a for a in stated if a.role is AssignmentRole.SUPPORT),
            reports=past_reports(connection, at, row.id),
            changes=changes(connection, at, row.id),
            texts=tuple(entry for entry in texts if entry.held_on <= at.as_of),
            doubt=row.doubt,
            other_reading=row.other_reading,
            actor_cell=row.actor_cell,
            source=_source(row, texts),
            previous=previous,
            following=following,
        )


def _found(key: str) -> Any:
    columns = Recommendation.__table__.columns
    return (
        select(*columns, Session.number.label("session"))
        .join(Session, Session.id == Recommendation.session_id)
        .where(Recommendation.key == key)
    )


def _place(connection: Connection, row: Any, state: Any) -> tuple[AxisRef, ChallengeRef]:
    axis_id = state.axis_id if state else row.initial_axis_id
    challenge_id = state.challenge_id if state else row.initial_challenge_id
    axis = connection.execute(select(Axis.id, Axis.key, Axis.label).where(Axis.id == axis_id)).one()
    challenge = connection.execute(challenge_refs().where(Challenge.id == challenge_id)).one()
    return AxisRef(axis.id, axis.key, axis.label), ChallengeRef(*challenge)


def _priorities(connection: Connection, recommendation: int) -> tuple[PriorityRef, ...]:
    beside = RecommendationPriority
    rows = connection.execute(
        priority_refs()
        .join(beside, beside.priority_id == Priority.id)
        .where(beside.recommendation_id == recommendation)
        .order_by(Priority.position)
    )
    return tuple(PriorityRef(*row) for row in rows)


def _texts(connection: Connection, row: Any, at: At) -> tuple[RevisionEntry, ...]:
    """One entry per meeting of its session, in their order, and one per further version of a meeting."""
    dated = session_dates(at)
    in_force = select(dated.c.political_date).where(dated.c.id == row.session_id)
    political = connection.execute(in_force).scalar()
    known: dict[int, list[Any]] = {}
    of_this = select(*Revision.__table__.columns).where(Revision.recommendation_id == row.id)
    for revision in connection.execute(of_this.order_by(Revision.id)):
        known.setdefault(revision.instance_id, []).append(revision)
    meetings = connection.execute(
        select(Instance.id, Instance.kind, Instance.held_on).where(Instance.session_id == row.session_id)
    ).all()
    entries = []
    for meeting in sorted(meetings, key=lambda found: _MEETINGS.index(found.kind)):
        held_on = political if meeting.kind is InstanceKind.POLITICAL and political else meeting.held_on
        versions = known.get(meeting.id, [])
        entries += [RevisionEntry(meeting.kind, held_on, v.kind, v.text, v.note) for v in versions]
        if not versions:
            entries.append(RevisionEntry(meeting.kind, held_on, None, None, ""))
    return tuple(entries)


def _source(row: Any, texts: tuple[RevisionEntry, ...]) -> Source | None:
    if row.source_line is None or row.session not in _SOURCES:
        return None
    lines = source_lines(row.session)
    if not 0 < row.source_line <= len(lines):
        return None
    cells = tuple(" ".join(cell.split()) for cell in lines[row.source_line - 1].split("\t"))
    meeting = _SOURCES[row.session][1]
    held_on = next((entry.held_on for entry in texts if entry.instance is meeting), None)
    return Source(row.source_line, cells, meeting, held_on)


@cache
def source_lines(session: int) -> tuple[str, ...]:
    """The lines of the report a session's table was copied from; none where it is not in the data."""
    path = DATA / "source" / _SOURCES[session][0]
    return tuple(path.read_text(encoding="utf-8").splitlines()) if path.exists() else ()


def _beside(connection: Connection, at: At, row: Any) -> tuple[str | None, str | None]:
    """The keys of the recommendations in follow-up before and after this one, in the source's order."""
    r = plan(connection, at).recommendations
    in_order = (Recommendation.session_id, Recommendation.position, Recommendation.id)
    rows = connection.execute(
        select(
            Recommendation.id,
            func.lag(Recommendation.key).over(order_by=in_order).label("before"),
            func.lead(Recommendation.key).over(order_by=in_order).label("after"),
        ).join(r, r.c.recommendation_id == Recommendation.id)
    )
    return next(((found.before, found.after) for found in rows if found.id == row.id), (None, None))
