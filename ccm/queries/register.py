"""The register: the recommendations and the answers that some filters keep, a page at a time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from sqlalchemy import Connection, func, select

from ccm.domain.figures import COUNTS, Figures
from ccm.metrics import At
from ccm.metrics.history import session_dates
from ccm.queries.answers import answers
from ccm.queries.ask import Query
from ccm.queries.asked import asked_of
from ccm.queries.filters import EVERYTHING, Order, RegisterFilters
from ccm.queries.known import PlanFigures, plan_figures
from ccm.queries.names import AxisRef, axes
from ccm.queries.register_counts import (
    actor_completion,
    counted_answers,
    counted_recommendations,
    expected_answers,
    matching_answers,
)
from ccm.queries.register_rows import RegisterRow, register_rows
from ccm.queries.results import AnswerState

#: Rows on one page of the register.
PAGE = 50


@dataclass(frozen=True)
class AxisGroup:
    """The rows of one axis on this page; `figures` count all that the filters keep of the axis."""

    axis: AxisRef
    figures: Figures
    rows: tuple[RegisterRow, ...]


@dataclass(frozen=True)
class Register:
    """A page of the register.

    `found` adds up what the filters keep (the whole plan where there is none), out of `of` recommendations:
    those of the part of the plan that is looked at, or the plan's where nothing else narrows. `matching`
    counts the answers asked for, None where none are. `groups` follow the axes in the source's order only; in
    another order there is one, without an axis. `starts_on` is the first day of follow-up.
    `completion` is that of what is found, None where it is no figure of a group.
    """

    plan: Figures
    found: Figures
    of: int
    groups: tuple[AxisGroup, ...]
    ranked: tuple[RegisterRow, ...]
    page: int
    pages: int
    matching: int | None
    starts_on: dt.date | None
    completion: Fraction | None


@dataclass(frozen=True)
class _View:
    """What is asked of the register: `before` where the filters ask what moved since."""

    at: At
    filters: RegisterFilters = EVERYTHING
    order: Order = Order.SOURCE
    page: int = 1
    known: PlanFigures | None = field(default=None, compare=False, repr=False)
    before: At | None = None
    known_before: PlanFigures | None = field(default=None, compare=False, repr=False)

    def then(self, connection: Connection) -> PlanFigures | None:
        """The figures of the earlier date, where there is one."""
        return plan_figures(connection, self.before, self.known_before) if self.before else None


@dataclass(frozen=True)
class RegisterQuery(_View, Query[Register]):
    """The recommendations that the filters keep, at a date."""

    def answer(self, connection: Connection) -> Register:
        """Filter in SQL, order by the figures, then read what one page shows."""
        at, filters = self.at, self.filters
        known = plan_figures(connection, at, self.known)
        every = known.recommendations
        asked = asked_of(connection, self.at, self.filters, known, self.then(connection))
        kept = connection.execute(asked.recommendations()).all()
        ranked = [row.id for row in sorted(kept, key=lambda row: rank(every[row.id], self.order))]
        page, pages = _turned(len(ranked), self.page)
        rows = register_rows(connection, asked, ranked[(page - 1) * PAGE : page * PAGE], every)
        totals = _by_axis([(row.axis_id, every[row.id]) for row in kept]) if filters.some else known.axes
        in_order = self.order is Order.SOURCE
        return Register(
            plan=known.plan,
            found=_added(totals.values()) if filters.some else known.plan,
            of=counted_recommendations(connection, asked, known),
            groups=_groups(axes(connection), rows, totals) if in_order else (),
            ranked=() if in_order else rows,
            page=page,
            pages=pages,
            matching=matching_answers(connection, asked) if filters.by_answer else None,
            starts_on=_starts_on(connection, at),
            completion=_mean(every[row.id] for row in kept) if filters.in_mean else None,
        )


@dataclass(frozen=True)
class AnswerList:
    """A page of answers: `counted` make the figure; `outside` it are support, continuous and dropped ones.

    `expected` are the answers expected in the part of the plan that is looked at; `completion` is their
    mean where they are one actor's.
    """

    plan: Figures
    expected: int
    counted: int
    outside: int
    rows: tuple[AnswerState, ...]
    rows_outside: tuple[AnswerState, ...]
    page: int
    pages: int
    starts_on: dt.date | None
    completion: Fraction | None


@dataclass(frozen=True)
class AnswersQuery(_View, Query[AnswerList]):
    """The answers behind a figure: those that the filters keep, one row each."""

    def answer(self, connection: Connection) -> AnswerList:
        """Find and order them in SQL, then read what one page shows."""
        known = plan_figures(connection, self.at, self.known)
        asked = asked_of(connection, self.at, self.filters, known, self.then(connection))
        query = asked.answers(self.order)
        total, counted = counted_answers(connection, asked)
        page, pages = _turned(total, self.page)
        shown = connection.execute(query.limit(PAGE).offset((page - 1) * PAGE)).all()
        states = {
            state.assignment: state
            for state in answers(connection, self.at, sorted({row.recommendation_id for row in shown}))
        }
        return AnswerList(
            plan=known.plan,
            expected=expected_answers(connection, asked, known),
            counted=counted,
            outside=total - counted,
            rows=tuple(states[row.key] for row in shown if row.counted),
            rows_outside=tuple(states[row.key] for row in shown if not row.counted),
            page=page,
            pages=pages,
            starts_on=_starts_on(connection, self.at),
            completion=actor_completion(connection, self.at, self.filters.actor_alone),
        )


def rank(row: Figures, order: Order) -> tuple[bool, Fraction | int]:
    """Smaller comes first; equal ranks keep the source's order."""
    if order is Order.COMPLETION:
        return row.completion is None, -(row.completion or 0)
    if order is Order.SILENCE:
        return not row.not_reported, -row.not_reported
    if order is Order.LATE:
        return not row.overdue, -row.overdue
    return False, 0


def _turned(rows: int, asked: int) -> tuple[int, int]:
    """The page shown (held in range), and how many there are."""
    pages = max(1, -(-rows // PAGE))
    return min(max(1, asked), pages), pages


def _by_axis(kept: Iterable[tuple[int, Figures]]) -> dict[int, Figures]:
    """The counts of what is kept of each axis, without a mean."""
    parts: dict[int, list[Figures]] = {}
    for axis, row in kept:
        parts.setdefault(axis, []).append(row)
    return {axis: _added(rows) for axis, rows in parts.items()}


def _added(rows: Iterable[Figures]) -> Figures:
    """Counts added up; a mean of what happens to be on the screen would be no figure of the plan."""
    every = tuple(rows)
    return Figures(**{name: sum(getattr(row, name) for row in every) for name in COUNTS})


def _mean(rows: Iterable[Figures]) -> Fraction | None:
    """The completion of a group whose recommendations these are: each weighs the same."""
    means = [row.completion for row in rows if row.completion is not None]
    return sum(means, Fraction(0)) / len(means) if means else None


def _groups(
    known: Iterable[AxisRef], rows: Iterable[RegisterRow], totals: dict[int, Figures]
) -> tuple[AxisGroup, ...]:
    by_key = {axis.key: axis for axis in known}
    return tuple(
        AxisGroup(by_key[key], totals[by_key[key].id], tuple(some))
        for key, some in groupby(rows, key=lambda row: row.axis)
    )


def _starts_on(connection: Connection, at: At) -> dt.date | None:
    """The first political meeting known, held or to come: when follow-up begins."""
    found: dt.date | None = connection.execute(select(func.min(session_dates(at).c.political_date))).scalar()
    return found
