"""What holds at a date D, as known at an instant K, read from the rows of `export raw` by plain loops.

Written from the definitions alone: it shares no line with the program. Beside the documented keys of
`export raw` these are read where they stand, for what began or changed after the first load:
`initial_political_date` and `recorded_at` of sessions; `initial_nature`, `initial_axis`,
`initial_challenge` and `recorded_at` of recommendations; `initial` of assignments; `assignment` and
`recorded_at` of successions; `memberships`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

Row = dict[str, Any]
#: A row of history: effective_on, recorded_at (None: the first load, always known), value.
Dated = tuple[dt.date | None, dt.datetime | None, Any]

SILENCE = {"status": "not_reported", "percent": None, "as_of": None}
FIXED_PERCENT = {"completed": 100, "not_started": 0, "not_reported": 0}
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Point:
    """From where the plan is looked at: the date D, the instant K (None: now), the cohort, the mode.

    Of the earlier date of a comparison, `held_on` is the later one: it says whose the lines are.
    """

    as_of: dt.date
    known_at: dt.datetime | None = None
    session: int | None = None
    provisional: bool = False
    fresh_days: int = 90
    held_on: dt.date | None = None

    def knows(self, instant: dt.datetime | None) -> bool:
        """Whether what was recorded at `instant` was known at K; None is the first load."""
        return instant is None or self.known_at is None or instant <= self.known_at


@dataclass(frozen=True)
class Followed:
    """A recommendation in follow-up at the point."""

    key: str
    axis: str
    challenge: str
    priorities: tuple[str, ...]
    finite: bool
    session: int
    began: dt.date
    default_due: dt.date | None


@dataclass(frozen=True)
class Answer:
    """The state of one responsible assignment at the point."""

    recommendation: Followed
    entity: str
    weight: int
    due: dt.date | None
    status: str
    percent: int | None
    as_of: dt.date | None

    @property
    def expected(self) -> bool:
        """Finite and not dropped: it stands in the denominators."""
        return self.recommendation.finite and self.status != "dropped"

    @property
    def points(self) -> int:
        """The percent it brings to a mean; silence brings 0."""
        return FIXED_PERCENT.get(self.status, self.percent or 0)


class Rows:
    """The raw rows, found by what they speak of."""

    def __init__(self, raw: Row) -> None:
        self.raw = raw
        self.sessions = {row["number"]: row for row in raw["sessions"]}
        self.kinds = {row["key"]: row["kind"] for row in raw["entities"]}
        self._changes: dict[tuple[str, str, str], list[Dated]] = defaultdict(list)
        for row in raw["changes"]:
            dated = (day(row["effective_on"]), instant(row["recorded_at"]), row["value"])
            self._changes[row["object"], row["key"], row["field"]].append(dated)
        adopted = [
            {"recommendation": row["key"], "session": row["session"]} for row in raw["recommendations"]
        ]
        self.memberships = _by(raw.get("memberships", adopted), "recommendation")
        self.assignments = _by(raw["assignments"], "recommendation")
        self.reports = _by(raw["reports"], "recommendation", "entity")
        self.successions = _by(raw["successions"], "predecessor")

    def changes(self, kind: str, key: str, field: str) -> list[Dated]:
        """The append-only rows of one field of one object, in the order of their ids."""
        return self._changes[kind, key, field]


def _by(rows: Iterable[Row], *names: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)].append(row)
    return found


def day(text: str | None) -> dt.date | None:
    """A day from its ISO text; nothing from nothing."""
    return dt.date.fromisoformat(text) if text else None


def instant(text: str | None) -> dt.datetime | None:
    """An instant from its ISO text; nothing from nothing."""
    return dt.datetime.fromisoformat(text) if text else None


def in_force(rows: Iterable[Dated], point: Point, default: Any = None) -> Any:
    """The value whose (effective_on, recorded_at, id) is greatest among those in force and known."""
    best, value = None, default
    for order, (effective_on, recorded_at, said) in enumerate(rows):
        if effective_on is None or effective_on > point.as_of or not point.knows(recorded_at):
            continue
        rank = (effective_on, recorded_at or LONG_AGO, order)
        if best is None or rank > best:
            best, value = rank, said
    return value


# The plan ---------------------------------------------------------------------------------------------


def political_date(rows: Rows, number: int, point: Point) -> dt.date | None:
    """The date of a session's political meeting, as known: what opens the follow-up."""
    session = rows.sessions.get(number)
    if session is None or not point.knows(instant(session.get("recorded_at"))):
        return None
    # A date cannot wait for itself: the one of the first load holds from the beginning.
    loaded: Dated = (dt.date.min, None, session.get("initial_political_date", session["political_date"]))
    return day(in_force([loaded, *rows.changes("session", f"CCM{number}", "political_date")], point))


