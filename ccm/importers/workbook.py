"""A focal point's workbook that comes back: its stamp and rows, for the command that judges them."""

import datetime as dt
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import openpyxl

from ccm.commands.cells import shown, told
from ccm.commands.report_lines import ReportLine
from ccm.commands.workbook import TakeWorkbook
from ccm.commands.workbook_rows import ReturnedRow
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
#: What a stamp holds beside its format and the answers.
_NAMES = ("store", "entity", "known_at", "revision", "digest")
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_CARRIAGE_RETURN = re.compile("_x000d_", re.IGNORECASE)
#: A number format that multiplies by a hundred: a percent sign that is not quoted.
_QUOTED = re.compile(r'"[^"]*"|\\.')

_NOT_OURS = N_(
    "ce n'est pas un classeur que le tableau de bord remet, ou la feuille cachée qui dit d'où il vient a été "
    "ôtée : reprenez un classeur neuf"
)
_TOUCHED = N_("ce qui dit d'où vient le classeur a été modifié : reprenez un classeur neuf")
_NO_IDENTITY = N_(
    "les colonnes « %(hidden)s » et « %(seen)s » ne sont plus là, et rien ne dit de quelles réponses parlent "
    "les lignes : reprenez un classeur neuf"
)
_FORMULA = N_("la cellule contient une formule : tapez la valeur")
_ERROR = N_("la cellule contient une erreur de calcul (%(value)s) : tapez la valeur")
_UNKNOWN = N_("« %(value)s » n'est pas dans la liste : %(accepted)s")
_REPLACED = N_("« %(value)s » n'est pas un pourcentage entier : tapez un nombre de 0 à 100")

_CODES: Mapping[str, Iterable[StrEnum]] = {
    "status": REPORTABLE,
    "blocked_cause": tuple(BlockedCause),
    "dropped_kind": tuple(DroppedKind),
}


def returned(data: bytes, *, dry_run: bool = False) -> TakeWorkbook:
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
    table = _table(found)
    rows = tuple(filter(None, (_row(number, row, table.places, stamp) for number, row in table.rows)))
    gone = frozenset({"", "ref", *layout.FILLED} - table.places.keys())
    return TakeWorkbook(stamp, rows, dry_run=dry_run, gone=gone, unknown=table.unknown)


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
    if not all(name in said for name in ("format", "store", "entity")):
        raise rejected(_NOT_OURS)
    version = said.pop("format")
    if not _NUMBER.fullmatch(version):
        raise rejected(_TOUCHED)
    ours = int(version) == layout.FORMAT
    if not ours:
        said = _understood(said)
    if not all(name in said for name in _NAMES):
        raise rejected(_NOT_OURS)
    store, entity, known_at, revision, digest = (said.pop(name) for name in _NAMES)
    if not all(_NUMBER.fullmatch(number) for number in (revision, *filter(None, said.values()))):
        raise rejected(_TOUCHED)
    bases = {key: int(base) if base else None for key, base in said.items()}
    stamp = layout.Stamp(store, entity, known_at, int(revision), bases, digest, int(version))
    if stamp.sealed == digest:
        return stamp
    if ours:
        raise rejected(_TOUCHED)
    # Another version may seal otherwise: what was known when it left is then not believed.
    return replace(stamp, bases=dict.fromkeys(bases))


def _understood(said: Mapping[str, str]) -> dict[str, str]:
    """What this version understands of another's stamp: what it lacks is empty, what it adds is left out."""
    numbers = {name: text for name, text in said.items() if not text or _NUMBER.fullmatch(text)}
    bases = {key: base for key, base in numbers.items() if "/" in key}
    named = {name: said.get(name, "") for name in _NAMES}
    return {**named, "revision": numbers.get("revision") or "0", **bases}


@dataclass(frozen=True)
class _Table:
    """The sheet of answers: where each column stands, the headings that are none of ours, the rows below."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]
    rows: Cells


def _table(sheets: Sequence[Cells]) -> _Table:
    """The sheet whose headings say of which answers its rows speak."""
    found = _headed(sheets, lambda names: "" in names)
    found = found or _headed(sheets, lambda names: "ref" in names and not names.isdisjoint(layout.FILLED))
    if found is None:
        titles = layout.headings()
        raise rejected(_NO_IDENTITY, hidden=titles[""], seen=titles["ref"])
    return found


def _headed(sheets: Sequence[Cells], enough: Callable[[Set[str]], bool]) -> _Table | None:
    """The rows below the first one that has headings enough."""
    names = {fold(title): name for name, title in layout.headings().items()}
    for cells in sheets:
        for place, (_, row) in enumerate(cells[:_HEADINGS_WITHIN]):
            folded = [fold(_typed(cell.value)) for cell in row]
            places = {name: folded.index(title) for title, name in names.items() if title in folded}
            if enough(places.keys()):
                typed = (_plain(cell) for cell in row)
                unknown = tuple(shown(title) for title in typed if title and fold(title) not in names)
                return _Table(places, unknown, cells[place + 1 :])
    return None


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
