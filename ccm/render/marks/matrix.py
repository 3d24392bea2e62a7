"""Answers over time: one row per responsible entity, one cell per quarter."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from ccm.domain.dates import quarter_ends
from ccm.domain.labels import label
from ccm.domain.vocabulary import EntityKind, ReportState, Status
from ccm.i18n import Translator, numbers
from ccm.queries.results import AnswerState, ReportEntry

_KINDS = list(EntityKind)
#: The most quarters a screen holds; older ones are left to the history.
COLUMNS = 12


@dataclass(frozen=True)
class Cell:
    """What was known at the end of a quarter: said in it, carried over from before, or never said."""

    quarter: dt.date
    status: Status
    text: str
    carried: bool
    as_of: dt.date | None


@dataclass(frozen=True)
class Row:
    """One entity's answer now, and its cells, oldest first."""

    answer: AnswerState
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """The rows of one kind of entity."""

    kind: EntityKind
    rows: tuple[Row, ...]


def quarters(start: dt.date, as_of: dt.date, most: int = COLUMNS) -> list[dt.date]:
    """The ends of the last quarters between two days, the last one cut at `as_of`."""
    return [*quarter_ends(start, as_of), as_of][-most:]


def groups(
    answers: Iterable[AnswerState], reports: Iterable[ReportEntry], start: dt.date, as_of: dt.date
) -> tuple[Sequence[dt.date], Sequence[Group]]:
    """The columns and the rows by kind of entity; only validated reports up to `as_of` count.

    The answers keep their order inside a kind; `start` is the day follow-up began.
    """
    ends = quarters(start, as_of)
    counted = sorted(
        (report for report in reports if report.state is ReportState.VALIDATED and report.as_of <= as_of),
        key=lambda report: (report.as_of, report.validated_at or report.submitted_at, report.id),
    )
    ordered = sorted(answers, key=lambda answer: _KINDS.index(answer.entity.kind))
    by_kind = groupby(ordered, key=lambda answer: answer.entity.kind)
    return ends, [
        Group(kind, tuple(_row(answer, counted, ends) for answer in some)) for kind, some in by_kind
    ]


def _row(answer: AnswerState, reports: list[ReportEntry], ends: Sequence[dt.date]) -> Row:
    own = [report for report in reports if report.entity.key == answer.entity.key]
    return Row(answer, tuple(_cell(own, end) for end in ends))


def _cell(reports: list[ReportEntry], end: dt.date) -> Cell:
    known = [report for report in reports if report.as_of <= end]
    if not known:
        return Cell(end, Status.NOT_REPORTED, "", carried=False, as_of=None)
    last = known[-1]
    carried = last.as_of < _first_day(end)
    return Cell(end, last.status, "·" if carried else _sign(last), carried, last.as_of)


def _first_day(end: dt.date) -> dt.date:
    return dt.date(end.year, (end.month - 1) // 3 * 3 + 1, 1)


def _sign(report: ReportEntry) -> str:
    signs = {Status.COMPLETED: "✓", Status.DROPPED: "×", Status.NOT_STARTED: "0"}
    return signs.get(report.status, "" if report.percent is None else str(report.percent))


def sentence(cell: Cell, t: Translator, locale: str) -> str:
    """What a cell shows, for those who hear it or point at it."""
    status = label(cell.status, t)
    if cell.as_of is None:
        quarter = numbers.quarter(cell.quarter, locale)
        return t.gettext("%(quarter)s : %(status)s") % {"quarter": quarter, "status": status}
    said = t.gettext("%(quarter)s : %(status)s, point du %(day)s") % {
        "quarter": numbers.quarter(cell.quarter, locale),
        "status": status,
        "day": numbers.day(cell.as_of, locale),
    }
    return t.gettext("%(said)s, reconduit") % {"said": said} if cell.carried else said
