"""A workbook that comes back: each row is judged on its own, and the good ones can be taken."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from ccm.auth import Action, Actor, allowed, refusal, require_somewhere
from ccm.commands.cells import shown, told
from ccm.commands.command import Command
from ccm.commands.lookup import Lookup, parts
from ccm.commands.report_lines import Report, ReportLine, ReportReader
from ccm.commands.reports import ImportReports, said_before, saying
from ccm.domain.errors import Conflict, NotAllowed, Problem
from ccm.domain.vocabulary import ReportOrigin
from ccm.domain.workbook import Outcome, Stamp
from ccm.i18n import N_
from ccm.metrics import At
from ccm.metrics.current import plan
from ccm.store import Transaction
from ccm.store.models import Assignment, ProgressReport, StoreState

_NO_ROW = N_("la ligne ne dit plus de quelle réponse elle parle : refusée, reprenez un classeur neuf")
_FOREIGN_ROW = N_("« %(value)s » n'est pas une réponse de ce classeur : la ligne est refusée")
_MOVED = N_("la référence et l'identité cachée de la ligne ne vont plus ensemble : la ligne est refusée")
_NOT_YOURS = N_("cette réponse n'est pas, ou n'est plus, à donner par vous : la ligne est refusée")
_TWICE = N_("cette réponse est donnée par plusieurs lignes du classeur : gardez-en une")
_OVER = N_("cette réponse n'est plus suivie aujourd'hui : il n'y a plus rien à en dire")


@dataclass(frozen=True)
class ReturnedRow:
    """One row as it came back: which answer it says it is, what was filled in, what no cell can mean.

    `intact`: what is seen of the row and what is hidden in it do not name two recommendations.
    """

    number: int
    assignment: str
    intact: bool
    cells: ReportLine
    problems: tuple[Problem, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing was filled in."""
        cells = self.cells
        filled = (cells.as_of, cells.status, cells.percent, cells.note, cells.blocked_reason)
        more = (cells.blocked_cause, cells.blocked_by, cells.dropped_kind)
        return not self.problems and not any(text.strip() for text in (*filled, *more))


@dataclass(frozen=True)
class JudgedRow:
    """A row and what becomes of it; `theirs` is the report that came meanwhile, for a conflict."""

    row: ReturnedRow
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    theirs: int | None = None


@dataclass(frozen=True)
class WorkbookTaken:
    """The rows that say something, judged; how many were blank, and how many reports were recorded.

    `missing` are the answers that the workbook left with and whose rows are no longer there; `lost` the
    columns. `written` is False after a dry run.
    """

    rows: tuple[JudgedRow, ...]
    blank: int
    missing: tuple[str, ...]
    lost: tuple[Problem, ...]
    taken: int
    written: bool

    def of(self, outcome: Outcome) -> tuple[JudgedRow, ...]:
        """The rows of one outcome."""
        return tuple(one for one in self.rows if one.outcome is outcome)


@dataclass(frozen=True)
class TakeWorkbook(Command[WorkbookTaken]):
    """Take what is new in a workbook; with `dry_run`, only judge its rows.

    A row whose answer somebody else reported on since the workbook left is a conflict: it is taken only where
    its answer is in `mine`. What was recorded already, word for word, is never recorded again: the same copy
    sent twice changes nothing. Rows that are refused leave the others as they are.
    """

    stamp: Stamp
    rows: tuple[ReturnedRow, ...]
    mine: frozenset[str] = frozenset()
    dry_run: bool = False
    lost: tuple[Problem, ...] = field(default=())

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.SUBMIT_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> WorkbookTaken:
        """Raises Conflict for another store's workbook, NotAllowed for another entity's."""
        self._refuse_foreign(transaction, actor)
        filled = [row for row in self.rows if not row.blank]
        judged = _Judge(transaction, actor, self.stamp, self.mine).judged(filled)
        new = tuple(one.row.cells for one in judged if one.outcome is Outcome.NEW)
        if new:
            reports = ImportReports(new, dry_run=self.dry_run, origin=ReportOrigin.FILE)
            reports.carry_out(transaction, actor)
        here = {row.assignment for row in self.rows}
        return WorkbookTaken(
            rows=tuple(judged),
            blank=len(self.rows) - len(filled),
            missing=tuple(key for key in self.stamp.bases if key not in here),
            lost=self.lost,
            taken=0 if self.dry_run else len(new),
            written=not self.dry_run,
        )

    def _refuse_foreign(self, transaction: Transaction, actor: Actor) -> None:
        store = transaction.connection.execute(select(StoreState.store_uuid)).scalar_one()
        if store != self.stamp.store_uuid:
            raise Conflict(
                "Ce classeur vient d'un autre entrepôt que celui-ci : reprenez-en un ici, et recopiez-y vos "
                "réponses."
            )
        if not allowed(actor, Action.SUBMIT_REPORT, self.stamp.entity):
            if not actor.entities:
                raise refusal(actor)
            raise NotAllowed(
                "Ce classeur est celui de %(entity)s, et « %(name)s » répond pour %(own)s : prenez le vôtre.",
                entity=shown(self.stamp.entity),
                name=actor.name,
                own=", ".join(sorted(actor.entities)),
            )


