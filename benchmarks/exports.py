"""Excel of the register at size M, beside XlsxWriter alone writing the same cells; what is held in memory.

python -m benchmarks.exports [FOLDER]
"""

import io
import time
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from xlsxwriter import Workbook

from benchmarks.stores import demonstration, in_folder
from ccm.auth import CONSOLE
from ccm.screens import view
from ccm.screens.exported import Form, exported
from ccm.store import Store, open_store

#: Requirement: at most this many times what XlsxWriter needs for the same cells.
MOST = 2.0
_ROUNDS = 2
#: The rows of a sheet, and the number format of each column.
Sheet = tuple[Iterable[tuple[Any, ...]], list[str]]


def main(folder: Path) -> None:
    """Print the times of both, their ratio, and what is held in memory."""
    store = open_store(demonstration("M", folder))
    for parameters in ({}, {"vue": "reponses"}):
        _compare(store, parameters)
    store.close()


def _compare(store: Store, parameters: dict[str, str]) -> None:
    def ours(file: BinaryIO) -> None:
        exported(view(store, CONSOLE, parameters), Form.XLSX, parameters).write(file)

    made = io.BytesIO()
    ours(made)
    sheets = read_back(made)
    times = {"ours": min(_timed(ours) for _ in range(_ROUNDS))}
    times["alone"] = min(_timed(lambda file: write_alone(file, sheets)) for _ in range(_ROUNDS))
    ratio = times["ours"] / times["alone"]
    tracemalloc.start()
    ours(io.BytesIO())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    name = parameters.get("vue", "recommandations")
    print(
        f"xlsx M {name}: {len(list(sheets[0][0])) - 1} rows x {len(sheets[0][1])} columns, "
        f"{len(made.getvalue()) // 1024} kB; "
        f"{times['ours']:.2f} s, XlsxWriter alone {times['alone']:.2f} s, ratio {ratio:.2f} "
        f"(at most {MOST}: {'ok' if ratio <= MOST else 'TOO SLOW'}) of processor; peak {peak / 2**20:.1f} MiB"
    )


def read_back(made: BinaryIO, most: int | None = None) -> list[Sheet]:
    """Of each sheet, the cells (of its first rows), and how those of each column are shown."""
    book = openpyxl.load_workbook(made, read_only=True)
    return [
        (
            [tuple(cell.value for cell in row) for row in sheet.iter_rows(max_row=most)],
            [cell.number_format or "General" for cell in next(sheet.iter_rows(min_row=2, max_row=2))],
        )
        for sheet in book
    ]


def _timed(write: Callable[[BinaryIO], None]) -> float:
    file = io.BytesIO()
    start = time.process_time()
    write(file)
    return time.process_time() - start


def write_alone(file: BinaryIO, sheets: list[Sheet]) -> None:
    """The same cells, shown the same, as whoever has them in memory would write them."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        for rows, formats in sheets:
            sheet = book.add_worksheet()
            shown = [book.add_format({"num_format": name}) for name in formats]
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value, shown[column])


if __name__ == "__main__":
    in_folder(main)
