"""Files of progress reports and of assignments, read into the commands that record them."""

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from ccm.commands import AssignmentLine, ImportAssignments, ImportReports, ReportLine
from ccm.importers.tabular import Columns, Table, read

Line = TypeVar("Line", ReportLine, AssignmentLine)


def _columns(line: type[Any], *required: str) -> Columns:
    return Columns(tuple(field.name for field in fields(line) if field.name != "line"), required)


REPORT_COLUMNS = _columns(ReportLine, "recommendation", "entity", "as_of", "status")
ASSIGNMENT_COLUMNS = _columns(AssignmentLine, "recommendation", "entity")


@dataclass(frozen=True)
class Sample:
    """How a file's letters were read: its encoding, and words with accents to check them by."""

    encoding: str
    words: tuple[str, ...]


def reports(data: bytes, *, validate: bool = False, dry_run: bool = False) -> tuple[ImportReports, Sample]:
    """The command that a CSV file of progress reports asks for; raises ImportRejected."""
    table = read(data, REPORT_COLUMNS)
    command = ImportReports(_lines(ReportLine, table), validate, dry_run, table.problems)
    return command, _sample(table)


def assignments(data: bytes, *, dry_run: bool = False) -> tuple[ImportAssignments, Sample]:
    """The command that a CSV file of assignments asks for; raises ImportRejected."""
    table = read(data, ASSIGNMENT_COLUMNS)
    return ImportAssignments(_lines(AssignmentLine, table), dry_run, table.problems), _sample(table)


def _lines(line: type[Line], table: Table) -> tuple[Line, ...]:
    return tuple(line(**record.cells, line=record.line) for record in table.records)


def _sample(table: Table) -> Sample:
    words = (word for record in table.records for cell in record.cells.values() for word in cell.split())
    accented = dict.fromkeys(word for word in words if not word.isascii())
    return Sample(table.encoding, tuple(list(accented)[:5]))
