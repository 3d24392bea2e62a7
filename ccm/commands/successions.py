"""Who follows whom: a successor from a day on, for all or in part; and a succession undone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import insert, select

from ccm.auth import Action, Actor, require
from ccm.commands import current_state
from ccm.commands.cells import told
from ccm.commands.command import Command
from ccm.commands.followers import answering, follow
from ccm.commands.spellings import entity_id, unchosen
from ccm.domain.errors import Conflict, Invalid, Problem
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Assignment, Succession


@dataclass(frozen=True)
class RecordSuccession(Command[dict[str, list[str]]]):
    """From a day on a successor answers for a predecessor: for all, or for the assignments of a split.

    The predecessor's focal points answer for the successor too from now on, unless `people_follow` is False.
    """

    predecessor: str
    successor: str
    effective_on: dt.date
    assignments: tuple[str, ...] = ()
    people_follow: bool = True

    def authorise(self, actor: Actor) -> None:
        """Entities are the administrators' business."""
        require(actor, Action.MANAGE_ENTITIES)

    def carry_out(self, transaction: Transaction, actor: Actor) -> dict[str, list[str]]:
        """Who follows (`follow`) and who then answers for the successor (`answering`), by name.

        Raises Invalid for an entity that would follow itself, NotFound; ConfirmationNeeded for people.
        """
        connection = transaction.connection
        if problems := unchosen(predecessor=self.predecessor, successor=self.successor):
            raise Invalid(problems)
        old, new = entity_id(connection, self.predecessor), entity_id(connection, self.successor)
        ids = self._assignments(transaction, old)
        if old == new or not _record(transaction, old, new, self.effective_on, ids or [None]):
            raise Invalid([Problem("un acteur ne peut pas se succéder à lui-même", column="successor")])
        detail: dict[str, object] = {
            "successor": self.successor,
            "effective_on": self.effective_on.isoformat(),
            "assignments": list(self.assignments),
        }
        append(transaction, [Entry("entity.succeeded", "entity", self.predecessor, detail)])
        joined = follow(transaction, actor, old, new) if self.people_follow else []
        return {"follow": joined, "answering": [*answering(connection, new).values()]}

    def _assignments(self, transaction: Transaction, entity: int) -> list[int]:
        ids = []
        for key in self.assignments:
            found: int | None = transaction.connection.execute(
                select(Assignment.id).where(Assignment.key == key, Assignment.entity_id == entity)
            ).scalar()
            if found is None:
                values = told(key=key, entity=self.predecessor)
                problem = Problem("« %(key)s » n'est pas un engagement de %(entity)s", values)
                raise Invalid([replace(problem, column="assignments")])
            ids.append(found)
        return ids


@dataclass(frozen=True)
class WithdrawSuccession(Command[list[str]]):
    """From a day on the predecessor answers again for itself: on the first day, as if nobody had followed.

    `effective_on` is the day of the succession; `withdrawn_on` that from which it holds no more. What was
    known before stays known as it was, and people keep the entities that they have.
    """

    predecessor: str
    successor: str
    effective_on: dt.date
    withdrawn_on: dt.date

    def authorise(self, actor: Actor) -> None:
        """Entities are the administrators' business."""
        require(actor, Action.MANAGE_ENTITIES)

    def carry_out(self, transaction: Transaction, actor: Actor) -> list[str]:
        """Who answers for both, by name.

        Raises Invalid for a day before the succession's own, Conflict where it holds no more, NotFound.
        """
        if self.withdrawn_on < self.effective_on:
            values = told(day=self.effective_on.isoformat())
            problem = Problem("la succession vaut depuis le %(day)s : ce jour ou un jour après", values)
            raise Invalid([replace(problem, column="withdrawn_on")])
        connection = transaction.connection
        old, new = entity_id(connection, self.predecessor), entity_id(connection, self.successor)
        held = [
            row.assignment_id
            for row in _in_force(_recorded(transaction), self.withdrawn_on)
            if (row.predecessor_id, row.successor_id, row.effective_on) == (old, new, self.effective_on)
        ]
        if not held:
            raise Conflict(
                "%(successor)s ne succède plus à %(predecessor)s à ce jour : rien n'est changé.",
                predecessor=self.predecessor,
                successor=self.successor,
            )
        if not _record(transaction, old, old, self.withdrawn_on, held):
            raise Conflict("Sans cette succession, d'autres tourneraient en rond : annulez-les d'abord.")
        detail: dict[str, object] = {
            "successor": self.successor,
            "since": self.effective_on.isoformat(),
            "effective_on": self.withdrawn_on.isoformat(),
        }
        append(transaction, [Entry("entity.succession_withdrawn", "entity", self.predecessor, detail)])
        theirs = answering(connection, new)
        return [name for id_, name in answering(connection, old).items() if id_ in theirs]


@dataclass(frozen=True)
class _Row:
    """One line of what is recorded, or would be."""

    effective_on: dt.date
    recorded_at: dt.datetime
    id: int
    predecessor_id: int
    successor_id: int
    assignment_id: int | None


def _recorded(transaction: Transaction) -> list[_Row]:
    s = Succession
    columns = (s.effective_on, s.recorded_at, s.id, s.predecessor_id, s.successor_id, s.assignment_id)
    return [_Row(*row) for row in transaction.connection.execute(select(*columns))]


def _record(
    transaction: Transaction, old: int, new: int, day: dt.date, assignments: Sequence[int | None]
) -> bool:
    """Write that `new` follows `old`; False, and nothing written, where a line would come back to itself."""
    connection, known = transaction.connection, _recorded(transaction)
    last = max((row.id for row in known), default=0)
    rows = [_Row(day, transaction.now, last + 1, old, new, assignment) for assignment in assignments]
    if _comes_back([*known, *rows], day):
        return False
    written = [
        {
            "predecessor_id": row.predecessor_id,
            "successor_id": row.successor_id,
            "assignment_id": row.assignment_id,
            "effective_on": row.effective_on,
            "recorded_at": row.recorded_at,
        }
        for row in rows
    ]
    connection.execute(insert(Succession), written)
    current_state.refresh(transaction)
    return True


def _in_force(rows: Sequence[_Row], day: dt.date) -> list[_Row]:
    """The row that holds on a day for each predecessor, and for each assignment of a split."""

    def whose(row: _Row) -> tuple[int, int]:
        return row.predecessor_id, row.assignment_id or 0

    def in_time(row: _Row) -> tuple[dt.date, dt.datetime, int]:
        return row.effective_on, row.recorded_at, row.id

    begun = sorted((row for row in rows if row.effective_on <= day), key=whose)
    return [max(group, key=in_time) for _, group in groupby(begun, key=whose)]


def _comes_back(rows: Sequence[_Row], since: dt.date) -> bool:
    """Whether some line of succession leads back to where it began, on a day from `since` on."""
    days = {since, *(row.effective_on for row in rows if row.effective_on > since)}
    return any(_round(_in_force(rows, day)) for day in days)


def _round(held: Sequence[_Row]) -> bool:
    passed = {
        (row.predecessor_id, row.assignment_id): row.successor_id
        for row in held
        if row.successor_id != row.predecessor_id
    }
    for assignment in {assignment for _, assignment in passed} | {None}:
        for start in {predecessor for predecessor, _ in passed}:
            line, at = {start}, start
            while heir := passed.get((at, assignment)) or passed.get((at, None)):
                if heir in line:
                    return True
                line.add(heir)
                at = heir
    return False
