"""The store a command speaks of: in memory, absent, named in advice; the default date of figures."""

import datetime as dt
import json
import shlex
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ccm.cli.app import PROGRAM, program
from ccm.domain.dates import today

IN_MEMORY = ("sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true")
COMMANDS = (
    ("init",),
    ("demo",),
    ("figures", "--by", "axis"),
    ("import", "reports", __file__, "--as", "Awa"),
    ("import", "assignments", __file__, "--as", "Awa"),
    ("export", "raw", "-o", "raw.json"),
    ("user", "add", "Awa", "--role", "reader"),
    ("user", "list"),
    ("session", "open", "8", "--political", "2024-05-05"),
    ("verify",),
    ("doctor",),
    ("serve",),
)


def _invoke(*arguments: str, **environment: str | None) -> Result:
    return CliRunner().invoke(
        program(), list(arguments), prog_name=PROGRAM, env={"CCM_STORE": None, **environment}
    )


def _one_sentence(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    (line,) = result.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_store_in_memory_is_refused(command: tuple[str, ...]) -> None:
    for address in IN_MEMORY:
        said = _one_sentence(_invoke(*command, "--store", address))
        assert f"« {address} » est un entrepôt en mémoire" in said


def test_the_advised_command_makes_the_store_that_was_meant(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'mon suivi.db'}"
    said = _one_sentence(_invoke("figures", "--by", "axis", "--store", address))
    advised = said.split("« ")[1].split(" »")[0]
    assert advised.startswith("python -m ccm init --store ")
    assert _invoke(*shlex.split(advised)[3:]).exit_code == 0
    assert _invoke("figures", "--by", "axis", "--store", address).exit_code == 0


def test_the_advised_command_is_short_where_the_environment_names_the_store(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'absent.db'}"
    for command in (("figures", "--by", "axis"), ("user", "list")):
        assert "lancez « python -m ccm init »" in _one_sentence(_invoke(*command, CCM_STORE=address))
    looked_at = _invoke("doctor", "--store", address).stdout
    assert f"« python -m ccm init --store {address} »" in looked_at


def test_advice_tells_no_password(tmp_path: Path) -> None:
    _invoke("init", "--store", f"sqlite:///{tmp_path / 'x.db'}")
    said = _one_sentence(_invoke("verify", "--store", "postgresql://awa:secret@127.0.0.1:1/base"))
    assert "secret" not in said


def _figures(address: str, *more: str) -> dict[str, object]:
    result = _invoke("figures", "--by", "axis", "--format", "json", "--store", address, *more)
    assert result.exit_code == 0, result.output
    answer: dict[str, object] = json.loads(result.stdout)
    return answer


def test_a_demonstration_stands_on_its_last_day_unless_a_date_is_given(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'demo.db'}"
    assert _invoke("demo", "--store", address).exit_code == 0
    answer = _figures(address)
    assert answer["as_of"] == "2024-06-30"
    assert answer == {**_figures(address, "--as-of", "2024-06-30"), "known_at": answer["known_at"]}
    assert _figures(address, "--as-of", "2023-06-30")["as_of"] == "2023-06-30"
    earlier = _figures(address, "--known-at", "2023-01-01T00:00:00+00:00")
    assert (earlier["as_of"], earlier["known_at"]) == ("2024-06-30", "2023-01-01T00:00:00.000000+00:00")
    assert earlier["total"] != answer["total"]
    _invoke("export", "raw", "-o", str(tmp_path / "raw.json"), "--store", address)
    assert json.loads((tmp_path / "raw.json").read_text())["as_of"] == "2024-06-30"


def test_a_store_of_real_data_stands_on_today(sqlite_store_url: str, tmp_path: Path) -> None:
    days = {today(), today() + dt.timedelta(days=1)}
    assert dt.date.fromisoformat(str(_figures(sqlite_store_url)["as_of"])) in days
    _invoke("export", "raw", "-o", str(tmp_path / "raw.json"), "--store", sqlite_store_url)
    assert dt.date.fromisoformat(json.loads((tmp_path / "raw.json").read_text())["as_of"]) in days


def test_a_port_that_is_taken_ends_in_one_sentence(sqlite_store_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = _one_sentence(_invoke("serve", "--port", port, "--store", sqlite_store_url))
    assert f"Le port {port} est déjà pris sur 127.0.0.1" in said
    assert "PORT=" in said


@pytest.mark.parametrize("command", [("init",), ("figures", "--by", "axis"), ("user", "list"), ("verify",)])
def test_a_damaged_store_ends_in_one_sentence(
    command: tuple[str, ...], sqlite_store_url: str, tmp_path: Path
) -> None:
    whole = Path(sqlite_store_url.removeprefix("sqlite:///")).read_bytes()
    damaged = tmp_path / "abime.db"
    for left in (100, len(whole) // 2):
        damaged.write_bytes(whole[:left])
        assert "est abîmé" in _one_sentence(_invoke(*command, "--store", f"sqlite:///{damaged}"))


def test_an_address_with_an_unknown_option_ends_in_one_sentence() -> None:
    address = "postgresql://awa:secret@127.0.0.1:1/base?inconnu=1"
    said = _one_sentence(_invoke("figures", "--by", "axis", "--store", address))
    assert "n'est pas l'adresse d'un entrepôt" in said
    assert "secret" not in said
