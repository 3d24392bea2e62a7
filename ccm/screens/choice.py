"""What every page shares, as an address has it: date, comparison, session, language; and what it means."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ccm.domain.dates import parse_day, parse_instant
from ccm.i18n import DEFAULT_LOCALE, LOCALES, known_locale
from ccm.queries.scope import StoreFacts
from ccm.render import UNCOMPARED

#: The parameters every page shares.
SHARED = ("date", "depuis", "session", "provisoire", "connu", "lang")
#: Nothing of the plan is older.
FIRST_DAY = dt.date(2022, 1, 1)


@dataclass(frozen=True)
class Choice:
    """What the reader chose to look at; `unknown` names the parameters that mean nothing."""

    locale: str
    as_of: dt.date
    since: dt.date | None
    session: int | None
    provisional: bool = False
    unknown: tuple[str, ...] = ()
    #: The instant whose knowledge is shown; None for the present.
    known_at: dt.datetime | None = None


def shared(parameters: Mapping[str, str]) -> dict[str, str]:
    """The shared parameters of an address, stripped; empty where it does not have them."""
    return {name: parameters.get(name, "").strip() for name in SHARED}


def last_day(facts: StoreFacts) -> dt.date:
    """The last day a situation can be asked for."""
    return max(facts.default_date, facts.today + dt.timedelta(days=366))


def default_since(as_of: dt.date, facts: StoreFacts) -> dt.date | None:
    """The end of the semester before the date, once the plan was in follow-up by then."""
    semester = (
        dt.date(as_of.year, 6, 30) if as_of > dt.date(as_of.year, 6, 30) else dt.date(as_of.year - 1, 12, 31)
    )
    starts = [s.political_date for s in facts.sessions if s.political_date]
    return semester if starts and semester >= min(starts) else None


def read_choice(said: Mapping[str, str], facts: StoreFacts) -> Choice:
    """What the shared parameters ask for; what means nothing is left at its default, and named."""
    unknown: list[str] = []
    as_of = since = session = None
    if said["date"]:
        as_of = day(said["date"], last_day(facts))
        unknown += [] if as_of else ["date"]
    as_of = as_of or facts.default_date
    if said["depuis"] not in ("", UNCOMPARED):
        since = day(said["depuis"], as_of - dt.timedelta(days=1))
        unknown += [] if since else ["depuis"]
    if said["session"]:
        numbers = {str(s.number): s.number for s in facts.sessions}
        session = numbers.get(said["session"])
        unknown += [] if session else ["session"]
    known_at = _instant(said["connu"])
    unknown += ["connu"] if said["connu"] and not known_at else []
    locale = known_locale(said["lang"])
    if locale == DEFAULT_LOCALE and said["lang"] and said["lang"][:2].lower() not in LOCALES:
        unknown.append("lang")
    if since is None and said["depuis"] != UNCOMPARED:
        since = default_since(as_of, facts)
    return Choice(locale, as_of, since, session, said["provisoire"] == "1", tuple(unknown), known_at)


def day(text: str, last: dt.date) -> dt.date | None:
    """The day a text names, between the plan's first and this last one."""
    try:
        found = parse_day(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= last else None


def _instant(text: str) -> dt.datetime | None:
    try:
        return parse_instant(text) if text else None
    except ValueError:
        return None
