"""What the flat rows of `export raw` must say, read by plain loops from its rows of history."""

import datetime as dt
from typing import Any

from tests.spec.by_hand import Point, Row, Rows, day, in_force, political_date


def flat_terms(raw: Row, today: dt.date) -> Row:
    """What the flat rows of `export raw` must say is in force today, by key, from the rows of history."""
    rows, point = Rows(raw), Point(today)
    began = {number: political_date(rows, number, point) for number in rows.sessions}
    found: Row = {f"CCM{number}": {"political_date": date} for number, date in began.items()}

    def held(kind: str, key: str, field: str, first: Any, since: dt.date | None) -> Any:
        # Before the meeting, or while its date is not known, what the first load says stands.
        changes = rows.changes(kind, key, field)
        if since is not None:
            changes = [row for row in changes if row[0] is not None and row[0] >= since]
        return in_force(changes, point, first)

    opened = {row["key"]: began[row["session"]] or dt.date.max for row in raw["recommendations"]}
    for row in raw["recommendations"]:
        key, first = row["key"], f"{row['initial_axis']}/{row['initial_challenge']}"
        found[key] = {
            "place": held("recommendation", key, "place", first, opened[key]),
            "nature": held("recommendation", key, "nature", row["initial_nature"], opened[key]),
            "withdrawn": held("recommendation", key, "withdrawn", "false", None) == "true",
        }
    for row in raw["assignments"]:
        key, first = f"{row['recommendation']}/{row['entity']}", row["initial"]
        since = opened[row["recommendation"]] if first else None
        first = first or {"role": None, "weight": 1, "due_date": None}
        found[key] = {
            "role": held("assignment", key, "role", first["role"], since),
            "weight": int(held("assignment", key, "weight", first["weight"], since)),
            "due_date": held("assignment", key, "due_date", first["due_date"], since) or None,
            "ended": held("assignment", key, "end", "false", None) == "true",
        }
    return found


def flat_differences(raw: Row, today: dt.date) -> list[str]:
    """Where the flat rows say something else than what is in force today."""
    said: Row = {
        f"CCM{row['number']}": {"political_date": day(row["political_date"])} for row in raw["sessions"]
    }
    for row in raw["recommendations"]:
        said[row["key"]] = {"place": f"{row['axis']}/{row['challenge']}"}
        said[row["key"]] |= {name: row[name] for name in ("nature", "withdrawn")}
    for row in raw["assignments"]:
        key = f"{row['recommendation']}/{row['entity']}"
        said[key] = {name: row[name] for name in ("role", "weight", "due_date", "ended")}
    expected = flat_terms(raw, today)
    return [
        f"flat row {key}: {said.get(key)}, in force: {terms}"
        for key, terms in expected.items()
        if said.get(key) != terms
    ]
