"""Starts a private PostgreSQL cluster, and stops it when the test run has ended, however it ended.

A program of its own (`python -m tests.support.postgres_keeper RUN_FOLDER PROGRAMS`), so that neither Ctrl-C
nor a killed worker leaves a server behind: it waits for the lock that the run holds as long as it lives.
"""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.machine import free_port
from tests.support.run import alive_lock

_INITDB = ("--no-sync", "--auth=trust", "--username=ccm", "--encoding=UTF8", "--locale=C.UTF-8")
# Nothing here outlives the run, so nothing needs to reach the disk.
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off")


def main(run_folder: Path, programs: Path) -> None:
    """Start, say the port in `run_folder/port`, wait for the run's end, stop, remove."""
    cluster = run_folder / "cluster"
    cluster.mkdir(mode=0o700)
    account = _account()
    if account:
        os.chown(cluster, account["user"], account["group"])
    # Unmoved by the PG… variables of whoever runs the tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(cluster / "data"), *arguments]
        subprocess.run(command, check=True, cwd=cluster, env=environment, **account)

    try:
        run("initdb", *_INITDB)
        port = free_port()
        settings = " ".join(f"-c {setting}" for setting in _SETTINGS)
        run("pg_ctl", "-w", "-l", "log", "-o", f"-h 127.0.0.1 -p {port} -k '{cluster}' {settings}", "start")
    except BaseException:
        shutil.rmtree(cluster)
        raise
    try:
        # Renamed into place, so that nobody reads half a number.
        (run_folder / "port.new").write_text(str(port))
        (run_folder / "port.new").rename(run_folder / "port")
        with alive_lock(run_folder):
            pass
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(run_folder, ignore_errors=True)


def _account() -> dict[str, Any]:
    """The account PostgreSQL runs under where the tests are root's, which it refuses."""
    if os.geteuid() != 0:
        return {}
    entries = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = entries.get("postgres") or entries["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