class _Judge:
    """Says what becomes of each row, with a few questions for all of them."""

    def __init__(self, transaction: Transaction, actor: Actor, stamp: Stamp, mine: frozenset[str]) -> None:
        self._transaction, self._actor, self._stamp, self._mine = transaction, actor, stamp, mine

    def judged(self, rows: list[ReturnedRow]) -> list[JudgedRow]:
        connection = self._transaction.connection
        lookup = Lookup(connection, {row.cells.recommendation for row in rows})
        reader = ReportReader(lookup, self._transaction.today)
        tampered = [self._tampered(row, lookup) for row in rows]
        # A row that says it is another one takes nothing from that one.
        given = Counter(row.assignment for row, wrong in zip(rows, tampered, strict=True) if not wrong)
        followed = self._followed()
        found: dict[int, JudgedRow] = {}
        read: dict[int, Report] = {}
        for place, (row, wrong) in enumerate(zip(rows, tampered, strict=True)):
            if wrong:
                found[place] = JudgedRow(row, Outcome.TAMPERED, (wrong,))
                continue
            report, problems = self._read(row, reader, given, followed)
            if problems or report is None:
                found[place] = JudgedRow(row, Outcome.WRONG, problems)
            else:
                read[place] = report
        before, latest = said_before(self._transaction, read.values()), self._latest(read.values())
        for place, report in read.items():
            row, last = rows[place], latest.get(report.assignment.id)
            if saying(report) in before:
                found[place] = JudgedRow(row, Outcome.UNCHANGED)
            elif last != self._stamp.bases[row.assignment] and row.assignment not in self._mine:
                found[place] = JudgedRow(row, Outcome.CONFLICT, theirs=last)
            else:
                found[place] = JudgedRow(row, Outcome.NEW)
        return [found[place] for place in sorted(found)]

    def _tampered(self, row: ReturnedRow, lookup: Lookup) -> Problem | None:
        """What is wrong with who the row says it is; None where it is what it was."""
        if not row.assignment:
            return Problem(_NO_ROW, line=row.number)
        if row.assignment not in self._stamp.bases:
            return Problem(_FOREIGN_ROW, told(value=shown(row.assignment)), line=row.number)
        if not row.intact:
            return Problem(_MOVED, line=row.number)
        entity = lookup.find_entity(row.cells.entity)
        holder = lookup.holder(row.cells.recommendation, entity) if entity else None
        if holder is None or not allowed(self._actor, Action.SUBMIT_REPORT, holder):
            return Problem(_NOT_YOURS, line=row.number)
        return None

    def _read(
        self, row: ReturnedRow, reader: ReportReader, given: Mapping[str, int], followed: set[str]
    ) -> tuple[Report | None, tuple[Problem, ...]]:
        if given[row.assignment] > 1:
            return None, (Problem(_TWICE, line=row.number),)
        if row.assignment not in followed:
            return None, (Problem(_OVER, line=row.number),)
        problems = list(row.problems)
        unread = {problem.column for problem in problems}
        more: list[Problem] = []
        report = reader.read(row.cells, more)
        # A cell that holds what cannot be read is told as that, not as empty.
        problems += [problem for problem in more if problem.column not in unread]
        return report, tuple(problems)

    def _followed(self) -> set[str]:
        """The answers that are followed today."""
        seen = plan(self._transaction.connection, At(self._transaction.today)).assignments
        keys = select(Assignment.key).join(seen, seen.c.assignment_id == Assignment.id)
        found: set[str] = set()
        for some in parts(self._stamp.bases):
            rows = self._transaction.connection.execute(keys.where(Assignment.key.in_(some)))
            found.update(rows.scalars())
        return found

    def _latest(self, reports: Iterable[Report]) -> dict[int, int]:
        """The last report of each answer, whatever became of it."""
        report, found = ProgressReport, dict[int, int]()
        latest = select(report.assignment_id, func.max(report.id).label("id")).group_by(report.assignment_id)
        for some in parts(one.assignment.id for one in reports):
            rows = self._transaction.connection.execute(latest.where(report.assignment_id.in_(some)))
            found.update({row.assignment_id: row.id for row in rows})
        return found
