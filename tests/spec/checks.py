"""One spec table: a plan in text, and the figures that a reader would count by hand.

Each row of the expected table names a point of view (`as_of`, and where needed `known_at`, `session`,
`mode`, `held_on`), a grouping (`by`, else axis) and a row of it (`key`, else the whole plan; `!key`: no such
row). Its other columns are figures. Every row is checked against the SQL, and against the recomputation.
"""

import datetime as dt

from tests.spec.conftest import Trial
from tests.spec.readings import exact, from_sql, parted, state_differences
from tests.spec.tables import Cells, day, moment, parse
from tests.support import recompute
from tests.support.plan_builder import fill, raw_rows
from tests.support.recompute import Point

VIEW = ("as_of", "known_at", "session", "mode", "held_on", "by", "key")
#: Short headings, for tables that a page can hold.
SHORT = {
    "recs": "recommendations",
    "done": "recommendations_realised",
    "out": "recommendations_dropped",
    "active": "continuous_active",
    "silent": "continuous_silent",
}


def check(trial: Trial, plan: str, expected: str) -> None:
    """Build the plan, compare each expected row with both readings, and the current state with history."""
    rows = parse(f"expected\n{expected.strip()}")["expected"]
    views = {(row.get("by") or "axis", _point(row)): None for row in rows}
    with trial() as transaction:
        fill(transaction, plan)
        connection, raw = transaction.connection, raw_rows(transaction.connection)
        read = {(by, point): from_sql(connection, by, point) for by, point in views}
        found = state_differences(connection, transaction.today)
    by_hand = {(by, point): recompute.figures(raw, by, point) for by, point in views}
    for row in rows:
        view = row.get("by") or "axis", _point(row)
        found += [f"{_told(row)}, SQL: {line}" for line in _compared(row, read[view])]
        found += [f"{_told(row)}, recomputed: {line}" for line in _compared(row, by_hand[view])]
    found += [
        f"{point}: {line}" for by, point in views for line in parted(by, read[by, point], by_hand[by, point])
    ]
    assert not found, told(found)


def told(found: list[str], most: int = 12) -> str:
    """The first differences, and how many more there are."""
    more = [f"and {len(found) - most} more"] if len(found) > most else []
    return "\n".join([*found[:most], *more])


def _point(row: Cells) -> Point:
    session = row.get("session")
    return Point(
        as_of=dt.date.fromisoformat(str(row["as_of"])),
        known_at=moment(row.get("known_at")),
        session=int(session) if session else None,
        provisional=row.get("mode") == "provisional",
        held_on=day(row.get("held_on")),
    )


def _compared(row: Cells, reading: recompute.Row) -> list[str]:
    key = row.get("key") or "plan"
    groups = {str(name): figures for name, figures in reading["rows"].items()}
    if key.startswith("!"):
        return [f"row {key[1:]} should not be there"] if key[1:] in groups else []
    figures = reading[key] if key in ("total", "plan") else groups.get(key)
    if figures is None:
        return [f"no row {key}, only {', '.join(groups)}"]
    stated = {SHORT.get(name, name): exact(cell) for name, cell in row.items() if name not in VIEW and cell}
    wrong = [name for name, value in stated.items() if figures[name] != value]
    return [f"{name} is {figures[name]}, should be {stated[name]}" for name in wrong]


def _told(row: Cells) -> str:
    return " ".join(str(row[name]) for name in VIEW if row.get(name))
