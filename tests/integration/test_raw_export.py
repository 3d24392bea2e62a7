"""`export raw` holds all that figures are made of: they can be computed again from it, at any (D, K)."""

import csv
import datetime as dt
import io
import json
import os
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ccm.auth import CONSOLE
from ccm.commands import OpenSession, RecordChange, RetractReport, submit
from ccm.config import DATA
from ccm.domain.errors import CcmError
from ccm.domain.figures import COUNTS
from ccm.domain.vocabulary import GroupBy
from ccm.exports.atomic import whole_file
from ccm.exports.figures import figures_csv, figures_json
from ccm.exports.raw import export_raw
from ccm.importers import follow_up
from ccm.metrics import At
from ccm.queries.figures import figures_table
from ccm.store import Store
from tests.integration.acting import assign, import_assignments, import_reports, report
from tests.support import recompute
from tests.support.proof import PROOF
from tests.support.recompute import Point

POSTGRESQL_IN_PROOF = True

Json = dict[str, Any]
SHAPE = {
    "sessions": {"number", "political_date"},
    "challenges": {"key", "label"},
    "priorities": {"key", "label"},
    "recommendations": {
        "key", "session", "axis", "challenge", "priorities", "text", "nature",
        "source_line", "actor_cell", "doubt",
    },
    "entities": {"key", "kind", "label", "parent"},
    "assignments": {"id", "recommendation", "entity", "role", "weight", "due_date"},
    "reports": {
        "id", "recommendation", "entity", "as_of", "status", "percent", "note", "state",
        "submitted_at", "validated_at", "retracted_at",
    },
    "changes": {"object", "key", "field", "value", "effective_on", "recorded_at"},
    "observations": {"key", "session", "instance", "text", "source_line", "status"},
}  # fmt: skip
LATEST = dt.date(2024, 12, 31)


def _raw(store: Store, folder: Path) -> Json:
    path = folder / "raw.json"
    export_raw(store, path)
    assert [file.name for file in folder.iterdir() if "raw.json" in file.name] == ["raw.json"]
    read: Json = json.loads(path.read_text(encoding="utf-8"))
    return read


def test_what_is_no_regular_file_is_written_through_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with whole_file(pipe) as file:
        file.write("é")
    assert os.read(reading, 10) == "é".encode()
    os.close(reading)
    assert pipe.is_fifo()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    link.symlink_to(target)
    with whole_file(link) as file:
        file.write("é")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "é"


def test_the_observations_of_the_meeting_are_exported_as_the_source_has_them(
    store: Store, tmp_path: Path
) -> None:
    lines = (DATA / "source" / "ccm7-reunion-technique.txt").read_text(encoding="utf-8").splitlines()
    rows = _raw(store, tmp_path)["observations"]
    assert [row["key"] for row in rows] == [f"CCM7-O{n}" for n in range(1, 10)]
    for row in rows:
        assert (row["session"], row["instance"], row["status"]) == (7, "technical", "open")
        assert row["text"] in lines[row["source_line"] - 1]


def test_the_export_has_its_documented_shape(store: Store, tmp_path: Path) -> None:
    import_reports(store, report(note="« é »"))
    import_assignments(store, assign(weight="3", nature="continuous", effective_on="2024-01-01"))
    import_assignments(store, assign(recommendation="CCM7-G-01", effective_on="2999-01-01"))
    raw = _raw(store, tmp_path)
    assert raw["demo"] is False
    for name, keys in SHAPE.items():
        assert raw[name], name
        assert all(keys <= row.keys() for row in raw[name]), name
    assert [len(raw[name]) for name in ("recommendations", "challenges", "priorities")] == [48, 16, 31]
    assert raw["successions"] == []
    by_key = {row["key"]: row for row in raw["recommendations"]}
    assert (by_key["CCM7-A1-05"]["nature"], by_key["CCM7-A1-05"]["initial_nature"]) == (
        "continuous",
        "finite",
    )
    by_pair = {(row["recommendation"], row["entity"]): row for row in raw["assignments"]}
    assert by_pair["CCM7-A1-05", "NE002"]["weight"] == 3
    assert by_pair["CCM7-A1-05", "NE002"]["initial"] == {"role": "responsible", "weight": 1, "due_date": None}
    new = by_pair["CCM7-G-01", "NE002"]
    assert (new["initial"], new["role"]) == (None, None)
    assert [(row["object"], row["key"], row["field"]) for row in raw["changes"]] == [
        ("assignment", "CCM7-A1-05/NE002", "weight"),
        ("recommendation", "CCM7-A1-05", "nature"),
        ("assignment", "CCM7-G-01/NE002", "role"),
    ]
    (kept,) = raw["reports"]
    assert kept["validated_at"].endswith("+00:00")
    assert dt.datetime.fromisoformat(kept["validated_at"]).tzinfo is not None
    assert kept["note"] == "« é »"


