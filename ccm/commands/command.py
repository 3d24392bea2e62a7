"""`submit(store, actor, command)`: the one door to the write side."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from ccm.auth import Actor
from ccm.store import Store, Transaction

Result = TypeVar("Result")


class Command(ABC, Generic[Result]):
    """A change that somebody asks for. Subclasses are frozen dataclasses."""

    @abstractmethod
    def authorise(self, actor: Actor) -> None:
        """Raise NotAllowed where the actor may not ask for this at all."""

    @abstractmethod
    def carry_out(self, transaction: Transaction, actor: Actor) -> Result:
        """Load, validate, change and record, within the transaction.

        Raises Invalid with every problem at once, NotAllowed, NotFound or Conflict.
        """


def submit(store: Store, actor: Actor, command: Command[Result]) -> Result:
    """Carry out `command` on the actor's behalf in one transaction: all of it is kept, or nothing."""
    with store.write(actor.name) as transaction:
        command.authorise(actor)
        return command.carry_out(transaction, actor)
