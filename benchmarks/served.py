"""A Streamlit server as a process, and a reader that speaks its protocol without a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(script: str, store: str = "", *, stock: bool = False) -> Iterator[tuple[int, psutil.Process]]:
    """The port and process of a server running `script` (relative to the project) over a store.

    `stock`: a full collection after each run, as Streamlit does where nobody sets it otherwise.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    if stock:
        command += ["--runner.postScriptGC", "true"]
    environment = {**os.environ, **({"CCM_STORE": store} if store else {})}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise SystemExit(f"the server stopped by itself (exit {process.returncode})")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)
    raise SystemExit("the server did not answer within 20 s")


class Reader(ExitStack):
    """One session: opens a page, then runs it again as a click would; left, it is closed."""

    def __init__(self, port: int, page: str = "", query: str = "") -> None:
        super().__init__()
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        opening = connect(
            address,
            subprotocols=["streamlit"],
            max_size=None,
            compression=None,
            origin=f"http://127.0.0.1:{port}",
        )
        self.socket: ClientConnection = self.enter_context(opening)
        self.page, self.query, self.page_hash = page, query, ""
        self.held: list[str] = []

    def run(self) -> int:
        """Run the page once more; the bytes received for it."""
        message = BackMsg()
        message.rerun_script.page_name = "" if self.page_hash else self.page
        message.rerun_script.page_script_hash = self.page_hash
        message.rerun_script.query_string = self.query
        # As a browser does: what it holds already need not be sent again.
        message.rerun_script.cached_message_hashes.extend(self.held)
        self.socket.send(message.SerializeToString())
        received, held = 0, []
        while True:
            data = self.socket.recv(timeout=120)
            if isinstance(data, str):
                raise SystemExit("a text frame where Streamlit sends binary ones")
            received += len(data)
            answer = ForwardMsg()
            answer.ParseFromString(data)
            kind = answer.WhichOneof("type")
            if kind == "ref_hash":
                held.append(answer.ref_hash)
            elif answer.metadata.cacheable:
                held.append(answer.hash)
            # The router's answer, not the session's: that one names the router itself.
            if kind == "navigation":
                self.page_hash = answer.navigation.page_script_hash
            if kind == "script_finished":
                self.held = held
                return received


@dataclass(frozen=True)
class Measured:
    """Milliseconds of the server's CPU for one rerun, and bytes sent before compression."""

    milliseconds: float
    received: int


class Page(ExitStack):
    """A page of a server with one reader on it, already at ease: the first runs are not measured."""

    def __init__(self, port: int, process: psutil.Process, page: str = "", query: str = "") -> None:
        super().__init__()
        self._process = process
        self._reader = self.enter_context(Reader(port, page, query))
        before = self._spent()
        self._reader.run()
        #: Milliseconds of CPU until the page was there for the first time.
        self.first = 1000 * (self._spent() - before)
        for _ in range(5):
            self._reader.run()

    def measure(self, runs: int) -> Measured:
        """Run the page again, so many times."""
        before = self._spent()
        received = sum(self._reader.run() for _ in range(runs))
        return Measured(1000 * (self._spent() - before) / runs, received // runs)

    def _spent(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)
