"""One test run: a folder that all its workers share, and a lock that is held as long as it lasts."""

import gc
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

_FOLDER = pytest.StashKey[Path]()
_ALIVE = pytest.StashKey[FileLock]()


def alive_lock(folder: Path) -> FileLock:
    """Held by the run; free as soon as the run has ended, in whatever way."""
    return FileLock(folder / "alive.lock")


def once(folder: Path, name: str, make: Callable[[], None]) -> None:
    """Let one worker make what all of them use; the others wait for it."""
    done = folder / f"{name}.made"
    with FileLock(folder / f"{name}.lock"):
        if not done.exists():
            make()
            done.touch()


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder, or learn from the controller where it is."""
    if hasattr(config, "workerinput"):
        config.stash[_FOLDER] = Path(config.workerinput["run_folder"])
        return
    folder = Path(tempfile.mkdtemp(prefix="ccm-tests-"))
    # PostgreSQL, under an account of its own, must reach the cluster inside.
    folder.chmod(0o711)
    config.stash[_FOLDER] = folder
    config.stash[_ALIVE] = alive_lock(folder)
    config.stash[_ALIVE].acquire()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not walk through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist where the folder is."""
    node.workerinput["run_folder"] = str(node.config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run: whoever waits for the lock cleans up, then the folder goes."""
    lock = config.stash.get(_ALIVE, None)
    if lock is None:
        return
    folder = config.stash[_FOLDER]
    lock.release()
    deadline = time.monotonic() + 30
    while (folder / "cluster").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder(pytestconfig: pytest.Config) -> Path:
    """The folder that all workers of this run share."""
    return pytestconfig.stash[_FOLDER]
