"""`verify` says nothing of a whole store, and finds what was changed behind the program's back."""

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from ccm.auth import CONSOLE
from ccm.commands import AddUser, RecordChange, RetractReport, submit
from ccm.commands.answer import SubmitReport
from ccm.commands.evidence import keep_file
from ccm.domain.errors import Invalid, StoreUnavailable
from ccm.domain.vocabulary import UserRole
from ccm.queries.ask import ask_as
from ccm.queries.doctor import doctor
from ccm.queries.heads import Head, read_head
from ccm.queries.integrity import Check, require_ready, verify
from ccm.queries.journal import HeadQuery
from ccm.store import Store, guards, open_store
from ccm.store.files import evidence_files
from ccm.store.journal import GENESIS, chained
from ccm.store.models import AuditEvent
from tests.integration.acting import assign, import_assignments, import_reports, report
from tests.integration.living import lived_in
from tests.integration.people import join

POSTGRESQL_IN_PROOF = True

DATABASE, GUARDS, CHAIN, TRACES, FILES, STATE, FIGURES = (
    "Base de données",
    "Gardes de la base",
    "Chaîne du journal",
    "Traces au journal",
    "Fichiers de preuve",
    "État courant et historique",
    "Chiffres et historique",
)
HEAD = "Tête du journal"


def _failed(store: Store) -> dict[str, str]:
    return {check.name: check.detail for check in verify(store) if not check.passed}


@pytest.fixture(scope="module")
def lived_in_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that was lived in, to be copied."""
    file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("lived_in") / "store.db")
    lived_in(open_store(f"sqlite:///{file}")).close()
    return file


@pytest.fixture
def tampered_url(lived_in_file: Path, tmp_path: Path) -> str:
    """The URL of a store of this test's own that was lived in."""
    return f"sqlite:///{shutil.copyfile(lived_in_file, tmp_path / 'tampered.db')}"


@pytest.fixture
def tampered(tampered_url: str) -> Iterator[sqlite3.Connection]:
    """Its file, opened without the program and without its triggers."""
    connection = sqlite3.connect(tampered_url.removeprefix("sqlite:///"), isolation_level=None)
    triggers = connection.execute("select name from sqlite_master where type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f"drop trigger {name}")
    connection.execute("pragma foreign_keys = off")
    yield connection
    connection.close()


def test_a_whole_store_passes(store: Store) -> None:
    assert [check.name for check in verify(lived_in(store))] == [
        DATABASE,
        GUARDS,
        CHAIN,
        TRACES,
        FILES,
        STATE,
        FIGURES,
    ]
    submit(store, CONSOLE, AddUser("Diffa", "focal_point", ("NE002",)))
    submit(store, CONSOLE, RetractReport(4, "Chiffre contesté"))
    moved = RecordChange("recommendation", "CCM7-A1-05", "nature", "continuous", dt.date(2024, 6, 1))
    assert submit(store, CONSOLE, moved)
    assert _failed(store) == {}


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("update audit_event set actor = 'autre' where seq = 3", {CHAIN: "entrée 3 altérée"}),
        ("update audit_event set detail = '{}' where seq = 2", {CHAIN: "entrée 2 altérée"}),
        ("delete from audit_event where seq = 2", {CHAIN: "entrée 2 absente", TRACES: "sans trace"}),
        (
            "delete from audit_event where seq = (select max(seq) from audit_event)",
            {TRACES: "user_account, ligne 1 : sans trace"},
        ),
        (
            "update progress_report set percent = 99 where percent = 60",
            {TRACES: "progress_report, ligne 4 : altérée", STATE: "CCM7-A1-05/NE002", FIGURES: "--by axis"},
        ),
        # Not the latest report: no figure of today moves, and it is found all the same.
        (
            "update progress_report set percent = 99 where percent = 20",
            {TRACES: "progress_report, ligne 1 : altérée"},
        ),
        ("delete from progress_report where percent = 20", {TRACES: "progress_report, ligne 1 : effacée"}),
        (
            "insert into progress_report (assignment_id, as_of, status, percent, state, submitted_at,"
            " validated_at) select assignment_id, '2020-01-01', status, percent, state, submitted_at,"
            " validated_at from progress_report where percent = 60",
            {TRACES: "progress_report, ligne 5 : sans trace"},
        ),
        (
            "insert into assignment_change (assignment_id, field, value, number, effective_on, recorded_at)"
            " select assignment_id, field, '9', 9, '2020-01-01', '2020-01-01T00:00:00.000000Z'"
            " from assignment_change where field = 'weight'",
            {TRACES: "assignment_change, ligne 4 : sans trace"},
        ),
        (
            "update assignment_change set effective_on = '2020-01-01' where field = 'role'",
            {TRACES: "assignment_change, ligne 2 : altérée"},
        ),
        ("delete from session_change", {TRACES: "session_change, ligne 1 : effacée"}),
        (
            "update progress_report set validated_at = (select min(at) from audit_event) where percent = 20",
            {TRACES: "progress_report, ligne 1 : altérée"},
        ),
        ("update assignment_state set percent = 99 where percent = 60", {STATE: "CCM7-A1-05/NE002"}),
        (
            "delete from assignment_state where percent = 60",
            {STATE: "CCM7-A1-05/NE002", FIGURES: "--by region"},
        ),
        ("update recommendation_state set nature = 'finite'", {STATE: "CCM7-G-01", FIGURES: "--by axis"}),
        (
            "insert into recommendation_state select 999, session_id, axis_id, challenge_id, nature,"
            " follow_from from recommendation_state limit 1",
            {DATABASE: "recommendation_state", FIGURES: "--by axis"},
        ),
        ("delete from user_account", {TRACES: "user_account, ligne 1 : effacée"}),
    ],
)
def test_what_was_changed_behind_the_program_is_found(
    tampered_url: str, tampered: sqlite3.Connection, statement: str, found: dict[str, str]
) -> None:
    tampered.execute(statement)
    store = open_store(tampered_url)
    failed = _failed(store)
    store.close()
    assert found.keys() <= failed.keys()
    for name, words in found.items():
        assert words in failed[name], failed
    assert "audit_event_no_update" in failed[GUARDS]


