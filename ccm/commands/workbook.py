"""A workbook that comes back: each row is judged on its own, and the good ones can be taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from ccm.auth import Action, Actor, allowed, require_somewhere
from ccm.commands.cells import listed, shown, told
from ccm.commands.command import Command
from ccm.commands.lookup import entity_names
from ccm.commands.reports import ImportReports
from ccm.commands.workbook_rows import Judge, JudgedRow, ReturnedRow
from ccm.domain.errors import Problem
from ccm.domain.vocabulary import ReportOrigin
from ccm.domain.workbook import FILLED, FORMAT, Outcome, Stamp, headings
from ccm.i18n import N_
from ccm.store import Transaction
from ccm.store.models import StoreState

_ELSEWHERE = N_(
    "Ce classeur vient d'un autre tableau de bord que celui-ci : reprenez-en un ici, et recopiez-y vos "
    "réponses."
)
_OTHERS = N_(
    "Ce classeur est celui d'un autre acteur (%(entity)s), et « %(name)s » répond pour : %(own)s. Seules les "
    "lignes qui sont à vous peuvent être prises."
)
_OTHER_FORMAT = N_(
    "Ce classeur est d'une autre version (%(version)s) : ses colonnes sont reconnues à leur titre, et une "
    "cellule peut y vouloir dire autre chose. Vérifiez chaque ligne avant de l'enregistrer."
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
_UNKNOWN = N_("ce tableau de bord ne connaît pas ces colonnes, et n'en lit rien : %(names)s")


@dataclass(frozen=True)
class WorkbookTaken:
    """The rows that say something, judged; how many were blank, and how many reports were recorded.

    `missing` are the answers that the workbook left with and whose rows are no longer there; `notices` what
    is told of the workbook as a whole. `written` is False after a dry run.
    """

    rows: tuple[JudgedRow, ...]
    blank: int
    missing: tuple[str, ...]
    notices: tuple[Problem, ...]
    taken: int
    written: bool

    def of(self, outcome: Outcome) -> tuple[JudgedRow, ...]:
        """The rows of one outcome."""
        return tuple(one for one in self.rows if one.outcome is outcome)


@dataclass(frozen=True)
class TakeWorkbook(Command[WorkbookTaken]):
    """Take what is new in a workbook; with `dry_run`, only judge its rows.

    A row whose answer somebody else reported on since the workbook left is a conflict: it is taken only where
    `mine` has its answer with that very report (its id), which its sender saw and chose against. What was
    recorded already, word for word, is never recorded again: the same copy sent twice changes nothing. Rows
    that are refused leave the others as they are; those of another store's or another entity's workbook are
    refused one by one. `gone` are the columns that are no longer there, by their names, `unknown` the
    headings of those that this version does not know.
    """

    stamp: Stamp
    rows: tuple[ReturnedRow, ...]
    mine: frozenset[tuple[str, int | None]] = frozenset()
    dry_run: bool = False
    gone: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.SUBMIT_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> WorkbookTaken:
        """Judge each row that says something, and record those that are new."""
        store = transaction.connection.execute(select(StoreState.store_uuid)).scalar_one()
        filled = [row for row in self.rows if not row.blank]
        ours, may = store == self.stamp.store_uuid, partial(self._may, actor)
        judge = Judge(transaction, self.stamp, self.mine, self.gone, may, sorted(actor.entities))
        judged = judge.judged(filled, ours=ours)
        new = tuple(one.row.cells for one in judged if one.outcome is Outcome.NEW)
        if new:
            reports = ImportReports(new, dry_run=self.dry_run, origin=ReportOrigin.FILE)
            reports.carry_out(transaction, actor)
        here = {row.assignment for row in self.rows}
        return WorkbookTaken(
            rows=tuple(judged),
            blank=len(self.rows) - len(filled),
            missing=tuple(key for key in self.stamp.bases if key not in here),
            notices=tuple(self._notices(transaction, actor, ours=ours)),
            taken=0 if self.dry_run else len(new),
            written=not self.dry_run,
        )

    def _may(self, actor: Actor, entity: str) -> bool:
        return allowed(actor, Action.SUBMIT_REPORT, entity)

    def _notices(self, transaction: Transaction, actor: Actor, *, ours: bool) -> Iterator[Problem]:
        """What matters to all rows: where the workbook is from, and which columns it has."""
        titles = headings()
        identity = told(hidden=titles[""], seen=titles["ref"])
        if not ours:
            yield Problem(_ELSEWHERE)
        elif not self._may(actor, self.stamp.entity):
            names = entity_names(transaction.connection, transaction.today)
            own = listed(names.get(key, key) for key in sorted(actor.entities))
            entity = names.get(self.stamp.entity, shown(self.stamp.entity))
            yield Problem(_OTHERS, told(entity=entity, name=actor.name, own=own))
        if self.stamp.format != FORMAT:
            yield Problem(_OTHER_FORMAT, told(version=self.stamp.format))
        if "" in self.gone:
            yield Problem(_BY_REFERENCE, identity)
        if "ref" in self.gone:
            yield Problem(_BY_IDENTITY, identity)
        yield from (Problem(_LOST_COLUMN, told(name=titles[name])) for name in FILLED if name in self.gone)
        if self.unknown:
            yield Problem(_UNKNOWN, told(names=listed(f"« {title} »" for title in self.unknown)))
