"""The program as a process: start-up, encodings, signals."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from ccm.cli.app import program
from tests.support.application import wait_for
from tests.support.machine import ROOT, free_port

#: What a command loads is what it needs: others wait for none of it.
OF_ITS_OWN = ("openpyxl", "xlsxwriter", "docx", "typst", "icalendar", "ccm.web", "ccm.exports.brief")
HEAVY = ("pandas", "plotly", "streamlit", "rich", "ccm.ui", "ccm.commands.demo.generation")


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(("commands", "absent"), [("", HEAVY), ("'figures'", HEAVY + OF_ITS_OWN)])
def test_the_terminal_starts_without_what_it_does_not_need(commands: str, absent: tuple[str, ...]) -> None:
    look = f"import sys; from ccm.cli.app import program; program({commands}); "
    look += f"print([name for name in {absent} if name in sys.modules])"
    assert _run("-c", look).stdout.decode().strip() == "[]"


def test_answers_and_refusals_are_utf_8_whatever_the_machine_speaks(sqlite_store_url: str) -> None:
    odd = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "CCM_STORE": sqlite_store_url}
    answer = _run("-m", "ccm", "figures", "--by", "region", "--format", "json", **odd)
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert "Tillabéri" in answer.stdout.decode("utf-8")
    refusal = _run("-m", "ccm", "figures", "--by", "été", **odd)
    assert (refusal.returncode, refusal.stdout) == (2, b"")
    assert "« été »" in refusal.stderr.decode("utf-8") or "n'est pas accepté" in refusal.stderr.decode(
        "utf-8"
    )


def test_a_relative_store_is_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(program(), ["init", "--store", "sqlite:///ici.db"])
    assert made.exit_code == 0, made.output
    assert (tmp_path / "ici.db").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_serve_serves_the_store_it_is_given_and_ends_when_asked(tmp_path: Path, stop: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "-m", "ccm", "serve", "--port", str(port), "--no-browser"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CCM_STORE": "sqlite:///mine.db"}
    # A run that a shell began in the background hands down that interrupts are ignored.
    handed_down = signal.signal(signal.SIGINT, signal.default_int_handler)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    signal.signal(signal.SIGINT, handed_down)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, tmp_path / "log")
        if stop is signal.SIGINT:
            second = _run(
                "-m", "ccm", "serve", "--port", str(port), CCM_STORE=f"sqlite:///{tmp_path / 'mine.db'}"
            )
            assert second.returncode == 2
            assert str(port) in second.stderr.decode()
        process.send_signal(stop)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert (tmp_path / "mine.db").exists()
    assert f"http://127.0.0.1:{port}" in (tmp_path / "log").read_text()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/_stcore/health", timeout=5)
