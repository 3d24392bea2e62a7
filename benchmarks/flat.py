"""What a file costs as the store grows: its rows, processor and memory, each in a process of its own.

python -m benchmarks.flat [FOLDER]; size L takes ten minutes of processor to make, and its files half an hour.
"""

import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import chain, cycle, islice
from pathlib import Path
from typing import Any

import openpyxl

from benchmarks.exports import Sheet, read_back, write_alone
from benchmarks.stores import demonstration, in_folder
from ccm.auth import CONSOLE
from ccm.exports.raw import export_raw
from ccm.screens import view
from ccm.screens.exported import Form, exported
from ccm.store import Store, open_store
from tests.support.machine import most_held

SIZES = ("S", "M", "L")
#: What SQLite may keep, and sort within three times at once for a past day (see `ccm.store.engine`), and what
#: a file may hold beside it, in MiB.
CACHE, MOST = 4 * 8, 50
#: A day that is past: its rows are recomputed from the history of all that was said.
_BEFORE = {"date": "2024-03-31"}
#: The parameters of each file's address, and its form; None: the rows behind the figures.
FILES: dict[str, tuple[dict[str, str], Form | None]] = {
    "xlsx recommendations": ({}, Form.XLSX),
    "csv recommendations": ({}, Form.CSV),
    "json recommendations": ({}, Form.JSON),
    "xlsx answers": ({"vue": "reponses"}, Form.XLSX),
    "csv answers": ({"vue": "reponses"}, Form.CSV),
    "json answers": ({"vue": "reponses"}, Form.JSON),
    "csv recommendations, before": (_BEFORE, Form.CSV),
    "csv answers, before": ({"vue": "reponses", **_BEFORE}, Form.CSV),
    "csv hxl": ({}, Form.HXL),
    "xlsx tracking table": ({}, Form.TABLE_XLSX),
    "json raw": ({}, None),
}
_ALONE = "xlsx alone"


def main(folder: Path) -> None:
    """Print, for each size and file, its rows, the seconds, and the MiB above those of the process before."""
    print(f"{'file':30}{'rows':>9}{'CPU s':>8}{'MB':>7}{'budget MB':>11}{'XlsxWriter alone s':>20}{'MB':>7}")
    for size in SIZES:
        url, path = demonstration(size, folder), folder / "written"
        for name in FILES:
            found = _measured(url, name, path)
            rows, beside = int(found["rows"]), _beside(path, name, found["rows"])
            print(f"{f'{name}, {size}':30}{rows:>9}{_told(found)}{CACHE + MOST:>11}{beside}", flush=True)


def _told(found: dict[str, float], wide: int = 8) -> str:
    return f"{found['seconds']:>{wide}.1f}{found['held']:>7.1f}"


def _beside(path: Path, name: str, rows: float) -> str:
    """What XlsxWriter alone needs for as many rows, those at the head of the file over and over."""
    if not name.startswith("xlsx") or "table" in name:
        return ""
    return _told(_measured(str(int(rows)), _ALONE, path), 20)


def _measured(url: str, name: str, path: Path) -> dict[str, float]:
    parts = (sys.executable, "-m", "benchmarks.flat", url, name, str(path))
    done = subprocess.run(parts, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _one(url: str, name: str, path: Path) -> dict[str, float]:
    """Write one file in this process, which writes no other."""
    if name == _ALONE:
        with path.open("rb") as made:
            sheets = [_long(sheet, int(url)) for sheet in read_back(made, most=250)[:1]]
        return _cost(lambda: _alone(path.with_suffix(".alone"), sheets))
    with closing(open_store(url)) as store:
        written = _writing(store, name, path)
        found = _cost(written)
    return {**found, "rows": _rows(path, FILES[name][1])}


def _long(sheet: Sheet, rows: int) -> Sheet:
    head, *others = sheet[0]
    return chain([head], islice(cycle(others), rows)), sheet[1]


def _alone(path: Path, sheets: list[Sheet]) -> None:
    with path.open("wb") as file:
        write_alone(file, sheets)


def _writing(store: Store, name: str, path: Path) -> Callable[[], object]:
    parameters, form = FILES[name]
    # What a page has asked before: no part of the file.
    seen = view(store, CONSOLE, parameters)

    def write() -> None:
        with path.open("wb") as file:
            exported(seen, form or Form.CSV, parameters).write(file)

    return write if form else lambda: export_raw(store, path)


def _cost(write: Callable[[], object]) -> dict[str, float]:
    before, start = most_held(), time.process_time()
    write()
    return {"seconds": time.process_time() - start, "held": most_held() - before}


def _rows(path: Path, form: Form | None) -> int:
    """The rows below a file's heading; of JSON, those that stand on a line each."""
    if form in (Form.XLSX, Form.TABLE_XLSX):
        with path.open("rb") as made:
            sheet: Any = openpyxl.load_workbook(made, read_only=True).worksheets[0]
            return int(sheet.max_row) - 1
    with path.open(encoding="utf-8", newline="") as file:
        if form in (Form.CSV, Form.HXL):
            return sum(1 for _ in csv.reader(file)) - 1
        return sum(line.startswith("{") and line.rstrip().endswith(("}", "},")) for line in file)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(_one(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
    else:
        in_folder(main)
