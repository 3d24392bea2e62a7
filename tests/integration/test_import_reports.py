"""Progress reports: what is accepted, what is refused and in which words, and that refusal writes nothing."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import event, select

from ccm.auth import CONSOLE
from ccm.commands import ImportReports, RecordChange, ReportLine, submit
from ccm.domain.dates import today
from ccm.domain.errors import NotAllowed
from ccm.domain.vocabulary import GroupBy, ReportState, Status
from ccm.store import Store
from ccm.store.models import AuditEvent, ProgressReport
from tests.integration.acting import (
    DIFFA,
    READER,
    VALIDATOR,
    assign,
    events,
    everything,
    import_assignments,
    import_reports,
    refused,
    report,
    table,
)

POSTGRESQL_ONE_IN = 4

#: status, percent given, percent kept
ACCEPTED = [
    ("completed", "", 100),
    ("completed", "100", 100),
    ("completed", "100\u202f%", 100),
    ("in_progress", "1", 1),
    ("in_progress", " 99\u00a0% ", 99),
    ("in_progress", "007", 7),
    ("not_started", "", 0),
    ("not_started", "0", 0),
]
#: cells, the column that is refused, what the message repeats and says is accepted
REFUSED: list[tuple[dict[str, str], str, tuple[str, ...]]] = [
    ({"recommendation": "CCM7-A1-99"}, "recommendation", ("« CCM7-A1-99 »", "CCM7-A1-09")),
    ({"recommendation": ""}, "recommendation", ("vide",)),
    ({"entity": "Difa"}, "entity", ("« Difa »", "NE002")),
    ({"entity": "Xyz"}, "entity", ("« Xyz »", "NE001", "MAEC")),
    ({"entity": "MJ"}, "entity", ("« MJ »", "CCM7-A1-05", "NE001", "MAEC")),
    ({"as_of": "31/02/2024"}, "as_of", ("« 31/02/2024 »", "2024-03-31", "31/03/2024")),
    ({"as_of": "2024-3-1"}, "as_of", ("« 2024-3-1 »",)),
    ({"as_of": "2024-W10-1"}, "as_of", ("« 2024-W10-1 »",)),
    ({"as_of": "0001-01-01"}, "as_of", ("« 0001-01-01 »",)),
    ({"as_of": "9999-12-31"}, "as_of", ("« 9999-12-31 »", "futur", today().isoformat())),
    ({"as_of": ""}, "as_of", ("vide",)),
    ({"as_of": "1999-01-01"}, "as_of", ("« 1999-01-01 »", "CCM7-A1-05", "2022-08-05", "d'après")),
    ({"as_of": "04/08/2022"}, "as_of", ("« 2022-08-04 »", "2022-08-05")),
    (
        {"status": "done"},
        "status",
        ("« done »", "completed", "in_progress", "blocked", "not_started", "dropped"),
    ),
    ({"status": "not_reported"}, "status", ("« not_reported »",)),
    ({"status": ""}, "status", ("vide",)),
    ({"percent": "0"}, "percent", ("« 0 »", "de 1 à 99")),
    ({"percent": "100"}, "percent", ("« 100 »", "de 1 à 99")),
    ({"percent": ""}, "percent", ("de 1 à 99",)),
    ({"percent": "50,5"}, "percent", ("« 50,5 »", "nombre entier")),
    ({"percent": "5 0"}, "percent", ("« 5 0 »", "nombre entier")),
    ({"percent": "-5"}, "percent", ("« -5 »", "nombre entier")),
    ({"percent": "cinquante"}, "percent", ("« cinquante »",)),
    ({"percent": "\u0665\u0660"}, "percent", ("nombre entier",)),
    ({"status": "completed", "percent": "99"}, "percent", ("« 99 »", "100")),
    ({"status": "not_started", "percent": "1"}, "percent", ("« 1 »", "0")),
    ({"blocked_reason": "x"}, "blocked_reason", ("« x »", "blocked")),
    ({"blocked_cause": "funding"}, "blocked_cause", ("blocked",)),
    ({"blocked_by": "MF"}, "blocked_by", ("blocked",)),
    ({"dropped_kind": "abandoned"}, "dropped_kind", ("dropped",)),
    ({"status": "blocked", "percent": "10"}, "blocked_reason", ("motif",)),
    ({"status": "blocked", "percent": "100", "blocked_reason": "x"}, "percent", ("de 0 à 99",)),
    (
        {"status": "blocked", "blocked_reason": "x", "blocked_cause": "argent"},
        "blocked_cause",
        ("« argent »", "funding", "legal_text", "coordination", "capacity", "security", "other"),
    ),
    ({"status": "blocked", "blocked_reason": "x", "blocked_by": "Xyz"}, "blocked_by", ("« Xyz »",)),
    ({"status": "dropped", "percent": "", "note": "x"}, "dropped_kind", ("vide",)),
    (
        {"status": "dropped", "percent": "", "note": "x", "dropped_kind": "fini"},
        "dropped_kind",
        ("« fini »", "abandoned", "overtaken"),
    ),
    ({"status": "dropped", "percent": "", "dropped_kind": "abandoned"}, "note", ("motif",)),
    ({"status": "dropped", "dropped_kind": "abandoned", "note": "x"}, "percent", ("« 50 »", "vide")),
    ({"note": "a\0b"}, "note", ("U+0000",)),
    ({"note": "a\x1b[31mb"}, "note", ("U+001B",)),
    ({"note": "a\u202eb"}, "note", ("U+202E",)),
    ({"note": "a" * 10_001}, "note", ("10001", "10000")),
]


def _kept(store: Store) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(ProgressReport.__table__).order_by(ProgressReport.id)))


@pytest.mark.parametrize(("status", "percent", "kept"), ACCEPTED)
def test_a_status_takes_its_percents(sqlite_store: Store, status: str, percent: str, kept: int) -> None:
    import_reports(sqlite_store, report(status=status, percent=percent))
    (row,) = _kept(sqlite_store)
    assert (row.status, row.percent) == (status, kept)


@pytest.mark.parametrize(("cells", "column", "says"), REFUSED)
def test_a_bad_cell_is_refused_in_plain_words(
    sqlite_store: Store, cells: dict[str, str], column: str, says: tuple[str, ...]
) -> None:
    (told,) = refused(sqlite_store, ImportReports((report(**cells),), validate=True))
    assert told.startswith(f"ligne 2, {column} : ")
    assert all(words in told for words in says), told


def test_a_report_is_kept_as_it_was_given(store: Store) -> None:
    note = "=cmd|'/c calc'!A1\n{{7*7}} <b>é</b> %s ${jndi:x}\t'; drop table x --"
    line = report(
        status="blocked", blocked_reason="Pas de crédits", blocked_cause="funding", blocked_by="mf", note=note
    )
    import_reports(store, line, actor=VALIDATOR)
    (row,) = _kept(store)
    assert (row.status, row.percent, row.note) == (Status.BLOCKED, 50, note)
    assert (row.blocked_reason, row.blocked_cause) == ("Pas de crédits", "funding")
    assert (row.state, row.author, row.validated_by) == (ReportState.VALIDATED, "Secrétariat", "Secrétariat")
    assert row.submitted_at == row.validated_at
    (event,) = events(store, "report.validated")
    assert event[2] == {
        "assignment": "CCM7-A1-05/NE002",
        "as_of": "2024-03-31",
        "status": "blocked",
        "percent": 50,
    }


def test_every_problem_of_a_file_is_told_at_once_and_nothing_is_written(store: Store) -> None:
    lines = (
        report(line=2),
        report(
            line=3, recommendation="CCM7-X", entity="Nulle part", as_of="hier", status="fini", percent="150"
        ),
        report(line=5, as_of="2024-02-29", percent="200"),
        report(line=9),
    )
    told = refused(store, ImportReports(lines, validate=True))
    where = [problem.split(" : ")[0] for problem in told]
    assert where == [
        "ligne 3, recommendation",
        "ligne 3, entity",
        "ligne 3, as_of",
        "ligne 3, status",
        "ligne 3, percent",
        "ligne 5, percent",
        "ligne 9, as_of",
    ]
    assert "ligne 2" in told[-1]


def test_two_rows_for_one_answer_and_date_are_refused_even_when_the_first_is_bad(sqlite_store: Store) -> None:
    lines = (report(line=2, percent="x"), report(line=3, entity="diffa", as_of="31/03/2024"))
    told = refused(sqlite_store, ImportReports(lines))
    assert [problem.split(" : ")[0] for problem in told] == ["ligne 2, percent", "ligne 3, as_of"]


def test_a_dry_run_checks_and_writes_nothing(store: Store) -> None:
    before = everything(store)
    done = submit(store, CONSOLE, ImportReports((report(),), validate=True, dry_run=True))
    assert (done.reports, done.written) == (1, False)
    assert everything(store) == before
    assert refused(store, ImportReports((report(percent="x"),), dry_run=True))


def test_a_day_is_told_of_from_the_adoption_on_whoever_was_named_when(store: Store) -> None:
    import_reports(store, report(as_of="2022-08-05"))
    import_assignments(store, assign(entity="MJ"))
    import_reports(store, report(entity="MJ", as_of="2024-03-31"))
    assert len(_kept(store)) == 2


def test_adopted_earlier_it_is_told_of_from_that_day_on(store: Store) -> None:
    moved = RecordChange("session", "CCM7", "political_date", "2022-08-03", dt.date(2022, 8, 1))
    submit(store, CONSOLE, moved)
    import_reports(store, report(as_of="2022-08-04"))
    refused(store, ImportReports((report(as_of="2022-08-02"),)))


def test_what_is_recorded_already_is_recorded_again_and_said(store: Store) -> None:
    blocked = {"status": "blocked", "percent": "10", "blocked_reason": "Pas de crédits"}
    lines = (
        report(),
        report(as_of="2024-04-30", note="Une réunion"),
        report(entity="Agadez", blocked_by="MF", **blocked),
    )

    def imported(*lines: ReportLine, **how: bool) -> tuple[int, int]:
        done = submit(store, CONSOLE, ImportReports(lines, **how))
        return done.reports, done.repeated

    assert imported(*lines, validate=True) == (3, 0)
    assert imported(*lines, dry_run=True) == (3, 3)
    assert imported(*lines) == (3, 3)
    assert len(_kept(store)) == 6
    # What differs in one cell says something else.
    others = (
        report(percent="51"),
        report(as_of="2024-04-30", note="Une autre"),
        report(entity="Agadez", blocked_by="MJ", **blocked),
    )
    assert imported(*others) == (3, 0)


def test_one_import_is_one_instant_later_than_every_earlier_one(store: Store) -> None:
    import_reports(store, report(), report(entity="NE001"))
    import_reports(store, report(percent="60"))
    first, second, third = (row.validated_at for row in _kept(store))
    assert first == second < third
    with store.read() as connection:
        last = connection.execute(select(AuditEvent.at).order_by(AuditEvent.seq.desc()).limit(1)).scalar()
    assert last == third


def test_the_latest_report_counts_once_validated(store: Store) -> None:
    import_reports(store, report(percent="90"), validate=False)
    assert table(store, GroupBy.AXIS).total.answered == 0
    assert table(store, GroupBy.AXIS, provisional=True).total.answered == 1
    import_reports(store, report(percent="40"))
    import_reports(store, report(as_of="2024-01-31", percent="80"))
    (mine,) = [row.figures for row in table(store, GroupBy.REGION).rows if row.key == "NE002"]
    assert mine.completion == Fraction(40, 36)


@pytest.mark.parametrize(
    "spelling", ["NE002", "ne002", "Diffa", "  DIFFA ", "Région de Diffa", "NER002", "NE-2"]
)
def test_entities_go_by_key_name_and_alias(sqlite_store: Store, spelling: str) -> None:
    import_reports(sqlite_store, report(entity=spelling))
    assert events(sqlite_store, "report.validated")[0][2]["assignment"] == "CCM7-A1-05/NE002"


def test_a_continuous_recommendation_has_no_percent_and_is_never_completed(store: Store) -> None:
    import_assignments(store, assign(nature="continuous"))
    told = refused(
        store, ImportReports((report(), report(status="completed", percent="", as_of="2024-01-31", line=3)))
    )
    assert [problem.split(" : ")[0] for problem in told] == ["ligne 2, percent", "ligne 3, status"]
    assert "continue" in told[0]
    assert "continue" in told[1]
    import_reports(store, report(percent=""))
    import_reports(store, report(status="blocked", percent="", blocked_reason="x", as_of="2024-04-30"))
    assert [row.percent for row in _kept(store)] == [None, None]


def test_a_nature_from_before_the_political_date_gives_way_to_the_first_load(store: Store) -> None:
    import_assignments(store, assign(nature="continuous", effective_on="2022-08-04"))
    import_reports(store, report(percent="50"))
    assert [row.percent for row in _kept(store)] == [50]


def test_the_nature_in_force_today_decides(store: Store) -> None:
    soon = (today() + dt.timedelta(days=1)).isoformat()
    import_assignments(store, assign(nature="continuous", effective_on=soon))
    import_reports(store, report())


def test_a_focal_point_submits_for_their_own_entity_and_does_not_validate(store: Store) -> None:
    submit(store, DIFFA, ImportReports((report(),)))
    assert [row.state for row in _kept(store)] == [ReportState.SUBMITTED]
    with pytest.raises(NotAllowed):
        submit(store, DIFFA, ImportReports((report(as_of="2024-04-30"),), validate=True))
    with pytest.raises(NotAllowed) as caught:
        submit(store, DIFFA, ImportReports((report(as_of="2024-04-30"), report(entity="Agadez", line=7))))
    assert "7" in str(caught.value)
    assert "NE001" not in str(caught.value)
    assert "Agadez" not in str(caught.value)
    assert len(_kept(store)) == 1


def test_a_reader_submits_nothing(sqlite_store: Store) -> None:
    with pytest.raises(NotAllowed):
        submit(sqlite_store, READER, ImportReports((report(),)))


def test_an_import_asks_the_store_a_bounded_number_of_questions(sqlite_store: Store) -> None:
    asked: list[str] = []
    event.listen(sqlite_store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    days = [dt.date(2023, 1, 1) + dt.timedelta(days=n) for n in range(600)]
    lines = tuple(report(as_of=day.isoformat(), line=n + 2) for n, day in enumerate(days))
    import_reports(sqlite_store, *lines)
    assert len(asked) < 60
