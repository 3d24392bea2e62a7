"""`submit(store, actor, command)`: the one door to the write side."""

import datetime as dt
import json
from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from sqlalchemy import delete, insert, select

from ccm.auth import Actor
from ccm.auth.sign_ins import still
from ccm.commands.sign_in import note_active
from ccm.domain.dates import utc_now
from ccm.domain.errors import Conflict
from ccm.store import Store, Transaction
from ccm.store.models import AnsweredRequest

Result = TypeVar("Result")

#: How long a request sent again is recognised.
_KEPT = dt.timedelta(days=30)


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

    def repeated(self, transaction: Transaction, result: Any) -> None:
        """The same gesture comes again, its first result is `result`: raise Conflict where it says otherwise.

        A line that is cut leaves the form on the screen, to be changed and sent again.
        """


def submit(store: Store, actor: Actor, command: Command[Result], key: str | None = None) -> Result:
    """Carry out `command` on the actor's behalf in one transaction: all of it is kept, or nothing.

    The rights that count are those the person has in this transaction: who was disabled, or lost a
    region, since the page was drawn is refused. `key` is the idempotency key of one gesture (a form's,
    a button's): the same gesture sent again gets the first one's result, which must be JSON, and Conflict
    where it now says something else. Whoever changes something is active.
    """
    with store.write(actor.name) as transaction:
        # By the clock, as everywhere a sign-in is judged; the transaction's own instant never goes back.
        now = still(transaction.connection, actor, utc_now())
        command.authorise(now)
        note_active(transaction, now)
        if key is None:
            return command.carry_out(transaction, now)
        kept = _kept(transaction, now, command, key)
        if kept is not None:
            result: Result = json.loads(kept)
            command.repeated(transaction, result)
            return result
        result = command.carry_out(transaction, now)
        _keep(transaction, now, command, key, result)
        return result


def _kept(transaction: Transaction, actor: Actor, command: Command[Any], key: str) -> str | None:
    columns = (AnsweredRequest.actor, AnsweredRequest.command, AnsweredRequest.result)
    row = transaction.connection.execute(select(*columns).where(AnsweredRequest.key == key)).first()
    if row is None:
        return None
    if (row.actor, row.command) != (actor.name, type(command).__name__):
        raise Conflict("Cet envoi a déjà servi à autre chose : rouvrez la page, puis recommencez.")
    result: str = row.result
    return result


def _keep(transaction: Transaction, actor: Actor, command: Command[Any], key: str, result: object) -> None:
    row = {
        "key": key,
        "actor": actor.name,
        "command": type(command).__name__,
        "result": json.dumps(result),
        "at": transaction.now,
    }
    transaction.connection.execute(insert(AnsweredRequest).values(row))
    old = AnsweredRequest.at < transaction.now - _KEPT
    transaction.connection.execute(delete(AnsweredRequest).where(old))
