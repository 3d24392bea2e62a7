"""Reporting periods, reminders, and the settings of the follow-up."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from ccm.auth import Action, Actor, require
from ccm.auth.confirmation import require_recent
from ccm.commands.command import Command
from ccm.domain.errors import Conflict, Invalid, NotFound, Problem
from ccm.domain.vocabulary import ReminderChannel
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Entity, Reminder, ReportingPeriod, Setting

#: Settings the Secretariat may change, each with what it accepts.
SETTINGS: dict[str, tuple[str, ...] | range] = {
    "public_reading": ("on", "off"),
    "second_factor_for_administrators": ("optional", "required"),
    "reporting_period_days": range(7, 367),
}

#: Days to answer that any period may leave.
_SHORTEST_DELAY = dt.timedelta(days=15)
_DAYS = ("starts_on", "ends_on", "due_on")


@dataclass(frozen=True)
class OpenPeriod(Command[None]):
    """Ask every entity to report on a period, by a day. A day that was not given is None."""

    key: str
    label: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    due_on: dt.date | None

    def authorise(self, actor: Actor) -> None:
        """The cycle is the administrators' business."""
        require(actor, Action.MANAGE_PERIODS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid for days missing, out of order or of another period, Conflict for a known key."""
        problems = []
        key, label = self.key.strip(), self.label.strip()
        if not (key and key.isascii() and key.isprintable() and " " not in key and len(key) <= 64):
            problems.append(Problem("un code court sans espace, par exemple 2024-T2", column="key"))
        connection = transaction.connection
        given = {name: day for name in _DAYS if (day := getattr(self, name)) is not None}
        problems += [Problem("donnez ce jour", column=name) for name in _DAYS if name not in given]
        days = tuple(given.values())
        problems += _problems(connection, key, label, *days) if len(days) == len(_DAYS) else []
        if problems:
            raise Invalid(problems)
        if connection.execute(select(ReportingPeriod.id).where(ReportingPeriod.key == key)).first():
            raise Conflict("La période %(key)s existe déjà.", key=key)
        row = {
            "key": key,
            "label": label,
            "recorded_at": transaction.now,
            **dict(zip(_DAYS, days, strict=True)),
        }
        connection.execute(insert(ReportingPeriod).values(row))
        append(transaction, [Entry("period.opened", "period", key, {"label": label, **_told(days)})])


@dataclass(frozen=True)
class ChangePeriod(Command[None]):
    """Mend the name or the days of a period: what is asked and given in it is counted anew.

    `seen` are the name and days that whoever changes it read: what another wrote since is not overwritten.
    """

    key: str
    label: str
    starts_on: dt.date
    ends_on: dt.date
    due_on: dt.date
    seen: tuple[str, dt.date, dt.date, dt.date] | None = None

    def authorise(self, actor: Actor) -> None:
        """The cycle is the administrators' business."""
        require(actor, Action.MANAGE_PERIODS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid as `OpenPeriod` does, NotFound, Conflict where it was changed since it was read."""
        connection, p = transaction.connection, ReportingPeriod
        query = select(p.label, p.starts_on, p.ends_on, p.due_on).where(p.key == self.key)
        found = connection.execute(query).first()
        if found is None:
            raise NotFound("« %(key)s » n'est pas une période connue.", key=self.key)
        if self.seen is not None and tuple(found) != self.seen:
            raise Conflict("Quelqu'un a changé cette période entre-temps : comparez, puis recommencez.")
        label, days = self.label.strip(), (self.starts_on, self.ends_on, self.due_on)
        if problems := _problems(connection, self.key, label, *days):
            raise Invalid(problems)
        if tuple(found) == (label, *days):
            return
        values = {"label": label, **dict(zip(_DAYS, days, strict=True))}
        connection.execute(update(p).where(p.key == self.key).values(values))
        detail: dict[str, object] = {
            "before": {"label": found.label, **_told(found[1:])},
            "label": label,
            **_told(days),
        }
        append(transaction, [Entry("period.changed", "period", self.key, detail)])


def _problems(
    connection: Connection, key: str, label: str, starts_on: dt.date, ends_on: dt.date, due_on: dt.date
) -> list[Problem]:
    """What is wrong with the name and days of a period, beside the others."""
    problems = []
    if not label or len(label) > 120:
        problems.append(Problem("un nom de 120 caractères au plus", column="label"))
    latest = _latest_due(starts_on, ends_on)
    if not starts_on <= ends_on <= due_on:
        problems.append(
            Problem("les jours se suivent : début, fin, puis dernier jour pour répondre", column="due_on")
        )
    elif due_on > latest:
        # Else answers to this period would take the place of those to the next.
        last = (("day", latest.isoformat()),)
        problems.append(Problem("le délai est trop long : au plus tard le %(day)s", last, column="due_on"))
    p = ReportingPeriod
    overlapping = select(p.id).where(p.starts_on <= ends_on, p.ends_on >= starts_on, p.key != key)
    if connection.execute(overlapping).first():
        problems.append(
            Problem("cette période en recouvre une autre : choisissez d'autres jours", column="starts_on")
        )
    return problems


def _latest_due(starts_on: dt.date, ends_on: dt.date) -> dt.date:
    """Half the period after its end, and a fortnight at least."""
    return ends_on + max((ends_on - starts_on + dt.timedelta(days=1)) // 2, _SHORTEST_DELAY)


def _told(days: Iterable[dt.date]) -> dict[str, str]:
    return {name: day.isoformat() for name, day in zip(_DAYS, days, strict=True)}


@dataclass(frozen=True)
class RecordReminder(Command[bool]):
    """Note that an entity was reminded in a period. False where it had been already: one a period."""

    entity: str
    period: str
    channel: ReminderChannel

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require(actor, Action.RECORD_REMINDER)

    def carry_out(self, transaction: Transaction, actor: Actor) -> bool:
        """Raises NotFound for an entity or a period that is not known."""
        connection = transaction.connection
        entity = connection.execute(select(Entity.id).where(Entity.key == self.entity)).scalar()
        period = connection.execute(
            select(ReportingPeriod.id).where(ReportingPeriod.key == self.period)
        ).scalar()
        if entity is None or period is None:
            raise NotFound("Cet acteur ou cette période n'est pas connu.")
        given = Reminder.entity_id == entity, Reminder.period_id == period
        if connection.execute(select(Reminder.id).where(*given)).first():
            return False
        row = {
            "entity_id": entity,
            "period_id": period,
            "channel": self.channel,
            "author": actor.name,
            "made_at": transaction.now,
        }
        connection.execute(insert(Reminder).values(row))
        detail: dict[str, object] = {"period": self.period, "channel": self.channel.value}
        append(transaction, [Entry("reminder.made", "entity", self.entity, detail)])
        return True


@dataclass(frozen=True)
class ChangeSetting(Command[None]):
    """Set one of the settings of the follow-up."""

    key: str
    value: str

    def authorise(self, actor: Actor) -> None:
        """Settings are the administrators' business."""
        require(actor, Action.MANAGE_SETTINGS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid for an unknown setting or a value it does not accept, ConfirmationNeeded."""
        require_recent(transaction.connection, actor)
        accepted = SETTINGS.get(self.key)
        if accepted is None:
            raise Invalid([Problem("ce réglage n'existe pas", column="key")])
        value = self.value.strip()
        fits = (
            value.isascii() and value.isdigit() and int(value) in accepted
            if isinstance(accepted, range)
            else value in accepted
        )
        if not fits:
            told = (
                f"{accepted.start} – {accepted.stop - 1}"
                if isinstance(accepted, range)
                else ", ".join(accepted)
            )
            raise Invalid(
                [Problem("valeurs acceptées : %(accepted)s", (("accepted", told),), column="value")]
            )
        connection = transaction.connection
        changed = connection.execute(update(Setting).where(Setting.key == self.key).values(value=value))
        if not changed.rowcount:
            connection.execute(insert(Setting).values(key=self.key, value=value))
        append(transaction, [Entry("setting.changed", "setting", self.key, {"value": value})])
