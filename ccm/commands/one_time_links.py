"""One-time links: the first administrator's code, a first password, a reset; each works once, for a while."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from ccm.auth import CONSOLE, Action, Actor, digest, passwords, require
from ccm.auth.confirmation import require_recent
from ccm.auth.sign_ins import CLOCKS_DIFFER
from ccm.commands.cells import Refusal, is_blank
from ccm.commands.command import Command
from ccm.commands.guesses import know
from ccm.commands.own_account import set_password, use_up_links
from ccm.commands.people import add_person, checked_name, refuse_taken
from ccm.commands.sign_in import end, open_sign_in
from ccm.domain.dates import utc_now
from ccm.domain.errors import Invalid, NotFound, Problem
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
_DEAD_CODE = N_(
    "Ce code n'est pas, ou plus, le bon : relancez l'application, sa console en donne un nouveau."
)
_DEAD_LINK = N_("Ce lien n'est plus valable : demandez-en un nouveau au Secrétariat permanent.")


@dataclass(frozen=True)
class OpenLink:
    """What a one-time link that still works is for, and whose."""

    purpose: LinkPurpose
    name: str
    role: UserRole
    user_id: int


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
        use_up_links(transaction, OneTimeLink.purpose == LinkPurpose.FIRST_ADMINISTRATOR)
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
        require_recent(transaction.connection, actor)
        connection = transaction.connection
        user = connection.execute(
            select(User.id).where(User.name == self.name, User.disabled_at.is_(None))
        ).first()
        if user is None:
            raise NotFound("« %(name)s » n'est pas une personne connue et active.", name=self.name)
        has_password = connection.execute(select(Credential.user_id).where(Credential.user_id == user.id))
        purpose = LinkPurpose.RESET if has_password.first() else LinkPurpose.FIRST_PASSWORD
        use_up_links(transaction, OneTimeLink.user_id == user.id)
        token = _new_link(transaction, actor, purpose, user.id)
        append(transaction, [Entry("user.link_issued", "user", self.name, {"purpose": purpose.value})])
        return token


def open_link(connection: Connection, token: str, now: dt.datetime) -> OpenLink:
    """What a person's link is for; raises NotFound for one that is unknown, used, too old, or no person's."""
    row = _find_link(connection, token, now, LinkPurpose.FIRST_PASSWORD, LinkPurpose.RESET)
    user = connection.execute(
        select(User.name, User.role).where(User.id == row.user_id, User.disabled_at.is_(None))
    ).first()
    if user is None:
        raise NotFound(_DEAD_LINK)
    return OpenLink(LinkPurpose(row.purpose), user.name, UserRole(user.role), row.user_id)


def use_link(
    store: Store, token: str, password: str, replaced: str | None = None, address: str = ""
) -> str | None:
    """Set a password through a one-time link and sign in; the token of the new sign-in.

    None where the person has a second factor, which a link never stands in for: they sign in with a code,
    from an `address` that is no stranger's any more. Raises NotFound for a dead link, Invalid for a weak
    password: the link is used up only where all went well. `replaced` is the token that the browser held
    until now: its sign-in ends.
    """
    with store.read() as connection:
        link = open_link(connection, token, utc_now())
    kept = _hash_of(password, link.role, link.name)
    with store.write(link.name) as transaction:
        link = open_link(transaction.connection, token, utc_now())
        _set_password(transaction, link, kept, replaced)
        if _has_second_factor(transaction.connection, link.user_id):
            know(transaction, link.name, address)
            return None
        return open_sign_in(transaction, link.user_id, link.role)


def make_first_administrator(
    store: Store, code: str, name: str, password: str, replaced: str | None = None
) -> str:
    """Make the first administrator through the code of the console; the token of their sign-in.

    Raises NotFound for a dead code or where there is an administrator, Invalid for a weak password or a bad
    name, Conflict for a taken one; as `use_link` otherwise.
    """
    purpose = LinkPurpose.FIRST_ADMINISTRATOR
    with store.read() as connection:
        _find_link(connection, code, utc_now(), purpose)
    checked = _checked(name)
    kept = _hash_of(password, UserRole.ADMINISTRATOR, checked)
    with store.write(checked) as transaction:
        _find_link(transaction.connection, code, utc_now(), purpose)
        if has_administrator(transaction.connection):
            raise NotFound(_DEAD_LINK)
        refuse_taken(transaction, checked)
        person = add_person(transaction, checked, UserRole.ADMINISTRATOR, ())
        use_up_links(transaction, OneTimeLink.purpose == purpose)
        link = OpenLink(purpose, checked, UserRole.ADMINISTRATOR, person)
        _set_password(transaction, link, kept, replaced)
        return open_sign_in(transaction, person, link.role)


def _hash_of(password: str, role: UserRole, name: str) -> str:
    problems = passwords.problems(password, role, name)
    if problems:
        raise Invalid(problems)
    return passwords.hashed(password)


def _has_second_factor(connection: Connection, user_id: int) -> bool:
    confirmed = select(Credential.totp_confirmed_at).where(Credential.user_id == user_id)
    return connection.execute(confirmed).scalar() is not None


def _set_password(transaction: Transaction, link: OpenLink, kept: str, replaced: str | None) -> None:
    set_password(transaction, link.user_id, kept)
    end(transaction, SignInEnd.PASSWORD_CHANGED, SignIn.user_id == link.user_id)
    if replaced:
        end(transaction, SignInEnd.SIGNED_OUT, SignIn.token_hash == digest(replaced))
    append(transaction, [Entry("user.password_set", "user", link.name, {"by": link.purpose.value})])


def _new_link(transaction: Transaction, actor: Actor, purpose: LinkPurpose, user_id: int | None) -> str:
    token, now = secrets.token_urlsafe(24), utc_now()
    row = {
        "user_id": user_id,
        "purpose": purpose,
        "token_hash": digest(token),
        "created_at": now,
        "created_by": actor.name,
        "expires_at": now + _VALID_FOR[purpose],
    }
    transaction.connection.execute(insert(OneTimeLink).values(row))
    return token


def _find_link(connection: Connection, token: str, now: dt.datetime, *purposes: LinkPurpose) -> Any:
    columns = (OneTimeLink.id, OneTimeLink.user_id, OneTimeLink.purpose)
    row = connection.execute(
        select(*columns).where(
            OneTimeLink.token_hash == digest(token.strip()),
            OneTimeLink.purpose.in_(purposes),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
            # A clock that went back must not lengthen it.
            OneTimeLink.created_at <= now + CLOCKS_DIFFER,
        )
    ).first()
    if row is None:
        raise NotFound(_DEAD_CODE if LinkPurpose.FIRST_ADMINISTRATOR in purposes else _DEAD_LINK)
    return row


def _checked(name: str) -> str:
    if is_blank(name):
        raise Invalid([Problem("l'identifiant manque : donnez un nom de fonction", column="name")])
    try:
        return checked_name(name)
    except Refusal as refusal:
        raise Invalid([refusal.problem]) from None
