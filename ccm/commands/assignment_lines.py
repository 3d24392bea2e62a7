"""From the cells of a line to terms of an assignment, or to what is wrong with them."""

import datetime as dt
from dataclasses import dataclass

from ccm.commands import cells
from ccm.commands.cells import Line, told
from ccm.commands.lookup import Lookup, Named
from ccm.commands.terms import NO_DAY
from ccm.domain.errors import Problem
from ccm.domain.vocabulary import AssignmentRole, ChangeField, Nature

#: Stands for a due date: there is none any more.
CLEARED = "-"


@dataclass(frozen=True)
class AssignmentLine:
    """Who owes what from when, as typed; `line` counts the file's lines, its heading being 1."""

    recommendation: str = ""
    entity: str = ""
    role: str = ""
    weight: str = ""
    due_date: str = ""
    nature: str = ""
    effective_on: str = ""
    line: int | None = None


@dataclass(frozen=True)
class GivenTerms:
    """What a line sets: terms of one assignment (`entity` None: of none), and the nature, from a day on."""

    recommendation: Named
    entity: Named | None
    effective_on: dt.date
    terms: dict[ChangeField, str]
    nature: Nature | None


class AssignmentReader:
    """Reads lines against the plan as it is, on a day."""

    def __init__(self, lookup: Lookup, today: dt.date) -> None:
        self._lookup = lookup
        self._today = today
        self._pairs: dict[tuple[int, int, dt.date], int | None] = {}
        self._natures: dict[tuple[int, dt.date], tuple[Nature, int | None]] = {}

    def read(self, given: AssignmentLine, problems: list[Problem]) -> GivenTerms | None:
        """What a line sets; None, and its problems noted, where it cannot be accepted."""
        line = Line(given.line, problems)
        before = len(problems)
        recommendation = line.required("recommendation", given.recommendation, self._lookup.recommendation)
        entity = self._entity(line, given)
        effective_on = line.read("effective_on", given.effective_on, cells.day) or self._today
        nature = line.read("nature", given.nature, cells.one_of(Nature))
        terms = _terms(line, given)
        if recommendation:
            self._once(line, recommendation, entity, effective_on)
            self._one_nature(line, recommendation, nature, effective_on)
        if len(problems) > before or recommendation is None:
            return None
        return GivenTerms(recommendation, entity, effective_on, terms, nature)

    def _entity(self, line: Line, given: AssignmentLine) -> Named | None:
        # A recommendation that names nobody has a nature all the same: its line names no entity.
        of_assignment = (given.role, given.weight, given.due_date)
        if not cells.is_blank(given.nature) and all(map(cells.is_blank, of_assignment)):
            return line.read("entity", given.entity, self._lookup.entity)
        return line.required("entity", given.entity, self._lookup.entity)

    def _once(self, line: Line, recommendation: Named, entity: Named | None, effective_on: dt.date) -> None:
        if entity is None:
            return
        pair = (recommendation.id, entity.id, effective_on)
        if pair in self._pairs:
            values = told(pair=f"{recommendation.key}/{entity.key}", day=effective_on, line=self._pairs[pair])
            problem = Problem(
                "%(pair)s est déjà donné au %(day)s par la ligne %(line)s : gardez une seule ligne", values
            )
            line.refuse("effective_on", problem)
        self._pairs.setdefault(pair, line.number)

    def _one_nature(
        self, line: Line, recommendation: Named, nature: Nature | None, effective_on: dt.date
    ) -> None:
        if nature is None:
            return
        earlier, number = self._natures.setdefault((recommendation.id, effective_on), (nature, line.number))
        if earlier is not nature:
            values = told(value=nature, recommendation=recommendation.key, earlier=earlier, line=number)
            problem = Problem(
                "« %(value)s » contredit la ligne %(line)s, qui dit %(recommendation)s %(earlier)s "
                "à la même date",
                values,
            )
            line.refuse("nature", problem)


def _terms(line: Line, given: AssignmentLine) -> dict[ChangeField, str]:
    role = line.read("role", given.role, cells.one_of(AssignmentRole))
    weight = line.read("weight", given.weight, cells.weight)
    due_date = line.read("due_date", given.due_date, due_day)
    read = {
        ChangeField.ROLE: role.value if role else None,
        ChangeField.WEIGHT: str(weight) if weight else None,
        ChangeField.DUE_DATE: due_date,
    }
    return {field: value for field, value in read.items() if value is not None}


def due_day(text: str) -> str:
    """A due date as the store writes it; `-` clears it."""
    return NO_DAY if text.strip() == CLEARED else cells.day(text).isoformat()
