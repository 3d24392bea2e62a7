"""A store for requests that only read it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def read_store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The application's store as the first start leaves it, for all tests of a module."""
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path_factory.mktemp('read') / 'store.db')}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCM_STORE", url)
        yield
