"""A table as CSV and JSON: the rows of a view, all its pages, one after the other."""

import csv
import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TextIO

from ccm.exports.columns import RECOMMENDATIONS, Column, Kind, Table, nearest
from ccm.exports.plain import inert


@dataclass(frozen=True)
class About:
    """What a file says of itself: the view that it was made of.

    `address` is that of the page which shows the same rows; `filters` what it keeps, in words; `asked` the
    parameters that say so.
    """

    as_of: dt.date
    address: str
    locale: str = "fr"
    session: int | None = None
    demo: bool = False
    provisional: bool = False
    table: Table = RECOMMENDATIONS
    filters: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its rows."""
        return self.table.columns


def write_csv(file: TextIO, rows: Iterable[Any], about: About) -> None:
    """One line a row under the columns' names; each says of which date it is, and of which store."""
    point = [about.as_of.isoformat(), _flag(about.demo), _flag(about.provisional)]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*(column.key for column in about.columns), "situation_on", "demo", "provisional"])
    for row in rows:
        cells = (column.read(row, about.as_of) for column in about.columns)
        kinds = (column.kind for column in about.columns)
        writer.writerow([*map(csv_cell, cells, kinds), *point])


def write_json(file: TextIO, rows: Iterable[Any], about: About) -> None:
    """One object: what the view is, then `rows`, one to a line."""
    head = {
        "view": about.table.key,
        "as_of": about.as_of.isoformat(),
        "session": about.session,
        "demo": about.demo,
        "provisional": about.provisional,
        "address": about.address,
        "asked": dict(about.asked),
    }
    file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": [')
    before = "\n"
    for row in rows:
        told = {column.key: _json_cell(column, row, about.as_of) for column in about.columns}
        file.write(before + json.dumps(told, ensure_ascii=False))
        before = ",\n"
    file.write("\n]}\n")


def csv_cell(value: Any, kind: Kind) -> str:
    """A cell as CSV has it: codes and dates as they are stored, percentages 0..100."""
    if value is None:
        return ""
    if kind is Kind.FLAG:
        return _flag(value)
    if kind is Kind.RATE:
        return repr(nearest(value))
    if kind is Kind.NAMES:
        return inert("; ".join(value))
    return inert(value) if kind is Kind.TEXT else str(value)


def _json_cell(column: Column, row: Any, as_of: dt.date) -> object:
    value: Any = column.read(row, as_of)
    if value is None or column.kind in (Kind.TEXT, Kind.COUNT, Kind.FLAG, Kind.CODE):
        return value
    if column.kind is Kind.RATE:
        return nearest(value)
    return list(value) if column.kind is Kind.NAMES else str(value)


def _flag(value: object) -> str:
    return "true" if value else "false"