def held_by(rows: Rows, key: str, point: Point) -> list[int]:
    """The numbers of the sessions that hold a recommendation."""
    numbers = []
    for row in rows.memberships[key]:
        effective_on = day(row.get("effective_on")) or political_date(rows, row["session"], point)
        if in_force([(effective_on, instant(row.get("recorded_at")), True)], point):
            numbers.append(row["session"])
    return numbers


def next_political_date(rows: Rows, number: int, point: Point) -> dt.date | None:
    """The date of the session after this one, once it is known."""
    known = [n for n, row in rows.sessions.items() if point.knows(instant(row.get("recorded_at")))]
    later = [n for n in known if n > number]
    return political_date(rows, min(later), point) if later else None


def follow(rows: Rows, source: Row, point: Point) -> Followed | None:
    """The recommendation as it stands at the point; None where it is not in follow-up."""
    key, began = source["key"], political_date(rows, source["session"], point)
    if began is None or began > point.as_of or not point.knows(instant(source.get("recorded_at"))):
        return None

    def held(field: str, first: Any) -> Any:
        return in_force([(began, None, first), *rows.changes("recommendation", key, field)], point)

    # That it was withdrawn is nothing the first load could say: the row stands alone.
    if in_force(rows.changes("recommendation", key, "withdrawn"), point) in (True, "true"):
        return None
    sessions = held_by(rows, key, point)
    if not sessions or (point.session is not None and point.session not in sessions):
        return None
    first_axis = source.get("initial_axis", source["axis"])
    first_challenge = source.get("initial_challenge", source["challenge"])
    axis, challenge = held("place", f"{first_axis}/{first_challenge}").split("/")
    return Followed(
        key=key,
        axis=axis,
        challenge=challenge,
        priorities=tuple(source["priorities"]),
        finite=held("nature", source.get("initial_nature", source["nature"])) == "finite",
        session=max(sessions) if point.session is None else point.session,
        began=began,
        default_due=next_political_date(rows, max(sessions), point),
    )


# One answer -------------------------------------------------------------------------------------------


def answer(rows: Rows, assignment: Row, followed: Followed, point: Point) -> Answer | None:
    """The state of an assignment; None where it does not exist, has ended, or is in support only."""
    key = f"{assignment['recommendation']}/{assignment['entity']}"
    first = assignment.get("initial", assignment)

    def held(field: str, default: Any = None) -> Any:
        loaded: list[Dated] = [(followed.began, None, first[field])] if first and field in first else []
        return in_force([*loaded, *rows.changes("assignment", key, field)], point, default)

    if held("role") != "responsible" or held("end") in (True, "true"):
        return None
    report = latest_report(rows, assignment, point) or {
        "status": "not_reported",
        "percent": None,
        "as_of": None,
    }
    return Answer(
        recommendation=followed,
        entity=holder(rows, assignment["entity"], key, point),
        weight=int(held("weight", 1)),
        due=day(held("due_date")) or followed.default_due,
        status=report["status"],
        percent=report["percent"],
        as_of=day(report["as_of"]),
    )


def latest_report(rows: Rows, assignment: Row, point: Point) -> Row | None:
    """The report with the greatest as_of, then instant, then id, among those that count."""
    best, found = None, None
    for report in rows.reports[assignment["recommendation"], assignment["entity"]]:
        since, as_of = counts_since(report, point), dt.date.fromisoformat(report["as_of"])
        if since is None or as_of > point.as_of:
            continue
        rank = (as_of, since, report["id"])
        if best is None or rank > best:
            best, found = rank, report
    return found


def counts_since(report: Row, point: Point) -> dt.datetime | None:
    """The instant that ranks a report, or None where it does not count."""
    submitted, validated, retracted = (
        instant(report[name]) for name in ("submitted_at", "validated_at", "retracted_at")
    )
    if retracted is not None and point.knows(retracted):
        return None
    if validated is not None and point.knows(validated):
        return validated
    pending = report["state"] not in ("draft", "returned")
    return submitted if point.provisional and pending and point.knows(submitted) else None


def holder(rows: Rows, entity: str, assignment: str, point: Point) -> str:
    """Who answers at the point: the successor of the successor of the entity first named."""
    passed, point = [entity], replace(point, as_of=point.held_on or point.as_of)
    while True:
        own: list[Dated] = []
        whole: list[Dated] = []
        for row in rows.successions[passed[-1]]:
            dated = (day(row["date"]), instant(row.get("recorded_at")), row["successor"])
            if row.get("assignment") is None:
                whole.append(dated)
            elif row["assignment"] == assignment:
                own.append(dated)
        # A split says of each assignment where it went: what it says goes before what holds for all. Who
        # follows oneself answers again: that succession was undone.
        heir = in_force(own, point)
        if heir is None or heir == passed[-1]:
            heir = in_force(whole, point)
        if heir is None or heir in passed:
            return passed[-1]
        passed.append(heir)
