"""Changes that no file carries: place, nature, withdrawal, end, dates; each a new row, nothing rewritten."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ccm.auth import Action, Actor, require
from ccm.commands import cells, current_state
from ccm.commands.assignment_lines import due_day
from ccm.commands.cells import Refusal, shown, told
from ccm.commands.command import Command
from ccm.commands.lookup import Named
from ccm.commands.sessions import order_problems, political_dates
from ccm.commands.terms import Change, Terms, assignment_terms, entries, insert_changes, recommendation_terms
from ccm.domain.errors import Invalid, NotFound, Problem
from ccm.domain.vocabulary import AssignmentRole, ChangeField, Nature
from ccm.store import Transaction
from ccm.store.journal import append
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Axis,
    Challenge,
    Recommendation,
    RecommendationChange,
    Session,
    SessionChange,
)

_YES_OR_NO = ("true", "false")


def _yes_or_no(text: str) -> str:
    value = text.strip().lower()
    if value not in _YES_OR_NO:
        values = told(value=shown(text), accepted=", ".join(_YES_OR_NO))
        raise Refusal(Problem("« %(value)s » n'est pas accepté : %(accepted)s", values))
    return value


@dataclass(frozen=True)
class _Kind:
    """An object that changes: its table, the table of its changes, who may change it, its fields."""

    table: Any
    changes: Any
    action: Action
    fields: dict[ChangeField, Callable[[str], str]]


_KINDS = {
    "assignment": _Kind(
        Assignment,
        AssignmentChange,
        Action.CHANGE_ASSIGNMENT,
        {
            ChangeField.ROLE: lambda text: cells.one_of(AssignmentRole)(text).value,
            ChangeField.WEIGHT: lambda text: str(cells.weight(text)),
            ChangeField.DUE_DATE: due_day,
            ChangeField.END: _yes_or_no,
        },
    ),
    "recommendation": _Kind(
        Recommendation,
        RecommendationChange,
        Action.CHANGE_ASSIGNMENT,
        {
            ChangeField.NATURE: lambda text: cells.one_of(Nature)(text).value,
            ChangeField.PLACE: lambda text: text.strip().upper(),
            ChangeField.WITHDRAWN: _yes_or_no,
        },
    ),
    "session": _Kind(
        Session,
        SessionChange,
        Action.OPEN_SESSION,
        {ChangeField.POLITICAL_DATE: lambda text: cells.day(text).isoformat()},
    ),
}


@dataclass(frozen=True)
class RecordChange(Command[bool]):
    """From `effective_on` on, `field` of an assignment, recommendation or session is `value`.

    Values: a code, a whole number, a date, `true` or `false`, or `AXIS/CHALLENGE` keys for a place. Gives
    True where something was recorded, False where the value was in force already.
    """

    object: str
    key: str
    field: str
    value: str
    effective_on: dt.date
    reason: str = ""

    def authorise(self, actor: Actor) -> None:
        """Terms of the plan are the Secretariat's, the cycle is the administrators'."""
        require(actor, self._kind.action)

    @property
    def _kind(self) -> _Kind:
        kind = _KINDS.get(self.object)
        if kind is None:
            raise _refused("object", self.object, _KINDS)
        return kind

    def carry_out(self, transaction: Transaction, actor: Actor) -> bool:
        """Raises Invalid for a field or value that the object does not take, NotFound for an unknown key."""
        kind, connection = self._kind, transaction.connection
        owner = _owner(connection, kind, self.key)
        change = self._change(connection, kind)
        if self.object == "session":
            _refuse_disorder(connection, self.key, change)
        terms = _terms(connection, kind, owner)
        news = terms.added(terms.news([change]))
        if not news:
            return False
        insert_changes(transaction, actor, kind.changes, news, {owner.key: owner.id}, self.reason)
        current_state.refresh(transaction, _recommendations(connection, kind, owner))
        append(transaction, entries(self.object, news))
        return True

    def _change(self, connection: Connection, kind: _Kind) -> Change:
        fields = {field.value: field for field in kind.fields}
        if self.field not in fields:
            raise _refused("field", self.field, fields)
        field = fields[self.field]
        try:
            value = kind.fields[field](self.value)
            cells.prose(self.reason)
        except Refusal as refusal:
            raise Invalid([refusal.problem]) from refusal
        columns = _place(connection, value) if field is ChangeField.PLACE else ()
        return Change(self.key, field, value, self.effective_on, columns)


def _refused(what: str, value: str, accepted: Any) -> Invalid:
    values = told(value=shown(value), accepted=", ".join(accepted))
    return Invalid([Problem("« %(value)s » n'est pas accepté : %(accepted)s", values, column=what)])


def _owner(connection: Connection, kind: _Kind, key: str) -> Named:
    row = connection.execute(select(kind.table.id, kind.table.key).where(kind.table.key == key)).first()
    if row is None:
        raise NotFound("« %(key)s » n'est pas connu.", key=shown(key))
    return Named(row.id, row.key)


def _place(connection: Connection, value: str) -> tuple[tuple[str, int], ...]:
    axis_key, _, challenge_key = value.partition("/")
    axis = connection.execute(select(Axis.id).where(Axis.key == axis_key)).scalar()
    challenge = connection.execute(select(Challenge.id).where(Challenge.key == challenge_key)).scalar()
    if axis is None or challenge is None:
        values = told(value=shown(value))
        problem = Problem("« %(value)s » n'est pas une place : un axe et un défi, ainsi A1/CCM7-D05", values)
        raise Invalid([problem])
    return (("axis_id", axis), ("challenge_id", challenge))


def _refuse_disorder(connection: Connection, key: str, change: Change) -> None:
    number = connection.execute(select(Session.number).where(Session.key == key)).scalar_one()
    problems = order_problems(political_dates(connection), number, dt.date.fromisoformat(change.value))
    if problems:
        raise Invalid(problems)


def _terms(connection: Connection, kind: _Kind, owner: Named) -> Terms:
    if kind.changes is AssignmentChange:
        return assignment_terms(connection, [owner])
    if kind.changes is RecommendationChange:
        return recommendation_terms(connection, [owner])
    terms = Terms()
    terms.read(connection, kind.changes, [owner.id])
    return terms


def _recommendations(connection: Connection, kind: _Kind, owner: Named) -> list[int] | None:
    """The recommendations whose state the change may touch; None for all of them."""
    if kind.changes is RecommendationChange:
        return [owner.id]
    if kind.changes is AssignmentChange:
        query = select(Assignment.recommendation_id).where(Assignment.id == owner.id)
        return [connection.execute(query).scalar_one()]
    return None
