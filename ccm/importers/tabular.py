"""Tables as text (CSV): bytes to a heading and records, whatever the encoding and the delimiter."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ccm.domain.errors import ImportRejected, Problem
from ccm.domain.folding import fold

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
_DELIMITERS = ";,\t"
_MOST_NAMED = 10
_LONGEST_HEADING = 10_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: First bytes of the files that a spreadsheet program writes when it is not asked for CSV.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Columns:
    """The headings a table may have, and those it must have."""

    accepted: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """One record: the line it starts on (the heading's being 1), and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """The records of a file, what is wrong with their shape, and how the file was read."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    encoding: str


def read(data: bytes, columns: Columns) -> Table:
    """The table in a CSV file; raises ImportRejected, in plain words, for what is none."""
    _refuse_foreign(data)
    text, encoding = _decoded(data)
    problems: list[Problem] = []
    rows = _rows(text, _delimiter(text, columns), problems)
    heading = next(rows, None)
    if heading is None:
        raise _rejected(*problems or [Problem("le fichier est vide : une ligne de titres est attendue")])
    names = _names(*heading, columns, problems)
    records = tuple(_record(line, cells, names, columns, problems) for line, cells in rows)
    return Table(records, tuple(problems), encoding)


def _rejected(*problems: Problem) -> ImportRejected:
    return ImportRejected(list(problems))


def _refuse_foreign(data: bytes) -> None:
    if len(data) > LARGEST_FILE:
        raise _rejected(Problem("le fichier dépasse 10 Mo : partagez-le en plusieurs"))
    if data.startswith(_WORKBOOKS):
        raise _rejected(
            Problem(
                "c'est un classeur ; cette commande lit le CSV pour l'instant : "
                "enregistrez la feuille au format CSV"
            )
        )


def _decoded(data: bytes) -> tuple[str, str]:
    """The text and its encoding: a byte order mark decides, then strict UTF-8, else Windows-1252."""
    marked = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            raise _rejected(
                Problem(
                    "un octet nul s'y trouve, ce n'est pas du texte : enregistrez le fichier en UTF-8",
                    line=line,
                )
            )
        return text, encoding
    raise _rejected(Problem("l'encodage n'est pas reconnu : enregistrez le fichier en UTF-8"))


def _delimiter(text: str, columns: Columns) -> str:
    """The delimiter that makes most sense of the heading."""
    heading = next((line for line in io.StringIO(text, newline="") if line.strip("\r\n\t ;,")), "")

    def sense(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([heading[:_LONGEST_HEADING]], delimiter=delimiter), [])
        return sum(_column(cell) in columns.accepted for cell in cells), len(cells)

    return max(_DELIMITERS, key=sense)


def _rows(text: str, delimiter: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with the line it starts on; those before the one that is broken."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start, found = 1, 0
    try:
        for cells in reader:
            if any(cell and not cell.isspace() for cell in cells):
                found += 1
                if found > MOST_ROWS + 1:
                    raise _rejected(Problem("le fichier dépasse 20 000 lignes : partagez-le en plusieurs"))
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(_broken(start, str(error)))


def _broken(line: int, reason: str) -> Problem:
    if "unexpected end of data" in reason:
        return Problem("un guillemet s'ouvre ici et ne se referme jamais", line=line)
    if "field larger" in reason:
        return Problem("une cellule est démesurée : un guillemet y est peut-être resté ouvert", line=line)
    return Problem("un guillemet est mal placé : doublez ceux qui sont dans une cellule", line=line)


def _column(heading: str) -> str:
    return fold(heading).replace(" ", "_").replace("-", "_")


def _names(line: int, heading: Sequence[str], columns: Columns, problems: list[Problem]) -> list[str]:
    """The column of each cell of the heading, '' for a cell that is empty; one too many is a problem.

    Raises ImportRejected where the lines below cannot be read: a column is missing, or given twice.
    """
    names = [_column(cell) for cell in heading]
    unknown = [cell.strip() for cell, name in zip(heading, names, strict=True) if _is_unknown(name, columns)]
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    missing = [name for name in columns.required if name not in names]
    values = (("accepted", ", ".join(columns.accepted)),)
    if unknown:
        named = (("names", _listed(unknown)), *values)
        problems.append(
            Problem("colonnes inconnues : %(names)s ; colonnes acceptées : %(accepted)s", named, line)
        )
    if twice:
        doubled = (("names", _listed(twice)),)
        problems.append(Problem("colonnes données deux fois : %(names)s ; gardez-en une", doubled, line))
    if missing:
        named = (("names", _listed(missing)), *values)
        problems.append(
            Problem("colonnes manquantes : %(names)s ; colonnes acceptées : %(accepted)s", named, line)
        )
    if twice or missing:
        raise _rejected(*problems)
    return names


def _is_unknown(name: str, columns: Columns) -> bool:
    return bool(name) and name not in columns.accepted


def _listed(names: Sequence[str]) -> str:
    shown = ["".join(c for c in name if c.isprintable())[:40] for name in names[:_MOST_NAMED]]
    return ", ".join(shown) + (", …" if len(names) > _MOST_NAMED else "")


def _record(
    line: int, cells: Sequence[str], names: Sequence[str], columns: Columns, problems: list[Problem]
) -> Record:
    """The cells by column; what stands outside the columns is a problem, what is missing is empty."""
    outside = [cell for place, cell in enumerate(cells) if place >= len(names) or not names[place]]
    stray = [cell.strip() for cell in outside if cell.strip()]
    if stray:
        values = (("value", _listed(stray)),)
        problems.append(Problem("« %(value)s » n'est sous aucun titre : ôtez ce qui dépasse", values, line))
    given = dict(zip(names, cells, strict=False))
    return Record(line, {name: given.get(name, "") for name in names if name in columns.accepted})