def test_a_damaged_file_is_a_finding_not_a_failure(tampered_url: str, tampered: sqlite3.Connection) -> None:
    tampered.execute("pragma wal_checkpoint(truncate)")
    (page,) = tampered.execute("select rootpage from sqlite_master where name = 'audit_event'").fetchone()
    (size,) = tampered.execute("pragma page_size").fetchone()
    tampered.close()
    path = Path(tampered_url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(content)
    store = open_store(tampered_url)
    failed = _failed(store)
    store.close()
    assert failed[DATABASE]
    assert "lecture impossible" in failed[CHAIN]


def test_a_table_that_is_gone_is_a_finding_on_both_engines(store: Store) -> None:
    with store.schema() as connection:
        connection.execute(text("alter table contest rename to gone"))
        connection.execute(text("alter table succession rename to lost"))
    failed = _failed(store)
    assert "lecture impossible" in failed[STATE]


def test_a_change_whose_day_has_come_without_a_write_is_no_drift(store: Store) -> None:
    import_reports(store, report())
    with store.write("test") as transaction:
        tomorrow = transaction.today + dt.timedelta(days=1)
    import_assignments(store, assign(role="support", effective_on=tomorrow.isoformat()))
    assert _failed(store) == {}


def test_asking_leaves_no_file_behind(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(StoreUnavailable, match="python -m ccm init"):
        require_ready(store)
    store.close()
    assert list(tmp_path.iterdir()) == []


def _examined(store: Store) -> dict[str, Check]:
    return {check.name: check for check in doctor(store)}


def test_the_doctor_looks_at_machine_and_store(store: Store) -> None:
    checks = _examined(store)
    assert {"Python", "Bibliothèques", "Réglages de Streamlit", "Entrepôt", "Journal"} <= checks.keys()
    assert [check.detail for check in checks.values() if not check.passed] == (
        # The tests' own server trades safety for speed, and the doctor says so.
        [] if store.engine.dialect.name == "sqlite" else [checks["Réglages de la base"].detail]
    )
    assert checks["Données"].detail == "données réelles"


def test_the_doctor_says_what_is_missing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'none' / 'none.db'}")
    checks = _examined(store)
    assert not checks["Dossier"].passed
    assert "python -m ccm init" in checks["Entrepôt"].detail
    assert "Journal" not in checks


def test_the_doctor_sees_a_clock_that_is_behind(sqlite_store: Store) -> None:
    with sqlite_store.schema() as connection:
        connection.execute(text("drop trigger audit_event_no_update"))
        connection.execute(text("update audit_event set at = '2999-01-01T00:00:00.000000Z'"))
    assert not _examined(sqlite_store)["Horloge"].passed


# Evidence files, and a head kept elsewhere ---------------------------------------------------------------


def _with_evidence(store: Store) -> list[str]:
    """Three files behind one report, and one beside an answer in preparation; their digests."""
    person = join(store, "Diffa", UserRole.FOCAL_POINT, "NE002")
    digests: list[str] = []
    pieces: tuple[int, ...] = ()
    for number in range(4):
        command = keep_file(
            store, person, "CCM7-A1-05/NE002", f"pv {number}.pdf", b"%PDF-1.7 " + bytes([number])
        )
        digests.append(command.sha256 or "")
        if number == 3:
            submit(store, person, SubmitReport(report(), None, pieces))
        pieces = (*pieces, submit(store, person, command))
    return digests


def test_a_file_that_is_missing_or_altered_is_named(store: Store) -> None:
    first, second, third, waiting = _with_evidence(store)
    files = evidence_files(store)
    assert _failed(store) == {}
    content = bytearray(files.path(first).read_bytes())
    content[-1] ^= 1
    files.path(first).write_bytes(content)
    files.path(third).unlink()
    found = _failed(store)
    assert found.keys() == {FILES}
    assert found[FILES] == f"preuve 1 : fichier {first} altéré ; preuve 3 : fichier {third} absent"
    files.path(waiting).write_bytes(b"")
    last = _failed(store)[FILES].split(" ; ")[-1]
    assert last.startswith("preuve en attente ")
    assert last.endswith(f" : fichier {waiting} altéré")
    assert second not in _failed(store)[FILES]


def test_one_bit_anywhere_in_a_file_is_seen(sqlite_store: Store) -> None:
    (digest, *_), files = _with_evidence(sqlite_store), evidence_files(sqlite_store)
    whole = files.path(digest).read_bytes()
    for place in range(len(whole) * 8):
        content = bytearray(whole)
        content[place // 8] ^= 1 << place % 8
        files.path(digest).write_bytes(content)
        assert not files.is_whole(digest)
    files.path(digest).write_bytes(whole)
    assert _failed(sqlite_store) == {}


def _head(store: Store) -> Head:
    return read_head(ask_as(store, CONSOLE, HeadQuery()).text)


def test_a_head_that_was_kept_holds_while_the_chain_only_grows(store: Store) -> None:
    kept = _head(store)
    assert {check.name: check.passed for check in verify(store, kept)}[HEAD]
    lived_in(store)
    assert {check.name: check.passed for check in verify(store, kept)}[HEAD]
    assert _head(store).seq > kept.seq
    another = replace(kept, store="00000000-0000-0000-0000-000000000000")
    assert "autre entrepôt" in {check.name: check.detail for check in verify(store, another)}[HEAD]


def _rebuild(store: Store, seq: int) -> None:
    """Rewrite the chain from an entry on, as whoever holds the database and this program can."""
    with store.schema() as connection:
        guards.remove(connection)
        rows = connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.seq)).all()
        previous = GENESIS
        for row in rows:
            content = {name: value for name, value in row._mapping.items() if "hash" not in name}
            if row.seq == seq:
                content["actor"] = "un autre"
            values = {**content, "previous_hash": previous, "hash": chained(previous, content)}
            connection.execute(AuditEvent.__table__.update().where(AuditEvent.seq == row.seq).values(values))
            previous = values["hash"]
        guards.install(connection)


