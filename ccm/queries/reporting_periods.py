"""Reporting periods: which there are, which one is looked at, and which reports answer it."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, select

from ccm.metrics import At
from ccm.store.models import ReportingPeriod

_ONE_DAY = dt.timedelta(days=1)


class Phase(StrEnum):
    """Where a period stands on a day."""

    TO_COME = "to_come"
    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"


@dataclass(frozen=True)
class Period:
    """A reporting period. Without any in the store, the last days before the date stand for one (key "").

    A report answers the one period whose window holds the day it speaks of. The window ends with the
    last day to answer, for people speak of the day on which they write, and begins after the window
    before it; while no later period is open, late answers still count. `counts_until` is then None.
    """

    key: str
    label: str
    starts_on: dt.date
    ends_on: dt.date
    due_on: dt.date
    counts_from: dt.date = dt.date.min
    counts_until: dt.date | None = None

    def phase(self, on: dt.date) -> Phase:
        """To come, open, late (its last day is over, answers still count), or closed."""
        if on < self.starts_on:
            return Phase.TO_COME
        if on <= self.due_on:
            return Phase.OPEN
        return Phase.LATE if self.counts_until is None or on <= self.counts_until else Phase.CLOSED


def periods(connection: Connection) -> tuple[Period, ...]:
    """The periods the Secretariat opened, newest first."""
    p = ReportingPeriod
    rows = connection.execute(
        select(p.key, p.label, p.starts_on, p.ends_on, p.due_on).order_by(p.starts_on)
    ).all()
    return tuple(reversed(in_turn([Period(*row) for row in rows])))


def in_turn(known: list[Period]) -> list[Period]:
    """Periods in the order of time, each with its window: together the windows leave no day out."""
    found: list[Period] = []
    until = dt.date.min
    for number, period in enumerate(known):
        begins = period.starts_on if number == 0 else until + _ONE_DAY
        later = known[number + 1] if number + 1 < len(known) else None
        until = max(period.due_on, later.starts_on - _ONE_DAY) if later else dt.date.max
        found.append(replace(period, counts_from=begins, counts_until=until if until < dt.date.max else None))
    return found


def chosen(known: tuple[Period, ...], key: str | None, at: At) -> Period:
    """The period of this key; else the first that still waits for answers at D, else the last begun."""
    named = next((period for period in known if period.key == key), None)
    if named:
        return named
    begun = [period for period in known if period.starts_on <= at.as_of]
    if not begun:
        return Period("", "", at.fresh_since, at.as_of, at.as_of, counts_from=at.fresh_since)
    waiting = [period for period in begun if period.phase(at.as_of) is Phase.OPEN]
    return waiting[-1] if waiting else begun[0]
