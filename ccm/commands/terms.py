"""The append-only terms of the plan: what is in force on a day, and how a change is recorded."""

import datetime as dt
from bisect import bisect_right, insort_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select

from ccm.auth import Actor
from ccm.commands.lookup import Named, parts
from ccm.domain.vocabulary import AssignmentRole, ChangeField, Nature
from ccm.store import Transaction
from ccm.store.journal import Entry
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

#: The due date of an assignment that has none of its own.
NO_DAY = ""
_OWNERS: dict[Any, tuple[Any, str]] = {
    AssignmentChange: (Assignment, "assignment_id"),
    RecommendationChange: (Recommendation, "recommendation_id"),
    SessionChange: (Session, "session_id"),
}


@dataclass(frozen=True)
class Change:
    """A value of one field of an object from a day on. `columns` are those only some fields fill.

    `before` is the value of that day until now, None where there was none or nobody looked.
    """

    key: str
    field: ChangeField
    value: str
    effective_on: dt.date
    columns: tuple[tuple[str, int], ...] = ()
    before: str | None = None


class Terms:
    """The values of fields over time, of the objects that were read, as the store's own text."""

    def __init__(self) -> None:
        self._initial: dict[tuple[str, ChangeField], str] = {}
        self._changes: dict[tuple[str, ChangeField], list[tuple[dt.date, str]]] = defaultdict(list)

    def begin(self, key: str, field: ChangeField, value: str) -> None:
        """Set what holds before any change."""
        self._initial[key, field] = value

    def added(self, changes: list[Change]) -> list[Change]:
        """The same changes with what they replace, from now on known as recorded after all others."""
        told = []
        for change in changes:
            before = self.in_force(change.key, change.field, change.effective_on)
            told.append(replace(change, before=before))
            known = self._changes[change.key, change.field]
            insort_right(known, (change.effective_on, change.value), key=lambda earlier: earlier[0])
        return told

    def news(self, changes: Iterable[Change]) -> list[Change]:
        """The changes that say something new: all but those that repeat a value given from that very day.

        A value already in force from an earlier day is news all the same: it would stand against a
        change that somebody backdates later.
        """
        return [
            change
            for change in changes
            if (change.effective_on, change.value)
            != self._latest(change.key, change.field, change.effective_on)
        ]

    def _latest(self, key: str, field: ChangeField, day: dt.date) -> tuple[dt.date, str] | None:
        changes = self._changes[key, field]
        place = bisect_right(changes, day, key=lambda known: known[0])
        return changes[place - 1] if place else None

    def in_force(self, key: str, field: ChangeField, day: dt.date) -> str | None:
        """The value on a day; None where there is none yet."""
        latest = self._latest(key, field, day)
        return latest[1] if latest else self._initial.get((key, field))

    def first_load_has(self, assignment: str) -> bool:
        """Whether the assignment stands in the first load, which holds from the adoption on."""
        return (assignment, ChangeField.ROLE) in self._initial

    def read(self, connection: Connection, model: Any, ids: Iterable[int]) -> None:
        """Read the recorded changes of these objects."""
        owner, column = _OWNERS[model]
        columns = (owner.key, model.field, model.value, model.effective_on)
        in_time = (model.effective_on, model.recorded_at, model.id)
        for some in parts(ids):
            query = select(*columns).join(owner, owner.id == getattr(model, column))
            rows = connection.execute(query.where(owner.id.in_(some)).order_by(*in_time))
            self.added([Change(r.key, ChangeField(r.field), r.value, r.effective_on) for r in rows])


def assignment_terms(connection: Connection, assignments: Iterable[Named]) -> Terms:
    """Role, weight, due date and end of these assignments over time."""
    terms, ids = Terms(), [assignment.id for assignment in assignments]
    initial = (Assignment.initial_role, Assignment.initial_weight, Assignment.initial_due_date)
    for some in parts(ids):
        for row in connection.execute(select(Assignment.key, *initial).where(Assignment.id.in_(some))):
            begin_assignment(terms, row.key, row.initial_role, row.initial_weight, row.initial_due_date)
    terms.read(connection, AssignmentChange, ids)
    return terms


def recommendation_terms(connection: Connection, recommendations: Iterable[Named]) -> Terms:
    """Nature, place and withdrawal of these recommendations over time."""
    terms, ids = Terms(), [recommendation.id for recommendation in recommendations]
    initial = (Recommendation.initial_nature, Axis.key.label("axis"), Challenge.key.label("challenge"))
    query = (
        select(Recommendation.key, *initial)
        .join(Axis, Axis.id == Recommendation.initial_axis_id)
        .join(Challenge, Challenge.id == Recommendation.initial_challenge_id)
    )
    for some in parts(ids):
        for row in connection.execute(query.where(Recommendation.id.in_(some))):
            terms.begin(row.key, ChangeField.NATURE, Nature(row.initial_nature).value)
            terms.begin(row.key, ChangeField.PLACE, f"{row.axis}/{row.challenge}")
            terms.begin(row.key, ChangeField.WITHDRAWN, "false")
    terms.read(connection, RecommendationChange, ids)
    return terms


def begin_assignment(
    terms: Terms, key: str, role: AssignmentRole | None, weight: int = 1, due_date: dt.date | None = None
) -> None:
    """Set what an assignment starts with; without a role it does not exist before its first change."""
    if role is not None:
        terms.begin(key, ChangeField.ROLE, AssignmentRole(role).value)
    terms.begin(key, ChangeField.END, "false")
    terms.begin(key, ChangeField.WEIGHT, str(weight))
    terms.begin(key, ChangeField.DUE_DATE, due_date.isoformat() if due_date else NO_DAY)


def insert_changes(
    transaction: Transaction,
    actor: Actor,
    model: Any,
    changes: Sequence[Change],
    ids: Mapping[str, int],
    reason: str = "",
) -> None:
    """Write changes of one kind of object; `ids` gives each object's id by its key."""
    if not changes:
        return
    column = _OWNERS[model][1]
    common = {"recorded_at": transaction.now, "author": actor.name, "reason": reason}
    rows = [
        {
            **common,
            column: ids[change.key],
            "field": change.field,
            "value": change.value,
            "effective_on": change.effective_on,
            **_typed(change),
            **dict(change.columns),
        }
        for change in changes
    ]
    transaction.connection.execute(insert(model), rows)


def _typed(change: Change) -> dict[str, Any]:
    """The value once more in its own type, for SQL."""
    is_number = change.field is ChangeField.WEIGHT
    is_day = change.field in (ChangeField.DUE_DATE, ChangeField.POLITICAL_DATE) and change.value != NO_DAY
    return {
        "number": int(change.value) if is_number else None,
        "day": dt.date.fromisoformat(change.value) if is_day else None,
    }


def entries(kind: str, changes: Iterable[Change], added: Iterable[str] = ()) -> list[Entry]:
    """One journal entry for each object that changed (`added`: the keys of those that are new)."""
    new, by_key = set(added), defaultdict(list)
    for change in changes:
        told = {
            "field": change.field.value,
            "value": change.value,
            "effective_on": change.effective_on.isoformat(),
        }
        if change.before is not None and change.key not in new:
            told["before"] = change.before
        by_key[change.key].append(told)
    return [
        Entry(f"{kind}.{'added' if key in new else 'changed'}", kind, key, {"changes": told})
        for key, told in by_key.items()
    ]
