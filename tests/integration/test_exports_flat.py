"""What a file of the register holds in memory does not grow with the plan: its rows are handed on as read."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from ccm.auth import CONSOLE
from ccm.commands.demo import generate, generation
from ccm.domain.figures import Figures
from ccm.metrics import At
from ccm.queries import whole
from ccm.queries.ask import ask
from ccm.queries.scope import store_query
from ccm.queries.whole import Whole
from ccm.screens import view
from ccm.screens.exported import Form, exported
from ccm.store import Store, open_store
from tests.support.stores import Templates

Rows = Callable[[Whole, Connection], Iterator[object]]
#: How many recommendations two plans have, and how many sessions were invented for them.
FEW, MANY = (700, 6), (1_400, 13)


@pytest.mark.parametrize("rows", [Whole.recommendations, Whole.tracking])
def test_no_more_figures_are_held_than_those_of_a_batch(
    demo: Store, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    monkeypatch.setattr(whole, "_BATCH", 5)
    at = At(ask(demo, store_query()).default_date)
    with demo.read() as connection:
        before, found = _figures(), rows(Whole(at), connection)
        held = [_figures() - before for number, _ in enumerate(found) if not number % 12]
    assert max(held) <= 10 < 12 * len(held)


def _figures() -> int:
    return sum(type(one) is Figures for one in gc.get_objects())


@pytest.mark.long
def test_a_larger_tracking_table_takes_no_more_memory(templates: Templates, tmp_path: Path) -> None:
    """But for what is merged, which stands at the end of a sheet; a table held whole adds 5 kB a row."""
    held = []
    for recommendations, sessions in (FEW, MANY):
        name, make = f"plan_of_{recommendations}", _plan(recommendations, sessions)
        with templates.copied("sqlite", name, make, tmp_path) as url:
            store = open_store(url)
            held.append(_held(store, tmp_path / "file"))
            store.close()
    assert (held[1] - held[0]) / (MANY[0] - FEW[0]) < 3_000


def _plan(recommendations: int, sessions: int) -> Callable[[str], None]:
    def make(url: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            size = generation._Size(recommendations, 4 * recommendations, sessions)
            patch.setitem(generation._SIZES, "M", size)
            store = open_store(url)
            generate(store, "M")
            store.close()

    return make


def _held(store: Store, path: Path) -> int:
    """The bytes held at most while the table is written."""

    def write() -> None:
        with path.open("wb") as file:
            exported(view(store, CONSOLE, {}), Form.TABLE_XLSX, {}).write(file)

    # What is kept from one file to the next, as statements are, is no part of it.
    write()
    gc.collect()
    tracemalloc.start()
    write()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
