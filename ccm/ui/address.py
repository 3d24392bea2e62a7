"""What every page shares, as the address has it: date, comparison, session, language; and what it means.

One way round: the address is read, the page is drawn from what it means, every link of the page carries it
on, and a control that changes it writes the address, never the page. Streamlit's own binding of controls to
the address would lose it at the next page, as its controls stand in a popover nobody has opened yet.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from ccm.domain.dates import parse_day
from ccm.i18n import DEFAULT_LOCALE, LOCALES, known_locale
from ccm.queries.scope import StoreFacts
from ccm.render import UNCOMPARED
from ccm.ui.state import held, hold

#: The parameters every page shares.
SHARED = ("date", "depuis", "session", "provisoire", "lang")
_LAST = "ccm-address"
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


def address() -> dict[str, str]:
    """The shared parameters of this run's address, stripped; empty where it does not have them."""
    return {name: st.query_params.get(name, "").strip() for name in SHARED}


def write(**parameters: str) -> None:
    """Put parameters into the address of the run that follows; an empty one leaves it.

    In one message: the browser makes an entry of its history of each, and one choice is one step back.
    """
    said = {**st.query_params.to_dict(), **parameters}
    st.query_params.from_dict({name: value for name, value in said.items() if value})


def say_again(path: str) -> None:
    """Have the browser show the address of this run, where a click led to the page one was on.

    Streamlit then asks for the page without its own parameters, and leaves them in the browser's bar. On the
    way to another page it would change the address of the one that is left; and an answer that comes late,
    after a step back, must not say where one was before it, which would cost the way forward.
    """
    here = (path, st.query_params.to_dict())
    last = held(_LAST)
    if last and last != here and last[0] == path:
        st.query_params.update({})
    hold(_LAST, here)


def language() -> str:
    """The language of the address; French where it has none."""
    return known_locale(st.query_params.get("lang"))


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


def read(said: Mapping[str, str], facts: StoreFacts) -> Choice:
    """What the parameters ask for; what means nothing is left at its default, and named."""
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
    locale = known_locale(said["lang"])
    if locale == DEFAULT_LOCALE and said["lang"] and said["lang"][:2].lower() not in LOCALES:
        unknown.append("lang")
    if since is None and said["depuis"] != UNCOMPARED:
        since = default_since(as_of, facts)
    return Choice(locale, as_of, since, session, said["provisoire"] == "1", tuple(unknown))


def day(text: str, last: dt.date) -> dt.date | None:
    """The day a text names, between the plan's first and this last one."""
    try:
        found = parse_day(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= last else None
