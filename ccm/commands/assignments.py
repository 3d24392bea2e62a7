"""Assignments: who owes an answer on what, from when, with what weight and until when."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ccm.auth import Action, Actor, require
from ccm.commands import current_state
from ccm.commands.assignment_lines import AssignmentLine, AssignmentReader, GivenTerms
from ccm.commands.bulk import insert_numbered
from ccm.commands.cells import in_order
from ccm.commands.command import Command
from ccm.commands.followed import followed
from ccm.commands.lookup import Lookup, Named
from ccm.commands.terms import (
    Change,
    assignment_terms,
    begin_assignment,
    entries,
    insert_changes,
    recommendation_terms,
)
from ccm.domain.errors import ImportRejected, Problem
from ccm.domain.vocabulary import AssignmentRole, ChangeField
from ccm.store import Transaction
from ccm.store.journal import append
from ccm.store.models import Assignment, AssignmentChange, RecommendationChange


@dataclass(frozen=True)
class AssignmentsImported:
    """How many assignments are new, how many others changed, how many natures were set.

    `written` is False after a dry run; `last_to_come` is the last day still to come from which one holds;
    `outweighed` are the changes from before an adoption, against which the first load says something else.
    """

    added: int
    changed: int
    natures: int
    written: bool
    last_to_come: dt.date | None
    outweighed: int


@dataclass(frozen=True)
class ImportAssignments(Command[AssignmentsImported]):
    """Name who owes what from when; what already is so is left alone. With `dry_run`, only check.

    `problems` are those already found when the file was read: they are told with the others.
    """

    lines: tuple[AssignmentLine, ...]
    dry_run: bool = False
    problems: tuple[Problem, ...] = ()

    def authorise(self, actor: Actor) -> None:
        """Assigning is the Secretariat's."""
        require(actor, Action.CHANGE_ASSIGNMENT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> AssignmentsImported:
        """Raises ImportRejected with every problem of every line."""
        lookup = Lookup(transaction.connection, {line.recommendation for line in self.lines})
        problems = list(self.problems)
        reader = AssignmentReader(lookup, transaction.today)
        given = [terms for line in self.lines if (terms := reader.read(line, problems))]
        if problems:
            raise ImportRejected(in_order(problems))
        # In the order of time, so that the earliest line of a new assignment is the one that begins it.
        work = _Work(transaction, lookup, sorted(given, key=lambda terms: terms.effective_on))
        if not self.dry_run:
            work.record(actor)
        changed = {change.key for change in work.changes} - work.added.keys()
        days = [change.effective_on for change in (*work.changes, *work.natures)]
        to_come = max((day for day in days if day > transaction.today), default=None)
        return AssignmentsImported(
            len(work.added), len(changed), len(work.natures), not self.dry_run, to_come, work.outweighed
        )


class _Work:
    """What lines in the order of time change, compared with what holds."""

    def __init__(self, transaction: Transaction, lookup: Lookup, given: Sequence[GivenTerms]) -> None:
        self._transaction = transaction
        self._assignments = lookup.assignments
        named = {(terms.recommendation.id, terms.entity.id) for terms in given if terms.entity}
        known = [self._assignments[pair] for pair in named if pair in self._assignments]
        self._terms = assignment_terms(transaction.connection, known)
        self._ids = {assignment.key: assignment.id for assignment in known}
        self._recommendations = {terms.recommendation.key: terms.recommendation.id for terms in given}
        self.added: dict[str, tuple[int, int]] = {}
        self.changes = [change for terms in given for change in self._changes_of(terms)]
        self.natures = self._nature_changes(given)

    def _changes_of(self, given: GivenTerms) -> list[Change]:
        if given.entity is None:
            return []
        key = f"{given.recommendation.key}/{given.entity.key}"
        pair = (given.recommendation.id, given.entity.id)
        wanted, is_new = given.terms, pair not in self._assignments and key not in self.added
        if is_new:
            self.added[key] = pair
            begin_assignment(self._terms, key, None)
            wanted = {ChangeField.ROLE: AssignmentRole.RESPONSIBLE.value, **wanted}
        changes = [Change(key, field, value, given.effective_on) for field, value in wanted.items()]
        return self._terms.added(changes) if is_new else self._terms.added(self._terms.news(changes))

    def _nature_changes(self, given: Iterable[GivenTerms]) -> list[Change]:
        recommendations = {terms.recommendation for terms in given}
        natures = recommendation_terms(self._transaction.connection, recommendations)
        # The lines of one recommendation and date all say the same.
        wanted = dict.fromkeys(
            Change(terms.recommendation.key, ChangeField.NATURE, terms.nature.value, terms.effective_on)
            for terms in given
            if terms.nature
        )
        return [change for one in wanted for change in natures.added(natures.news([one]))]

    @property
    def outweighed(self) -> int:
        """How many changes are from before the adoption, from which on what the first load says holds."""
        first = [change for change in self.changes if self._terms.first_load_has(change.key)]
        known = followed(
            self._transaction.connection,
            [Named(id_, key) for key, id_ in self._recommendations.items()],
            self._transaction.today,
        )
        return sum(
            (since := known[self._recommendations[change.key.partition("/")[0]]].since) is not None
            and change.effective_on < since
            for change in (*first, *self.natures)
        )

    def record(self, actor: Actor) -> None:
        """Write what changes, bring the current state up to date, and tell the journal."""
        transaction = self._transaction
        self._insert_added()
        insert_changes(transaction, actor, AssignmentChange, self.changes, self._ids)
        insert_changes(transaction, actor, RecommendationChange, self.natures, self._recommendations)
        told = entries("assignment", self.changes, self.added)
        told += entries("recommendation", self.natures)
        if told:
            current_state.refresh(transaction, self._touched())
            append(transaction, told)

    def _insert_added(self) -> None:
        rows = [
            {
                "key": key,
                "recommendation_id": recommendation,
                "entity_id": entity,
                "initial_role": None,
                "recorded_at": self._transaction.now,
            }
            for key, (recommendation, entity) in self.added.items()
        ]
        ids = insert_numbered(self._transaction.connection, Assignment, rows, Assignment.key)
        self._ids |= {key: id_ for (key,), id_ in ids.items()}

    def _touched(self) -> Collection[int]:
        keys = {change.key.rpartition("/")[0] for change in self.changes}
        keys |= {change.key for change in self.natures}
        return {self._recommendations[key] for key in keys}
