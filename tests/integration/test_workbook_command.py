"""The focal point's workbook and the tracking table by command, there and back."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ccm.auth import CONSOLE
from ccm.cli.app import program
from ccm.commands import submit
from ccm.commands.people import AddUser
from ccm.store import Store
from tests.integration.acting import import_reports, report
from tests.integration.books import DAY, Book, kept
from tests.support.machine import ROOT


def _run(store: Store, *arguments: str) -> Any:
    return CliRunner().invoke(program(), [*arguments, "--store", store.url], env={"CCM_STORE": None})


def test_by_command_there_and_back(sqlite_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "classeur.xlsx"
    assert _run(sqlite_store, "workbook", "--entity", "ne002", "-o", str(file)).exit_code == 0
    submit(sqlite_store, CONSOLE, AddUser("Diffa", "focal_point", ("NE002",)))
    file.write_bytes(Book(file.read_bytes()).fill("CCM7-A1-05", status="Réalisé", as_of=DAY).saved())

    tried = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa", "--dry-run")
    assert (tried.exit_code, "1 réponse nouvelle" in tried.stdout) == (0, True), tried.output
    assert not kept(sqlite_store)
    taken = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa")
    assert "enregistré, à valider" in taken.stdout
    again = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa")
    assert (again.exit_code, "1 déjà enregistrée" in again.stdout) == (0, True)
    assert len(kept(sqlite_store)) == 1

    import_reports(sqlite_store, report(percent="20", note="dit au téléphone"))
    file.write_bytes(Book(file.read_bytes()).fill("CCM7-A1-05", note="achevé").saved())
    conflict = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa")
    assert conflict.exit_code == 2
    assert "dit au téléphone" in conflict.stdout and "achevé" in conflict.stdout
    command = ("import", "workbook", str(file), "--as", "Diffa", "--mine")
    tried = _run(sqlite_store, *command, "CCM7-A1-05/NE002", "--dry-run")
    assert "dit au téléphone" in tried.stdout
    strange = _run(sqlite_store, *command, "A1-05")
    assert (strange.exit_code, "« A1-05 » n'est pas une réponse" in strange.stderr) == (2, True)
    assert kept(sqlite_store)["CCM7-A1-05/NE002"].note == "dit au téléphone"
    mine = _run(sqlite_store, *command, "CCM7-A1-05/NE002")
    assert mine.exit_code == 0, mine.output
    # What is replaced was told.
    assert "dit au téléphone" in mine.stdout
    assert kept(sqlite_store)["CCM7-A1-05/NE002"].note == "achevé"

    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04")
    broken = _run(sqlite_store, "import", "workbook", str(tmp_path / "x.xlsx"), "--as", "Diffa")
    assert (broken.exit_code, "abîmé" in broken.stderr) == (2, True)


@contextmanager
def _terminal(typed: bytes) -> Iterator[int]:
    """A terminal to read from, in which a person types this."""
    ours, theirs = os.openpty()
    try:
        os.write(ours, typed)
        yield theirs
    finally:
        os.close(ours)
        os.close(theirs)


def _in_a_process(typed: bytes, *arguments: str) -> tuple[int, str]:
    """Run the program at a terminal, as a process."""
    command = [sys.executable, "-m", "ccm", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with _terminal(typed) as stdin:
        done = subprocess.run(
            command, stdin=stdin, capture_output=True, check=False, cwd=ROOT, env=environment
        )
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """The same in this process, which need not start first."""

    def run(typed: bytes, *arguments: str) -> tuple[int, str]:
        with (
            _terminal(typed) as file,
            os.fdopen(file, closefd=False) as stdin,
            monkeypatch.context() as patch,
        ):
            patch.setattr(sys, "stdin", stdin)
            with pytest.raises(SystemExit) as ended:
                program()(list(arguments))
        return int(ended.value.code or 0), "".join(capfd.readouterr())

    return run


def test_at_a_terminal_one_is_asked_before_anything_is_written(
    sqlite_store: Store, blank: bytes, tmp_path: Path, at_a_terminal: Callable[..., tuple[int, str]]
) -> None:
    submit(sqlite_store, CONSOLE, AddUser("Diffa", "focal_point", ("NE002",)))
    file = tmp_path / "classeur.xlsx"
    file.write_bytes(Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY).saved())
    command = ("import", "workbook", str(file), "--as", "Diffa", "--store", sqlite_store.url)

    for typed in (b"n\n", b"\n", b"peut-\xc3\xaatre\n"):
        code, said = at_a_terminal(typed, *command)
        assert "CCM7-A1-05/NE002 « Réduire les coûts" in said.replace("\N{NO-BREAK SPACE}", " ")
        assert (code, "… » : nouvelle : Réalisé" in said.replace("\N{NO-BREAK SPACE}", " ")) == (0, True), (
            said
        )
        assert "Enregistrer ces réponses ? [o/N]" in said and "Rien n'a été enregistré." in said
        assert "rien n'est encore enregistré" in said and "essai" not in said
        assert not kept(sqlite_store)
    code, said = at_a_terminal(b"", *command, "--dry-run")
    assert (code, "[o/N]" in said, kept(sqlite_store)) == (0, False, {})
    assert "essai, rien n'a été enregistré" in said

    code, said = _in_a_process(b"O\n", *command)
    assert "Enregistrer ces réponses ? [o/N]" in said
    assert (code, said.count("CCM7-A1-05/NE002"), "enregistré, à valider" in said) == (0, 1, True), said
    assert set(kept(sqlite_store)) == {"CCM7-A1-05/NE002"}

    # Nothing new, nothing to ask; and `--yes` is the answer.
    said = at_a_terminal(b"", *command)[1]
    assert "[o/N]" not in said and "rien à enregistrer" in said
    file.write_bytes(Book(blank).fill("CCM7-A1-01", status="Réalisé", as_of=DAY).saved())
    code, said = at_a_terminal(b"", *command, "--yes")
    assert (code, "[o/N]" in said) == (0, False), said
    assert set(kept(sqlite_store)) == {"CCM7-A1-01/NE002", "CCM7-A1-05/NE002"}


def test_the_tracking_table_by_command(sqlite_store: Store, tmp_path: Path) -> None:
    for form in ("xlsx", "docx"):
        file = tmp_path / f"suivi.{form}"
        done = _run(sqlite_store, "export", form, "-o", str(file))
        assert (done.exit_code, "48 recommandations" in done.stdout) == (0, True), done.output
        assert file.read_bytes().startswith(b"PK")
