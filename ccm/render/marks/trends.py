"""Completion and coverage of the plan over time: two lines, and the silence above them."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ccm.i18n import Translator, numbers
from ccm.queries.results import Scope, TrendPoint

#: The frame of the lines inside a picture of 400 x 190 px.
LEFT, RIGHT, TOP, BOTTOM = 30, 308, 12, 164
#: Room that a label at a line's end asks for, and that a date under the axis asks for, in px.
LABEL_ROOM, DATE_ROOM = 34, 84
#: Below this height, in px, an end label would meet the dates.
LOWEST_LABEL = 146


@dataclass(frozen=True)
class Dot:
    """One date's mean percent: where it stands in px, and whether it is a date the page speaks of."""

    x: float
    y: float
    strong: bool


@dataclass(frozen=True)
class Tick:
    """A date under the axis; `anchor` is SVG's `text-anchor`."""

    x: float
    on: dt.date
    anchor: str

    @property
    def left(self) -> float:
        """Where the room of the date begins."""
        return self.x - {"start": 0, "middle": DATE_ROOM / 2, "end": DATE_ROOM}[self.anchor]


@dataclass(frozen=True)
class Trend:
    """The picture: paths in px, labels already in words."""

    completion: str
    coverage: str
    silence: str
    dots: tuple[Dot, ...]
    completion_label: tuple[float, str]
    coverage_label: tuple[float, str]
    since: tuple[float, float, str] | None
    ticks: tuple[Tick, ...]
    sentence: str


def earlier_days(points: Sequence[TrendPoint], scope: Scope) -> tuple[dt.date, ...]:
    """Days to compare with, latest first: ends of semesters among the points, and the first of all."""
    days = [point.on for point in points if point.on < scope.as_of]
    ends = [day for day in days[1:] if day.month in (6, 12)]
    return tuple(day for day in reversed([*days[:1], *ends]) if day != scope.since)


def draw(
    points: Sequence[TrendPoint], since: dt.date | None = None, *, t: Translator, locale: str
) -> Trend | None:
    """The picture of these dates, oldest first; None where no date has a figure."""
    known = [
        point for point in sorted(points, key=lambda point: point.on) if point.figures.completion is not None
    ]
    if not known:
        return None
    first, last = known[0], known[-1]
    days = (last.on - first.on).days or 1
    alone = len(known) == 1

    def across(on: dt.date) -> float:
        return float(RIGHT if alone else round(LEFT + (RIGHT - LEFT) * (on - first.on).days / days, 1))

    completion = [(across(point.on), _height(point.figures.completion)) for point in known]
    coverage = [(across(point.on), _height(point.figures.coverage)) for point in known]
    marked = next((i for i, point in enumerate(known[:-1]) if i and point.on == since), None)
    ends = _apart(completion[-1][1], coverage[-1][1])
    return Trend(
        completion=_line(completion),
        coverage=_line(coverage),
        silence="" if alone else f"{_line(coverage)}L{coverage[-1][0]} {TOP}L{coverage[0][0]} {TOP}Z",
        dots=tuple(
            Dot(x, y, i in (marked, len(known) - 1)) for i, (x, y) in enumerate(completion) if i or alone
        ),
        completion_label=(ends[0], numbers.percent(last.figures.completion, locale)),
        coverage_label=(ends[1], numbers.percent(last.figures.coverage, locale)),
        since=None
        if marked is None
        else (*completion[marked], numbers.decimal(known[marked].figures.completion, locale)),
        ticks=_ticks(first.on, last.on, since if marked else None, across),
        sentence=_sentence(first, last, t, locale),
    )


def _height(value: Fraction | None) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * float(value or 0) / 100, 1)


def _line(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _apart(completion: float, coverage: float) -> tuple[float, float]:
    """The heights of the two end labels, pushed apart where the lines end close together."""
    up, down = sorted((completion, coverage))
    short = max(0.0, LABEL_ROOM - (down - up))
    down = min(max(down + short / 2, TOP + LABEL_ROOM), LOWEST_LABEL)
    up = max(min(up - short / 2, down - LABEL_ROOM), TOP)
    return (up, down) if completion < coverage else (down, up)


def _ticks(
    first: dt.date, last: dt.date, since: dt.date | None, across: Callable[[dt.date], float]
) -> tuple[Tick, ...]:
    end = Tick(across(last), last, "middle")
    if first == last:
        return (end,)
    start = Tick(across(first), first, "start")
    if since is None:
        return start, end
    x = across(since)
    if x - start.x < DATE_ROOM + DATE_ROOM / 2:
        return (start, end) if end.x - x < DATE_ROOM * 1.5 else (Tick(x, since, "middle"), end)
    anchor = "end" if end.x - x < DATE_ROOM * 1.2 else "middle"
    return start, Tick(x, since, anchor), end


def _sentence(first: TrendPoint, last: TrendPoint, t: Translator, locale: str) -> str:
    return t.gettext(
        "Avancement moyen %(before)s le %(first)s, %(after)s le %(last)s ; taux de renseignement %(coverage)s"
    ) % {
        "before": numbers.percent(first.figures.completion, locale),
        "after": numbers.percent(last.figures.completion, locale),
        "first": numbers.day(first.on, locale),
        "last": numbers.day(last.on, locale),
        "coverage": numbers.percent(last.figures.coverage, locale),
    }
