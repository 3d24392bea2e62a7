"""`python -m ccm …`: what it prints, where, its exit codes; one French sentence, never a traceback."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from ccm.cli.app import PROGRAM, program
from ccm.commands.one_time_links import open_link
from ccm.domain.dates import utc_now
from ccm.domain.vocabulary import LinkPurpose
from ccm.store import open_store
from tests.integration.acting import everything
from tests.support.machine import free_port

POSTGRESQL_IN_PROOF = True

Run = Callable[..., Result]
GOOD = "recommendation;entity;as_of;status;percent;note\nCCM7-A1-05;Diffa;31/03/2024;in_progress;50;é\n"
BAD = (
    "recommendation;entity;as_of;status;percent;note\n"
    'CCM7-A1-05;Diffa;31/03/2024;in_progress;50;"deux\nlignes"\n'
    "CCM7-A1-99;Diffa;31/03/2024;completed;99;\n"
)


def _invoke(*arguments: str, **environment: str | None) -> Result:
    return CliRunner().invoke(
        program(), list(arguments), prog_name=PROGRAM, env={"CCM_STORE": None, **environment}
    )


@pytest.fixture
def run(loaded_store_url: str) -> Run:
    """`run("figures", …)` on a store of this test's own, as the first start leaves it, on both engines."""
    return lambda *arguments: _invoke(*arguments, "--store", loaded_store_url)


@pytest.fixture
def sqlite_run(sqlite_store_url: str) -> Run:
    """As `run`, on SQLite, where the engine makes no difference."""
    return lambda *arguments: _invoke(*arguments, "--store", sqlite_store_url)


def _file(folder: Path, content: str, encoding: str = "utf-8") -> str:
    path = folder / "points.csv"
    path.write_bytes(content.encode(encoding))
    return str(path)


