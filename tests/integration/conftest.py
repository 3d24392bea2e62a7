"""Fixtures of these tests."""

from collections.abc import Iterator

import pytest

from ccm.store import Store, open_store


@pytest.fixture
def sqlite_store(sqlite_store_url: str) -> Iterator[Store]:
    """An open SQLite store, where the engine makes no difference to what is tested."""
    opened = open_store(sqlite_store_url)
    yield opened
    opened.close()