def test_an_exported_instant_works_as_known_at(store: Store, tmp_path: Path) -> None:
    import_reports(store, report(percent="10"))
    import_reports(store, report(percent="90"))
    first, second = (row["validated_at"] for row in _raw(store, tmp_path)["reports"])
    for text, percent in ((first, 10), (second, 90)):
        with store.read() as connection:
            known_at = dt.datetime.fromisoformat(text)
            table = figures_table(connection, At(LATEST, known_at), GroupBy.RECOMMENDATION)
        (row,) = [row for row in table.rows if row.key == "CCM7-A1-05"]
        assert row.figures.completion == Fraction(percent, 11)


def _random_life(store: Store, rng: Random) -> None:
    """Files of reports and assignments, one after the other, with what no file carries in between."""
    entities = [f"NE00{n}" for n in range(1, 9)] + ["MI-D", "MJ", "MAEC", "INS", "PTF"]
    pairs = [("CCM7-A1-05", key) for key in entities[:8]] + [("CCM7-G-01", "MI-D"), ("CCM7-G-01", "MJ")]
    recommendations = ["CCM7-A1-05", "CCM7-G-01", "CCM7-A1-06", "CCM7-A2-03", "CCM7-A3-07"]
    for turn in range(4):
        named = {(rng.choice(recommendations), rng.choice(entities)) for _ in range(6)}
        rows = [
            (
                recommendation,
                entity,
                rng.choice(["", "responsible", "support"]),
                rng.choice(["", "1", "7", "100"]),
                rng.choice(["", "-", "2023-06-30", "31/12/2024"]),
                _day(rng).isoformat(),
            )
            for recommendation, entity in sorted(named)
        ]
        heading = ("recommendation", "entity", "role", "weight", "due_date", "effective_on")
        submit(store, CONSOLE, follow_up.assignments(_csv(heading, rows))[0])
        pairs = sorted({*pairs, *named})
        _random_reports(store, rng, pairs, validate=turn != 2)
        _between(store, turn)


def _random_reports(store: Store, rng: Random, pairs: list[tuple[str, str]], *, validate: bool) -> None:
    answers = {(rng.choice(pairs), _day(rng)) for _ in range(25)}
    rows = []
    for (recommendation, entity), day in sorted(answers):
        status = rng.choice(["completed", "in_progress", "blocked", "not_started", "dropped"])
        percent = {"in_progress": str(rng.randint(1, 99)), "blocked": str(rng.randint(0, 99))}.get(status, "")
        reason, kind = ("x" if status == "blocked" else ""), ("abandoned" if status == "dropped" else "")
        rows.append((recommendation, entity, day.isoformat(), status, percent, reason, kind, "é"))
    heading = (
        "recommendation",
        "entity",
        "as_of",
        "status",
        "percent",
        "blocked_reason",
        "dropped_kind",
        "note",
    )
    submit(store, CONSOLE, follow_up.reports(_csv(heading, rows), validate=validate)[0])


def _between(store: Store, turn: int) -> None:
    """One change of each kind that no file carries."""
    command: Any = (
        RetractReport(1, "erreur"),
        OpenSession(8, dt.date(2024, 2, 1)),
        RecordChange("recommendation", "CCM7-A2-03", "place", "G/CCM7-D02", dt.date(2023, 5, 1)),
        RecordChange("recommendation", "CCM7-A3-07", "withdrawn", "true", dt.date(2024, 6, 1)),
    )[turn]
    submit(store, CONSOLE, command)


def _day(rng: Random) -> dt.date:
    return dt.date(2022, 9, 1) + dt.timedelta(days=rng.randint(0, 800))


