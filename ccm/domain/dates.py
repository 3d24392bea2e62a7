"""Days of Niamey, instants of UTC."""

import datetime as dt
import re

#: Niger keeps UTC+1 all year round.
NIAMEY = dt.timezone(dt.timedelta(hours=1), "Africa/Niamey")


def utc_now() -> dt.datetime:
    """The present instant, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The present day in Niamey."""
    return utc_now().astimezone(NIAMEY).date()


def local_time(instant: dt.datetime) -> dt.datetime:
    """The same instant on a clock of Niamey."""
    return instant.astimezone(NIAMEY)


def day_of(instant: dt.datetime) -> dt.date:
    """The day of Niamey on which an instant falls."""
    return instant.astimezone(NIAMEY).date()


def quarter_ends(start: dt.date, end: dt.date) -> list[dt.date]:
    """Every last day of a quarter after `start` and before `end`, oldest first."""
    ends: list[dt.date] = []
    year, quarter = start.year, (start.month - 1) // 3 + 1
    while True:
        following = dt.date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        last = following - dt.timedelta(days=1)
        if last >= end:
            return ends
        if last > start:
            ends.append(last)
        year, quarter = following.year, (following.month - 1) // 3 + 1


def parse_day(text: str) -> dt.date:
    """An ISO (`2022-08-05`) or French (`05/08/2022`) day; raises ValueError for anything else."""
    text = text.strip()
    if re.fullmatch(r"\d{2}/\d{2}/\d{4}", text):
        return dt.date(int(text[6:]), int(text[3:5]), int(text[:2]))
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    return dt.date.fromisoformat(text)


def parse_instant(text: str) -> dt.datetime:
    """An ISO instant with its offset; raises ValueError where the offset is missing."""
    instant = dt.datetime.fromisoformat(text.strip())
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant.astimezone(dt.UTC)


def day_or_none(text: str) -> dt.date | None:
    """The day that an ISO date names; None for any other text."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
