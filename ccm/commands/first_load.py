"""The first load: the 7th session's synthesis table, from the reviewed text files of `data/`."""

import csv
import datetime as dt
import hashlib
import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from ccm.commands import current_state
from ccm.config import DATA
from ccm.domain.folding import fold
from ccm.domain.vocabulary import AssignmentRole, EntityKind, RevisionKind
from ccm.store import Store, Transaction, count_rows, upgrade
from ccm.store.journal import Entry, append
from ccm.store.models import (
    Assignment,
    Axis,
    Challenge,
    Entity,
    EntityAlias,
    EntityName,
    Framework,
    Instance,
    Membership,
    Observation,
    Priority,
    Recommendation,
    RecommendationPriority,
    Revision,
    Session,
    Setting,
    StoreState,
)

Row = dict[str, str]
_EVERY_REGION = "regions"
_FILES = (
    "sessions",
    "instances",
    "axes",
    "challenges",
    "priorities",
    "recommendations",
    "observations",
    "entities",
    "entity_names",
    "entity_aliases",
)
_SETTINGS = {"reporting_period_days": "90", "public_reading": "on"}


def initialise(store: Store) -> bool:
    """Create or upgrade the store and load the 7th session where it is absent; True when it was loaded."""
    upgrade(store)
    with store.read() as connection:
        if connection.execute(select(Session.id)).first():
            return False
    with store.write("console") as transaction:
        # A second process may have loaded it between the look and the lock.
        if transaction.connection.execute(select(Session.id)).first():
            return False
        load(transaction)
        count_rows(transaction.connection)
    return True


def load(transaction: Transaction, folder: Path = DATA) -> None:
    """Write the rows of `data/` in one transaction, with one journal entry that carries their digest."""
    files = {name: _read(folder / f"{name}.csv") for name in _FILES}
    loader = _Loader(transaction, files)
    loader.state()
    loader.sessions()
    loader.plan()
    loader.entities()
    loader.recommendations()
    loader.observations()
    current_state.refresh(transaction)
    digest = hashlib.sha256(b"".join((folder / f"{name}.csv").read_bytes() for name in _FILES)).hexdigest()
    counts = {name: len(rows) for name, rows in files.items()}
    append(transaction, [Entry("session.loaded", "session", "CCM7", {"sha256": digest, "rows": counts})])


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _line(text: str) -> int | None:
    return int(text) if text else None


