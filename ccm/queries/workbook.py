"""One entity's answers as its workbook holds them: official state, last report, and what they stand on."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ccm.auth import Action, Actor, require, require_somewhere
from ccm.domain.dates import utc_now
from ccm.domain.errors import NotFound
from ccm.domain.workbook import Stamp
from ccm.metrics import At
from ccm.queries.answer_form import FullReport, full_reports
from ccm.queries.answers import answers
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.results import AnswerState, EntityRef
from ccm.store.models import Assignment, ProgressReport, StoreState


@dataclass(frozen=True)
class WorkbookRow:
    """One expected answer: its official state at the date, and its last report whatever became of it."""

    answer: AnswerState
    last: FullReport | None


@dataclass(frozen=True)
class Workbook:
    """All that the workbook of one entity holds; `lifters` are those who may lift what is blocked."""

    entity: EntityRef
    as_of: dt.date
    rows: tuple[WorkbookRow, ...]
    lifters: tuple[EntityRef, ...]
    stamp: Stamp
    demo: bool


@dataclass(frozen=True)
class WorkbookQuery(PrivateQuery[Workbook]):
    """The workbook of an entity, named by its key, at a date."""

    entity: str
    at: At

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.SUBMIT_REPORT)

    def answer_to(self, connection: Connection, actor: Actor) -> Workbook:
        """Raises NotFound for an entity that is not known, NotAllowed for another's."""
        named = entities(connection, self.at.as_of)
        asked = self.entity.strip().casefold()
        number = next((id_ for id_, one in named.items() if one.key.casefold() == asked), None)
        if number is None:
            raise NotFound(
                "« %(entity)s » n'est pas le code d'un acteur : par exemple %(known)s.",
                entity=self.entity,
                known=", ".join(one.key for one in named.values()),
            )
        require(actor, Action.SUBMIT_REPORT, named[number].key)
        found = answers(connection, self.at, entity=number)
        last = _last(connection, self.at.as_of, [one.assignment for one in found])
        state = connection.execute(select(StoreState.store_uuid, StoreState.revision, StoreState.demo)).one()
        stamp = Stamp(
            store_uuid=state.store_uuid,
            entity=named[number].key,
            known_at=utc_now().isoformat(timespec="seconds"),
            revision=state.revision,
            bases={
                one.assignment: last[one.assignment].id if one.assignment in last else None for one in found
            },
        )
        return Workbook(
            entity=named[number],
            as_of=self.at.as_of,
            rows=tuple(WorkbookRow(one, last.get(one.assignment)) for one in found),
            lifters=tuple(named.values()),
            stamp=stamp,
            demo=bool(state.demo),
        )


def _last(connection: Connection, on: dt.date, keys: list[str]) -> dict[str, FullReport]:
    """The latest report of each of these answers, by assignment key."""
    report = ProgressReport
    latest = (
        select(func.max(report.id).label("id"))
        .join(Assignment, Assignment.id == report.assignment_id)
        .where(Assignment.key.in_(keys))
        .group_by(report.assignment_id)
        .subquery()
    )
    rows = connection.execute(
        select(*report.__table__.columns, Assignment.key.label("assignment"))
        .join(latest, latest.c.id == report.id)
        .join(Assignment, Assignment.id == report.assignment_id)
    ).all()
    return {one.assignment: one for one in full_reports(connection, on, rows)}
