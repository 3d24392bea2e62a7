"""Stores built from small tables in plain text, and the raw rows read back from a store.

All but what a test is about can be left out:

    recommendations
    key  axis
    R1   A1

    assignments
    recommendation  entities
    R1              NE001,NE002

    reports
    answer    as_of       status       percent
    R1/NE001  2023-01-10  in_progress  50

Sections and columns: see the builder; the form of a table: `tests.spec.tables`.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from sqlalchemy import Connection, func, insert, select, text as sql

from ccm.commands import current_state
from ccm.domain import dates as days
from ccm.queries.raw import raw_sections
from ccm.store import Store, Transaction, open_store, upgrade
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Axis,
    Base,
    Challenge,
    Entity,
    Framework,
    Membership,
    Priority,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    RecommendationPriority,
    Session,
    SessionChange,
    StoreState,
    Succession,
)
from tests.spec.tables import Cells, Plan, day, moment, parse

__all__ = ["Plan", "fill", "new_store", "parse", "raw_rows"]

LOADED_AT = dt.datetime(2022, 7, 29, 9, tzinfo=dt.UTC)
FIRST_SESSION: Cells = {"number": "7", "political_date": "2022-08-05"}
OF_RECOMMENDATION, OF_SESSION = ("nature", "place", "withdrawn"), ("political_date",)


def new_store(url: str, plan: Plan | str) -> Store:
    """A store of its own at `url` that holds the plan; give it back with `close`."""
    store = open_store(url)
    upgrade(store)
    with store.write("test") as transaction:
        fill(transaction, plan)
        _continue_numbering(transaction)
    return store


def fill(transaction: Transaction, plan: Plan | str, now: dt.datetime | None = None) -> None:
    """Write a plan into an empty store, its current state as of `now`."""
    if now is not None:
        transaction = replace(transaction, now=now)
    _Builder(transaction, parse(plan) if isinstance(plan, str) else plan).build()
    current_state.refresh(transaction)


def raw_rows(connection: Connection, today: dt.date | None = None) -> dict[str, Any]:
    """What `export raw` holds; flat rows say what is in force today."""
    sections = raw_sections(connection, today or days.today())
    return {
        section.name: section.value if section.rows is None else list(section.rows) for section in sections
    }


def _continue_numbering(transaction: Transaction) -> None:
    """Ids were given by hand: PostgreSQL must count on from them."""
    if transaction.connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        if "id" in table.columns and table.name not in ("store_state",):
            last = transaction.connection.execute(select(func.max(table.columns.id))).scalar()
            sequence = sql(f"select setval(pg_get_serial_sequence('{table.name}', 'id'), :last)")
            if last is not None:
                transaction.connection.execute(sequence, {"last": last})


def kind_of(key: str) -> str:
    """The kind of an entity that a plan does not list: regions have p-codes, all others are ministries."""
    return "region" if key.startswith("NE") else "ministry"


class _Builder:
    """Writes the sections in the order of their references; ids count up in the order of the rows."""

    def __init__(self, transaction: Transaction, plan: Plan) -> None:
        self.transaction = transaction
        self.connection = transaction.connection
        self.plan = plan
        self.ids: dict[Any, dict[str, int]] = {}

    def rows(self, name: str) -> list[Cells]:
        return self.plan.get(name, [])

    def id(self, model: Any, key: str | None) -> int | None:
        return None if key is None else self.ids[model][key]

    def add(self, model: Any, rows: list[dict[str, Any]], keys: list[str] | None = None) -> None:
        numbered = [{"id": number, **row} for number, row in zip(count(1), rows)]
        if numbered:
            self.connection.execute(insert(model), numbered)
        self.ids[model] = {key: number for number, key in enumerate(keys or [], start=1)}

    def build(self) -> None:
        now, today = self.transaction.now, self.transaction.today
        state = {"id": 1, "store_uuid": str(uuid.uuid4()), "state_day": today, "created_at": now}
        self.connection.execute(insert(StoreState).values(**state, revision=0, demo=False))
        self.frame()
        self.recommendations()
        self.assignments()
        self.reports()
        self.changes()
        self.successions()

    def frame(self) -> None:
        """Sessions, axes, challenges, priorities and entities, those that are named somewhere."""
        sessions = self.rows("sessions") or [FIRST_SESSION]
        self.add(Session, [session(row) for row in sessions], [str(row["number"]) for row in sessions])
        self.connection.execute(insert(Framework).values(id=1, key="PNM", label="PNM"))
        places = [place_of(row).split("/") for row in self.rows("recommendations")]
        places += [str(row["value"]).split("/") for row in self.rows("changes") if row["field"] == "place"]
        axes = sorted({axis for axis, _ in places})
        self.add(Axis, [{"framework_id": 1, "label": key, **at} for key, at in placed(axes)], axes)
        axis_of = {challenge: self.id(Axis, axis) for axis, challenge in places}
        named = [{"session_id": 1, "axis_id": axis_of[key], "text": key, **at} for key, at in placed(axis_of)]
        self.add(Challenge, named, list(axis_of))
        beside = sorted({key for row in self.rows("recommendations") for key in priorities_of(row)})
        self.add(Priority, [{"challenge_id": 1, "text": key, **at} for key, at in placed(beside)], beside)
        self.entities()

    def entities(self) -> None:
        kinds = {str(row["key"]): row["kind"] for row in self.rows("entities")}
        named = [key for row in self.rows("assignments") for key in str(row["entities"]).split(",")]
        named += [str(row[side]) for row in self.rows("successions") for side in ("predecessor", "successor")]
        for key in named:
            kinds.setdefault(key, kind_of(key))
        rows = [{"kind": kinds[key], "recorded_at": LOADED_AT, **at} for key, at in placed(kinds)]
        self.add(Entity, rows, list(kinds))

    def recommendations(self) -> None:
        found, held, beside = [], [], []
        for number, row in enumerate(self.rows("recommendations"), start=1):
            axis, challenge = place_of(row).split("/")
            session = self.id(Session, row.get("session") or "7")
            known = moment(row.get("recorded_at"))
            found.append(
                {
                    "key": row["key"],
                    "session_id": session,
                    "initial_axis_id": self.id(Axis, axis),
                    "initial_challenge_id": self.id(Challenge, challenge),
                    "initial_nature": row.get("nature") or "finite",
                    "position": number,
                    "text": row["key"],
                    "search_text": row["key"],
                    "recorded_at": known,
                }
            )
            adopted = {"recommendation_id": number, "session_id": session}
            held.append({**adopted, "effective_on": None, "recorded_at": known})
            ids = [self.id(Priority, key) for key in priorities_of(row)]
            beside += [{"recommendation_id": number, "priority_id": priority} for priority in ids]
        self.add(Recommendation, found, [str(row["key"]) for row in self.rows("recommendations")])
        held += [self.membership(row) for row in self.rows("memberships")]
        self.add(Membership, held)
        if beside:
            self.connection.execute(insert(RecommendationPriority), beside)

    def membership(self, row: Cells) -> dict[str, Any]:
        return {
            "recommendation_id": self.id(Recommendation, row["recommendation"]),
            "session_id": self.id(Session, row["session"]),
            "effective_on": day(row.get("effective_on")),
            "recorded_at": moment(row.get("recorded_at")),
        }

    def assignments(self) -> None:
        found = []
        for row in self.rows("assignments"):
            later = row.get("began") == "later"
            for entity in str(row["entities"]).split(","):
                found.append(
                    {
                        "key": f"{row['recommendation']}/{entity}",
                        "recommendation_id": self.id(Recommendation, row["recommendation"]),
                        "entity_id": self.id(Entity, entity),
                        "initial_role": None if later else row.get("role") or "responsible",
                        "initial_weight": int(row.get("weight") or 1),
                        "initial_due_date": day(row.get("due_date")),
                        "recorded_at": LOADED_AT,
                    }
                )
        self.add(Assignment, found, [str(row["key"]) for row in found])

    def reports(self) -> None:
        self.add(ProgressReport, [self.report(row) for row in self.rows("reports")])

    def report(self, row: Cells) -> dict[str, Any]:
        written = moment(row["as_of"])
        submitted = moment(row.get("submitted_at")) or moment(row.get("validated_at")) or written
        returned, retracted = moment(row.get("returned_at")), moment(row.get("retracted_at"))
        state = row.get("state") or ("returned" if returned else "retracted" if retracted else "validated")
        official, percent = state in ("validated", "retracted"), row.get("percent")
        return {
            "assignment_id": self.id(Assignment, row["answer"]),
            "as_of": day(row["as_of"]),
            "status": row["status"],
            "percent": None if percent is None else int(percent),
            "note": "note" if row["status"] == "dropped" else "",
            "blocked_reason": "motif" if row["status"] == "blocked" else "",
            "dropped_kind": "abandoned" if row["status"] == "dropped" else None,
            "state": state,
            "submitted_at": submitted,
            "validated_at": (moment(row.get("validated_at")) or submitted) if official else None,
            "returned_at": returned,
            "retracted_at": retracted,
        }

    def changes(self) -> None:
        models = (AssignmentChange, RecommendationChange, SessionChange)
        of: dict[Any, list[dict[str, Any]]] = {model: [] for model in models}
        for row in self.rows("changes"):
            if row["field"] in OF_SESSION:
                of[SessionChange].append({**change(row), "session_id": self.id(Session, row["key"])})
            elif row["field"] in OF_RECOMMENDATION:
                axis, challenge = str(row["value"]).split("/") if row["field"] == "place" else (None, None)
                place = {"axis_id": self.id(Axis, axis), "challenge_id": self.id(Challenge, challenge)}
                owner = {"recommendation_id": self.id(Recommendation, row["key"])}
                of[RecommendationChange].append({**change(row), **place, **owner})
            else:
                owner = {"assignment_id": self.id(Assignment, row["key"])}
                of[AssignmentChange].append({**change(row), **owner})
        for model, rows in of.items():
            self.add(model, rows)

    def successions(self) -> None:
        rows = [
            {
                "predecessor_id": self.id(Entity, row["predecessor"]),
                "successor_id": self.id(Entity, row["successor"]),
                "assignment_id": self.id(Assignment, row.get("assignment")),
                "effective_on": day(row["effective_on"]),
                "recorded_at": moment(row.get("recorded_at")) or moment(row["effective_on"]),
            }
            for row in self.rows("successions")
        ]
        self.add(Succession, rows)


def placed(keys: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """Each key, with the columns of a thing that has a key and a place in an order."""
    return [(key, {"key": key, "position": position}) for position, key in enumerate(keys)]


def session(row: Cells) -> dict[str, Any]:
    """The columns of a session."""
    first, known = day(row["political_date"]), moment(row.get("recorded_at"))
    keys = {"number": int(str(row["number"])), "key": f"CCM{row['number']}"}
    return {**keys, "initial_political_date": first, "recorded_at": known}


def place_of(row: Cells) -> str:
    """`axis/challenge` of a recommendation; each axis has a challenge of its own unless one is named."""
    axis = row.get("axis") or "A1"
    return f"{axis}/{row.get('challenge') or f'D{axis}'}"


def priorities_of(row: Cells) -> list[str]:
    """The keys of the priorities a recommendation stands beside."""
    return (row.get("priorities") or "P1").split(",")


def change(row: Cells) -> dict[str, Any]:
    """The columns that all changes share; known since its own day where nothing else is said."""
    field, value = row["field"], row["value"] or ""
    return {
        "field": field,
        "value": value,
        "number": int(value) if field == "weight" else None,
        "day": day(value) if field in ("due_date", "political_date") and value else None,
        "effective_on": day(row["effective_on"]),
        "recorded_at": moment(row.get("recorded_at")) or moment(row["effective_on"]),
    }