def _csv(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([heading, *rows])
    return text.getvalue().encode("cp1252")


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_figures_of_imported_files_equal_those_recomputed_from_the_export(
    store: Store, tmp_path: Path, seed: int
) -> None:
    rng = Random(seed)  # noqa: S311 - data, not secrets
    _random_life(store, rng)
    raw = _raw(store, tmp_path)
    instants = sorted({dt.datetime.fromisoformat(row["submitted_at"]) for row in raw["reports"]})
    points = [
        Point(_day(rng), rng.choice([None, *instants]), rng.choice([None, 7]), rng.random() < 0.3)
        for _ in range(40 if PROOF else 10)
    ]
    for by in GroupBy:
        for point in rng.sample(points, 4 if PROOF else 3):
            assert _read(store, by, point) == _recomputed(raw, by, point), (by, point)


def _read(store: Store, by: GroupBy, point: Point) -> Json:
    at = At(point.as_of, point.known_at, point.session, point.provisional)
    with store.read() as connection:
        answer = json.loads(figures_json(figures_table(connection, at, by)))
    rows = {row["key"]: _numbers(row) for row in answer["rows"]}
    return {"rows": rows, "total": _numbers(answer["total"]), "plan": _numbers(answer["plan"])}


def _recomputed(raw: Json, by: GroupBy, point: Point) -> Json:
    found = recompute.figures(raw, by.value, point)
    rows = {str(key): _numbers(row) for key, row in found["rows"].items()}
    return {"rows": rows, "total": _numbers(found["total"]), "plan": _numbers(found["plan"])}


def _numbers(row: Json) -> Json:
    rates = {name: row[name] for name in ("realised", "completion", "coverage")}
    counts = {name: row[name] for name in COUNTS}
    return counts | {name: None if rate is None else float(rate) for name, rate in rates.items()}


def test_the_answer_of_figures_has_its_documented_shape(store: Store) -> None:
    import_reports(store, report(percent="33"))
    with store.read() as connection:
        table = figures_table(connection, At(LATEST), GroupBy.AXIS)
    answer = json.loads(figures_json(table))
    assert list(answer) == ["as_of", "known_at", "demo", "by", "rows", "total", "plan"]
    row = [
        "key", "label",
        "recommendations", "recommendations_realised", "recommendations_dropped", "unassigned", "continuous",
        "continuous_active", "continuous_silent", "expected", "answered", "fresh", "completed",
        "in_progress", "blocked", "not_started", "not_reported", "dropped", "overdue",
        "realised", "completion", "coverage",
    ]  # fmt: skip
    assert all(list(each) == row for each in (*answer["rows"], answer["total"], answer["plan"]))
    assert [each["recommendations"] for each in answer["rows"]] == [6, 12, 15, 15]
    assert answer["total"]["expected"] == 318
    assert answer["rows"][1]["completion"] == 33 / 11 / 12
    assert answer["demo"] is False


def test_csv_says_the_same_as_json(store: Store) -> None:
    with store.read() as connection:
        table = figures_table(connection, At(dt.date(2022, 1, 1)), GroupBy.AXIS)
        later = figures_table(connection, At(LATEST), GroupBy.SESSION)
    rows = list(csv.DictReader(io.StringIO(figures_csv(later))))
    assert [row["key"] for row in rows] == ["7", "total", "plan"]
    assert (rows[0]["label"], rows[0]["expected"], rows[0]["completion"]) == ("7e session", "318", "0.0")
    (before, _) = csv.DictReader(io.StringIO(figures_csv(table)))
    assert (before["key"], before["expected"], before["completion"]) == ("total", "0", "")


def test_an_export_that_fails_leaves_what_was_there(sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "raw.json"
    path.write_text("before")
    with sqlite_store.schema() as connection:
        connection.exec_driver_sql("alter table succession rename to gone")
    with pytest.raises(Exception, match="succession"):
        export_raw(sqlite_store, path)
    assert path.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir() if "raw" in file.name] == ["raw.json"]


@pytest.mark.parametrize("name", ["nowhere/raw.json", "."])
def test_an_export_says_why_it_cannot_write(sqlite_store: Store, tmp_path: Path, name: str) -> None:
    with pytest.raises(CcmError, match="ne peut pas être écrit"):
        export_raw(sqlite_store, tmp_path / name)
