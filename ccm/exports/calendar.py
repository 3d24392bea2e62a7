"""Due dates as an iCalendar feed: one all-day event for each day that answers to a recommendation are due."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import BinaryIO

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from ccm.domain.vocabulary import AssignmentRole, Nature, Status
from ccm.exports.plain import printable
from ccm.exports.register import About
from ccm.i18n import Translator, translator
from ccm.queries.results import AnswerState
from ccm.render import Links
from ccm.render.sentences.words import listed, short_key

_DONE = (Status.COMPLETED, Status.DROPPED)
_END = b"END:VCALENDAR\r\n"


def write_ics(file: BinaryIO, rows: Iterable[AnswerState], about: About, origin: str, store: str) -> None:
    """The answers that are still to be given, by recommendation and day, in the order of the rows.

    `origin` is where the application is reached, empty where that is not known; `store` tells the events of
    two stores apart.
    """
    t = translator(about.locale)
    file.write(_calendar(about, t).to_ical().removesuffix(_END))
    for _, answers in groupby(filter(_awaited, rows), key=lambda one: one.recommendation):
        for due, owed in _by_day(answers):
            file.write(_event(due, owed, about, origin, store).to_ical())
    file.write(_END)


def _awaited(one: AnswerState) -> bool:
    """Whether an answer is expected, has a day it is due on, and is not given yet."""
    owed = one.role is AssignmentRole.RESPONSIBLE and one.nature is Nature.FINITE
    return owed and one.due_date is not None and one.status not in _DONE


def _by_day(answers: Iterable[AnswerState]) -> list[tuple[dt.date, list[AnswerState]]]:
    days: dict[dt.date, list[AnswerState]] = {}
    for one in answers:
        if one.due_date:
            days.setdefault(one.due_date, []).append(one)
    return sorted(days.items())


def _calendar(about: About, t: Translator) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//CCM Niger//Suivi des recommandations//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name, invented = t.gettext("CCM : échéances"), t.gettext("démonstration")
    calendar.add("x-wr-calname", f"{name} ({invented})" if about.demo else name)
    calendar.add("x-wr-timezone", "Africa/Niamey")
    # A day is enough: an agenda need not ask more often.
    calendar.add("refresh-interval", dt.timedelta(days=1), parameters={"VALUE": "DURATION"})
    # A calendar without any component is no calendar, and nothing may be due.
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Africa/Niamey")
    standard.add("dtstart", dt.datetime(1970, 1, 1))  # noqa: DTZ001 - a zone begins in its own local time
    standard.add("tzoffsetfrom", dt.timedelta(hours=1))
    standard.add("tzoffsetto", dt.timedelta(hours=1))
    zone.add_component(standard)
    calendar.add_component(zone)
    return calendar


def _event(due: dt.date, owed: Sequence[AnswerState], about: About, origin: str, store: str) -> Event:
    t, first = translator(about.locale), owed[0]
    key = first.recommendation
    address = origin + Links(locale=about.locale).short(key) if origin else ""
    event = Event()
    # The same as long as the day is: an agenda that has it already changes it, and adds nothing.
    event.add("uid", f"{key}-{due:%Y%m%d}@{store}.ccm")
    event.add("dtstamp", dt.datetime.combine(about.as_of, dt.time(), dt.UTC))
    event.add("dtstart", due)
    event.add("dtend", due + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", _summary(due, owed, about, t))
    who = listed([one.entity.short_name for one in owed], about.locale, most=12)
    awaited = t.gettext("Réponses attendues de : %(who)s.") % {"who": who}
    event.add(
        "description",
        printable("\n".join(line for line in (first.text, awaited, address, *_warning(about, t)) if line)),
    )
    if origin:
        event.add("url", address)
    return event


def _summary(due: dt.date, owed: Sequence[AnswerState], about: About, t: Translator) -> str:
    values = {"key": short_key(owed[0].recommendation), "n": len(owed)}
    if due < about.as_of:
        said = t.ngettext(
            "%(key)s : en retard, %(n)s réponse attendue",
            "%(key)s : en retard, %(n)s réponses attendues",
            len(owed),
        )
    else:
        said = t.ngettext(
            "%(key)s : échéance, %(n)s réponse attendue",
            "%(key)s : échéance, %(n)s réponses attendues",
            len(owed),
        )
    return said % values


def _warning(about: About, t: Translator) -> list[str]:
    demo = t.gettext("Données de démonstration : états, dates et montants inventés.")
    return [demo] if about.demo else []
