"""Assignments and reports of one invented recommendation."""

import datetime as dt
from dataclasses import dataclass

from ccm.commands.demo.calendar import END, days
from ccm.commands.demo.changes import assignment_row
from ccm.commands.demo.people import author_of
from ccm.commands.demo.reports import Author, Outcome, Row, climb, state_of, without_percent
from ccm.commands.demo.writer import Writer
from ccm.domain.vocabulary import AssignmentRole, DroppedKind, ReportState, Status
from ccm.store.models import Assignment, ProgressReport

_OUTCOMES = (
    Outcome(Status.COMPLETED, 100),
    state_of(75),
    state_of(50),
    state_of(25),
    Outcome(Status.BLOCKED, 25),
    state_of(0),
    Outcome(Status.DROPPED, None, DroppedKind.ABANDONED),
    Outcome(Status.DROPPED, None, DroppedKind.OVERTAKEN),
)
_WEIGHTS = (34, 18, 18, 14, 6, 7, 1, 2)
_TERMS_IN_DAYS = (None, 180, 270, 365, 540, 730)
_FIRST_REPORT_AFTER, _LAST_REPORT_BEFORE = 10, 8
_SPEAKING_SHARE = 0.75
_FULLY_REALISED, _SUPPORT, _WEIGHTED = 0.08, 0.04, 0.1
#: Entities that speak less than the others: Diffa, Tillabéri, and classes of actors.
_SHY = {"NE002": 0.6, "NE006": 0.3, "ETAT": 0.6, "CT": 0.3, "PTF": 0.3, "MAEC": 0.4}
_REGIONS = 8
_RETURNED_REASON = "Précisez ce qui a été fait depuis le dernier point."
_RETRACTED_REASON = "Point saisi deux fois."


@dataclass(frozen=True)
class Adopted:
    """A recommendation as its reports need to know it."""

    id: int
    key: str
    subject: str
    political: dt.date
    continuous: bool


class AnswersOfOne:
    """Shares a number of reports between the entities that a recommendation names."""

    def __init__(self, writer: Writer, author: Author, entities: dict[str, int]) -> None:
        self._writer = writer
        self._author = author
        self._rng = author.rng
        self._entities = entities
        self._keys = list(entities)
        self._regions = self._keys[:_REGIONS]

    def write(self, adopted: Adopted, reports: int) -> None:
        """Name the entities and write exactly `reports` reports."""
        speaking = min(max(1, round(reports / self._rng.randint(2, 6))), 15) if reports else 0
        fully = self._rng.random() < _FULLY_REALISED
        named = self._named(speaking, 1.0 if fully else _SPEAKING_SHARE)
        shy_last = sorted(named, key=lambda key: self._rng.random() + _SHY.get(key, 0.0))
        for place, entity in enumerate(shy_last):
            assignment = self._assign(adopted, entity, may_support=place > 0)
            if place < speaking:
                count = reports * (place + 1) // speaking - reports * place // speaking
                aim = _OUTCOMES[0] if fully else self._rng.choices(_OUTCOMES, _WEIGHTS)[0]
                self._report(adopted, assignment, entity, self._states(aim, count, adopted.continuous))

    def _named(self, speaking: int, share: float) -> list[str]:
        if not speaking:
            # Either nobody is named, or nobody has answered yet.
            return [] if self._rng.random() < 0.6 else self._rng.sample(self._keys, 3)
        count = min(-int(-speaking // share), len(self._keys))
        if count >= _REGIONS:
            return self._regions + self._rng.sample(self._keys[_REGIONS:], count - _REGIONS)
        return self._rng.sample(self._regions if self._rng.random() < 0.5 else self._keys, count)

    def _assign(self, adopted: Adopted, entity: str, may_support: bool) -> int:
        known_at = self._author.clock.instant(adopted.political)
        row = assignment_row(f"{adopted.key}/{entity}", adopted.id, self._entities[entity], known_at)
        in_support = may_support and self._rng.random() < _SUPPORT
        row["initial_role"] = AssignmentRole.SUPPORT if in_support else AssignmentRole.RESPONSIBLE
        row["initial_weight"] = self._rng.randint(2, 5) if self._rng.random() < _WEIGHTED else 1
        term = self._rng.choice(_TERMS_IN_DAYS)
        row["initial_due_date"] = adopted.political + days(term) if term else None
        return self._writer.add(Assignment, row)

    def _states(self, aim: Outcome, count: int, continuous: bool) -> list[Outcome]:
        before = climb(state_of(50) if aim.dropped else aim, count)[:-1]
        states = [*before, aim]
        return [without_percent(state) for state in states] if continuous else states

    def _report(self, adopted: Adopted, assignment: int, entity: str, states: list[Outcome]) -> None:
        dates = self._dates(adopted.political, len(states))
        for as_of, state in zip(dates, states, strict=True):
            row = self._author.submitted(assignment, as_of, state, adopted.subject, author_of(entity, as_of))
            self._settle(row, is_last=as_of == dates[-1])
            self._writer.add(ProgressReport, row)

    def _dates(self, political: dt.date, count: int) -> list[dt.date]:
        """Days spread from the political meeting to the end, each in a stretch of its own."""
        span = (END - political).days - _FIRST_REPORT_AFTER - _LAST_REPORT_BEFORE
        span -= self._rng.randrange(span // 2)
        stretch = span / count
        first = political + days(_FIRST_REPORT_AFTER)
        within = [place + 0.3 + 0.7 * self._rng.random() for place in range(count)]
        return [first + days(int(stretch * place)) for place in within]

    def _settle(self, row: Row, is_last: bool) -> None:
        """Most reports become official; a few wait, are sent back, or are withdrawn later."""
        luck, clock = self._rng.random(), self._author.clock
        if is_last and luck < 0.02:
            return
        if luck > 0.99:
            on = row["submitted_at"].date() + days(1)
            row.update(state=ReportState.RETURNED, returned_at=clock.instant(on))
            row["returned_reason"] = _RETURNED_REASON
            return
        self._author.validate(row)
        on = row["validated_at"].date() + days(1)
        if luck > 0.985:
            row.update(state=ReportState.RETRACTED, retracted_at=clock.instant(on))
            row["retracted_reason"] = _RETRACTED_REASON
        elif luck > 0.9 and row["status"] is Status.COMPLETED:
            row["verified_at"] = clock.instant(on)
