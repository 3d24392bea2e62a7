"""All that the offline pack lists: every recommendation, every answer, by recommendation and by region."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from ccm.domain.vocabulary import BAR_ORDER, AssignmentRole, EntityKind, Status
from ccm.metrics import At
from ccm.queries.answers import answers
from ccm.queries.ask import Query
from ccm.queries.register_rows import RegisterRow
from ccm.queries.results import AnswerState, EntityRef
from ccm.queries.whole import Whole

#: Answers in the order of the status bar, those that left the count last, without the states nobody is in.
ByState = tuple[tuple[Status, tuple[AnswerState, ...]], ...]


@dataclass(frozen=True)
class Pack:
    """Every recommendation, in the source's order; the responsible answers by its key, and by region."""

    rows: tuple[RegisterRow, ...]
    answers: dict[str, ByState]
    regions: tuple[tuple[EntityRef, ByState], ...]


@dataclass(frozen=True)
class PackQuery(Query[Pack]):
    """The whole plan at a date, answer by answer."""

    at: At

    def answer(self, connection: Connection) -> Pack:
        """Read it from one view of the store."""
        every = [one for one in answers(connection, self.at) if one.role is AssignmentRole.RESPONSIBLE]
        of, by = dict[str, list[AnswerState]](), dict[EntityRef, list[AnswerState]]()
        for one in every:
            of.setdefault(one.recommendation, []).append(one)
            if one.entity.kind is EntityKind.REGION:
                by.setdefault(one.entity, []).append(one)
        regions = sorted(by.items(), key=lambda item: item[0].key)
        return Pack(
            rows=tuple(Whole(self.at).recommendations(connection)),
            answers={key: _by_state(some) for key, some in of.items()},
            regions=tuple((entity, _by_state(some)) for entity, some in regions),
        )


def _by_state(found: Iterable[AnswerState]) -> ByState:
    every = tuple(found)
    parts = ((status, tuple(one for one in every if one.status is status)) for status in _STATES)
    return tuple((status, some) for status, some in parts if some)


_STATES = (*BAR_ORDER, Status.DROPPED)
