"""The regions side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection

from ccm.domain.figures import Figures, FiguresRow
from ccm.domain.vocabulary import COLLECTIVE_KINDS, EntityKind
from ccm.metrics import At, plan_reading
from ccm.queries.ask import Query
from ccm.queries.comparison import by_completion, by_load, entity_lines, of_kind
from ccm.queries.names import AxisRef, axes, entities
from ccm.queries.past import kept
from ccm.queries.results import EntityRef, GroupLine

#: An entity that answered less than this, in percent, is not ranked: its mean describes silence.
RANKED_FROM = 50
#: Counts of answers, which add up over entities; counts of recommendations do not.
_OF_ANSWERS = (
    "expected",
    "answered",
    "fresh",
    "completed",
    "in_progress",
    "blocked",
    "not_started",
    "not_reported",
    "dropped",
    "overdue",
)


@dataclass(frozen=True)
class Regions:
    """The regions that owe answers, their total and its parts by axis, and the plan they are part of."""

    plan: Figures
    axes: tuple[AxisRef, ...]
    lines: tuple[GroupLine, ...]
    total: GroupLine
    known: tuple[EntityRef, ...]

    @property
    def spoken(self) -> bool:
        """Whether any expected answer was given."""
        return self.total.figures.answered > 0


@dataclass(frozen=True)
class RegionsQuery(Query[Regions]):
    """The regions at a date, compared with an earlier one."""

    at: At
    before: At | None

    def answer(self, connection: Connection) -> Regions:
        """Read every line, with its axes."""
        kind = EntityKind.REGION
        lines = of_kind(entity_lines(connection, self.at, self.before, with_axes=True), kind)
        return Regions(
            plan=kept(connection, self.at, plan_reading).plan,
            axes=axes(connection),
            lines=ranked(lines),
            total=together(lines, compared=self.before is not None),
            known=tuple(e for e in entities(connection, self.at.as_of).values() if e.kind is kind),
        )


def ranked(lines: Iterable[GroupLine]) -> tuple[GroupLine, ...]:
    """Those who answered half of their demands or more by completion, then the others by name.

    While nobody has answered: the heaviest load first.
    """
    lines = tuple(lines)
    if not any(line.figures.answered for line in lines):
        return by_load(lines)
    quiet = [line for line in lines if is_quiet(line.figures)]
    return (
        *by_completion(line for line in lines if line not in quiet),
        *sorted(quiet, key=lambda line: line.label),
    )


def is_quiet(of: Figures) -> bool:
    """Whether less than half of the expected answers were given."""
    return of.coverage is not None and of.coverage < RANKED_FROM


def quietest(lines: Iterable[GroupLine]) -> GroupLine | None:
    """The line to look at first: the smallest share of answers, then the most missing, then the name.

    Classes of actors come last: nobody can answer for them.
    """
    return min((line for line in lines if line.figures.expected), key=_by_silence, default=None)


def _by_silence(line: GroupLine) -> tuple[bool, Fraction, int, str]:
    collective = line.entity is not None and line.entity.kind in COLLECTIVE_KINDS
    return collective, line.figures.coverage or Fraction(0), -line.figures.not_reported, line.label


def together(lines: tuple[GroupLine, ...], compared: bool) -> GroupLine:
    """The answers of several entities as one line, without counts of recommendations; by axis too."""
    earlier = [line.before for line in lines if line.before is not None]
    columns = zip(*(line.by_axis for line in lines), strict=True)
    return GroupLine(
        key="",
        label="",
        figures=_sum([line.figures for line in lines]),
        before=_sum(earlier) if compared and earlier else None,
        by_axis=tuple(FiguresRow(c[0].key, c[0].label, _sum([row.figures for row in c])) for c in columns),
    )


def _sum(parts: list[Figures]) -> Figures:
    """Figures of the answers of several entities: each answer counts once in the mean."""
    counts = {name: sum(getattr(part, name) for part in parts) for name in _OF_ANSWERS}
    points = sum(
        (part.completion * part.expected for part in parts if part.completion is not None), Fraction(0)
    )
    mean = points / counts["expected"] if counts["expected"] else None
    return Figures(**counts, completion=mean)
