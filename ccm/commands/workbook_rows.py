"""The rows of a workbook that came back: what each says, and what becomes of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from ccm.commands.cells import listed, shown, told
from ccm.commands.lookup import Lookup, parts
from ccm.commands.report_lines import Report, ReportLine, ReportReader
from ccm.commands.reports import SAID, said_before, saying
from ccm.domain.errors import Problem
from ccm.domain.workbook import FILLED, Outcome, Stamp, headings
from ccm.i18n import N_
from ccm.metrics import At
from ccm.metrics.current import plan
from ccm.store import Transaction
from ccm.store.models import Assignment, Entity, ProgressReport, Recommendation

_NO_ROW = N_("la ligne ne dit plus de quelle réponse elle parle : refusée, reprenez un classeur neuf")
_FOREIGN_ROW = N_("« %(value)s » n'est pas une réponse de ce classeur : la ligne est refusée")
_MOVED = N_("la référence et l'identité cachée de la ligne ne vont plus ensemble : la ligne est refusée")
_NOT_YOURS = N_("cette réponse n'est pas, ou n'est plus, à donner par vous : la ligne est refusée")
_OTHERS = N_(
    "cette réponse est à donner par un autre acteur (%(holder)s), et vous répondez pour : %(own)s ; la ligne "
    "est refusée"
)
_ELSEWHERE = N_("le classeur vient d'un autre tableau de bord : la ligne est refusée")
_GONE = N_(
    "la colonne « %(name)s » n'est plus là, et la ligne en a besoin : remettez ce titre à droite de "
    "« %(after)s », et remplissez la cellule"
)
_TWICE = N_("cette réponse est donnée par plusieurs lignes du classeur : gardez-en une")
_OVER = N_("cette réponse n'est plus suivie aujourd'hui : il n'y a plus rien à en dire")


#: What a report says of its answer, as `saying` tells it, and its texts for the columns that are gone.
_Recorded = tuple[tuple[object, ...], Mapping[str, Any]]


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
    """A row and what becomes of it; `theirs` is the report that came meanwhile, for a conflict.

    `text` is the recommendation's, as the store has it: answers may be moved in a sheet without the rest of
    their rows, and only a person then sees that they stand beside another question.
    """

    row: ReturnedRow
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    theirs: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Judge:
    """Says what becomes of each row, with a few questions for all of them.

    `gone` are columns by their names: nothing is guessed, what a row needs and no column holds any more is
    told. `may` says whether the sender answers for an entity, `own` are the entities they answer for.
    """

    transaction: Transaction
    stamp: Stamp
    mine: frozenset[tuple[str, int | None]]
    gone: frozenset[str]
    may: Callable[[str], bool]
    own: Sequence[str]

    def judged(self, rows: list[ReturnedRow], *, ours: bool = True) -> list[JudgedRow]:
        """Each row, judged; `ours`: the workbook left from this store."""
        if not ours:
            return [JudgedRow(row, Outcome.TAMPERED, (Problem(_ELSEWHERE, line=row.number),)) for row in rows]
        lookup = Lookup(self.transaction.connection, {row.cells.recommendation for row in rows})
        reader = ReportReader(lookup, self.transaction.today)
        tampered = [self._tampered(row, lookup) for row in rows]
        # A row that says it is another one takes nothing from that one.
        given = Counter(row.assignment for row, wrong in zip(rows, tampered, strict=True) if not wrong)
        followed, recorded = self._followed(), self._recorded(given)
        found: dict[int, JudgedRow] = {}
        read: dict[int, Report] = {}
        for place, (row, wrong) in enumerate(zip(rows, tampered, strict=True)):
            if wrong:
                found[place] = JudgedRow(row, Outcome.TAMPERED, (wrong,))
                continue
            whole = self._completed(row, reader, recorded.get(row.assignment, ()))
            report, problems = self._read(whole, reader, given, followed)
            if problems or report is None:
                found[place] = JudgedRow(row, Outcome.WRONG, problems)
            else:
                read[place] = report
        before, latest = said_before(self.transaction, read.values()), self._latest(read.values())
        for place, report in read.items():
            row, last = rows[place], latest.get(report.assignment.id)
            if saying(report) in before:
                found[place] = JudgedRow(row, Outcome.UNCHANGED)
            elif last != self.stamp.bases[row.assignment] and (row.assignment, last) not in self.mine:
                found[place] = JudgedRow(row, Outcome.CONFLICT, theirs=last)
            else:
                found[place] = JudgedRow(row, Outcome.NEW)
        texts = self._texts(lookup)
        judged = (found[place] for place in sorted(found))
        return [replace(one, text=texts.get(one.row.cells.recommendation, "")) for one in judged]

    def _tampered(self, row: ReturnedRow, lookup: Lookup) -> Problem | None:
        """What is wrong with who the row says it is; None where it is what it was."""
        if not row.assignment:
            return Problem(_NO_ROW, line=row.number)
        if row.assignment not in self.stamp.bases:
            return Problem(_FOREIGN_ROW, told(value=shown(row.assignment)), line=row.number)
        if not row.intact:
            return Problem(_MOVED, line=row.number)
        entity = lookup.find_entity(row.cells.entity)
        holder = lookup.holder(row.cells.recommendation, entity) if entity else None
        if holder is None:
            return Problem(_NOT_YOURS, line=row.number)
        if not self.may(holder):
            return Problem(_OTHERS, self._holders(lookup, holder), line=row.number)
        return None

    def _holders(self, lookup: Lookup, holder: str) -> tuple[tuple[str, str], ...]:
        return told(holder=lookup.name(holder), own=listed(map(lookup.name, self.own)))

    def _texts(self, lookup: Lookup) -> dict[str, str]:
        """The texts of the recommendations that rows speak of, by their keys."""
        found: dict[str, str] = {}
        for some in parts(lookup.recommendations):
            query = select(Recommendation.key, Recommendation.text).where(Recommendation.key.in_(some))
            found.update({row.key: row.text for row in self.transaction.connection.execute(query)})
        return found

    def _recorded(self, answers: Iterable[str]) -> Mapping[str, list[_Recorded]]:
        """What was recorded of each answer, the last first, where columns are gone."""
        found: dict[str, list[_Recorded]] = defaultdict(list)
        gone = self.gone & FILLED.keys()
        if not gone:
            return found
        report, by = ProgressReport, Entity.key.label("blocked_by")
        query = select(*report.__table__.columns, Assignment.key.label("answer"), by)
        query = query.join(Assignment, Assignment.id == report.assignment_id)
        query = query.outerjoin(Entity, Entity.id == report.blocked_by_id).order_by(report.id.desc())
        for some in parts(answers):
            for row in self.transaction.connection.execute(query.where(Assignment.key.in_(some))):
                values = row._mapping
                said = (row.assignment_id, *(values[name] for name in SAID))
                lost = {name: "" if values[name] is None else str(values[name]) for name in gone}
                found[row.answer].append((said, lost))
        return found

    def _completed(
        self, row: ReturnedRow, reader: ReportReader, recorded: Iterable[_Recorded]
    ) -> ReturnedRow:
        """The row as a report said it, where it only lacks what columns that are gone would hold."""
        for said, lost in recorded if not row.problems else ():
            whole = replace(row, cells=replace(row.cells, **lost))
            report = reader.apart().read(whole.cells, [])
            if report is not None and saying(report) == said:
                return whole
        return row

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
        # A cell that holds what cannot be read is told as that, not as empty; one that is gone as gone.
        problems += [one for one in more if one.column not in unread and one.column not in self.gone]
        wanted = {problem.column for problem in more}
        problems += [_lost(name, row.number) for name in FILLED if name in self.gone & wanted]
        return report, tuple(problems)

    def _followed(self) -> set[str]:
        """The answers that are followed today."""
        seen = plan(self.transaction.connection, At(self.transaction.today)).assignments
        keys = select(Assignment.key).join(seen, seen.c.assignment_id == Assignment.id)
        found: set[str] = set()
        for some in parts(self.stamp.bases):
            rows = self.transaction.connection.execute(keys.where(Assignment.key.in_(some)))
            found.update(rows.scalars())
        return found

    def _latest(self, reports: Iterable[Report]) -> dict[int, int]:
        """The last report of each answer, whatever became of it."""
        report, found = ProgressReport, dict[int, int]()
        latest = select(report.assignment_id, func.max(report.id).label("id")).group_by(report.assignment_id)
        for some in parts(one.assignment.id for one in reports):
            rows = self.transaction.connection.execute(latest.where(report.assignment_id.in_(some)))
            found.update({row.assignment_id: row.id for row in rows})
        return found


def _lost(name: str, line: int) -> Problem:
    """That a row needs a column which is gone, and beside which one it stood."""
    titles = headings()
    names = list(titles)
    after = titles[names[names.index(name) - 1]]
    return Problem(_GONE, told(name=titles[name], after=after), line=line)
