"""Demonstration stores made once per measurement folder."""

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
