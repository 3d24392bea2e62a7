"""The file itself: its four sheets, of which two are out of sight."""

import io
from typing import Any

import xlsxwriter

from ccm.domain import workbook as layout
from ccm.domain.labels import label
from ccm.domain.reporting import accepted_statuses
from ccm.domain.vocabulary import BlockedCause, DroppedKind, Nature
from ccm.exports.plain import printable
from ccm.exports.workbook.answers import Answers
from ccm.exports.workbook.guide import guide
from ccm.i18n import DEFAULT_LOCALE, translator
from ccm.queries.workbook import Workbook
from ccm.render.sentences.answer_form import ASKED

#: What people type is text, whatever it starts with.
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def file_name(found: Workbook) -> str:
    """What the file is called where it is downloaded."""
    kind = "-demonstration" if found.demo else ""
    return f"reponses-{found.entity.key}-{found.as_of.isoformat()}{kind}.xlsx"


def workbook(found: Workbook) -> bytes:
    """The workbook of one entity, in French."""
    t = translator(DEFAULT_LOCALE)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**INERT, "in_memory": True})
    book.set_properties(
        {"title": printable(f"{found.entity.name} · {layout.ANSWERS}"), "author": "", "company": "CCM"}
    )
    sheet = book.add_worksheet(layout.ANSWERS)
    guide(book, found)
    lists = _lists(book, found, t)
    Answers(book, sheet, found, lists).write()
    _stamp(book, found.stamp)
    sheet.activate()
    book.close()
    return file.getvalue()


def _lists(book: Any, found: Workbook, t: Any) -> dict[str, str]:
    """The sheet of the words to choose from; the range of each list, as a validation names it."""
    statuses = {
        nature: [label(status, t) for status in ASKED if status in accepted_statuses(nature)]
        for nature in Nature
    }
    columns: dict[str, list[str]] = {
        **{f"status-{nature}": words for nature, words in statuses.items()},
        "blocked_cause": [label(cause, t) for cause in BlockedCause],
        "blocked_by": [one.short_name for one in found.lifters],
        "dropped_kind": [label(kind, t) for kind in DroppedKind],
    }
    sheet = book.add_worksheet(layout.LISTS)
    ranges: dict[str, str] = {}
    for place, (name, words) in enumerate(columns.items()):
        letter = "ABCDEFGH"[place]
        for number, word in enumerate(words):
            sheet.write_string(number, place, printable(word))
        ranges[name] = f"='{layout.LISTS}'!${letter}$1:${letter}${len(words)}"
    sheet.protect()
    sheet.very_hidden()
    return ranges


def _stamp(book: Any, stamp: layout.Stamp) -> None:
    """What the workbook was made from, so that what comes back is known for what it is."""
    sheet = book.add_worksheet(layout.STAMP)
    told = {
        "format": str(stamp.format),
        "store": stamp.store_uuid,
        "entity": stamp.entity,
        "known_at": stamp.known_at,
        "revision": str(stamp.revision),
        "digest": stamp.sealed,
    }
    rows = [*told.items(), *((key, str(base or "")) for key, base in stamp.bases.items())]
    for number, (name, value) in enumerate(rows):
        sheet.write_string(number, 0, name)
        sheet.write_string(number, 1, value)
    sheet.protect()
    sheet.very_hidden()
