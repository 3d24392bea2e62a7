"""Numbers, days and ages as each language writes them; rates are exact fractions until here."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel.numbers import format_decimal

from ccm.i18n import translator

#: What stands where there is no figure: never 0 %, never 100 %.
NONE = "—"
_MINUS = "\N{MINUS SIGN}"
_PERCENT = {"fr": "\N{NARROW NO-BREAK SPACE}%", "en": "%"}
#: Ages are said in days below this many days, then in months, then in years.
DAYS_UNTIL_MONTHS, DAYS_UNTIL_YEARS = 90, 730
#: The rank of a session in a sentence of ours (`7e session`): last digit, ending, what follows. The PDF's
#: typesetter reads it too, hence without looking behind.
RANK = r"(\d)(re|e|st|nd|rd|th)( session)"
_RANK = re.compile(RANK)
#: From this age on, in days, an answer is no longer fresh and its age is set in bold.
OLD = 90


def tenths(value: Fraction) -> int:
    """The value in tenths, rounded once from its exact form, halves away from zero."""
    size = (abs(value) * 20 + 1) // 2
    return int(size if value >= 0 else -size)


def decimal(value: Fraction | None, locale: str) -> str:
    """One decimal, always shown: `46,0`, `1 234,5`; a dash where there is no figure."""
    if value is None:
        return NONE
    return _in_tenths(tenths(value), locale)


# A page writes the same few numbers hundreds of times.
@lru_cache(maxsize=8192)
def _in_tenths(value: int, locale: str) -> str:
    text = format_decimal(Decimal(abs(value)).scaleb(-1), "#,##0.0", locale=locale)
    return f"{_MINUS}{text}" if value < 0 else text


def percent(value: Fraction | None, locale: str) -> str:
    """A percentage 0..100: `46,0 %` in French, `46.0%` in English; a dash where there is no figure."""
    return NONE if value is None else decimal(value, locale) + _PERCENT[locale]


def percent_sign(locale: str) -> str:
    """The percent sign with the space that goes before it in this language."""
    return _PERCENT[locale]


def whole_percent(value: int | None, locale: str) -> str:
    """A percentage that was reported as a whole number: `25 %`; a dash where none was."""
    return NONE if value is None else f"{value}{_PERCENT[locale]}"


def delta(points: Fraction | None, locale: str, *, unit: bool = False) -> str:
    """A difference in points: `▲ +17,1`, `▼ −2,5`, `= 0,0`; with its unit, `▲ +17,1 pts`."""
    if points is None:
        return NONE
    rounded = tenths(points)
    sign = "▲ +" if rounded > 0 else f"▼ {_MINUS}" if rounded < 0 else "= "
    text = sign + decimal(abs(points), locale)
    return f"{text}\N{NO-BREAK SPACE}pts" if unit else text


@lru_cache(maxsize=8192)
def integer(value: int, locale: str) -> str:
    """A whole number with its thousands parted: `12 500`, `12,500`."""
    return format_decimal(value, "#,##0", locale=locale).replace("-", _MINUS)


def day(value: dt.date | None, locale: str) -> str:  # noqa: ARG001 - as its siblings
    """A day, day first in both languages: `05/08/2022`; a dash where it is not known."""
    return NONE if value is None else f"{value:%d/%m/%Y}"


def moment(local: dt.datetime | None, locale: str) -> str:
    """A local time to the minute: `28/06/2024, 10 h 42`, `28/06/2024, 10:42`; a dash for none."""
    return NONE if local is None else f"{day(local, locale)}, {clock(local, locale)}"


def clock(local: dt.datetime, locale: str) -> str:
    """The time of a local instant: `10 h 42`, `10:42`."""
    space = "\N{NO-BREAK SPACE}"
    return f"{local:%H}{space}h{space}{local:%M}" if locale == "fr" else f"{local:%H:%M}"


def kilobytes(size: int, locale: str) -> str:
    """The size of a file, rounded up: `38 ko`, `38 kB`."""
    unit = "ko" if locale == "fr" else "kB"
    return f"{integer(-(-size // 1024), locale)}\N{NO-BREAK SPACE}{unit}"


def quarter(value: dt.date, locale: str) -> str:
    """The quarter a day falls in: `T2 2024`, `Q2 2024`."""
    letter = translator(locale).pgettext("trimestre", "T")
    return f"{letter}{(value.month - 1) // 3 + 1} {value.year}"


def age(days: int | None, locale: str) -> str:
    """How long ago, in one unit: `19 j`, `7 mois`, `2 ans`; `jamais` where nothing was ever said."""
    t = translator(locale)
    if days is None:
        return t.pgettext("âge", "jamais")
    if days < DAYS_UNTIL_MONTHS:
        return t.pgettext("âge", "%(n)s j") % {"n": days}
    if days < DAYS_UNTIL_YEARS:
        return t.pgettext("âge", "%(n)s mois") % {"n": round(days / 30.44)}
    years = days // 365
    return t.npgettext("âge", "%(n)s an", "%(n)s ans", years) % {"n": years}


def is_old(days: int | None, period: int = OLD) -> bool:
    """Whether an answer has aged beyond the reporting period, in days; silence is always old."""
    return days is None or days > period


def ordinal_suffix(number: int, locale: str) -> str:
    """What follows the number of a session: `e` (`re` for the first), `th`, `st`, `nd`, `rd`."""
    if locale == "fr":
        return "re" if number == 1 else "e"
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def ordinal(number: int, locale: str) -> str:
    """The rank of a session: `7e`, `7th`."""
    return f"{number}{ordinal_suffix(number, locale)}"


def raised(text: str) -> Iterator[tuple[str, bool]]:
    """A sentence of ours in parts, each with whether it is raised: the ending of a session's rank is."""
    at = 0
    for found in _RANK.finditer(text):
        yield text[at : found.end(1)], False
        yield found[2], True
        at = found.start(3)
    yield text[at:], False
