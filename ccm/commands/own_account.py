"""A person's own account: password, second factor, sign-ins."""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, insert, select, update

from ccm.auth import Action, Actor, digest, passwords, require, second_factor
from ccm.auth.confirmation import require_recent
from ccm.auth.sign_ins import still
from ccm.commands.command import Command, submit
from ccm.commands.guesses import guess, note_right
from ccm.commands.sign_in import end
from ccm.domain.dates import utc_now
from ccm.domain.errors import Conflict, Invalid, NotFound, Problem
from ccm.domain.vocabulary import SignInEnd
from ccm.store import Store, Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Credential, OneTimeLink, RecoveryCode, SignIn, User


def change_password(
    store: Store, actor: Actor, current: str, new: str, address: str, device: str = ""
) -> None:
    """Replace one's own password; every other sign-in of the person ends.

    Raises Invalid for a wrong present password or a weak new one, NotAllowed, TooManyGuesses.
    """
    problems = [] if _is_password(store, actor, current, address, device) else [_wrong("current")]
    problems += passwords.problems(new, actor.role, actor.name)
    if problems:
        raise Invalid(problems)
    submit(store, actor, _KeepPassword(passwords.hashed(new)))


def confirm_password(store: Store, actor: Actor, password: str, address: str, device: str = "") -> None:
    """Give one's password again, before a sensitive action; raises as `change_password`."""
    if not _is_password(store, actor, password, address, device):
        raise Invalid([_wrong("password")])
    submit(store, actor, _NoteConfirmed())


@dataclass(frozen=True)
class _KeepPassword(Command[None]):
    kept: str = field(repr=False)

    def authorise(self, actor: Actor) -> None:
        require(actor, Action.MANAGE_OWN_ACCOUNT, author=actor.name)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        set_password(transaction, actor.user_id, self.kept)
        others = SignIn.user_id == actor.user_id, SignIn.id != actor.sign_in_id
        end(transaction, SignInEnd.PASSWORD_CHANGED, *others)
        append(transaction, [Entry("user.password_changed", "user", actor.name)])


@dataclass(frozen=True)
class _NoteConfirmed(Command[None]):
    def authorise(self, actor: Actor) -> None:
        require(actor, Action.MANAGE_OWN_ACCOUNT, author=actor.name)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        transaction.connection.execute(
            update(SignIn).where(SignIn.id == actor.sign_in_id).values(confirmed_at=utc_now())
        )


@dataclass(frozen=True)
class BeginSecondFactor(Command[str]):
    """Start setting up a second factor: the secret, to be confirmed by a first code."""

    def authorise(self, actor: Actor) -> None:
        """One's own account only."""
        require(actor, Action.MANAGE_OWN_ACCOUNT, author=actor.name)

    def carry_out(self, transaction: Transaction, actor: Actor) -> str:
        """Raises Conflict where one is in force already."""
        require_recent(transaction.connection, actor)
        secret = second_factor.new_secret()
        begun = transaction.connection.execute(
            update(Credential)
            .where(Credential.user_id == actor.user_id, Credential.totp_confirmed_at.is_(None))
            .values(totp_secret=secret, totp_last_step=None)
        )
        if not begun.rowcount:
            raise Conflict("Un second facteur est déjà en place : retirez-le d'abord.")
        return secret


@dataclass(frozen=True)
class ConfirmSecondFactor(Command[tuple[str, ...]]):
    """Put the second factor in force by a first right code; gives the recovery codes, shown once."""

    code: str

    def authorise(self, actor: Actor) -> None:
        """One's own account only."""
        require(actor, Action.MANAGE_OWN_ACCOUNT, author=actor.name)

    def carry_out(self, transaction: Transaction, actor: Actor) -> tuple[str, ...]:
        """Raises Invalid for a wrong code, ConfirmationNeeded."""
        require_recent(transaction.connection, actor)
        connection = transaction.connection
        kept = connection.execute(
            select(Credential.totp_secret).where(
                Credential.user_id == actor.user_id, Credential.totp_confirmed_at.is_(None)
            )
        ).scalar()
        step = second_factor.accepted_step(kept, self.code, utc_now(), None) if kept else None
        if step is None:
            raise Invalid(
                [Problem("le code est inexact : attendez le suivant, puis recommencez", column="code")]
            )
        connection.execute(
            update(Credential)
            .where(Credential.user_id == actor.user_id)
            .values(totp_confirmed_at=transaction.now, totp_last_step=step)
        )
        codes = tuple(second_factor.new_recovery_code() for _ in range(second_factor.RECOVERY_CODES))
        connection.execute(delete(RecoveryCode).where(RecoveryCode.user_id == actor.user_id))
        row = {"user_id": actor.user_id, "created_at": transaction.now}
        connection.execute(insert(RecoveryCode), [{**row, "code_hash": digest(code)} for code in codes])
        append(transaction, [Entry("user.second_factor_set", "user", actor.name)])
        return codes


