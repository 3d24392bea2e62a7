"""Statements compiled for one store serve every other of its engine, as in the application's one store.

Each engine of SQLAlchemy compiles for itself; a test run opens hundreds, and most of its time went there.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.util import LRUCache

#: As many statements as a module of tests asks again; one takes about 100 kB.
_KEPT = 1_000


class _OfEngine(LRUCache[Any, Any]):
    """Compiled statements by the name of their dialect, where SQLAlchemy would look for its own object."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Let the stores of this process share what was compiled."""
    from ccm.store import engine

    shared = _OfEngine(_KEPT)

    def sharing(*address: Any, **options: Any) -> Engine:
        return create_engine(*address, execution_options={"compiled_cache": shared}, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_engine", sharing)
        yield
