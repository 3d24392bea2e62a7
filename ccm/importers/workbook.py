"""A focal point's workbook that comes back: its stamp and rows, for the command that judges them."""

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from enum import StrEnum
from typing import Any

import openpyxl

from ccm.commands.cells import shown, told
from ccm.commands.report_lines import ReportLine
from ccm.commands.workbook import ReturnedRow, TakeWorkbook
from ccm.domain import workbook as layout
from ccm.domain.errors import Problem
from ccm.domain.folding import fold
from ccm.domain.labels import label
from ccm.domain.vocabulary import REPORTABLE, BlockedCause, DroppedKind
from ccm.i18n import DEFAULT_LOCALE, N_, translator
from ccm.importers.archives import broken, check_workbook, rejected

_MOST_ROWS, _MOST_COLUMNS, _MOST_SHEETS = 20_000, 200, 20
#: Above the headings nobody puts more.
_HEADINGS_WITHIN = 30
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_CARRIAGE_RETURN = re.compile("_x000d_", re.IGNORECASE)
#: A number format that multiplies by a hundred: a percent sign that is not quoted.
_QUOTED = re.compile(r'"[^"]*"|\\.')

_NOT_OURS = N_(
    "ce n'est pas un classeur que le tableau de bord remet, ou la feuille cachée qui dit d'où il vient a été "
    "ôtée : reprenez un classeur neuf"
)
_OTHER_FORMAT = N_(
    "ce classeur est d'une autre version (%(version)s), où une cellule peut vouloir dire autre chose : rien "
    "n'en est lu, reprenez un classeur neuf et recopiez-y vos réponses"
)
_TOUCHED = N_("ce qui dit d'où vient le classeur a été modifié : reprenez un classeur neuf")
_NO_COLUMN = N_("la colonne « %(name)s » n'est plus là : reprenez un classeur neuf")
_NO_IDENTITY = N_(
    "les colonnes « %(hidden)s » et « %(seen)s » ne sont plus là, et rien ne dit de quelles réponses parlent "
    "les lignes : reprenez un classeur neuf"
)
_BY_REFERENCE = N_(
    "la colonne cachée « %(hidden)s » n'est plus dans le classeur : chaque ligne est reconnue à sa référence "
    "(« %(seen)s »)"
)
_BY_IDENTITY = N_(
    "la colonne « %(seen)s » n'est plus dans le classeur : chaque ligne est reconnue à son identité cachée "
    "(« %(hidden)s »)"
)
_LOST_COLUMN = N_("la colonne « %(name)s » n'est plus dans le classeur : ce qu'elle demande manque")
_FORMULA = N_("la cellule contient une formule : tapez la valeur")
_ERROR = N_("la cellule contient une erreur de calcul (%(value)s) : tapez la valeur")
_UNKNOWN = N_("« %(value)s » n'est pas dans la liste : %(accepted)s")
_REPLACED = N_("« %(value)s » n'est pas un pourcentage entier : tapez un nombre de 0 à 100")

_CODES: Mapping[str, Iterable[StrEnum]] = {
    "status": REPORTABLE,
    "blocked_cause": tuple(BlockedCause),
    "dropped_kind": tuple(DroppedKind),
}