@dataclass(frozen=True)
class RemoveSecondFactor(Command[None]):
    """Take the second factor off: one's own, or, for somebody who lost it, an administrator's doing."""

    name: str

    def authorise(self, actor: Actor) -> None:
        """One's own account, or the administrators'."""
        if self.name != actor.name or actor.anonymous:
            require(actor, Action.MANAGE_USERS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises NotFound for somebody who has none."""
        require_recent(transaction.connection, actor)
        connection = transaction.connection
        user_id = connection.execute(select(User.id).where(User.name == self.name)).scalar()
        removed = connection.execute(
            update(Credential)
            .where(Credential.user_id == user_id, Credential.totp_secret.is_not(None))
            .values(totp_secret=None, totp_confirmed_at=None, totp_last_step=None)
        )
        if not removed.rowcount:
            raise NotFound("« %(name)s » n'a pas de second facteur.", name=self.name)
        connection.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        append(transaction, [Entry("user.second_factor_removed", "user", self.name)])


@dataclass(frozen=True)
class SignOut(Command[int]):
    """End this sign-in, or with `everywhere` all of one's own; how many ended."""

    everywhere: bool = False

    def authorise(self, actor: Actor) -> None:
        """Whoever is signed in."""
        require(actor, Action.MANAGE_OWN_ACCOUNT, author=actor.name)

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        """Told by the journal only where it reaches other browsers."""
        if not self.everywhere:
            return end(transaction, SignInEnd.SIGNED_OUT, SignIn.id == actor.sign_in_id)
        ended = end(transaction, SignInEnd.EVERYWHERE, SignIn.user_id == actor.user_id)
        append(transaction, [Entry("user.signed_out_everywhere", "user", actor.name, {"sign_ins": ended})])
        return ended


def set_password(transaction: Transaction, user_id: int | None, kept: str) -> None:
    """Keep the hash of a person's new password; a link that was handed over before opens nothing now."""
    connection, values = transaction.connection, {"password_hash": kept, "changed_at": transaction.now}
    changed = connection.execute(update(Credential).where(Credential.user_id == user_id).values(values))
    if not changed.rowcount:
        connection.execute(insert(Credential).values({"user_id": user_id, **values}))
    use_up_links(transaction, OneTimeLink.user_id == user_id)


def use_up_links(transaction: Transaction, whose: ColumnElement[bool]) -> None:
    """Let the links that `whose` names open nothing any more."""
    transaction.connection.execute(
        update(OneTimeLink).where(whose, OneTimeLink.used_at.is_(None)).values(used_at=transaction.now)
    )


def _is_password(store: Store, actor: Actor, password: str, address: str, device: str) -> bool:
    """Whether it is the person's own; guesses at it are as few as at the door."""
    with store.read() as connection:
        now = still(connection, actor, utc_now())
        require(now, Action.MANAGE_OWN_ACCOUNT, author=now.name)
        own = select(Credential.password_hash).where(Credential.user_id == now.user_id)
        kept = connection.execute(own).scalar()
    made = guess(store, actor.name, address, kept, password, device)
    if made.right:
        with store.write(actor.name) as transaction:
            note_right(transaction, made)
    return made.right


def _wrong(column: str) -> Problem:
    return Problem(
        "le mot de passe actuel est inexact (après cinq essais, attendez un quart d'heure)", column=column
    )
