"""Rows of progress reports, and the way an answer goes from its first report to its last."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from ccm.commands.demo.calendar import END, Clock, days
from ccm.commands.demo.phrases import ABANDONED, BLOCKED_REASONS, OVERTAKEN, cause, note
from ccm.domain.vocabulary import DroppedKind, ReportOrigin, ReportState, Status

Row = dict[str, Any]
_SCALE = 25
#: Below 1 work would start fast and end slowly; above, the other way round, which is what trackers see.
_SHAPE = 1.1
_EAGERNESS = 0.3


@dataclass(frozen=True)
class Outcome:
    """Where an answer stands after its last report. `dropped` is set with that status only."""

    status: Status
    percent: int | None
    dropped: DroppedKind | None = None


@lru_cache(maxsize=512)
def climb(outcome: Outcome, count: int) -> tuple[Outcome, ...]:
    """`count` states that end in `outcome`, rising along the scale of 25."""
    if count < 2:
        return (outcome,) * count
    aim = 50 if outcome.percent is None else outcome.percent
    # The step reached counts a little before it is: an eager answer rounds up, but not to the end.
    steps = [int(aim * (i / (count - 1)) ** _SHAPE / _SCALE + _EAGERNESS) * _SCALE for i in range(count - 1)]
    return (*(state_of(min(percent, aim, 75)) for percent in steps), outcome)


def state_of(percent: int) -> Outcome:
    """The plain state of a percent of the scale below 100."""
    return Outcome(Status.IN_PROGRESS if percent else Status.NOT_STARTED, percent)


def without_percent(outcome: Outcome) -> Outcome:
    """The state of a continuous recommendation: nothing to complete, no percent."""
    status = Status.IN_PROGRESS if outcome.status is Status.COMPLETED else outcome.status
    return Outcome(status, None, outcome.dropped)


class Author:
    """Writes the rows of the reports, in the words of the bank, with instants of the calendar."""

    def __init__(self, rng: Random, clock: Clock, entities: dict[str, int], validator: str) -> None:
        self.rng = rng
        self.clock = clock
        self._validator = validator
        self._blockages = 0
        # Worked out once: every blocked report of a cause says the same of its reason and its lifting.
        self._reasons = {
            why: {"blocked_reason": reason, "blocked_cause": why, "blocked_by_id": entities.get(entity or "")}
            for why, (reason, entity) in BLOCKED_REASONS.items()
        }

    def submitted(self, assignment: int, as_of: dt.date, outcome: Outcome, subject: str, author: str) -> Row:
        """A report handed in a day or two after the date it speaks of, waiting for the Secretariat."""
        row = {
            "assignment_id": assignment,
            "as_of": as_of,
            "status": outcome.status,
            "percent": outcome.percent,
            "blocked_reason": "",
            "blocked_cause": None,
            "blocked_by_id": None,
            "dropped_kind": outcome.dropped,
            "author": author,
            "origin": ReportOrigin.PAPER if author == self._validator else ReportOrigin.PORTAL,
            "state": ReportState.SUBMITTED,
            "submitted_at": self.clock.instant(min(as_of + days(1 + assignment % 2), END - days(2))),
            "validated_at": None,
            "validated_by": "",
            "returned_at": None,
            "returned_reason": "",
            "retracted_at": None,
            "retracted_reason": "",
            "verified_at": None,
        }
        if outcome.dropped:
            reason = ABANDONED if outcome.dropped is DroppedKind.ABANDONED else OVERTAKEN
            row["note"] = reason.format(subject=subject)
        else:
            row["note"] = note(self.rng, subject, outcome.status, outcome.percent)
        if outcome.status is Status.BLOCKED:
            self.explain(row, self._blockages)
            self._blockages += 1
        return row

    def explain(self, row: Row, turn: int) -> None:
        """Say why work stopped: the causes come round."""
        row.update(self._reasons[cause(turn)])

    def validated(self, assignment: int, as_of: dt.date, outcome: Outcome, subject: str, author: str) -> Row:
        """A report that the Secretariat made official within the week."""
        return self.validate(self.submitted(assignment, as_of, outcome, subject, author))

    def validate(self, row: Row, on: dt.date | None = None) -> Row:
        """Make a submitted report official, on a given day or a few days after it came."""
        day = on or min(row["submitted_at"].date() + days(1 + row["assignment_id"] % 4), END - days(1))
        row.update(state=ReportState.VALIDATED, validated_at=self.clock.instant(day))
        row["validated_by"] = self._validator
        return row

    def series(
        self, assignment: int, dates: Sequence[dt.date], states: Sequence[Outcome], subject: str, author: str
    ) -> list[Row]:
        """One validated report for each date."""
        return [
            self.validated(assignment, as_of, state, subject, author)
            for as_of, state in zip(dates, states, strict=True)
        ]
