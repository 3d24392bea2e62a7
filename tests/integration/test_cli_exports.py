"""`export csv|json|hxl|html|ics`: the register's files from the terminal."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ccm.cli.app import PROGRAM, program
from ccm.screens.exported import Form

FORMS = ("csv", "json", "hxl", "html", "ics")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program(), ["export", *arguments], prog_name=PROGRAM, env={"CCM_STORE": None})


@pytest.fixture
def demo_url(demo_template: Path, tmp_path: Path) -> str:
    """A demonstration of this test's own."""
    return f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'store.db')}"


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_written_at_the_day_and_in_the_language(
    demo_url: str, tmp_path: Path, form: str
) -> None:
    assert Form(form)
    path, other = tmp_path / f"fr.{form}", tmp_path / f"en.{form}"
    done = run(form, "-o", str(path), "--as-of", "2023-12-31", "--session", "7", "--store", demo_url)
    assert (done.exit_code, done.stdout) == (0, f"{path} : situation au 31/12/2023.\n")
    assert run(form, "-o", str(other), "--lang", "en", "--store", demo_url).exit_code == 0
    french, english = path.read_text(encoding="utf-8"), other.read_text(encoding="utf-8")
    assert french != english
    assert "échéance" in french.lower() or form in ("csv", "json")
    assert "CCM7-A1-05" in french
    if form == "json":
        told = json.loads(french)
        assert (told["as_of"], told["session"], len(told["rows"])) == ("2023-12-31", 7, 48)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--session", "99"), "« session=99 » ne se comprend pas"),
        (("--as-of", "hier"), "--as-of"),
        (("--as-of", "1999-01-01"), "« date=1999-01-01 »"),
        (("--lang", "de"), "écrivez fr ou en"),
        (("-o", "."), "c'est un dossier"),
    ],
)
def test_what_is_given_wrong_is_said_and_writes_nothing(
    sqlite_store_url: str, tmp_path: Path, options: tuple[str, str], said: str
) -> None:
    path = tmp_path / "registre.csv"
    done = run("csv", "-o", str(path), *options, "--store", sqlite_store_url)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not path.exists()