class _Loader:
    """Writes the tables in the order of their references, remembering ids by key."""

    def __init__(self, transaction: Transaction, files: dict[str, list[Row]]) -> None:
        self.transaction = transaction
        self.connection = transaction.connection
        self.files = files
        self.ids: dict[tuple[str, str], int] = {}

    def add(self, model: Any, key: str, /, **values: Any) -> int:
        result = self.connection.execute(insert(model).values(**values))
        (number,) = result.inserted_primary_key or (0,)
        self.ids[model.__tablename__, key] = number
        return self.ids[model.__tablename__, key]

    def id(self, model: Any, key: str) -> int:
        return self.ids[model.__tablename__, key]

    def state(self) -> None:
        now, day = self.transaction.now, self.transaction.today
        state = {"id": 1, "store_uuid": str(uuid.uuid4()), "state_day": day, "created_at": now}
        self.connection.execute(insert(StoreState).values(**state, revision=0, demo=False))
        settings = [{"key": key, "value": value} for key, value in _SETTINGS.items()]
        self.connection.execute(insert(Setting), settings)

    def sessions(self) -> None:
        political = {r["session"]: r["held_on"] for r in self.files["instances"] if r["kind"] == "political"}
        for row in self.files["sessions"]:
            number = row["number"]
            self.add(
                Session,
                number,
                number=int(number),
                key=f"CCM{number}",
                title=row["title"],
                note=row["note"],
                initial_political_date=_day(political[number]),
            )
        for row in self.files["instances"]:
            self.add(
                Instance,
                f"{row['session']}/{row['kind']}",
                session_id=self.id(Session, row["session"]),
                kind=row["kind"],
                held_on=_day(row["held_on"]),
                source_line=_line(row["source_line"]),
                note=row["note"],
            )

    def plan(self) -> None:
        for position, row in enumerate(self.files["axes"]):
            if ("framework", row["framework"]) not in self.ids:
                label = "Politique Nationale de Migration"
                self.add(Framework, row["framework"], key=row["framework"], label=label)
            framework = self.id(Framework, row["framework"])
            values = {"key": row["key"], "label": row["label"], "position": position}
            self.add(Axis, row["key"], framework_id=framework, **values)
        for position, row in enumerate(self.files["challenges"]):
            self.add(
                Challenge,
                row["key"],
                key=row["key"],
                session_id=self.id(Session, row["session"]),
                axis_id=self.id(Axis, row["axis"]),
                text=row["text"],
                position=position,
                source_line=_line(row["source_line"]),
                note=row["note"],
            )
        for position, row in enumerate(self.files["priorities"]):
            self.add(
                Priority,
                row["key"],
                key=row["key"],
                challenge_id=self.id(Challenge, row["challenge"]),
                text=row["text"],
                position=position,
                source_line=_line(row["source_line"]),
            )

    def entities(self) -> None:
        known_at = self.transaction.now
        for position, row in enumerate(self.files["entities"]):
            values = {name: row[name] for name in ("key", "kind", "iso", "origin", "note")}
            parent = self.id(Entity, row["parent"]) if row["parent"] else None
            self.add(Entity, row["key"], parent_id=parent, position=position, recorded_at=known_at, **values)
        for row in self.files["entity_names"]:
            names = {name: row[name] for name in ("short_name", "name", "origin", "note")}
            days = {"valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"])}
            self.add(EntityName, row["entity"], entity_id=self.id(Entity, row["entity"]), **names, **days)
        folded: dict[str, Row] = {}
        for row in self.files["entity_aliases"]:
            folded.setdefault(fold(row["alias"]), row)
        for spelling, row in folded.items():
            entity = self.id(Entity, row["entity"])
            values = {"alias": row["alias"], "folded": spelling, "origin": row["origin"]}
            self.add(EntityAlias, spelling, entity_id=entity, **values)

    def recommendations(self) -> None:
        words = {row["key"]: row["text"] for name in ("challenges", "priorities") for row in self.files[name]}
        for position, row in enumerate(self.files["recommendations"]):
            priorities = row["priorities"].split()
            searched = [row["key"], row["text"], *[words[key] for key in (row["challenge"], *priorities)]]
            copied = ("key", "text", "actor_cell", "doubt", "other_reading")
            recommendation = self.add(
                Recommendation,
                row["key"],
                session_id=self.id(Session, row["session"]),
                initial_axis_id=self.id(Axis, row["axis"]),
                initial_challenge_id=self.id(Challenge, row["challenge"]),
                initial_nature=row["nature"],
                position=position,
                search_text=fold(" ".join(searched)),
                source_line=_line(row["source_line"]),
                **{name: row[name] for name in copied},
            )
            for key in priorities:
                link = {"recommendation_id": recommendation, "priority_id": self.id(Priority, key)}
                self.connection.execute(insert(RecommendationPriority).values(**link))
            self._adopted(row, recommendation)
            self._assigned(row, recommendation)

    def _adopted(self, row: Row, recommendation: int) -> None:
        session = self.id(Session, row["session"])
        self.connection.execute(
            insert(Membership).values(recommendation_id=recommendation, session_id=session)
        )
        # The source is the technical meeting's report: its text stands until the minutes are known.
        self.connection.execute(
            insert(Revision).values(
                recommendation_id=recommendation,
                instance_id=self.id(Instance, f"{row['session']}/technical"),
                kind=RevisionKind.PROPOSED,
                text=row["text"],
                recorded_at=self.transaction.now,
            )
        )

    def _assigned(self, row: Row, recommendation: int) -> None:
        regions = [r["key"] for r in self.files["entities"] if r["kind"] == EntityKind.REGION]
        named = [
            key for code in row["entities"].split() for key in (regions if code == _EVERY_REGION else [code])
        ]
        rows = [
            {
                "key": f"{row['key']}/{entity}",
                "recommendation_id": recommendation,
                "entity_id": self.id(Entity, entity),
                "initial_role": AssignmentRole.RESPONSIBLE,
                "recorded_at": self.transaction.now,
            }
            for entity in named
        ]
        if rows:
            self.connection.execute(insert(Assignment), rows)

    def observations(self) -> None:
        for position, row in enumerate(self.files["observations"]):
            self.add(
                Observation,
                row["key"],
                key=row["key"],
                instance_id=self.id(Instance, f"{row['session']}/{row['instance']}"),
                position=position,
                text=row["text"],
                source_line=_line(row["source_line"]),
                status=row["status"],
            )
