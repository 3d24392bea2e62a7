"""More rows than a file takes are refused in a sentence: none is left out without a word."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccm.cli.app import PROGRAM, program
from ccm.exports import room
from ccm.exports.tracking import HEADINGS
from ccm.store import Store
from tests.web.asgi import application, ask

APP = application()


@pytest.mark.parametrize("path", ["/export/registre.xlsx", "/suivi.xlsx"])
def test_what_does_not_fit_is_refused_with_its_number(
    asked_store: Store, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    headings = HEADINGS if "suivi" in path else 1
    monkeypatch.setattr(room, "MOST", 48 + headings)
    assert ask(APP, path).status_code == 200
    monkeypatch.setattr(room, "MOST", 47 + headings)
    refused = ask(APP, path)
    assert (refused.status_code, "content-disposition" in refused.headers) == (400, False)
    assert " ".join(refused.text.split()) == (
        f"Rien n’est exporté : 48 lignes ne tiennent pas sur une feuille Excel, qui en a {47 + headings}. "
        "Prenez le CSV, ou filtrez."
    )
    english = ask(APP, f"{path}?lang=en").text
    assert english.startswith("Nothing is exported: 48 rows do not fit")
    # What is kept of it fits; and other forms have no such end.
    assert ask(APP, f"{path}?axe=A1").status_code == 200
    assert ask(APP, "/export/registre.csv").text.count("\nCCM7-") == 48
    assert ask(APP, "/suivi.docx").status_code == 200


def test_answers_are_counted_as_such(asked_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ask(APP, "/export/registre.csv?vue=reponses").text.count("\nCCM7-")
    assert rows > 300
    monkeypatch.setattr(room, "MOST", rows + 1)
    assert ask(APP, "/export/registre.xlsx?vue=reponses").status_code == 200
    monkeypatch.setattr(room, "MOST", rows)
    assert f" {rows} lignes" in ask(APP, "/export/registre.xlsx?vue=reponses").text


@pytest.mark.parametrize(
    ("form", "limit", "most", "said"),
    [
        ("xlsx", "MOST", 47 + HEADINGS, "48 lignes ne tiennent pas sur une feuille Excel"),
        ("docx", "MOST_HELD", 47, "un tel document tient 47 recommandations"),
    ],
)
@pytest.mark.usefixtures("asked_store")
def test_the_command_line_refuses_too_and_leaves_no_file(
    sqlite_store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    limit: str,
    most: int,
    said: str,
) -> None:
    monkeypatch.setattr(room, limit, most)
    path, arguments = tmp_path / f"suivi.{form}", ["--store", sqlite_store_url]
    done = CliRunner().invoke(
        program(), ["export", form, "-o", str(path), *arguments], prog_name=PROGRAM, env={"CCM_STORE": None}
    )
    assert done.exit_code == 2
    assert said in done.stderr
    assert not path.exists()


@pytest.mark.parametrize("path", ["/suivi.docx", "/hors-ligne.html"])
def test_what_would_be_held_whole_is_refused_with_its_number(
    asked_store: Store, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(room, "MOST_HELD", 48)
    assert ask(APP, path).status_code == 200
    monkeypatch.setattr(room, "MOST_HELD", 47)
    refused = ask(APP, path)
    assert (refused.status_code, "content-disposition" in refused.headers) == (400, False)
    assert "un tel document tient 47 recommandations, et il y en a 48" in " ".join(refused.text.split())
    assert ask(APP, f"{path}?lang=en").text.startswith("Nothing is exported: such a document holds 47")
    assert ask(APP, "/suivi.xlsx").status_code == 200
