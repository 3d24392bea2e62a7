"""What this machine offers the tests, and what happens where it does not."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]


def chromium_program() -> str | None:
    """The Chromium that tests drive, if there is one; the shell without windows costs a third less."""
    found = map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's `initdb` and `pg_ctl`, the newest where there are several."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    return next((path for path in [*folders, *reversed(debian)] if (path / "pg_ctl").exists()), None)


def office_program() -> str | None:
    """LibreOffice, if its Writer and Calc are here, and a font as wide as Word's: pages else differ."""
    found, match = shutil.which("soffice") or shutil.which("libreoffice"), shutil.which("fc-match")
    if not found or not match:
        return None
    parts = (Path(found).resolve().parent / name for name in ("libswlo.so", "libsclo.so"))
    font = subprocess.run([match, "Calibri"], capture_output=True, text=True, check=True).stdout
    return found if all(part.exists() for part in parts) and "Carlito" in font else None


def leave_out(reason: str) -> NoReturn:
    """Skip this test for a plain reason; under CI=true no test may be left out, so fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def most_held() -> float:
    """The most memory that this process ever held, in MiB; what `getrusage` says begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024
