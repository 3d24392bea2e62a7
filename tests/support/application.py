"""The application as a process, as `streamlit run dashboard.py` starts it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.machine import ROOT, free_port

_STARTS_WITHIN = 60


@contextmanager
def serving(store_url: str, log: Path, script: str = "dashboard.py") -> Iterator[str]:
    """Run the application on a store, its output in `log`; gives its address, without a final slash."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    environment = os.environ | {"CCM_STORE": store_url}
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for(f"{address}/_stcore/health", process, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the application answers at this address; fails with its log where it ends, or takes too long."""
    deadline = time.monotonic() + _STARTS_WITHIN
    with httpx.Client(timeout=5) as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if client.get(url).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
    raise RuntimeError(f"the application did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """`server(store_url)` runs the application until the test ends and gives its address."""
    with ExitStack() as running:
        yield lambda store_url: running.enter_context(serving(store_url, tmp_path / "application.log"))


@contextmanager
def _serving_a_copy(template: Path, folder: Path) -> Iterator[str]:
    copy = shutil.copyfile(template, folder / "store.db")
    with serving(f"sqlite:///{copy}", folder / "application.log") as address:
        yield address


# To start one takes longer than most of what is asked of it: all that only read share theirs.
@pytest.fixture(scope="session")
def application(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one application, as the first start leaves it, for all tests that only read."""
    with _serving_a_copy(sqlite_template, tmp_path_factory.mktemp("application")) as address:
        yield address


@pytest.fixture(scope="session")
def demonstration_application(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one application on a demonstration, for all tests that only read."""
    with _serving_a_copy(demo_template, tmp_path_factory.mktemp("demonstration")) as address:
        yield address
