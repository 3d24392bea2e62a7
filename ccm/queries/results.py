"""What questions are answered with: frozen, typed, free of SQL and of presentation."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from ccm.domain.figures import Figures, FiguresRow
from ccm.domain.vocabulary import (
    AssignmentRole,
    BlockedCause,
    EntityKind,
    GroupBy,
    InstanceKind,
    Nature,
    ReportState,
    RevisionKind,
    Status,
)


@dataclass(frozen=True)
class FiguresTable:
    """Figures by group: the rows, their total, and the whole plan beside them."""

    by: GroupBy
    as_of: dt.date
    known_at: dt.datetime
    demo: bool
    rows: tuple[FiguresRow, ...]
    total: Figures
    plan: Figures


@dataclass(frozen=True)
class Scope:
    """What a page speaks of: session, date, comparison date, store."""

    session: int | None
    session_date: dt.date | None
    as_of: dt.date
    since: dt.date | None
    today: dt.date
    demo: bool
    provisional: bool = False
    #: The instant whose knowledge is shown; None for the present.
    known_at: dt.datetime | None = None


@dataclass(frozen=True)
class EntityRef:
    """An entity as a page names it."""

    key: str
    short_name: str
    name: str
    kind: EntityKind
    focal_points: int = 0
    name_to_confirm: bool = False


@dataclass(frozen=True)
class AnswerState:
    """The state of one assignment at the date of the page, with its age in days (None: never).

    `unproven`: said to be completed, without any evidence.
    """

    assignment: str
    recommendation: str
    text: str
    axis: str
    entity: EntityRef
    role: AssignmentRole
    nature: Nature
    status: Status
    percent: int | None
    as_of: dt.date | None
    age: int | None
    due_date: dt.date | None
    overdue: bool
    note: str = ""
    blocked_reason: str = ""
    blocked_cause: BlockedCause | None = None
    blocked_by: EntityRef | None = None
    weight: int = 1
    contested: bool = False
    verified: bool = False
    unproven: bool = False


@dataclass(frozen=True)
class RecommendationLine:
    """One row of the register."""

    key: str
    text: str
    axis: str
    challenge: str
    nature: Nature
    figures: Figures
    doubtful: bool
    entities: tuple[str, ...]


@dataclass(frozen=True)
class RecommendationMove:
    """How far a recommendation's completion moved between two dates (percents, exact).

    `unassigned`: nobody is to answer, so that it cannot move.
    """

    key: str
    text: str
    before: Fraction | None
    after: Fraction | None
    last_report: dt.date | None
    unassigned: bool = False

    @property
    def points(self) -> Fraction | None:
        """The difference in points; None where it had no figure at one of the two dates."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class TrendPoint:
    """Figures of the plan at one date."""

    on: dt.date
    figures: Figures


@dataclass(frozen=True)
class GroupLine:
    """One line of a comparison: figures at the date of the page and, where asked, at the earlier one."""

    key: str
    label: str
    figures: Figures
    before: Figures | None = None
    entity: EntityRef | None = None
    by_axis: tuple[FiguresRow, ...] = ()


@dataclass(frozen=True)
class CrossLine(GroupLine):
    """An actor's figures within one axis, which is named by its key and its label."""

    axis: str = ""
    axis_label: str = ""


@dataclass(frozen=True)
class Actor:
    """Who must act, in the words of the rule that names them."""

    role: str
    entities: tuple[EntityRef, ...] = ()


@dataclass(frozen=True)
class ReportEntry:
    """One progress report in a history."""

    id: int
    entity: EntityRef
    as_of: dt.date
    status: Status
    percent: int | None
    state: ReportState
    note: str
    blocked_reason: str
    author: str
    submitted_at: dt.datetime
    validated_at: dt.datetime | None
    retracted_at: dt.datetime | None


@dataclass(frozen=True)
class RevisionEntry:
    """One dated version of a recommendation's text; `text` is None where the paper is missing."""

    instance: InstanceKind
    held_on: dt.date
    kind: RevisionKind | None
    text: str | None
    note: str
