"""What is typed in the register's search, and what it finds: the words of the plan, and its actors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, Connection, and_, or_, select

from ccm.domain.folding import fold, other_number
from ccm.metrics.current import Plan
from ccm.queries.results import EntityRef
from ccm.store.models import EntityAlias, Recommendation

#: A word this short that is an actor's own is not looked for inside others: INS is not in « insertion ».
_SHORT = 4


@dataclass(frozen=True)
class Word:
    """A folded word; `own` are the actors it is a name of by itself, `named` those with a name it begins."""

    text: str
    own: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()

    @property
    def short(self) -> bool:
        """Whether it is looked for as a whole: an actor's short name."""
        return bool(self.own) and len(self.text) <= _SHORT

    @property
    def actors(self) -> frozenset[int]:
        """The actors it finds."""
        return self.own if self.short else self.own | self.named

    def in_text(self) -> ColumnElement[bool]:
        """Whether a recommendation's words hold it: as typed anywhere, or whole in the other number."""
        text = Recommendation.search_text
        if self.short:
            return _whole(self.text)
        found, other = text.contains(self.text, autoescape=True), other_number(self.text)
        return found if other is None else or_(found, _whole(other))


@dataclass(frozen=True)
class Search:
    """What was typed: its words, and the source's actor cells that hold all of it, where it is a phrase."""

    words: tuple[Word, ...] = ()
    cells: tuple[str, ...] = ()

    def finds(self, seen: Plan) -> ColumnElement[bool]:
        """Whether a recommendation is found: each word stands in its text or names one of its actors."""
        each = and_(
            *(
                or_(word.in_text(), _held_by(word.actors, seen)) if word.actors else word.in_text()
                for word in self.words
            )
        )
        return or_(each, Recommendation.actor_cell.in_(self.cells)) if self.cells else each

    def keeps(self, assignments: CTE) -> ColumnElement[bool] | None:
        """Whether an answer to a recommendation found is kept; None where all of them are.

        « Diffa » keeps Diffa's, « formation Diffa » too; where the text holds all the words, everybody's.
        """
        actors = self._actors()
        if not actors:
            return None
        in_text = select(Recommendation.id).where(*(word.in_text() for word in self.words)).correlate(None)
        return or_(assignments.c.entity_id.in_(sorted(actors)), assignments.c.recommendation_id.in_(in_text))

    def _actors(self) -> frozenset[int]:
        """Those whom every word that names an actor names, else any; names of their own go first."""
        own = [word.own for word in self.words if word.own]
        each = own or [word.named for word in self.words if word.named]
        return frozenset.intersection(*each) or frozenset.union(*each) if each else frozenset()


def search(connection: Connection, typed: str, named: dict[int, EntityRef]) -> Search:
    """What was typed, under the names of a day; an actor's other spellings hold on every day."""
    phrase = fold(typed)
    words = phrase.split()
    if not words:
        return Search()
    spelled: dict[int, set[str]] = {
        number: {fold(entity.key), fold(entity.short_name)} for number, entity in named.items()
    }
    for row in connection.execute(select(EntityAlias.entity_id, EntityAlias.folded)):
        spelled[row.entity_id].add(row.folded)
    names = {number: {*own, fold(named[number].name)} for number, own in spelled.items()}
    return Search(
        tuple(
            Word(
                word,
                frozenset(number for number, own in spelled.items() if word in own),
                frozenset(number for number, held in names.items() if _begins(word, held)),
            )
            for word in words
        ),
        _cells(connection, phrase) if len(words) > 1 else (),
    )


def _begins(word: str, names: Iterable[str]) -> bool:
    """Whether a word of one of these names begins with this one, in either number."""
    forms = "|".join(re.escape(form) for form in (word, other_number(word)) if form)
    return any(re.search(f"(?<![a-z0-9])(?:{forms})", name) for name in names)


def _cells(connection: Connection, phrase: str) -> tuple[str, ...]:
    cells = connection.execute(select(Recommendation.actor_cell).distinct()).scalars()
    return tuple(cell for cell in cells if phrase in fold(cell))


def _whole(word: str) -> ColumnElement[bool]:
    # The first condition spares the dearer one; both engines read this expression alike.
    text = Recommendation.search_text
    whole = text.regexp_match(f"(^|[^a-z0-9]){re.escape(word)}([^a-z0-9]|$)")
    return and_(text.contains(word, autoescape=True), whole)


def _held_by(actors: frozenset[int], seen: Plan) -> ColumnElement[bool]:
    a = seen.assignments
    held = select(a.c.recommendation_id).where(a.c.entity_id.in_(sorted(actors))).correlate(None)
    return Recommendation.id.in_(held)
