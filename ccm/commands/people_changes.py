"""People who change: role and scope, contacts, leaving and coming back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update

from ccm.auth import ABSOLUTE, Action, Actor, require
from ccm.auth.confirmation import require_recent
from ccm.commands.cells import Line, one_of, prose
from ccm.commands.command import Command
from ccm.commands.lookup import Lookup
from ccm.commands.own_account import use_up_links
from ccm.commands.people import scope_problems, scoped_entities
from ccm.commands.sign_in import end
from ccm.domain.errors import Conflict, Invalid, NotFound, Problem
from ccm.domain.vocabulary import SignInEnd, UserRole
from ccm.i18n import N_
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Contact, Credential, OneTimeLink, SignIn, User, UserEntity

_OTHER_CONTACT = N_(
    "Les coordonnées de « %(name)s » ont changé depuis votre lecture : %(now)s. Comparez, puis enregistrez."
)


@dataclass(frozen=True)
class ChangePerson(Command[None]):
    """Give a person another role, or other entities; it holds from their next gesture on.

    `expected_version` is that of the person as read: who changed them meanwhile is not overwritten.
    """

    name: str
    role: str
    entities: tuple[str, ...]
    expected_version: int

    def authorise(self, actor: Actor) -> None:
        """People are the administrators' business."""
        require(actor, Action.MANAGE_USERS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid, NotFound, Conflict, ConfirmationNeeded; the last administrator stays one."""
        require_recent(transaction.connection, actor)
        problems: list[Problem] = []
        line = Line(None, problems)
        role = line.required("role", self.role, one_of(UserRole), UserRole)
        entities = scoped_entities(line, Lookup(transaction.connection, ()), self.entities)
        scope_problems(line, role, self.entities)
        if problems or role is None:
            raise Invalid(problems)
        user = known_person(transaction, self.name, self.expected_version)
        if role is not UserRole.ADMINISTRATOR:
            _refuse_last_administrator(transaction, user)
        connection = transaction.connection
        bump(transaction, user.id, role=role)
        _shorten(transaction, user.id, role)
        connection.execute(delete(UserEntity).where(UserEntity.user_id == user.id))
        rows = [{"user_id": user.id, "entity_id": entity.id} for entity in entities]
        if rows:
            connection.execute(insert(UserEntity), rows)
        append(
            transaction,
            [Entry("user.changed", "user", self.name, scope_told(role, [entity.key for entity in entities]))],
        )


@dataclass(frozen=True)
class DisablePerson(Command[None]):
    """Let a person act no more, at once: every sign-in of theirs ends. What they did stays theirs."""

    name: str

    def authorise(self, actor: Actor) -> None:
        """People are the administrators' business."""
        require(actor, Action.MANAGE_USERS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises NotFound, Conflict for the last administrator or somebody disabled already."""
        require_recent(transaction.connection, actor)
        user = known_person(transaction, self.name)
        if user.disabled_at is not None:
            raise Conflict("« %(name)s » est déjà désactivé.", name=self.name)
        _refuse_last_administrator(transaction, user)
        bump(transaction, user.id, disabled_at=transaction.now)
        end(transaction, SignInEnd.DISABLED, SignIn.user_id == user.id)
        use_up_links(transaction, OneTimeLink.user_id == user.id)
        append(transaction, [Entry("user.disabled", "user", self.name)])


@dataclass(frozen=True)
class EnablePerson(Command[None]):
    """Let a person act again; they ask for a new link where they forgot their password."""

    name: str

    def authorise(self, actor: Actor) -> None:
        """People are the administrators' business."""
        require(actor, Action.MANAGE_USERS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises NotFound, Conflict for somebody who is active."""
        require_recent(transaction.connection, actor)
        user = known_person(transaction, self.name)
        if user.disabled_at is None:
            raise Conflict("« %(name)s » est déjà actif.", name=self.name)
        bump(transaction, user.id, disabled_at=None)
        append(transaction, [Entry("user.enabled", "user", self.name)])


@dataclass(frozen=True)
class SetContact(Command[None]):
    """How a person is reached. Personal data: the journal says that it changed, not to what.

    `seen` is what was read, by field: where it was changed since, nothing is overwritten.
    """

    name: str
    full_name: str = ""
    function: str = ""
    email: str = ""
    phone: str = ""
    seen: Mapping[str, str] | None = field(default=None, hash=False)

    def authorise(self, actor: Actor) -> None:
        """People are the administrators' business."""
        require(actor, Action.MANAGE_USERS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid for no address or number, NotFound, Conflict where it changed, ConfirmationNeeded.

        A mail address is a name to sign in by.
        """
        require_recent(transaction.connection, actor)
        user = known_person(transaction, self.name)
        self._check_seen(transaction, user.id)
        given = {
            "full_name": self.full_name,
            "function": self.function,
            "email": self.email,
            "phone": self.phone,
        }
        problems: list[Problem] = []
        line = Line(None, problems)
        values = {name: (line.read(name, text, prose) or "").strip() for name, text in given.items()}
        for name, text in values.items():
            if len(text) > 200 or "\n" in text:
                line.refuse(name, Problem("une ligne de 200 caractères au plus"))
        email = values["email"]
        if email and not (email.count("@") == 1 and "." in email.rpartition("@")[2] and " " not in email):
            line.refuse("email", Problem("ce n'est pas une adresse électronique : nom@domaine.ne"))
        phone = values["phone"]
        if phone and not (phone.lstrip("+").replace(" ", "").isdigit() and 8 <= len(phone) <= 20):
            line.refuse(
                "phone", Problem("ce n'est pas un numéro : des chiffres, par exemple +227 90 00 00 00")
            )
        if problems:
            raise Invalid(problems)
        row = {**values, "updated_at": transaction.now}
        connection = transaction.connection
        changed = connection.execute(update(Contact).where(Contact.user_id == user.id).values(row))
        if not changed.rowcount:
            connection.execute(insert(Contact).values({"user_id": user.id, **row}))
        append(transaction, [Entry("user.contact_changed", "user", self.name)])

    def _check_seen(self, transaction: Transaction, user: int) -> None:
        if self.seen is None:
            return
        columns = [getattr(Contact, name) for name in self.seen]
        kept = transaction.connection.execute(select(*columns).where(Contact.user_id == user)).first()
        now = dict(kept._mapping) if kept else dict.fromkeys(self.seen, "")
        if now != self.seen:
            raise Conflict(_OTHER_CONTACT, name=self.name, now=" · ".join(filter(None, now.values())) or "—")


def known_person(transaction: Transaction, name: str, expected_version: int | None = None) -> Any:
    """A person as they are now; raises NotFound, Conflict where somebody changed them meanwhile."""
    columns = (User.id, User.role, User.version, User.disabled_at)
    user = transaction.connection.execute(select(*columns).where(User.name == name)).first()
    if user is None:
        raise NotFound("« %(name)s » n'est pas une personne connue.", name=name)
    if expected_version is not None and user.version != expected_version:
        raise Conflict("« %(name)s » a changé depuis votre lecture : rouvrez la page.", name=name)
    return user


def _refuse_last_administrator(transaction: Transaction, user: Any) -> None:
    if user.role is not UserRole.ADMINISTRATOR or user.disabled_at is not None:
        return
    able = (
        select(User.id)
        .join(Credential, Credential.user_id == User.id)
        .where(User.role == UserRole.ADMINISTRATOR, User.disabled_at.is_(None))
    )
    # Who has no password yet cannot stand in: the link may never reach them.
    if set(transaction.connection.execute(able).scalars()) == {user.id}:
        raise Conflict(
            "C'est le dernier compte d'administration qui peut se connecter : faites-en un autre d'abord."
        )


def bump(transaction: Transaction, user_id: int, **values: Any) -> None:
    """Change a person, and say that they changed to whoever read them before."""
    transaction.connection.execute(
        update(User).where(User.id == user_id).values(**values, version=User.version + 1)
    )


def _shorten(transaction: Transaction, user_id: int, role: UserRole) -> None:
    """Let open sign-ins last no longer than the new role's do; they keep an end that is nearer."""
    connection = transaction.connection
    columns = (SignIn.id, SignIn.created_at, SignIn.expires_at)
    for row in connection.execute(
        select(*columns).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    ).all():
        sooner = min(row.expires_at, row.created_at + ABSOLUTE[role])
        connection.execute(update(SignIn).where(SignIn.id == row.id).values(expires_at=sooner))


def scope_told(role: UserRole, entities: Iterable[str]) -> dict[str, object]:
    """What the journal is told of a person's role and entities."""
    return {"role": role.value, "entities": list(entities)}