def returned(data: bytes, *, mine: Iterable[str] = (), dry_run: bool = False) -> TakeWorkbook:
    """The command that a workbook asks for; raises ImportRejected for a file that is none of ours."""
    check_workbook(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except Exception as error:
        # Whatever a broken file makes the library raise: it promises no list.
        raise broken() from error
    with closing(book):
        try:
            sheets = {sheet.title: sheet for sheet in book.worksheets[:_MOST_SHEETS]}
            kept = _cells(sheets[layout.STAMP]) if layout.STAMP in sheets else None
            found = [_cells(sheet) for title, sheet in sheets.items() if title != layout.STAMP]
        except Exception as error:
            raise broken() from error
    if kept is None:
        raise rejected(_NOT_OURS)
    stamp = _stamp(kept)
    rows, lost = _rows(found, stamp)
    return TakeWorkbook(stamp, rows, frozenset(mine), dry_run, lost)


Cells = list[tuple[int, list[Any]]]


def _cells(sheet: Any) -> Cells:
    """The rows of a sheet that hold something, with their numbers, within what is read at all."""
    # What a file says of its own size is not believed.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS)
    return [
        (number, list(row))
        for number, row in enumerate(rows, 1)
        if any(cell.value is not None for cell in row)
    ]


def _stamp(cells: Cells) -> layout.Stamp:
    said = {_typed(row[0].value): _typed(row[1].value) for _, row in cells if len(row) > 1}
    said |= {_typed(row[0].value): "" for _, row in cells if len(row) == 1}
    names = ("format", "store", "entity", "known_at", "revision", "digest")
    if not all(name in said for name in names):
        raise rejected(_NOT_OURS)
    version, store, entity, known_at, revision, digest = (said.pop(name) for name in names)
    if version != str(layout.FORMAT):
        raise rejected(_OTHER_FORMAT, version=shown(version))
    if not all(_NUMBER.fullmatch(number) for number in (revision, *filter(None, said.values()))):
        raise rejected(_TOUCHED)
    bases = {key: int(base) if base else None for key, base in said.items()}
    stamp = layout.Stamp(store, entity, known_at, int(revision), bases, digest)
    if stamp.sealed != digest:
        raise rejected(_TOUCHED)
    return stamp


def _rows(
    sheets: Sequence[Cells], stamp: layout.Stamp
) -> tuple[tuple[ReturnedRow, ...], tuple[Problem, ...]]:
    """The rows of the sheet that says of which answers they speak, and the columns that are missing."""
    found = _headings(sheets, "") or _headings(sheets, "ref", "status")
    if found is None:
        raise rejected(_NO_IDENTITY, **_who())
    places, cells = found
    if "status" not in places:
        raise rejected(_NO_COLUMN, name=_titles()["status"])
    lost = [Problem(_BY_REFERENCE, told(**_who()))] if "" not in places else []
    lost += [Problem(_BY_IDENTITY, told(**_who()))] if "ref" not in places else []
    gone = [title for cell, title in _titles().items() if cell in layout.FILLED and cell not in places]
    lost += [Problem(_LOST_COLUMN, told(name=name)) for name in gone]
    rows = (_row(number, row, places, stamp) for number, row in cells)
    return tuple(filter(None, rows)), tuple(lost)


def _headings(sheets: Sequence[Cells], *needed: str) -> tuple[dict[str, int], Cells] | None:
    """Where each column stands, and the rows below, by the first row that has these headings.

    What else a person added is not read.
    """
    asked = {cell: fold(title) for cell, title in _titles().items()}
    for cells in sheets:
        for place, (_, row) in enumerate(cells[:_HEADINGS_WITHIN]):
            folded = [fold(_typed(cell.value)) for cell in row]
            places = {cell: folded.index(title) for cell, title in asked.items() if title in folded}
            if all(cell in places for cell in needed):
                return places, cells[place + 1 :]
    return None


def _titles() -> dict[str, str]:
    """The heading of each column that is read: the identity, the reference, the cells to fill."""
    t = translator(DEFAULT_LOCALE).gettext
    titles = {"": layout.IDENTITY, "ref": t(layout.REFERENCE)}
    return titles | {cell: t(title).replace("%%", "%") for cell, title in layout.FILLED.items()}


def _who() -> dict[str, str]:
    """The names of the two columns that say which answer a row is."""
    return {"hidden": _titles()[""], "seen": _titles()["ref"]}


def _answer(reference: str, stamp: layout.Stamp) -> str:
    """The answer that a reference stands for in a workbook; none where it stands for several."""
    held = [key for key in stamp.bases if key.rpartition("/")[0] == reference]
    if not reference or len(held) > 1:
        return ""
    return held[0] if held else f"{reference}/{stamp.entity}"


def _row(
    number: int, row: Sequence[Any], places: Mapping[str, int], stamp: layout.Stamp
) -> ReturnedRow | None:
    """One row; None where nothing says which answer it is and nothing is filled in."""

    def at(cell: str) -> Any:
        place = places.get(cell)
        return row[place] if place is not None and place < len(row) else None

    problems: list[Problem] = []
    cells = dict(_filled(number, at, problems))
    identity, reference = (_plain(at(name)) for name in ("", "ref"))
    if "" not in places:
        identity = _answer(reference, stamp)
    if not identity and not any(cells.values()) and not problems:
        return None
    recommendation, _, entity = identity.rpartition("/")
    intact = reference == recommendation or not {"", "ref"} <= places.keys()
    line = ReportLine(recommendation=recommendation, entity=entity, line=number, **cells)
    return ReturnedRow(number, identity, intact, line, tuple(problems))


def _filled(number: int, at: Any, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    for cell in layout.FILLED:
        text, problem = _read(cell, at(cell))
        if problem is not None:
            problems.append(Problem(problem.message, problem.values, number, cell))
        yield cell, text


def _read(cell: str, given: Any) -> tuple[str, Problem | None]:
    """What a cell says, as a file of text would have it, or what is wrong with it."""
    value = None if given is None else given.value
    if value is None:
        return "", None
    if given.data_type == "f":
        return "", Problem(_FORMULA)
    if given.data_type == "e":
        return "", Problem(_ERROR, told(value=shown(str(value))))
    if cell == "percent" and isinstance(value, int | float) and not isinstance(value, bool):
        return _percent(value, str(given.number_format or ""))
    text = _typed(value)
    return _coded(cell, text) if cell in _CODES and text.strip() else (text, None)


def _percent(value: float, form: str) -> tuple[str, Problem | None]:
    """A number; the cell's form says whether 0.5 was typed as 50 %."""
    hundredfold = round(value * 100, 6) if "%" in _QUOTED.sub("", form) else value
    if not math.isfinite(hundredfold) or hundredfold != int(hundredfold):
        return "", Problem(_REPLACED, told(value=str(value).replace(".", ",")))
    return str(int(hundredfold)), None


def _coded(cell: str, text: str) -> tuple[str, Problem | None]:
    """The code of a word of a list, in French or as stored."""
    t = translator(DEFAULT_LOCALE)
    words = {code.value: label(code, t) for code in _CODES[cell]}
    for code, word in words.items():
        if fold(text) in (fold(word), code):
            return code, None
    return "", Problem(_UNKNOWN, told(value=shown(text), accepted=", ".join(words.values())))


def _plain(cell: Any) -> str:
    return "" if cell is None else _typed(cell.value).strip()


def _typed(value: object) -> str:
    """A value as text: a date is a day, whatever hour a spreadsheet gave it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _CARRIAGE_RETURN.sub("", str(value))
