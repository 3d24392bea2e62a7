"""Demonstration stores made once per measurement folder."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from ccm.commands.demo import generate
from ccm.store import open_store


def demonstration(size: str, folder: Path, name: str = "demo") -> str:
    """The URL of a demonstration store of this size, made where it is absent."""
    path = folder / f"{name}-{size}.db"
    url = f"sqlite:///{path}"
    if not path.exists():
        store = open_store(url)
        generate(store, size=size, seed=7)
        store.close()
    return url


def in_folder(main: Callable[[Path], None]) -> None:
    """Run a measurement over the stores of the folder that the command names, or of one that goes with it."""
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory(prefix="ccm-bench-") as folder:
        main(Path(folder))
