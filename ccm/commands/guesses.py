"""Guesses at a password: counted before they are looked at, and looked at only while they are few.

Whoever makes too many on one account is answered as for a wrong password, in the same time: the answer
tells neither whether there is such an account nor that its owner is being attacked.
"""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from ccm.auth import digest, passwords
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError
from ccm.domain.folding import fold
from ccm.i18n import N_
from ccm.store import Store, Transaction
from ccm.store.models import SignInAttempt

_WINDOW = dt.timedelta(minutes=15)
#: Wrong guesses within the window that are looked at, on one account: in all; by strangers, from addresses it
#: was never signed in from, so that some are left to its owner; from one address.
_ON_ACCOUNT, _BY_STRANGERS, _ON_PAIR = 10, 6, 5
#: Guesses from one address, whatever the account: beyond these nothing is looked at and we say so.
_ON_ADDRESS = 50
#: How long a successful sign-in from an address sets it apart from whoever guesses elsewhere.
_KNOWN_FOR = dt.timedelta(days=90)
#: A failed guess is of no use any longer once its window has passed, whatever the clock did.
_FAILED_FOR = dt.timedelta(days=1)
#: Written in place of the account by a guess that was not looked at.
_NOT_LOOKED_AT = "-"
_WAIT = N_("Trop d'essais depuis votre réseau : attendez un quart d'heure, puis recommencez.")


class TooManyGuesses(CcmError):
    """So many guesses came from one address that it has to wait."""


@dataclass(frozen=True)
class Guess:
    """One guess, written down under `number`, and whether it was right."""

    number: int
    right: bool


def guess(store: Store, account: str, address: str, kept: str | None, password: str) -> Guess:
    """Whether `password` is the one whose hash is `kept`; raises TooManyGuesses.

    `account` is the person's name, or what was typed where nobody is called so. The guess is written down
    first, so that guesses made at the same time are all counted, in every process; it counts as wrong
    until `note_right`. The slow hash runs outside any transaction.
    """
    key, place = digest(fold(account)[:200]), _place(address)
    with store.write("public") as transaction:
        number, looked_at = _write_down(transaction.connection, key, place, utc_now())
    if number is None:
        raise TooManyGuesses(_WAIT)
    # What is not looked at takes as long: it is held against a hash that is nobody's.
    right = passwords.matches(kept if looked_at else None, password)
    return Guess(number, right)


def note_right(transaction: Transaction, made: Guess) -> None:
    """The guess was right to the end: it does not count, and its address is known for the account."""
    transaction.connection.execute(
        update(SignInAttempt).where(SignInAttempt.id == made.number).values(succeeded=True)
    )


def _write_down(
    connection: Connection, account: str, place: str, now: dt.datetime
) -> tuple[int | None, bool]:
    """The number of the guess, None where its address has to wait; and whether it is looked at."""
    if _wrong(connection, now, SignInAttempt.address == place) >= _ON_ADDRESS:
        return None, False
    looked_at = not _too_many(connection, account, place, now)
    # Addresses are personal data: they go when they are of no more use.
    failed = ~SignInAttempt.succeeded & (SignInAttempt.at < now - _FAILED_FOR)
    connection.execute(delete(SignInAttempt).where(failed | (SignInAttempt.at < now - _KNOWN_FOR)))
    row = {
        "account": account if looked_at else _NOT_LOOKED_AT,
        "address": place,
        "at": now,
        "succeeded": False,
    }
    done = connection.execute(insert(SignInAttempt).values(row).returning(SignInAttempt.id))
    return int(done.scalar_one()), looked_at


def _too_many(connection: Connection, account: str, place: str, now: dt.datetime) -> bool:
    on_account, here = SignInAttempt.account == account, SignInAttempt.address == place
    known = select(SignInAttempt.address).where(
        on_account, SignInAttempt.succeeded, SignInAttempt.at > now - _KNOWN_FOR
    )
    limits: list[tuple[int, tuple[ColumnElement[bool], ...]]] = [
        (_ON_ACCOUNT, (on_account,)),
        (_ON_PAIR, (on_account, here)),
    ]
    if connection.execute(known.where(here).limit(1)).first() is None:
        limits.append((_BY_STRANGERS, (on_account, SignInAttempt.address.not_in(known))))
    return any(_wrong(connection, now, *where) >= most for most, where in limits)


def _wrong(connection: Connection, now: dt.datetime, *where: ColumnElement[bool]) -> int:
    # Within the window on both sides: a clock that was set back does not make anybody wait for days.
    at: Any = SignInAttempt.at
    recent = ~SignInAttempt.succeeded & (at > now - _WINDOW) & (at < now + _WINDOW)
    count = select(func.count()).select_from(SignInAttempt).where(recent, *where)
    return connection.execute(count).scalar_one()


def _place(address: str) -> str:
    """Where a guess comes from: an IPv6 network counts as one, since its holder has all its addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64] or "?"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
