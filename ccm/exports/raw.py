"""`export raw`: the rows behind the figures, as JSON."""

import datetime as dt
import json
from pathlib import Path
from typing import TextIO

from ccm.exports.atomic import whole_file
from ccm.queries.ask import ask
from ccm.queries.raw import Section, raw_sections
from ccm.queries.scope import store_query
from ccm.store import Store


def export_raw(store: Store, path: Path, on: dt.date | None = None) -> dict[str, int]:
    """Write the store's rows to `path`, one to a line; gives the number of rows of each section.

    Flat rows hold what is in force `on` a day: else on that of figures asked without a date.
    """
    counts, day = {}, on or ask(store, store_query()).default_date
    with store.stream() as connection, whole_file(path) as file:
        before = "{\n"
        for section in raw_sections(connection, day):
            file.write(f"{before}{_json(section.name)}: ")
            if section.rows is None:
                file.write(_json(section.value))
            else:
                counts[section.name] = _write_rows(file, section)
            before = ",\n"
        file.write("\n}\n")
    return counts


def _write_rows(file: TextIO, section: Section) -> int:
    count, before = 0, "[\n"
    for row in section.rows or ():
        file.write(before + _json(row))
        count, before = count + 1, ",\n"
    file.write("\n]" if count else "[]")
    return count


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
