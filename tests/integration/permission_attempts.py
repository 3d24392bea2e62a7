"""How an operation of the table of permissions is tried: a command that is taken back, a question asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ccm.auth import Actor
from ccm.commands import Command, submit
from ccm.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from ccm.queries.ask import PrivateQuery, ask_as
from ccm.store import Store, Transaction
from tests.integration.permission_world import Place, World, rehearsal

#: What became of an attempt.
DONE, REFUSED, LATE = "y", ".", "c"
Before = Callable[[Transaction, Actor, Place], None]


@dataclass(frozen=True)
class Executor:
    """How one operation is tried; what it is about (a record, an entity, the store); which class it tries."""

    bound: str
    of: type[Any] | None
    attempt: Callable[[World, Actor, Place], str]


EXECUTORS: dict[str, Executor] = {}


def command(
    of: type[Command[Any]],
    bound: str,
    make: Callable[[Place, Actor], Command[Any]],
    before: Before | None = None,
    name: str = "",
) -> None:
    """A command. `before` puts in what its subject needs, such as a draft of their own."""

    def act(store: Store, actor: Actor, place: Place) -> None:
        submit(store, actor, make(place, actor))

    gesture(of.__name__ + name, of, bound, act, before)


def gesture(
    name: str,
    of: type[Any] | None,
    bound: str,
    act: Callable[[Store, Actor, Place], None],
    before: Before | None = None,
) -> None:
    """Whatever somebody does."""

    def attempt(world: World, actor: Actor, place: Place) -> str:
        try:
            with rehearsal(world.store) as store:
                if before and actor.user_id is not None:
                    with store.write("test") as transaction:
                        before(transaction, actor, place)
                act(store, actor, place)
        except (NotAllowed, NotFound):
            return REFUSED
        except (Conflict, Invalid):
            return LATE
        return DONE

    EXECUTORS[name] = Executor(bound, of, attempt)


def question(
    of: type[PrivateQuery[Any]],
    bound: str,
    make: Callable[[Place], PrivateQuery[Any]],
    holds: Callable[[Any, Place], bool] = lambda _answer, _place: True,
    name: str = "",
) -> None:
    """A question. It is answered where what it gives holds what was asked for."""

    def attempt(world: World, actor: Actor, place: Place) -> str:
        query = make(place)
        if (actor, query) not in world.memory:
            world.memory[actor, query] = _answer(world, actor, query)
        answer = world.memory[actor, query]
        return DONE if answer is not None and holds(answer, place) else REFUSED

    EXECUTORS[of.__name__ + name] = Executor(bound, of, attempt)


def _answer(world: World, actor: Actor, query: PrivateQuery[Any]) -> Any:
    try:
        return ask_as(world.store, actor, query)
    except (NotAllowed, NotFound):
        return None
