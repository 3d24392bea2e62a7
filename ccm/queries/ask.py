"""`ask(store, query)`: the one door to the read side, with answers kept until the store changes."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cachetools import LRUCache
from sqlalchemy import Connection, select

from ccm.auth import FOLLOWER, PUBLIC, Actor, refusal
from ccm.auth.sign_ins import still
from ccm.domain.dates import utc_now
from ccm.metrics import At
from ccm.store import Store
from ccm.store.models import StoreState

Result = TypeVar("Result")
_STATE = select(StoreState.store_uuid, StoreState.revision)


class Query(ABC, Generic[Result]):
    """A question. Subclasses are frozen dataclasses: equal questions have equal answers."""

    @abstractmethod
    def answer(self, connection: Connection) -> Result:
        """Read the answer from one consistent view of the store."""


@dataclass(frozen=True)
class Derived(Query[Result]):
    """An answer made from another one and from `given` by a pure function, and kept as answers are."""

    query: Query[Any]
    given: Hashable
    make: Callable[[Any, Any], Result]

    def answer(self, connection: Connection) -> Result:
        """Ask the question behind, then make."""
        return self.make(self.query.answer(connection), self.given)


class PrivateQuery(Query[Result]):
    """A question whose answer depends on who asks. It is read afresh each time and never kept."""

    @abstractmethod
    def authorise(self, actor: Actor) -> None:
        """Raise NotAllowed where the actor may not ask this at all."""

    @abstractmethod
    def answer_to(self, connection: Connection, actor: Actor) -> Result:
        """The answer, holding only what this actor may see."""

    def answer(self, connection: Connection) -> Result:
        """What the public would be told."""
        self.authorise(PUBLIC)
        return self.answer_to(connection, PUBLIC)


def ask_as(store: Store, actor: Actor, query: PrivateQuery[Result]) -> Result:
    """The answer to a private question, for the rights that the actor has now.

    What is not there and what one may not see raise the same NotFound.
    """
    with store.read() as connection:
        now = still(connection, actor, utc_now())
        query.authorise(now)
        return query.answer_to(connection, now)


class _Answers:
    """The latest answers, for every reader of this process."""

    def __init__(self, size: int) -> None:
        self._kept: LRUCache[Hashable, Any] = LRUCache(maxsize=size)
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: Hashable, answer: Any) -> None:
        with self._lock:
            self._kept[key] = answer


_answers = _Answers(size=512)


def ask(
    store: Store,
    query: Query[Result],
    visibility: str = "public",
    working: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Result:
    """The answer to `query` for readers who see what `visibility` lets them see.

    An answer is kept under the store's identity and revision, the visibility and the query: it is
    never served to another visibility, and a write makes it unreachable without anyone clearing it.
    `working` stands around the reading of an answer that was not kept, to say that something is done.
    Raises NotAllowed for provisional figures where `visibility` is not the followers'.
    """
    if visibility != FOLLOWER and _is_provisional(query):
        raise refusal(PUBLIC)
    with store.read() as connection:
        state = connection.execute(_STATE).one()
        seen = (store.url, *state, visibility)
        kept: Result | None = _answers.get((*seen, query))
        if kept is not None:
            return kept
        with working():
            return _answered(connection, seen, query)


@contextmanager
def reading(store: Store, at: At, visibility: str = "public") -> Iterator[Connection]:
    """One consistent view of the store, for rows that are handed on as they are read, and never kept.

    Raises NotAllowed as `ask` does.
    """
    if visibility != FOLLOWER and at.provisional:
        raise refusal(PUBLIC)
    with store.stream() as connection:
        yield connection


def version(store: Store) -> tuple[str, int]:
    """The identity and the revision of a store: while both stay, so does every answer of a day."""
    with store.read() as connection:
        uuid, revision = connection.execute(_STATE).one()
        return str(uuid), int(revision)


def _is_provisional(query: Query[Any]) -> bool:
    """Whether a question asks for what is not official yet."""
    if isinstance(query, Derived):
        return _is_provisional(query.query)
    at = getattr(query, "at", None)
    return isinstance(at, At) and at.provisional


def _answered(connection: Connection, seen: tuple[Hashable, ...], query: Query[Result]) -> Result:
    key = (*seen, query)
    kept = _answers.get(key)
    if kept is None:
        if isinstance(query, Derived):
            kept = query.make(_answered(connection, seen, query.query), query.given)
        else:
            kept = query.answer(connection)
        _answers.put(key, kept)
    answer: Result = kept
    return answer
