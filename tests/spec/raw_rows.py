"""The rows behind the figures, straight from the tables: a second reading of what `export raw` gives."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from ccm.store.models import Base

Json = dict[str, Any]
_CHANGES = (
    ("assignment", "assignment_change", "assignment_id"),
    ("recommendation", "recommendation_change", "recommendation_id"),
    ("session", "session_change", "session_id"),
)


class _Tables:
    """Every row of a store, by table, and by id where there is one."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._read: dict[str, list[Row[Any]]] = {}
        self._by_id: dict[str, dict[int, Row[Any]]] = {}

    def rows(self, name: str) -> list[Row[Any]]:
        if name not in self._read:
            table: Table = Base.metadata.tables[name]
            ordered = select(table).order_by(*table.primary_key.columns)
            self._read[name] = list(self.connection.execute(ordered))
        return self._read[name]

    def key(self, name: str, number: int | None, column: str = "key") -> Any:
        if name not in self._by_id:
            self._by_id[name] = {row.id: row for row in self.rows(name)}
        return None if number is None else getattr(self._by_id[name][number], column)


def raw_rows(connection: Connection) -> Json:
    """What `export raw` must hold of everything that enters a figure, the values in force now left out."""
    tables = _Tables(connection)
    return {
        "sessions": [_session(row) for row in tables.rows("session")],
        "challenges": [{"key": row.key, "label": row.text} for row in tables.rows("challenge")],
        "priorities": [{"key": row.key, "label": row.text} for row in tables.rows("priority")],
        "recommendations": [_recommendation(tables, row) for row in tables.rows("recommendation")],
        "memberships": [_membership(tables, row) for row in tables.rows("membership")],
        "entities": [{"key": row.key, "kind": row.kind.value} for row in tables.rows("entity")],
        "assignments": [_assignment(tables, row) for row in tables.rows("assignment")],
        "reports": [_report(tables, row) for row in tables.rows("progress_report")],
        "successions": [_succession(tables, row) for row in tables.rows("succession")],
        "changes": [_change(tables, row, *of) for of in _CHANGES for row in tables.rows(of[1])],
    }


def _iso(value: dt.date | dt.datetime | None) -> str | None:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if value is not None else None


def _session(row: Row[Any]) -> Json:
    first = _iso(row.initial_political_date)
    return {"number": row.number, "initial_political_date": first, "recorded_at": _iso(row.recorded_at)}


def _recommendation(tables: _Tables, row: Row[Any]) -> Json:
    beside = [
        tables.key("priority", link.priority_id)
        for link in tables.rows("recommendation_priority")
        if link.recommendation_id == row.id
    ]
    return {
        "key": row.key,
        "session": tables.key("session", row.session_id, "number"),
        "initial_axis": tables.key("axis", row.initial_axis_id),
        "initial_challenge": tables.key("challenge", row.initial_challenge_id),
        "priorities": beside,
        "initial_nature": row.initial_nature.value,
        "recorded_at": _iso(row.recorded_at),
    }


def _membership(tables: _Tables, row: Row[Any]) -> Json:
    return {
        "recommendation": tables.key("recommendation", row.recommendation_id),
        "session": tables.key("session", row.session_id, "number"),
        "effective_on": _iso(row.effective_on),
        "recorded_at": _iso(row.recorded_at),
    }


def _assignment(tables: _Tables, row: Row[Any]) -> Json:
    first = {
        "role": row.initial_role and row.initial_role.value,
        "weight": row.initial_weight,
        "due_date": _iso(row.initial_due_date),
    }
    named = {"recommendation": tables.key("recommendation", row.recommendation_id)}
    named["entity"] = tables.key("entity", row.entity_id)
    return {"id": row.id, **named, "initial": first if row.initial_role else None}


def _report(tables: _Tables, row: Row[Any]) -> Json:
    recommendation, entity = tables.key("assignment", row.assignment_id).split("/")
    instants = {name: _iso(getattr(row, name)) for name in ("submitted_at", "validated_at", "retracted_at")}
    said = {"as_of": _iso(row.as_of), "status": row.status.value, "percent": row.percent, "note": row.note}
    named = {"id": row.id, "recommendation": recommendation, "entity": entity}
    return {**named, **said, "state": row.state.value, **instants}


def _succession(tables: _Tables, row: Row[Any]) -> Json:
    return {
        "predecessor": tables.key("entity", row.predecessor_id),
        "successor": tables.key("entity", row.successor_id),
        "assignment": tables.key("assignment", row.assignment_id),
        "date": _iso(row.effective_on),
        "recorded_at": _iso(row.recorded_at),
    }


def _change(tables: _Tables, row: Row[Any], kind: str, _: str, owner: str) -> Json:
    value = {"key": tables.key(kind, getattr(row, owner)), "field": row.field.value, "value": row.value}
    if row.field.value == "place":
        value["value"] = f"{tables.key('axis', row.axis_id)}/{tables.key('challenge', row.challenge_id)}"
    dated = {"effective_on": _iso(row.effective_on), "recorded_at": _iso(row.recorded_at)}
    return {"object": kind, **value, **dated}
