"""Guesses at a password: counted before they are looked at, and looked at only while they are few.

Whoever makes too many on one account is answered as for a wrong password, in the same time: the answer
tells neither whether there is such an account nor that its owner is being attacked.
"""

import datetime as dt
import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from ccm.auth import digest, passwords
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError
from ccm.domain.folding import fold
from ccm.i18n import N_
from ccm.store import Store, Transaction
from ccm.store.models import SignIn, SignInAttempt, User

_WINDOW = dt.timedelta(minutes=15)
#: Wrong guesses within the window that are looked at, on one account: in all; without the mark of a device it
#: was signed in on; by strangers, from addresses it was never signed in from: some are left to its owner.
_ON_ACCOUNT, _WITHOUT_DEVICE, _BY_STRANGERS = 10, 8, 6
#: The same, from one address or device; and from a stranger's address in a day, so that a few addresses that
#: guess without end do not use up what is left to all strangers, its owner on a new telephone among them.
_ON_PAIR, _BY_STRANGER_A_DAY = 5, 10
#: Guesses from one address, whatever the account: beyond these nothing is looked at and we say so.
_ON_ADDRESS = 50
#: How long a successful sign-in sets its address and its device apart from whoever guesses elsewhere.
KNOWN_FOR = dt.timedelta(days=90)
#: A failed guess is of no use any longer after a day.
_FAILED_FOR = dt.timedelta(days=1)
#: What stands before a device's mark where an address would stand.
_DEVICE = "device "
_MARK = re.compile(r"[0-9a-f]{64}")
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


def guess(
    store: Store, account: str, address: str, kept: str | None, password: str, device: str = ""
) -> Guess:
    """Whether `password` is the one whose hash is `kept`; raises TooManyGuesses.

    `account` is the person's name, or what was typed where nobody is called so; `device` the mark that an
    earlier sign-in left in the browser. The guess is written down first, so that guesses made at the same
    time are all counted, in every process; it counts as wrong until `note_right`. The slow hash runs
    outside any transaction.
    """
    key, place = _account(account), _place(address)
    with store.write("public") as transaction:
        connection, now = transaction.connection, utc_now()
        if _is_device_of(connection, account, device, now):
            # Whoever guesses elsewhere, and the neighbours on the same network, do not count here.
            place = _DEVICE + device[:48]
        number, looked_at = _write_down(connection, key, place, now)
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


def know(transaction: Transaction, account: str, address: str) -> None:
    """Note that a person proved at this address, by a link handed to them, who they are."""
    row = {"account": _account(account), "address": _place(address), "at": utc_now(), "succeeded": True}
    transaction.connection.execute(insert(SignInAttempt).values(row))


def device_mark(token: str) -> str:
    """What a browser keeps of a sign-in once it is over: no right, but not to be taken for a stranger."""
    return digest(token)


def _is_device_of(connection: Connection, account: str, device: str, now: dt.datetime) -> bool:
    """Whether the person was signed in, in this browser, not long ago."""
    if not _MARK.fullmatch(device):
        return False
    owner = (
        select(User.name)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == device, SignIn.created_at > now - KNOWN_FOR)
    )
    # What was typed is compared here: a database may refuse to look for it.
    return connection.execute(owner).scalar() == account


def _write_down(
    connection: Connection, account: str, place: str, now: dt.datetime
) -> tuple[int | None, bool]:
    """The number of the guess, None where its address has to wait; and whether it is looked at."""
    if _wrong(connection, now, _WINDOW, SignInAttempt.address == place) >= _ON_ADDRESS:
        return None, False
    looked_at = not _too_many(connection, account, place, now)
    # Addresses are personal data: they go when they are of no more use.
    failed = ~SignInAttempt.succeeded & (SignInAttempt.at < now - _FAILED_FOR)
    connection.execute(delete(SignInAttempt).where(failed | (SignInAttempt.at < now - KNOWN_FOR)))
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
        on_account, SignInAttempt.succeeded, SignInAttempt.at > now - KNOWN_FOR
    )
    limits: list[tuple[int, dt.timedelta, tuple[ColumnElement[bool], ...]]] = [
        (_ON_ACCOUNT, _WINDOW, (on_account,)),
        (_ON_PAIR, _WINDOW, (on_account, here)),
    ]
    if not place.startswith(_DEVICE):
        elsewhere = SignInAttempt.address.not_like(f"{_DEVICE}%")
        limits.append((_WITHOUT_DEVICE, _WINDOW, (on_account, elsewhere)))
        if connection.execute(known.where(here).limit(1)).first() is None:
            strangers = SignInAttempt.address.not_in(known)
            limits.append((_BY_STRANGERS, _WINDOW, (on_account, elsewhere, strangers)))
            limits.append((_BY_STRANGER_A_DAY, _FAILED_FOR, (on_account, here)))
    return any(_wrong(connection, now, window, *where) >= most for most, window, where in limits)


def _wrong(
    connection: Connection, now: dt.datetime, window: dt.timedelta, *where: ColumnElement[bool]
) -> int:
    # Near enough on both sides: a clock that was set back does not make anybody wait for days.
    at: Any = SignInAttempt.at
    recent = ~SignInAttempt.succeeded & (at > now - window) & (at < now + _WINDOW)
    count = select(func.count()).select_from(SignInAttempt).where(recent, *where)
    return connection.execute(count).scalar_one()


def _account(name: str) -> str:
    return digest(fold(name)[:200])


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
