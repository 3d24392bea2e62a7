"""The terms of one recommendation as the Secretariat sets them on its page, from a day on."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from ccm.auth import Action, Actor, require
from ccm.commands import cells
from ccm.commands.assignment_lines import CLEARED, AssignmentLine
from ccm.commands.assignments import ImportAssignments
from ccm.commands.cells import Line, Refusal
from ccm.commands.changes import RecordChange
from ccm.commands.command import Command
from ccm.commands.followed import followed
from ccm.commands.lookup import Lookup, Named
from ccm.commands.terms import assignment_terms
from ccm.domain.errors import Conflict, Invalid, NotFound, Problem
from ccm.domain.vocabulary import AssignmentRole, ChangeField, Nature
from ccm.i18n import N_
from ccm.metrics.history import terms_recorded
from ccm.store import Transaction
from ccm.store.models import Recommendation

#: Stands for a role: the entity owes nothing any more.
RELIEVED = "relieved"
_CHANGED = N_(
    "Quelqu'un a changé ces termes depuis votre lecture : les voici. Votre saisie est gardée : comparez."
)


@dataclass(frozen=True)
class Assign(Command[int]):
    """From a day on, these entities owe an answer, under these terms; how many there are.

    Cells as typed; an empty one leaves what holds, `-` takes an own due date off, the role `relieved`
    ends the assignment. Who is new is responsible unless told otherwise. `seen` is the version of the
    terms that were read: where others were recorded since, nothing is.
    """

    recommendation: str
    entities: tuple[str, ...]
    role: str = ""
    due_date: str = ""
    weight: str = ""
    effective_on: str = ""
    seen: int | None = None

    def authorise(self, actor: Actor) -> None:
        """Assigning is the Secretariat's."""
        require(actor, Action.CHANGE_ASSIGNMENT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        """Raises Invalid with every problem by its field, NotFound, Conflict where the terms have changed."""
        problems: list[Problem] = []
        line = Line(None, problems)
        begins = _begins(transaction, self.recommendation, self.seen)
        day = _effective_day(transaction, self.effective_on, line, begins)
        self._check(line, begins)
        lookup = Lookup(transaction.connection, {self.recommendation})
        named = [line.read("entities", entity, lookup.entity) for entity in self.entities]
        number = lookup.recommendations[self.recommendation].id
        known = [lookup.assignments.get((number, entity.id)) for entity in named if entity]
        if all(known) and known and not any(map(str.strip, (self.role, self.due_date, self.weight))):
            line.refuse("role", Problem("dites ce qui change : le rôle, l'échéance ou le poids"))
        if problems or day is None:
            raise Invalid(problems)
        if self.role == RELIEVED:
            self._relieve(transaction, actor, day, known, line)
        else:
            self._engage(transaction, actor, day, [found for found in known if found])
        return len(named)

    def _check(self, line: Line, begins: dt.date | None) -> None:
        if not self.entities:
            line.refuse("entities", Problem("choisissez au moins un acteur"))
        if self.role != RELIEVED:
            line.read("role", self.role, cells.one_of(AssignmentRole))
        if self.due_date.strip() != CLEARED:
            line.read("due_date", self.due_date, _not_before(begins))
        line.read("weight", self.weight, cells.weight)
        beside = not (cells.is_blank(self.due_date) and cells.is_blank(self.weight))
        if self.role == RELIEVED and beside:
            line.refuse("role", Problem("un acteur déchargé n'a ni échéance ni poids : videz ces deux cases"))

    def _engage(self, transaction: Transaction, actor: Actor, day: dt.date, known: list[Named]) -> None:
        terms = assignment_terms(transaction.connection, known)
        for assignment in known:
            if terms.in_force(assignment.key, ChangeField.END, day) == "true":
                self._end(transaction, actor, day, assignment, "false")
        lines = tuple(
            AssignmentLine(
                self.recommendation,
                entity,
                self.role,
                self.weight,
                self.due_date,
                effective_on=day.isoformat(),
            )
            for entity in self.entities
        )
        ImportAssignments(lines).carry_out(transaction, actor)

    def _relieve(
        self, transaction: Transaction, actor: Actor, day: dt.date, known: list[Named | None], line: Line
    ) -> None:
        found = [assignment for assignment in known if assignment]
        if len(found) < len(known):
            line.refuse("entities", Problem("on ne décharge que qui est chargé de cette recommandation"))
            raise Invalid(line.problems)
        for assignment in found:
            self._end(transaction, actor, day, assignment, "true")

    def _end(
        self, transaction: Transaction, actor: Actor, day: dt.date, assignment: Named, value: str
    ) -> None:
        change = RecordChange("assignment", assignment.key, ChangeField.END.value, value, day)
        change.carry_out(transaction, actor)


@dataclass(frozen=True)
class SetNature(Command[bool]):
    """From a day on, a recommendation can be completed, or goes on without an end; whether that is news."""

    recommendation: str
    nature: str
    effective_on: str = ""
    seen: int | None = None

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's: it is never guessed."""
        require(actor, Action.CHANGE_ASSIGNMENT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> bool:
        """Raises Invalid with every problem by its field, NotFound, Conflict where the terms have changed."""
        problems: list[Problem] = []
        line = Line(None, problems)
        begins = _begins(transaction, self.recommendation, self.seen)
        day = _effective_day(transaction, self.effective_on, line, begins)
        nature = line.read("nature", self.nature, cells.one_of(Nature))
        if cells.is_blank(self.nature):
            line.refuse("nature", Problem("choisissez une nature"))
        if problems or day is None or nature is None:
            raise Invalid(problems)
        field = ChangeField.NATURE.value
        change = RecordChange("recommendation", self.recommendation, field, nature.value, day)
        return change.carry_out(transaction, actor)


def _begins(transaction: Transaction, key: str, seen: int | None) -> dt.date | None:
    """The day of the recommendation's adoption, None while not known; Conflict where its terms changed."""
    connection = transaction.connection
    number = connection.execute(select(Recommendation.id).where(Recommendation.key == key)).scalar()
    if number is None:
        raise NotFound("Cette recommandation n'est pas connue.")
    if seen is not None and seen != connection.execute(terms_recorded(number)).scalar_one():
        raise Conflict(_CHANGED)
    return followed(connection, [Named(number, key)], transaction.today)[number].since


def _effective_day(transaction: Transaction, text: str, line: Line, begins: dt.date | None) -> dt.date | None:
    """The day from which a change counts: today unless told; refused before the follow-up begins."""
    if cells.is_blank(text):
        return transaction.today
    return line.read("effective_on", text, _not_before(begins))


def _not_before(begins: dt.date | None) -> Callable[[str], dt.date]:
    """Reads a day; what the first load says would stand against an earlier one."""

    def read(text: str) -> dt.date:
        day = cells.day(text)
        if begins is not None and day < begins:
            values = cells.told(day=begins.strftime("%d/%m/%Y"))
            raise Refusal(
                Problem("le suivi commence le %(day)s : choisissez ce jour, ou un autre après", values)
            )
        return day

    return read
