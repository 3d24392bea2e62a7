"""Signing in: a name, a password, a code where there is one. Whatever is wrong, the answer is the same."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ccm.auth import ABSOLUTE, digest, passwords, resolve, second_factor
from ccm.auth.policy import Actor
from ccm.commands.guesses import Guess, guess, note_right
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError
from ccm.domain.folding import fold
from ccm.domain.vocabulary import SignInEnd, UserRole
from ccm.i18n import N_
from ccm.store import Store, Transaction
from ccm.store.models import Contact, Credential, RecoveryCode, SignIn, User

_TOUCH_EVERY = dt.timedelta(minutes=1)
_WRONG = N_(
    "Identifiant, mot de passe ou code inexact : vérifiez-les. Après cinq essais, attendez un quart d'heure, "
    "ou demandez un nouveau lien au Secrétariat permanent."
)


class NotSignedIn(CcmError):
    """The name, password or code is wrong, or there were too many guesses: which is not told."""


@dataclass(frozen=True)
class _Account:
    """What is needed to check a person, and nothing of it where the name is unknown."""

    name: str
    user_id: int | None = None
    role: UserRole | None = None
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_last_step: int | None = None


def sign_in(
    store: Store,
    identifier: str,
    password: str,
    code: str,
    address: str,
    replaced: str | None = None,
    device: str = "",
) -> str:
    """The token of a new sign-in; raises NotSignedIn, TooManyGuesses.

    `replaced` is the token that the browser held until now: its sign-in ends; `device` the mark of an
    earlier one. The same transactions are made whether the name is known, the password right or not.
    """
    with store.read() as connection:
        account = _account(connection, identifier)
    made = guess(store, account.name, address, account.password_hash, password, device)
    with store.write("public") as transaction:
        token = _finish(transaction, made, account, password, code)
        if token is not None and replaced:
            end(transaction, SignInEnd.SIGNED_OUT, SignIn.token_hash == digest(replaced))
    if token is None:
        raise NotSignedIn(_WRONG)
    return token


def touch(store: Store, actor: Actor) -> None:
    """Note that a signed-in person has just done something; at most once a minute."""
    if actor.sign_in_id is None:
        return
    with store.read() as connection:
        seen = connection.execute(select(SignIn.last_seen_at).where(SignIn.id == actor.sign_in_id)).scalar()
    if seen is not None and utc_now() - seen >= _TOUCH_EVERY:
        with store.write(actor.name) as transaction:
            note_active(transaction, actor)


def note_active(transaction: Transaction, actor: Actor) -> None:
    """The same, in a transaction that is under way."""
    if actor.sign_in_id is None:
        return
    transaction.connection.execute(
        update(SignIn)
        .where(SignIn.id == actor.sign_in_id, SignIn.ended_at.is_(None))
        .values(last_seen_at=utc_now())
    )


def end_lapsed(store: Store, token: str) -> None:
    """End for good the sign-in of a token that has run out: no clock set back brings it to life again."""
    of_token = SignIn.token_hash == digest(token)
    with store.read() as connection:
        row = connection.execute(select(SignIn.expires_at).where(of_token, SignIn.ended_at.is_(None))).first()
    if row is None:
        return
    with store.write("public") as transaction:
        if resolve(transaction.connection, token, utc_now()).sign_in_id is None:
            over = SignInEnd.EXPIRED if row.expires_at <= utc_now() else SignInEnd.IDLE
            end(transaction, over, of_token)


def end(transaction: Transaction, reason: SignInEnd, *where: Any) -> int:
    """End the sign-ins that `where` names; how many there were."""
    ended = transaction.connection.execute(
        update(SignIn)
        .where(SignIn.ended_at.is_(None), *where)
        .values(ended_at=transaction.now, ended_reason=reason)
    )
    return ended.rowcount


def open_sign_in(transaction: Transaction, user_id: int, role: UserRole) -> str:
    """A new sign-in of a person who proved who they are; its token, of which only the hash is kept.

    Its times are the clock's own, not the transaction's: who signs in after a clock was set back can act.
    """
    token, now = secrets.token_urlsafe(32), utc_now()
    row = {
        "user_id": user_id,
        "token_hash": digest(token),
        "created_at": now,
        "last_seen_at": now,
        "confirmed_at": now,
        "expires_at": now + ABSOLUTE[role],
    }
    transaction.connection.execute(insert(SignIn).values(row))
    return token


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
        return _Account(identifier)
    person = found[0]
    kept = connection.execute(select(Credential).where(Credential.user_id == person.id)).mappings().first()
    if kept is None:
        return _Account(person.name)
    secret = kept["totp_secret"] if kept["totp_confirmed_at"] else None
    role, last = UserRole(person.role), kept["totp_last_step"]
    return _Account(person.name, person.id, role, kept["password_hash"], secret, last)


def _finish(transaction: Transaction, made: Guess, account: _Account, password: str, code: str) -> str | None:
    """The token, where all that was asked for is right and still is in this transaction."""
    connection = transaction.connection
    if not made.right or account.user_id is None or account.role is None:
        return None
    kept = connection.execute(
        select(Credential.password_hash)
        .join(User, User.id == Credential.user_id)
        .where(User.id == account.user_id, User.disabled_at.is_(None))
    ).scalar()
    if kept is None or kept != account.password_hash:
        return None
    if account.totp_secret is not None and not _second_factor(transaction, account, code):
        return None
    note_right(transaction, made)
    if passwords.is_outdated(kept):
        renewed = {"password_hash": passwords.hashed(password)}
        connection.execute(update(Credential).where(Credential.user_id == account.user_id).values(renewed))
    return open_sign_in(transaction, account.user_id, account.role)


def _second_factor(transaction: Transaction, account: _Account, code: str) -> bool:
    """Take a code, once: the conditional update lets one of two equal requests pass."""
    connection = transaction.connection
    step = second_factor.accepted_step(account.totp_secret or "", code, utc_now(), account.totp_last_step)
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
