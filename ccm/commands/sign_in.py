"""Signing in: a name, a password, a code where there is one; guesses are slowed down, and nothing is told."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from ccm.auth import ABSOLUTE, digest, passwords, second_factor
from ccm.auth.policy import Actor
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError
from ccm.domain.folding import fold
from ccm.domain.vocabulary import SignInEnd, UserRole
from ccm.i18n import N_
from ccm.store import Store, Transaction
from ccm.store.models import Contact, Credential, RecoveryCode, SignIn, SignInAttempt, User

_WINDOW = dt.timedelta(minutes=15)
#: Wrong tries within the window: on one account, on one account from one address, from one address.
_ON_ACCOUNT, _ON_PAIR, _ON_ADDRESS = 10, 5, 50
#: How long a successful sign-in from an address sets it apart from whoever guesses elsewhere.
_KNOWN_FOR = dt.timedelta(days=90)
_TOUCH_EVERY = dt.timedelta(minutes=1)

_WRONG = N_(
    "Identifiant, mot de passe ou code inexact : vérifiez-les, "
    "ou demandez un nouveau lien au Secrétariat permanent."
)
_TOO_MANY = N_("Trop d'essais : attendez %(minutes)s min, puis recommencez.")


class NotSignedIn(CcmError):
    """The name, password or code is wrong (which one is not told), or there were too many tries."""


@dataclass(frozen=True)
class _Account:
    """What is needed to check a person, and nothing of it where the name is unknown."""

    user_id: int | None = None
    role: UserRole | None = None
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_last_step: int | None = None


def sign_in(store: Store, identifier: str, password: str, code: str, address: str) -> str:
    """The token of a new sign-in; raises NotSignedIn.

    The try is written down before the password is looked at, so that tries made at the same time are
    all counted; the slow hash runs outside any transaction.
    """
    account_key = digest(fold(identifier)[:200])
    with store.write("public") as transaction:
        attempt = _begin(transaction, account_key, address[:64])
    if isinstance(attempt, dt.timedelta):
        raise NotSignedIn(_TOO_MANY, minutes=max(1, -(-int(attempt.total_seconds()) // 60)))
    with store.read() as connection:
        account = _account(connection, identifier)
    right = passwords.matches(account.password_hash, password)
    with store.write("public") as transaction:
        token = _finish(transaction, attempt, account, password, code) if right else None
    if token is None:
        raise NotSignedIn(_WRONG)
    return token


def touch(store: Store, actor: Actor) -> None:
    """Note that a signed-in person is active; at most once a minute, and never for a page left open."""
    if actor.sign_in_id is None:
        return
    with store.read() as connection:
        seen = connection.execute(select(SignIn.last_seen_at).where(SignIn.id == actor.sign_in_id)).scalar()
    if seen is not None and utc_now() - seen >= _TOUCH_EVERY:
        with store.write(actor.name) as transaction:
            transaction.connection.execute(
                update(SignIn)
                .where(SignIn.id == actor.sign_in_id, SignIn.ended_at.is_(None))
                .values(last_seen_at=transaction.now)
            )


def end(transaction: Transaction, reason: SignInEnd, *where: Any) -> int:
    """End the sign-ins that `where` names; how many there were."""
    ended = transaction.connection.execute(
        update(SignIn)
        .where(SignIn.ended_at.is_(None), *where)
        .values(ended_at=transaction.now, ended_reason=reason)
    )
    return ended.rowcount


def open_sign_in(transaction: Transaction, user_id: int, role: UserRole) -> str:
    """A new sign-in of a person who proved who they are; its token, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    row = {
        "user_id": user_id,
        "token_hash": digest(token),
        "created_at": transaction.now,
        "last_seen_at": transaction.now,
        "confirmed_at": transaction.now,
        "expires_at": transaction.now + ABSOLUTE[role],
    }
    transaction.connection.execute(insert(SignIn).values(row))
    return token


