"""The cycle of sessions: opening one, with the dates of its meetings."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from ccm.auth import Action, Actor, require
from ccm.auth.confirmation import require_recent
from ccm.commands import current_state
from ccm.commands.command import Command
from ccm.commands.terms import Change, Terms, entries, insert_changes
from ccm.domain.errors import Conflict, Invalid, Problem
from ccm.domain.vocabulary import ChangeField, InstanceKind
from ccm.i18n.numbers import ordinal
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Instance, Session, SessionChange

_IN_ORDER = (InstanceKind.PREPARATORY, InstanceKind.TECHNICAL, InstanceKind.POLITICAL)


@dataclass(frozen=True)
class OpenSession(Command[None]):
    """Open session `number`, whose political meeting is on `political`, in the past or the future."""

    number: int
    political: dt.date
    preparatory: dt.date | None = None
    technical: dt.date | None = None

    def authorise(self, actor: Actor) -> None:
        """The cycle is the administrators' business."""
        require(actor, Action.OPEN_SESSION)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Conflict where the session exists, Invalid for dates out of order, ConfirmationNeeded."""
        require_recent(transaction.connection, actor)
        known = political_dates(transaction.connection)
        if self.number in known:
            raise Conflict("La session %(number)s existe déjà.", number=self.number)
        problems = [*self._own_problems(), *order_problems(known, self.number, self.political)]
        if problems:
            raise Invalid(problems)
        self._record(transaction, actor)

    def _dates(self) -> dict[InstanceKind, dt.date]:
        dates = zip(_IN_ORDER, (self.preparatory, self.technical, self.political), strict=True)
        return {kind: date for kind, date in dates if date is not None}

    def _own_problems(self) -> list[Problem]:
        problems = []
        if self.number < 1:
            problems.append(Problem("le numéro d'une session est un nombre entier à partir de 1"))
        dates = list(self._dates().values())
        if dates != sorted(dates):
            problems.append(
                Problem("les réunions se suivent : la préparatoire, puis la technique, puis la politique")
            )
        return problems

    def _record(self, transaction: Transaction, actor: Actor) -> None:
        connection, key, dates = transaction.connection, f"CCM{self.number}", self._dates()
        title = f"{ordinal(self.number, 'fr')} session du Cadre de Concertation sur la Migration"
        session = {"number": self.number, "key": key, "title": title, "recorded_at": transaction.now}
        id_ = connection.execute(insert(Session).values(session).returning(Session.id)).scalar_one()
        rows = [{"session_id": id_, "kind": kind, "held_on": date} for kind, date in dates.items()]
        connection.execute(insert(Instance), rows)
        # The date is known from the first of these days on: figures of that day already count on it.
        effective_on = min(transaction.today, *dates.values())
        value = self.political.isoformat()
        change = Change(key, ChangeField.POLITICAL_DATE, value, effective_on)
        insert_changes(transaction, actor, SessionChange, [change], {key: id_})
        current_state.refresh(transaction)
        (entry,) = entries("session", [change])
        held = {kind.value: date.isoformat() for kind, date in dates.items()}
        append(transaction, [Entry("session.opened", "session", key, {**held, **entry.detail})])


def political_dates(connection: Connection) -> dict[int, dt.date | None]:
    """The political date of every session by number, as last recorded."""
    terms = Terms()
    rows = connection.execute(select(Session.id, Session.number, Session.key, Session.initial_political_date))
    sessions = rows.all()
    terms.read(connection, SessionChange, [row.id for row in sessions])
    dates = {}
    for row in sessions:
        value = terms.in_force(row.key, ChangeField.POLITICAL_DATE, dt.date.max)
        dates[row.number] = dt.date.fromisoformat(value) if value else row.initial_political_date
    return dates


def order_problems(known: Mapping[int, dt.date | None], number: int, political: dt.date) -> list[Problem]:
    """What is wrong where a session does not stand in time as its number does."""
    return [
        Problem(
            "la session %(number)s ne peut pas se tenir le %(day)s : la session %(other)s est du %(held)s",
            (
                ("number", str(number)),
                ("day", political.isoformat()),
                ("other", str(other)),
                ("held", held.isoformat()),
            ),
        )
        for other, held in sorted(known.items())
        if held and other != number and not (held < political if other < number else political < held)
    ]
