"""The invented data's own time: from the 7th session's adoption to the day the demonstration opens on."""

import datetime as dt

from ccm.domain.dates import quarter_ends

#: Political meeting of the 7th session: follow-up starts.
START = dt.date(2022, 8, 5)
#: The last day of the invented data, on which its pages open by default.
END = dt.date(2024, 6, 30)
#: The coming session: announced for one day, then put off. Both lie after the last invented day.
NEXT_SESSION_ANNOUNCED = dt.date(2024, 11, 14)
NEXT_SESSION = dt.date(2024, 12, 12)
#: The quarters that are reported on, by their last day: T4 2022 to T2 2024.
QUARTERS = quarter_ends(dt.date(2022, 9, 30), END + dt.timedelta(days=1))

_OPENING = 7 * 3600  # 8 h in Niamey
_WORKING_SECONDS = 9 * 3600


def days(count: int) -> dt.timedelta:
    """A number of days."""
    return dt.timedelta(days=count)


class Clock:
    """Instants within working hours, no two alike; nothing of them comes from the wall clock."""

    def __init__(self) -> None:
        self._serial = 0

    def instant(self, day: dt.date) -> dt.datetime:
        """An instant of that day in Niamey."""
        self._serial += 1
        # A step prime to the length of the day, and microseconds that count: never twice the same.
        second = _OPENING + self._serial * 7919 % _WORKING_SECONDS
        midnight = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
        return midnight + dt.timedelta(seconds=second, microseconds=self._serial % 1_000_000)
