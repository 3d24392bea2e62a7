"""The session brief: the overview, and each axis with its recommendations and what they wait for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from ccm.domain.vocabulary import AssignmentRole, Nature, Status
from ccm.metrics import At
from ccm.queries.answers import answers
from ccm.queries.ask import Query
from ccm.queries.asked import asked_of
from ccm.queries.comparison import naming_institutions
from ccm.queries.decided import Decided, decided
from ccm.queries.figures import require_session
from ccm.queries.filters import RegisterFilters
from ccm.queries.known import PlanFigures, PlanFiguresQuery
from ccm.queries.overview import Overview, OverviewQuery
from ccm.queries.register_rows import RegisterRow, register_rows
from ccm.queries.results import AnswerState, EntityRef, GroupLine
from ccm.queries.trend import Moves, moves

#: Decisions told in the brief; each recommendation's own history has them all.
_MOST_DECISIONS = 8


@dataclass(frozen=True)
class Pressing:
    """Answers of one axis that wait for somebody: how many, and whose, heaviest first."""

    count: int
    entities: tuple[tuple[EntityRef, int], ...]


@dataclass(frozen=True)
class AxisInFull:
    """One axis: its figures, its recommendations in the source's order, what moved and what waits.

    `moves` is None where nothing is compared. `blocked` are the answers that are; `late` and `silent` count.
    """

    line: GroupLine
    rows: tuple[RegisterRow, ...]
    moves: Moves | None
    blocked: tuple[AnswerState, ...]
    late: Pressing
    silent: Pressing


@dataclass(frozen=True)
class Brief:
    """All that the brief says of the plan at a date; `naming`: recommendations that name an institution."""

    overview: Overview
    naming: int
    axes: tuple[AxisInFull, ...]
    decided: Decided


@dataclass(frozen=True)
class BriefQuery(Query[Brief]):
    """The brief at a date, compared with an earlier one."""

    at: At
    before: At | None

    def answer(self, connection: Connection) -> Brief:
        """Read every part from one view of the store. Raises NotFound for a session that does not exist."""
        require_session(connection, self.at.session)
        overview = OverviewQuery(self.at, self.before, over_time=False).answer(connection)
        known = PlanFiguresQuery(self.at).answer(connection)
        axes = (
            self._axis(connection, line, known, overview)
            for line in overview.axes
            if line.figures.recommendations
        )
        naming = naming_institutions(connection, self.at)
        since = self.before.as_of if self.before and overview.reported else None
        return Brief(overview, naming, tuple(axes), decided(connection, self.at, since, _MOST_DECISIONS))

    def _axis(
        self, connection: Connection, line: GroupLine, known: PlanFigures, overview: Overview
    ) -> AxisInFull:
        asked = asked_of(connection, self.at, RegisterFilters(axis=line.key), known, None)
        ids = [row.id for row in connection.execute(asked.recommendations())]
        before = self.before if overview.moves else None
        counted = tuple(filter(_counts, answers(connection, self.at, ids)))
        return AxisInFull(
            line=line,
            rows=register_rows(connection, asked, ids, known.recommendations),
            moves=moves(connection, self.at, before, among=frozenset(ids)) if before else None,
            blocked=tuple(one for one in counted if one.status is Status.BLOCKED),
            late=_pressing(one for one in counted if one.overdue),
            silent=_pressing(one for one in counted if one.status is Status.NOT_REPORTED),
        )


def _counts(one: AnswerState) -> bool:
    """Whether an answer enters the figures."""
    responsible = one.role is AssignmentRole.RESPONSIBLE
    return responsible and one.nature is Nature.FINITE and one.status is not Status.DROPPED


def _pressing(found: Iterable[AnswerState]) -> Pressing:
    counts = Counter(one.entity for one in found)
    return Pressing(counts.total(), tuple(counts.most_common()))