@pytest.mark.parametrize(
    "seq", [1, *(pytest.param(seq, marks=pytest.mark.long) for seq in (2, 5))], ids=["1", "2", "5"]
)
def test_a_chain_that_was_built_anew_fails_against_an_older_head(store: Store, seq: int) -> None:
    lived_in(store)
    kept = _head(store)
    submit(store, CONSOLE, AddUser("Binta", "reader"))
    _rebuild(store, seq)
    assert _failed(store) == {}
    told = {check.name: check.detail for check in verify(store, kept) if not check.passed}
    assert told.keys() == {HEAD}
    assert f"entrée {kept.seq}" in told[HEAD]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"store": "x", "seq": "1", "hash": "00", "at": "2024-01-01T00:00:00+00:00"}']
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="tête du journal"):
        read_head(text)


@pytest.mark.parametrize(
    ("environment", "fit", "says"),
    [
        ({}, True, "sans CCM_TLS=1"),
        ({"CCM_TLS": "1"}, False, "CCM_PROXIES manque"),
        ({"CCM_ADDRESS": "https://ccm.exemple.ne"}, False, "CCM_PROXIES manque"),
        ({"CCM_ADDRESS": "https://ccm.exemple.ne", "CCM_TLS": "0"}, True, "sans CCM_TLS=1"),
        ({"CCM_TLS": "1", "CCM_PROXIES": "127.0.0.1, ::1"}, True, "cru de 127.0.0.1, ::1"),
        ({"CCM_TLS": "1", "CCM_PROXIES": "mandataire"}, False, "pas mandataire"),
    ],
)
def test_doctor_tells_how_readers_come(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], fit: bool, says: str
) -> None:
    for name in ("CCM_TLS", "CCM_PROXIES", "CCM_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (found,) = [check for check in doctor(sqlite_store) if check.name == "Accès"]
    assert (found.passed, says in found.detail) == (fit, True)


def test_doctor_tells_of_files_that_nothing_refers_to(sqlite_store: Store) -> None:
    def told() -> Check:
        return next(check for check in doctor(sqlite_store) if check.name == "Fichiers de preuve")

    digest = evidence_files(sqlite_store).keep(b"left behind")
    assert told().detail == "aucun fichier que rien ne cite"
    os.utime(evidence_files(sqlite_store).path(digest), (0, 0))
    assert told().passed
    assert "1 fichiers que rien ne cite (0,0 Mio)" in told().detail
