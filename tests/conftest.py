"""Fixtures for every test; each stands in its own module of tests.support."""

import os
from collections import Counter

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.support.run",
    "tests.support.compiled",
    "tests.support.postgres",
    "tests.support.stores",
    "tests.support.application",
    "tests.support.browser",
    "tests.support.office",
    "tests.support.accounts",
]

# In CI the same examples at each run; at home new ones. A first example that starts a database is slow.
settings.register_profile("home", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "home")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by what a test asks for, so that `-m 'not browser'` leaves nothing over.

    A module that says `POSTGRESQL_IN_PROOF` asks the same of both engines, and of PostgreSQL in `make proof`:
    what it stands on has tests of its own on both at each change. One that says `POSTGRESQL_ONE_IN = 4` asks
    every fourth of its tests of PostgreSQL at each change too: they send the same statements over and over.
    """
    marks = {
        "chromium": pytest.mark.browser,
        "office": pytest.mark.office,
        "postgres_server": pytest.mark.postgres,
    }
    asked = Counter[object]()
    for item in items:
        for fixture in marks.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(marks[fixture])
        if "postgresql" not in item.name:
            continue
        module = getattr(item, "module", None)
        rest = asked[module] % getattr(module, "POSTGRESQL_ONE_IN", 1)
        if rest or getattr(module, "POSTGRESQL_IN_PROOF", False):
            item.add_marker(pytest.mark.long)
        asked[module] += 1
