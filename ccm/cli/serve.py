"""`serve`: the dashboard as in production, as a process of its own."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from types import FrameType
from typing import Annotated
from urllib.parse import urlsplit

import typer

from ccm.cli import options
from ccm.cli.options import StoreOption, store_url
from ccm.cli.stores import any_store
from ccm.commands.first_load import initialise
from ccm.config import ROOT, settings
from ccm.domain.errors import CcmError
from ccm.queries.integrity import sqlite_file
from ccm.store import Store

_ENDS_WITHIN, _STARTS_WITHIN = 10.0, 60.0
_ALLOWED_HOSTS = "STREAMLIT_SERVER_ALLOWED_HOSTS"
#: Addresses that mean every interface of this machine: one browses by another name.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", metavar="ADRESSE", help="Adresse d'écoute.")] = "127.0.0.1",
    port: Annotated[str, typer.Option("--port", metavar="N", help="Port d'écoute.")] = "8501",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="N'ouvre pas le navigateur.")] = False,
    store: StoreOption = None,
) -> None:
    """Sert le tableau de bord jusqu'à Ctrl-C."""
    number = options.required(options.whole("--port", port))
    url = store_url(context, store)
    with any_store(url) as opened:
        initialise(opened)
        url = _wherever(opened, url)
    _refuse_taken(host, number)
    shown = _EVERYWHERE.get(host, host)
    address = f"http://[{shown}]:{number}" if ":" in shown else f"http://{shown}:{number}"
    typer.echo(f"Le tableau de bord est à l'adresse {address} (Ctrl-C pour l'arrêter).")
    sys.stdout.flush()
    raise typer.Exit(_run(host, number, url, None if no_browser else address))


def _wherever(store: Store, url: str) -> str:
    """The same store for a process that runs in another folder."""
    path = sqlite_file(store)
    return f"sqlite:///{path.resolve()}" if path else url


def _refuse_taken(host: str, port: int) -> None:
    try:
        if not 0 < port < 2**16:
            raise OverflowError("un port va de 1 à 65535")
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise CcmError(
                "Le port %(port)s est déjà pris sur %(host)s : arrêtez ce qui l'occupe, ou choisissez-en "
                "un autre avec --port (make run PORT=…).",
                host=host,
                port=port,
            ) from error
        raise CcmError(
            "On ne peut pas écouter sur %(host)s, port %(port)s (%(reason)s) : "
            "choisissez-en d'autres avec --host et --port.",
            host=host,
            port=port,
            reason=getattr(error, "strerror", None) or error,
        ) from error


def _run(host: str, port: int, url: str, browse: str | None) -> int:
    """Run Streamlit until it ends or somebody stops it; gives its exit code."""
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
    # Streamlit's own welcome is in English, and asks the Internet for this machine's address.
    command += ["--server.address", host, "--server.port", str(port), "--logger.hideWelcomeMessage", "true"]
    # What the environment says of the names stands; the store is the one that was asked for.
    environment = {_ALLOWED_HOSTS: " ".join(_names(host))} | os.environ | {"CCM_STORE": url}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:  # noqa: S603 - our own program
        # A service manager asks to end by SIGTERM: the child must end too.
        signal.signal(signal.SIGTERM, _interrupt)
        if browse:
            opening = threading.Thread(target=_open_when_ready, args=(process, browse), daemon=True)
            opening.start()
        try:
            return process.wait()
        except KeyboardInterrupt:
            return _end(process)


def _names(host: str) -> list[str]:
    """The names under which readers may reach the dashboard: others are refused."""
    names = ["localhost", "127.0.0.1", "::1"]
    if public := urlsplit(settings().address).hostname:
        names.append(public)
    if host not in _EVERYWHERE:
        return [*names, host]
    machine = socket.gethostname()
    try:
        addresses = [str(found[4][0]) for found in socket.getaddrinfo(machine, None)]
    except OSError:
        addresses = []
    return list(dict.fromkeys([*names, machine, socket.getfqdn(), *addresses]))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end(process: subprocess.Popen[bytes]) -> int:
    """Ask the child to end, insist after a while; what was asked for is no failure."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process.terminate()
    try:
        code = process.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    return max(code, 0)


def _open_when_ready(process: subprocess.Popen[bytes], address: str) -> None:
    if not _has_screen():
        return
    deadline = time.monotonic() + _STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        if _answers(address):
            webbrowser.open(address)
            return
        time.sleep(0.2)


def _has_screen() -> bool:
    """Whether there is a browser with a window: one in the terminal would take it over."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    in_terminal = isinstance(browser, webbrowser.GenericBrowser)
    return not in_terminal or isinstance(browser, webbrowser.BackgroundBrowser)


def _answers(address: str) -> bool:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
