"""What a file of the register holds in memory does not grow with the plan: its rows are handed on as read."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ccm.auth import CONSOLE
from ccm.commands.demo import generate, generation
from ccm.exports.raw import export_raw
from ccm.queries import raw, whole
from ccm.screens import view
from ccm.screens.exported import Form, exported
from ccm.store import Store, open_store
from tests.support.stores import Templates

#: How many recommendations the two plans have, and how many sessions were invented for them.
FEW, MANY = (700, 6), (1_400, 13)


def _plan(recommendations: int, sessions: int) -> Callable[[str], None]:
    def make(url: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            size = generation._Size(recommendations, 4 * recommendations, sessions)
            patch.setitem(generation._SIZES, "M", size)
            store = open_store(url)
            generate(store, "M")
            store.close()

    return make


@pytest.fixture(scope="module")
def plans(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """A small plan and one twice as large."""
    folder = tmp_path_factory.mktemp("plans")
    with (
        templates.copied("sqlite", "plan_of_700", _plan(*FEW), folder) as few,
        templates.copied("sqlite", "plan_of_1400", _plan(*MANY), folder) as many,
    ):
        opened = open_store(few), open_store(many)
        yield opened
        for store in opened:
            store.close()


@pytest.fixture(autouse=True)
def batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many rows at once as fit several times into the smaller plan."""
    monkeypatch.setattr(whole, "_BATCH", 50)
    monkeypatch.setattr(raw, "_ROWS_AT_ONCE", 100)


@pytest.mark.parametrize(
    ("form", "most"),
    [
        (Form.CSV, 500),
        pytest.param(Form.XLSX, 500, marks=pytest.mark.long),
        # What is merged in a sheet stands at its end.
        pytest.param(Form.TABLE_XLSX, 3_000, marks=pytest.mark.long),
    ],
)
def test_a_larger_plan_takes_no_more_memory(
    plans: tuple[Store, Store], tmp_path: Path, form: Form, most: int
) -> None:
    def write(store: Store) -> None:
        with (tmp_path / "file").open("wb") as file:
            exported(view(store, CONSOLE, {}), form, {}).write(file)

    assert _added(plans, write) < most


def test_nor_do_the_rows_behind_the_figures(plans: tuple[Store, Store], tmp_path: Path) -> None:
    assert _added(plans, lambda store: export_raw(store, tmp_path / "file")) < 200


def _added(plans: tuple[Store, Store], write: Callable[[Store], object]) -> float:
    """The bytes that each further recommendation adds to what is held at most; batches differ a little."""
    few, many = (_held(write, store) for store in plans)
    return (many - few) / (MANY[0] - FEW[0])


def _held(write: Callable[[Store], object], store: Store) -> int:
    # What is kept from one file to the next, as statements are, is no part of it.
    write(store)
    # What is no more used is let go of at once, and not when the rest of the process has grown by a quarter.
    gc.collect()
    gc.freeze()
    gc.collect()
    tracemalloc.start()
    write(store)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    gc.unfreeze()
    return peak