def _begin(transaction: Transaction, account: str, address: str) -> int | dt.timedelta:
    """The id of the try, written down; or how long to wait."""
    connection, now = transaction.connection, transaction.now
    wait = _wait(connection, account, address, now)
    if wait is not None:
        return wait
    # Addresses are personal data: they go when they are of no more use.
    connection.execute(delete(SignInAttempt).where(SignInAttempt.at < now - _KNOWN_FOR))
    row = {"account": account, "address": address, "at": now, "succeeded": False}
    done = connection.execute(insert(SignInAttempt).values(row).returning(SignInAttempt.id))
    return int(done.scalar_one())


def _wait(connection: Connection, account: str, address: str, now: dt.datetime) -> dt.timedelta | None:
    on_account = SignInAttempt.account == account
    from_here = SignInAttempt.address == address
    limits = [(_ON_PAIR, (on_account, from_here)), (_ON_ADDRESS, (from_here,))]
    if not _is_known(connection, account, address, now):
        limits.append((_ON_ACCOUNT, (on_account,)))
    waits = [wait for most, where in limits if (wait := _over(connection, now, most, *where))]
    return max(waits, default=None)


def _over(connection: Connection, now: dt.datetime, most: int, *where: Any) -> dt.timedelta | None:
    recent = (
        select(SignInAttempt.at)
        .where(~SignInAttempt.succeeded, SignInAttempt.at > now - _WINDOW, *where)
        .order_by(SignInAttempt.at.desc())
        .limit(most)
    )
    tries = connection.execute(recent).scalars().all()
    return tries[-1] + _WINDOW - now if len(tries) >= most else None


def _is_known(connection: Connection, account: str, address: str, now: dt.datetime) -> bool:
    count = select(func.count()).where(
        SignInAttempt.account == account,
        SignInAttempt.address == address,
        SignInAttempt.succeeded,
        SignInAttempt.at > now - _KNOWN_FOR,
    )
    return connection.execute(count).scalar_one() > 0


def _account(connection: Connection, identifier: str) -> _Account:
    """The account of a name or mail address, whatever its capitals and accents."""
    wanted = fold(identifier)
    columns = (User.id, User.name, User.role, Contact.email)
    people = connection.execute(
        select(*columns).outerjoin(Contact, Contact.user_id == User.id).where(User.disabled_at.is_(None))
    ).all()
    named = [row for row in people if fold(row.name) == wanted]
    mailed = [row for row in people if row.email and fold(row.email) == wanted]
    found = named or (mailed if len(mailed) == 1 else [])
    if not wanted or not found:
        return _Account()
    kept = connection.execute(select(Credential).where(Credential.user_id == found[0].id)).mappings().first()
    if kept is None:
        return _Account()
    secret = kept["totp_secret"] if kept["totp_confirmed_at"] else None
    return _Account(
        found[0].id, UserRole(found[0].role), kept["password_hash"], secret, kept["totp_last_step"]
    )


def _finish(
    transaction: Transaction, attempt: int, account: _Account, password: str, code: str
) -> str | None:
    connection = transaction.connection
    if account.user_id is None or account.role is None or account.password_hash is None:
        return None
    if account.totp_secret is not None and not _second_factor(transaction, account, code):
        return None
    connection.execute(update(SignInAttempt).where(SignInAttempt.id == attempt).values(succeeded=True))
    if passwords.is_outdated(account.password_hash):
        renewed = {"password_hash": passwords.hashed(password)}
        connection.execute(update(Credential).where(Credential.user_id == account.user_id).values(renewed))
    return open_sign_in(transaction, account.user_id, account.role)


def _second_factor(transaction: Transaction, account: _Account, code: str) -> bool:
    """Take a code, once: the conditional update lets one of two equal requests pass."""
    connection = transaction.connection
    step = second_factor.accepted_step(
        account.totp_secret or "", code, transaction.now, account.totp_last_step
    )
    if step is not None:
        last = Credential.totp_last_step
        taken = connection.execute(
            update(Credential)
            .where(Credential.user_id == account.user_id, (last.is_(None)) | (last < step))
            .values(totp_last_step=step)
        )
        return taken.rowcount == 1
    used = connection.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == account.user_id,
            RecoveryCode.code_hash == digest(second_factor.tidy_recovery_code(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=transaction.now)
    )
    return used.rowcount == 1
