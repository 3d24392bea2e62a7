"""Progress reports: recorded in one transaction, all of them or none."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select

from ccm.auth import Action, Actor, allowed, refusal, require, require_somewhere
from ccm.commands import current_state
from ccm.commands.bulk import insert_numbered
from ccm.commands.cells import in_order, listed, told
from ccm.commands.command import Command
from ccm.commands.drafts import TEXTS, Seen, latest_report, other_texts
from ccm.commands.evidence import assignment_of, pieces_of, put_behind
from ccm.commands.lookup import Lookup, parts
from ccm.commands.report_lines import Report, ReportLine, ReportReader
from ccm.domain.errors import ImportRejected, NotAllowed, Problem
from ccm.domain.vocabulary import ReportOrigin, ReportState
from ccm.i18n import N_
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Draft, DraftEvidence, ProgressReport

_CHANGED = N_("ce point a changé depuis votre lecture : prenez la fiche de la ligne")
_UNREAD = N_(
    "un autre texte est gardé pour cette ligne, prenez sa fiche : « %(text)s » ; celui du tableau : "
    "« %(mine)s »"
)
#: Columns of a report that only some statuses fill.
EMPTY: dict[str, Any] = {
    "blocked_reason": "",
    "blocked_cause": None,
    "blocked_by_id": None,
    "dropped_kind": None,
}
#: What a report says: two that agree in all of it say the same.
SAID = ("as_of", "status", "percent", "note", *EMPTY)


@dataclass(frozen=True)
class ReportsImported:
    """How many reports, on how many recommendations; `written` is False after a dry run.

    `repeated` of them say what was recorded before, word for word: reports are only ever added, so that the
    same file taken twice is recorded twice.
    """

    reports: int
    recommendations: int
    validated: bool
    written: bool
    repeated: int


@dataclass(frozen=True)
class ImportReports(Command[ReportsImported]):
    """Record progress reports, submitted or at once validated; with `dry_run`, only check them.

    `problems` are those already found when the file was read: they are told with the others. A file that its
    reader validates is the Secretariat's own transcription, with the file as its source: it is official at
    once, and the one exception to « another person validates »; each report names who did both.
    """

    lines: tuple[ReportLine, ...]
    validate: bool = False
    dry_run: bool = False
    problems: tuple[Problem, ...] = ()
    origin: ReportOrigin = ReportOrigin.FILE

    def authorise(self, actor: Actor) -> None:
        """Whoever answers for some entity may submit; validating is the Secretariat's."""
        require_somewhere(actor, Action.SUBMIT_REPORT)
        if self.validate:
            require(actor, Action.VALIDATE_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> ReportsImported:
        """Raises ImportRejected with every problem of every line, NotAllowed for another's entity."""
        lookup = Lookup(transaction.connection, {line.recommendation for line in self.lines})
        _refuse_others(actor, self.lines, lookup)
        problems = list(self.problems)
        reader = ReportReader(lookup, transaction.today)
        read = [reader.read(line, problems) for line in self.lines]
        reports = [report for report in read if report]
        if problems:
            raise ImportRejected(in_order(problems))
        repeated = _repeated(transaction, reports)
        if not self.dry_run:
            _record(transaction, actor, reports, self)
        recommendations = {report.recommendation.id for report in reports}
        return ReportsImported(len(reports), len(recommendations), self.validate, not self.dry_run, repeated)


@dataclass(frozen=True)
class SubmitTable(Command[int]):
    """Hand in the lines of a table that its author filled on the screen, all of them or none; how many.

    `bases` are the latest reports of their answers when the table was drawn: a line whose answer has changed
    since is refused, and its text stays in its draft. `seen` are, by answer, the texts that the table has
    known its draft to hold: a line whose draft holds another one is refused.
    """

    lines: tuple[ReportLine, ...]
    bases: tuple[int | None, ...]
    seen: Mapping[str, Seen] = field(default_factory=dict, hash=False)

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.SUBMIT_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        """Raises ImportRejected with every problem of every line, NotAllowed for another's entity.

        A table is for one's own answers: on behalf of others, `SubmitReport` says how each one arrived.
        """
        overtaken = tuple(self._overtaken(transaction, actor))
        imported = ImportReports(self.lines, problems=overtaken, origin=ReportOrigin.PORTAL)
        return imported.carry_out(transaction, actor).reports

    def _overtaken(self, transaction: Transaction, actor: Actor) -> Iterator[Problem]:
        for line, base in zip(self.lines, self.bases, strict=True):
            assignment = assignment_of(
                transaction.connection, f"{line.recommendation}/{line.entity}", transaction.today
            )
            if actor.user_id is not None and assignment.entity not in actor.entities:
                raise refusal(actor)
            if latest_report(transaction, assignment.id) != base:
                yield Problem(_CHANGED, line=line.line)
            sent = {name: getattr(line, name) for name in TEXTS}
            seen = self.seen.get(assignment.key, {})
            for name, text in other_texts(transaction, actor, assignment.id, sent, seen).items():
                yield Problem(_UNREAD, told(text=text, mine=sent[name]), line=line.line, column=name)


def _refuse_others(actor: Actor, lines: Iterable[ReportLine], lookup: Lookup) -> None:
    """A focal point answers for their own entities: nothing is said of a file that speaks of others."""
    if allowed(actor, Action.SUBMIT_REPORT):
        return
    foreign = [line.line for line in lines if not _is_own(actor, line, lookup)]
    if foreign:
        raise NotAllowed(
            "« %(name)s » ne répond que pour %(own)s : ôtez les lignes des autres acteurs (%(lines)s).",
            name=actor.name,
            own=listed(sorted(actor.entities)),
            lines=listed(str(line) for line in foreign),
        )


def _is_own(actor: Actor, line: ReportLine, lookup: Lookup) -> bool:
    """Whether the actor answers for the line: for the entity it names, or for the one that followed it."""
    found = lookup.find_entity(line.entity)
    # What names nobody is a problem of the line, not of rights.
    return found is None or allowed(actor, Action.SUBMIT_REPORT, lookup.holder(line.recommendation, found))


def _repeated(transaction: Transaction, reports: Sequence[Report]) -> int:
    """How many of these reports are recorded already, whoever handed them in."""
    return len({saying(report) for report in reports} & said_before(transaction, reports))


def said_before(transaction: Transaction, reports: Iterable[Report]) -> set[tuple[object, ...]]:
    """What is recorded already of the answers of these reports, each as `saying` tells it."""
    found: set[tuple[object, ...]] = set()
    for some in parts({report.assignment.id for report in reports}):
        columns = [getattr(ProgressReport, name) for name in SAID]
        query = select(ProgressReport.assignment_id, *columns).where(ProgressReport.assignment_id.in_(some))
        found.update(tuple(row) for row in transaction.connection.execute(query))
    return found


def saying(report: Report) -> tuple[object, ...]:
    """What a report says of its answer: two that agree in it say the same."""
    return (report.assignment.id, *_said({**EMPTY, **report.values}))


def _said(values: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(values[name] for name in SAID)


def _record(
    transaction: Transaction, actor: Actor, reports: Sequence[Report], command: ImportReports
) -> None:
    if not reports:
        return
    validate = command.validate
    state = ReportState.VALIDATED if validate else ReportState.SUBMITTED
    common = {
        **EMPTY,
        "author": actor.name,
        "origin": command.origin,
        "state": state,
        "submitted_at": transaction.now,
        "validated_at": transaction.now if validate else None,
        "validated_by": actor.name if validate else "",
    }
    rows = [{**common, "assignment_id": report.assignment.id, **report.values} for report in reports]
    answer = (ProgressReport.assignment_id, ProgressReport.as_of)
    ids = insert_numbered(transaction.connection, ProgressReport, rows, *answer)
    if validate:
        touched = {report.recommendation.id for report in reports}
        current_state.refresh(transaction, touched)
    if command.origin is ReportOrigin.PORTAL:
        # A file is not what was typed: the drafts beside it stay.
        _take_drafts(transaction, actor, {report.assignment.id: ids[_answer(report)] for report in reports})
    told = [(ids[_answer(report)], report) for report in reports]
    append(transaction, [_entry(state, id_, report) for id_, report in told])


def _answer(report: Report) -> tuple[int, dt.date]:
    return report.assignment.id, report.values["as_of"]


def _take_drafts(transaction: Transaction, actor: Actor, reports: Mapping[int, int]) -> None:
    """What was handed in is no draft any more, and the evidence beside it stands behind its report."""
    if actor.user_id is None:
        return
    for some in parts(reports):
        pieces = pieces_of(transaction.connection, actor, some)
        put_behind(transaction, ((reports[piece.assignment_id], piece) for piece in pieces))
        for table in (Draft, DraftEvidence):
            own = table.user_id == actor.user_id, table.assignment_id.in_(some)
            transaction.connection.execute(delete(table).where(*own))


def _entry(state: ReportState, id_: int, report: Report) -> Entry:
    detail = {
        "assignment": report.assignment.key,
        "as_of": report.values["as_of"].isoformat(),
        "status": report.values["status"].value,
        "percent": report.values["percent"],
    }
    return Entry(f"report.{state.value}", "report", str(id_), detail)