def _one_sentence(result: Result) -> str:
    """What stderr says, having checked that it is a refusal as it must be."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert "Traceback" not in lines[0]
    return lines[0]


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return json.loads(result.stdout)


def test_a_store_is_made_once_and_safely_again(store_url: str) -> None:
    first, second = _invoke("init", "--store", store_url), _invoke("--store", store_url, "init")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "7e session chargée" in first.stdout
    assert "à jour" in second.stdout


def test_the_store_is_named_after_the_command_before_it_or_in_the_environment(sqlite_store_url: str) -> None:
    arguments = ("figures", "--by", "session", "--format", "json")
    answers = [
        _invoke(*arguments, "--store", sqlite_store_url),
        _invoke("--store", sqlite_store_url, *arguments),
        _invoke(*arguments, CCM_STORE=sqlite_store_url),
        _invoke(*arguments, "--store", sqlite_store_url, CCM_STORE="sqlite:////nowhere/x.db"),
    ]
    assert [_json(answer)["plan"]["recommendations"] for answer in answers] == [48] * 4


def test_figures_of_the_real_session(run: Run) -> None:
    by_axis = _json(run("figures", "--by", "axis", "--format", "json"))
    assert [row["recommendations"] for row in by_axis["rows"]] == [6, 12, 15, 15]
    assert [row["key"] for row in by_axis["rows"]] == ["G", "A1", "A2", "A3"]
    assert by_axis["total"]["expected"] == 318
    regions = _json(run("figures", "--by", "region", "--format", "json"))["rows"]
    assert [row["key"] for row in regions] == [f"NE00{n}" for n in range(1, 9)]
    ministries = _json(run("figures", "--by", "ministry", "--format", "json"))
    assert ministries["total"]["unassigned"] == 4
    assert (ministries["total"]["recommendations"], ministries["plan"]["recommendations"]) == (10, 48)


def test_figures_before_the_session_are_none(sqlite_run: Run) -> None:
    answer = _json(sqlite_run("figures", "--by", "axis", "--as-of", "2022-08-04", "--format", "json"))
    assert answer["rows"] == []
    assert (answer["total"]["expected"], answer["total"]["completion"]) == (0, None)


def test_figures_for_people(sqlite_run: Run, tmp_path: Path) -> None:
    sqlite_run("user", "add", "Awa", "--role", "validator")
    sqlite_run("import", "reports", _file(tmp_path, GOOD), "--as", "Awa", "--validate")
    shown = sqlite_run("figures", "--by", "region", "--as-of", "2024-06-30").stdout
    assert "au 30/06/2024" in shown
    assert "Attendues" in shown
    diffa = next(line for line in shown.splitlines() if line.startswith("Diffa"))
    assert "1,4\N{NARROW NO-BREAK SPACE}%" in diffa
    provisional = sqlite_run("figures", "--by", "region", "--provisional")
    assert "provisoires" in provisional.stdout


def test_a_file_imported_twice_is_taken_and_said(sqlite_run: Run, tmp_path: Path) -> None:
    sqlite_run("user", "add", "Awa", "--role", "validator")
    again = ("import", "reports", _file(tmp_path, GOOD), "--as", "Awa", "--validate")
    first = sqlite_run(*again)
    assert "identique" not in first.stdout
    tried, second = sqlite_run(*again, "--dry-run"), sqlite_run(*again)
    assert "1 ligne identique à un point de situation déjà enregistré : ôtez-la du fichier" in tried.stdout
    assert "déjà enregistré : elle compte à la place" in second.stdout
    assert second.stdout.startswith(first.stdout.strip())
    assert (tried.exit_code, second.exit_code) == (0, 0)


def test_several_rows_imported_twice_are_said_in_the_plural(sqlite_run: Run, tmp_path: Path) -> None:
    sqlite_run("user", "add", "Awa", "--role", "validator")
    two = f"{GOOD.strip()}\n{GOOD.strip().splitlines()[1].replace('Diffa', 'Dosso')}\n"
    again = ("import", "reports", _file(tmp_path, two), "--as", "Awa", "--validate")
    sqlite_run(*again)
    assert "2 lignes identiques à " in sqlite_run(*again, "--dry-run").stdout
    assert "enregistrés : ôtez-les du fichier, ou elles" in sqlite_run(*again, "--dry-run").stdout
    assert "enregistrés : elles comptent à la place" in sqlite_run(*again).stdout


def test_the_state_of_a_person_is_said_in_french(sqlite_run: Run) -> None:
    sqlite_run("user", "add", "Awa", "--role", "validator")
    assert "activée" in sqlite_run("user", "list").stdout


def test_figures_as_csv(sqlite_run: Run) -> None:
    result = sqlite_run("figures", "--by", "axis", "--format", "csv")
    assert [row["key"] for row in csv.DictReader(io.StringIO(result.stdout))] == [
        "G", "A1", "A2", "A3", "total", "plan",
    ]  # fmt: skip


def test_a_whole_round(run: Run, tmp_path: Path) -> None:
    steps = [
        ("user", "add", "Awa", "--role", "validator"),
        ("user", "add", "Moussa", "--role", "focal_point", "--entity", "Diffa", "--entity", "NE001"),
        ("import", "reports", _file(tmp_path, GOOD), "--as", "Awa", "--validate", "--dry-run"),
        ("import", "reports", _file(tmp_path, GOOD), "--as", "Awa", "--validate"),
        ("session", "open", "8", "--political", "2024-05-05", "--technical", "01/05/2024"),
        ("export", "raw", "-o", str(tmp_path / "raw.json")),
        ("verify",),
    ]
    for step in steps:
        result = run(*step)
        assert result.exit_code == 0, result.output
        # A person's link stands alone on stdout, the words for it beside.
        assert (result.stderr == "") is (step[0] != "user")
    people = run("user", "list").stdout
    assert "Moussa" in people
    assert "NE001 NE002" in people
    total = _json(run("figures", "--by", "axis", "--format", "json"))["total"]
    assert (total["answered"], total["overdue"]) == (1, 318)
    raw = json.loads((tmp_path / "raw.json").read_text())
    assert [row["number"] for row in raw["sessions"]] == [7, 8]
    assert raw["reports"][0]["note"] == "é"
    known_at = raw["reports"][0]["validated_at"]
    before = run("figures", "--by", "axis", "--known-at", known_at, "--format", "json")
    assert _json(before)["known_at"] == known_at
    assert (_json(before)["total"]["answered"], _json(before)["total"]["overdue"]) == (1, 0)


def test_assignments_come_from_a_file(run: Run, tmp_path: Path) -> None:
    run("user", "add", "Awa", "--role", "administrator")
    file = _file(
        tmp_path, "recommendation\tentity\tweight\tnature\nCCM7-A1-05\tAgadès\t5\tcontinuous\n", "cp1252"
    )
    result = run("import", "assignments", file, "--as", "Awa")
    assert result.exit_code == 0, result.output
    assert "Windows-1252, vérifiez les accents : Agadès" in result.stdout
    assert "1 engagement modifié, 1 nature fixée" in result.stdout
    assert _json(run("figures", "--by", "axis", "--format", "json"))["total"]["continuous"] == 1


def test_a_day_that_is_still_to_come_is_said(run: Run, tmp_path: Path) -> None:
    run("user", "add", "Awa", "--role", "administrator")
    row = "recommendation,entity,weight,effective_on\nCCM7-A1-05,NE001,{},{}\n"
    for weight, day, said in ((4, "2099-01-31", True), (5, "2023-01-31", False)):
        result = run("import", "assignments", _file(tmp_path, row.format(weight, day)), "--as", "Awa")
        assert result.exit_code == 0, result.output
        assert ("ne prendra effet que le 31/01/2099" in result.stdout) is said


def test_a_change_from_before_the_adoption_is_said_to_have_no_effect(run: Run, tmp_path: Path) -> None:
    run("user", "add", "Awa", "--role", "administrator")
    rows = "recommendation,entity,role,weight,effective_on\nCCM7-A1-05,NE001,,7,2021-01-01\n"
    rows += "CCM7-A1-05,NE002,,7,2022-08-05\nCCM7-A3-10,NE001,responsible,,2021-01-01\n"
    before = _json(run("figures", "--by", "region", "--format", "json"))["rows"][0]
    result = run("import", "assignments", _file(tmp_path, rows), "--as", "Awa")
    assert result.exit_code == 0, result.output
    assert "1 changement d'avant l'adoption : sans effet" in result.stdout
    after = _json(run("figures", "--by", "region", "--format", "json"))["rows"][0]
    assert after["expected"] == before["expected"] + 1


def test_a_bad_file_is_refused_with_file_line_column_and_value(
    run: Run, loaded_store_url: str, tmp_path: Path
) -> None:
    run("user", "add", "Awa", "--role", "validator")
    store = open_store(loaded_store_url)
    before = everything(store)
    for more in ((), ("--dry-run",)):
        result = run("import", "reports", _file(tmp_path, BAD), "--as", "Awa", *more)
        assert result.exit_code == 2
        assert result.stdout == ""
        first, *others = result.stderr.strip().splitlines()
        assert "points.csv : 2 problèmes, rien n'a été enregistré" in first
        assert [line.split(" : ")[0] for line in others] == ["ligne 4, recommendation", "ligne 4, percent"]
        assert "« CCM7-A1-99 »" in others[0]
        assert "« 99 »" in others[1]
    assert everything(store) == before
    store.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("figures",), "Il manque --by"),
        (("figures", "--by"), "--by attend une valeur"),
        (("figures", "--by", "ville"), "« ville » n'est pas accepté : recommendation, axis"),
        (("figures", "--by", "axis", "--format", "xml"), "« xml » n'est pas accepté : table, json, csv"),
        (("figures", "--by", "axis", "--frmat", "json"), "L'option --frmat n'existe pas : --format"),
        (("figures", "--by", "axis", "json"), "« json » est de trop"),
        (("figures", "--by", "axis", "--provisional=oui"), "--provisional n'attend pas de valeur"),
        (("figures", "--by", "axis", "--session", "9"), "La session 9 n'est pas connue"),
        (("figures", "--by", "axis", "--session", "sept"), "« sept » n'est pas un nombre entier"),
        (("figures", "--by", "axis", "--as-of", "2024-02-30"), "--as-of : « 2024-02-30 » n'est pas une date"),
        (("figures", "--by", "axis", "--as-of", "0001-01-01"), "n'est pas une date"),
        (("figures", "--by", "axis", "--known-at", "2024-02-03"), "n'est pas un instant avec son décalage"),
        (("figures", "--by", "axis", "--known-at", "0001-01-01T00:00:00+14:00"), "n'est pas un instant"),
        (("figure", "--by", "axis"), "La commande « figure » n'existe pas : figures ?"),
        (("import", "points"), "La commande « points » n'existe pas"),
        (("import", "reports"), "Il manque FICHIER"),
        (("import", "reports", "absent.csv"), "Il manque --as"),
        (("import", "reports", "absent.csv", "--as", "Awa"), "absent.csv ne peut pas être lu : ce chemin"),
        (("import", "reports", ".", "--as", "Awa"), ". ne peut pas être lu : c'est un dossier"),
        (("import", "reports", __file__, "--as", "Awa", "--store", "x"), "« x » n'est pas l'adresse"),
        (("export", "raw"), "Il manque --output"),
        (("export", "raw", "-o", "."), "c'est un dossier"),
        (("user", "add", "Awa", "--role", "chef"), "« chef » n'est pas accepté : reader"),
        (("user", "add", "Awa"), "Il manque --role"),
        (("session", "open", "8"), "Il manque --political"),
        (("session", "open", "huit", "--political", "2024-05-05"), "« huit » n'est pas un nombre entier"),
        (("session", "open", "7", "--political", "2024-05-05"), "La session 7 existe déjà"),
        (("session", "open", "8", "--political", "2020-05-05"), "la session 7 est du 2022-08-05"),
        (("demo", "--size", "XL"), "« XL »"),
        (("demo",), "contient déjà des données"),
        (("serve", "--port", "x"), "« x » n'est pas un nombre entier"),
        (("serve", "--port", "99999"), "port 99999"),
        (("serve", "--host", "nulle.part.invalid"), "nulle.part.invalid"),
    ],
)
def test_what_is_given_wrong_ends_in_one_sentence(
    sqlite_store_url: str, arguments: tuple[str, ...], says: str
) -> None:
    assert says in _one_sentence(_invoke("--store", sqlite_store_url, *arguments))


def test_a_person_must_be_known_and_have_the_right(sqlite_run: Run, tmp_path: Path) -> None:
    file = _file(tmp_path, GOOD)
    assert "« Personne » n'est pas une personne connue" in _one_sentence(
        sqlite_run("import", "reports", file, "--as", "Personne")
    )
    sqlite_run("user", "add", "Awa", "--role", "reader")
    sqlite_run("user", "add", "Ali", "--role", "focal_point", "--entity", "NE001")
    assert "n'a pas le droit" in _one_sentence(sqlite_run("import", "reports", file, "--as", "Awa"))
    assert "ne répond que pour NE001" in _one_sentence(sqlite_run("import", "reports", file, "--as", "Ali"))
    named = _file(tmp_path, "recommendation,entity,weight\nCCM7-A1-05,NE001,2\n")
    assert "n'a pas le droit" in _one_sentence(sqlite_run("import", "assignments", named, "--as", "Ali"))


def test_figures_of_a_store_that_is_not_there_say_what_to_do(store_url: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    for command in (("figures", "--by", "axis"), ("verify",), ("user", "list"), ("export", "raw", "-o", "x")):
        assert "lancez « python -m ccm init --store " in _one_sentence(
            _invoke(*command, "--store", store_url)
        )
    assert sorted(tmp_path.iterdir()) == before


def test_a_store_of_a_newer_version_is_left_alone(loaded_store_url: str, engine: str) -> None:
    store = open_store(loaded_store_url)
    with store.schema() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    store.close()
    path = Path(loaded_store_url.removeprefix("sqlite:///"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if engine == "sqlite" else ""
    for command in (
        ("init",),
        ("figures", "--by", "axis"),
        ("verify",),
        ("serve", "--port", str(free_port())),
    ):
        said = _one_sentence(_invoke(*command, "--store", loaded_store_url))
        assert "version plus récente" in said
    if engine == "sqlite":
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("command", [("init",), ("figures", "--by", "axis"), ("verify",), ("demo",)])
def test_a_store_that_cannot_be_opened_ends_in_one_sentence(command: tuple[str, ...], tmp_path: Path) -> None:
    text_file = tmp_path / "notes.txt"
    text_file.write_text("pas une base " * 1000)
    addresses = {
        f"postgresql://personne@127.0.0.1:{free_port()}/rien": "ne répond pas",
        f"sqlite:///{tmp_path}": "ne peut pas être ouvert",
        f"sqlite:///{text_file}": "n'est pas un entrepôt SQLite",
        "oracle://x/y": "n'est pas l'adresse d'un entrepôt",
        "n'importe quoi": "n'est pas l'adresse d'un entrepôt",
    }
    for address, says in addresses.items():
        assert says in _one_sentence(_invoke(*command, "--store", address))


def test_a_store_that_may_only_be_read_ends_in_one_sentence(sqlite_store_url: str) -> None:
    path = sqlite_store_url.removeprefix("sqlite:///")
    address = f"sqlite:///file:{path}?mode=ro&uri=true"
    result = _invoke("user", "add", "Awa", "--role", "reader", "--store", address)
    assert "lecture seule" in _one_sentence(result)


def test_a_failed_check_is_exit_1(sqlite_store_url: str) -> None:
    store = open_store(sqlite_store_url)
    with store.schema() as connection:
        connection.execute(text("update assignment_state set weight = 9 where assignment_id = 1"))
    store.close()
    result = _invoke("verify", "--store", sqlite_store_url)
    assert result.exit_code == 1
    assert "À revoir  État courant et historique : CCM7-G-01/MI-D" in result.stdout
    assert _invoke("doctor", "--store", sqlite_store_url).exit_code == 0
    absent = _invoke("doctor", "--store", f"{sqlite_store_url}.absent")
    assert absent.exit_code == 1
    assert "À revoir  Entrepôt" in absent.stdout


def test_invented_data_says_so_everywhere(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'demo.db'}"
    made = _invoke("demo", "--size", "S", "--store", address)
    assert made.exit_code == 0, made.output
    assert "démonstration" in made.stdout
    assert _json(_invoke("figures", "--by", "axis", "--format", "json", "--store", address))["demo"] is True
    shown = _invoke("figures", "--by", "axis", "--store", address).stdout
    assert shown.startswith("DONNÉES DE DÉMONSTRATION")
    rows = csv.DictReader(
        io.StringIO(_invoke("figures", "--by", "axis", "--format", "csv", "--store", address).stdout)
    )
    assert {row["demo"] for row in rows} == {"true"}
    _invoke("export", "raw", "-o", str(tmp_path / "raw.json"), "--store", address)
    assert json.loads((tmp_path / "raw.json").read_text())["demo"] is True
    assert "inventées" in _invoke("doctor", "--store", address).stdout
    assert _invoke("verify", "--store", address).exit_code == 0
    assert "contient déjà des données" in _one_sentence(_invoke("demo", "--store", address))


@pytest.mark.parametrize("command", [(), ("figures",), ("import",), ("import", "reports"), ("serve",)])
def test_help_is_in_french(command: tuple[str, ...]) -> None:
    result = _invoke(*command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage : python -m ccm")
    assert "Affiche cette aide." in result.stdout
    for english in ("Show this", "[required]", "[default", "Options:", "Commands:"):
        assert english not in result.stdout


def test_a_person_is_added_with_the_link_of_their_first_password(
    sqlite_run: Run, sqlite_store_url: str
) -> None:
    result = sqlite_run("user", "add", " Awa ", "--role", "validator", "--address", "https://ccm.ne/")
    link = result.stdout.strip()
    assert link.startswith("https://ccm.ne/lien/")
    assert "24 heures" in result.stderr
    store = open_store(sqlite_store_url)
    with store.read() as connection:
        opened = open_link(connection, link.rpartition("/")[2], utc_now())
    store.close()
    assert (opened.name, opened.purpose) == ("Awa", LinkPurpose.FIRST_PASSWORD)
    assert link not in sqlite_run("user", "reset", "Awa").stdout
