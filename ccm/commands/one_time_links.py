"""One-time links: the first administrator's code, a first password, a reset; each works once, for a while."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ccm.auth import CONSOLE, Action, Actor, digest, passwords, require
from ccm.commands.cells import Refusal
from ccm.commands.command import Command
from ccm.commands.own_account import require_recent, set_password
from ccm.commands.people import add_person, checked_name, refuse_taken
from ccm.commands.sign_in import end, open_sign_in
from ccm.domain.dates import utc_now
from ccm.domain.errors import Invalid, NotFound
from ccm.domain.vocabulary import LinkPurpose, SignInEnd, UserRole
from ccm.i18n import N_
from ccm.store import Store, Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Credential, OneTimeLink, SignIn, User

_VALID_FOR = {
    LinkPurpose.FIRST_ADMINISTRATOR: dt.timedelta(hours=1),
    LinkPurpose.FIRST_PASSWORD: dt.timedelta(hours=24),
    LinkPurpose.RESET: dt.timedelta(hours=24),
}
_DEAD_LINK = N_("Ce lien n'est plus valable : demandez-en un nouveau au Secrétariat permanent.")


@dataclass(frozen=True)
class OpenLink:
    """What a one-time link that still works is for; `name` is empty for the first administrator."""

    purpose: LinkPurpose
    name: str
    role: UserRole


def has_administrator(connection: Connection) -> bool:
    """Whether an active administrator can sign in."""
    count = (
        select(func.count())
        .select_from(User)
        .join(Credential, Credential.user_id == User.id)
        .where(User.role == UserRole.ADMINISTRATOR, User.disabled_at.is_(None))
    )
    return connection.execute(count).scalar_one() > 0


def first_administrator_code(store: Store) -> str | None:
    """A one-time code for the first administrator, good for an hour; None once there is one.

    Each call makes the earlier codes worthless. It is printed on the console, nowhere else.
    """
    with store.read() as connection:
        if has_administrator(connection):
            return None
    with store.write(CONSOLE.name) as transaction:
        transaction.connection.execute(
            update(OneTimeLink)
            .where(OneTimeLink.purpose == LinkPurpose.FIRST_ADMINISTRATOR, OneTimeLink.used_at.is_(None))
            .values(used_at=transaction.now)
        )
        return _new_link(transaction, CONSOLE, LinkPurpose.FIRST_ADMINISTRATOR, None)


@dataclass(frozen=True)
class IssueLink(Command[str]):
    """A one-time link for a person: a first password, or a new one. Gives the token, which is not kept.

    It replaces the person's earlier links. A reset ends their sign-ins only once it is used.
    """

    name: str

    def authorise(self, actor: Actor) -> None:
        """Handing over links is the administrators' business."""
        require(actor, Action.MANAGE_USERS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> str:
        """Raises NotFound for somebody who is not known or not active."""
        require_recent(transaction, actor)
        connection = transaction.connection
        user = connection.execute(
            select(User.id).where(User.name == self.name, User.disabled_at.is_(None))
        ).first()
        if user is None:
            raise NotFound("« %(name)s » n'est pas une personne connue et active.", name=self.name)
        has_password = connection.execute(select(Credential.user_id).where(Credential.user_id == user.id))
        purpose = LinkPurpose.RESET if has_password.first() else LinkPurpose.FIRST_PASSWORD
        connection.execute(
            update(OneTimeLink)
            .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
            .values(used_at=transaction.now)
        )
        token = _new_link(transaction, actor, purpose, user.id)
        append(transaction, [Entry("user.link_issued", "user", self.name, {"purpose": purpose.value})])
        return token


def open_link(connection: Connection, token: str, now: dt.datetime) -> OpenLink:
    """What a link is for; raises NotFound for one that is unknown, used or too old."""
    row = _find_link(connection, token, now)
    if row.purpose is LinkPurpose.FIRST_ADMINISTRATOR:
        return OpenLink(LinkPurpose.FIRST_ADMINISTRATOR, "", UserRole.ADMINISTRATOR)
    user = connection.execute(
        select(User.name, User.role).where(User.id == row.user_id, User.disabled_at.is_(None))
    ).first()
    if user is None:
        raise NotFound(_DEAD_LINK)
    return OpenLink(LinkPurpose(row.purpose), user.name, UserRole(user.role))


def use_link(store: Store, token: str, password: str, name: str = "") -> str:
    """Set a password through a one-time link and sign in; the token of the new sign-in.

    `name` is the first administrator's. Raises NotFound for a dead link, Invalid for a weak password or
    a bad name, Conflict for a taken one. The link is used up only where all went well.
    """
    with store.read() as connection:
        link = open_link(connection, token, utc_now())
    who = link.name or name
    problems = passwords.problems(password, link.role, who)
    if problems:
        raise Invalid(problems)
    kept = passwords.hashed(password)
    with store.write(who.strip() or "public") as transaction:
        return _use(transaction, token, kept, name)


def _use(transaction: Transaction, token: str, kept: str, name: str) -> str:
    connection = transaction.connection
    row = _find_link(connection, token, transaction.now)
    if row.purpose is LinkPurpose.FIRST_ADMINISTRATOR:
        if has_administrator(connection):
            raise NotFound(_DEAD_LINK)
        who, role = _new_name(transaction, name), UserRole.ADMINISTRATOR
        user_id = add_person(transaction, who, role, ())
    else:
        link = open_link(connection, token, transaction.now)
        user_id, role, who = int(row.user_id), link.role, link.name
    connection.execute(update(OneTimeLink).where(OneTimeLink.id == row.id).values(used_at=transaction.now))
    set_password(transaction, user_id, kept)
    end(transaction, SignInEnd.PASSWORD_CHANGED, SignIn.user_id == user_id)
    append(transaction, [Entry("user.password_set", "user", who, {"by": row.purpose.value})])
    return open_sign_in(transaction, user_id, role)


def _new_link(transaction: Transaction, actor: Actor, purpose: LinkPurpose, user_id: int | None) -> str:
    token = secrets.token_urlsafe(24)
    row = {
        "user_id": user_id,
        "purpose": purpose,
        "token_hash": digest(token),
        "created_at": transaction.now,
        "created_by": actor.name,
        "expires_at": transaction.now + _VALID_FOR[purpose],
    }
    transaction.connection.execute(insert(OneTimeLink).values(row))
    return token


def _find_link(connection: Connection, token: str, now: dt.datetime) -> Any:
    columns = (OneTimeLink.id, OneTimeLink.user_id, OneTimeLink.purpose)
    row = connection.execute(
        select(*columns).where(
            OneTimeLink.token_hash == digest(token.strip()),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
            OneTimeLink.created_at <= now + dt.timedelta(minutes=5),
        )
    ).first()
    if row is None:
        raise NotFound(_DEAD_LINK)
    return row


def _new_name(transaction: Transaction, name: str) -> str:
    try:
        checked = checked_name(name)
    except Refusal as refusal:
        raise Invalid([refusal.problem]) from None
    refuse_taken(transaction, checked)
    return checked
