"""The people of the follow-up: who they are, and adding them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from ccm.auth import CONSOLE, Action, Actor, require
from ccm.auth.confirmation import require_recent
from ccm.commands.cells import Line, Refusal, is_blank, one_of, shown, told
from ccm.commands.command import Command
from ccm.commands.lookup import Lookup, Named
from ccm.domain.errors import Conflict, Invalid, NotFound, Problem
from ccm.domain.folding import fold
from ccm.domain.vocabulary import UserRole
from ccm.store import Store, Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Entity, User, UserEntity

_LONGEST_NAME = 120


def actor_named(store: Store, name: str) -> Actor:
    """The person of this name, with their role and entities; raises NotFound, also for a disabled one."""
    with store.read() as connection:
        user = connection.execute(
            select(User.id, User.role).where(User.name == name, User.disabled_at.is_(None))
        ).first()
        if user is None:
            raise NotFound(
                "« %(name)s » n'est pas une personne connue et active : « user list » dit qui l'est.",
                name=shown(name),
            )
        keys = connection.execute(
            select(Entity.key)
            .join(UserEntity, UserEntity.entity_id == Entity.id)
            .where(UserEntity.user_id == user.id)
        )
        return Actor(name, UserRole(user.role), frozenset(keys.scalars()))


@dataclass(frozen=True)
class AddUser(Command[None]):
    """Add a person; a focal point answers for `entities`, named by key or spelling."""

    name: str
    role: str
    entities: tuple[str, ...] = ()

    def authorise(self, actor: Actor) -> None:
        """People are the administrators' business."""
        require(actor, Action.MANAGE_USERS)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid with every problem, Conflict where the name is taken, ConfirmationNeeded."""
        require_recent(transaction.connection, actor)
        problems: list[Problem] = []
        line, name = Line(None, problems), self.name.strip()
        role = line.required("role", self.role, one_of(UserRole), UserRole)
        line.required("name", self.name, checked_name)
        entities = scoped_entities(line, Lookup(transaction.connection, ()), self.entities)
        scope_problems(line, role, self.entities)
        if problems or role is None:
            raise Invalid(problems)
        refuse_taken(transaction, name)
        add_person(transaction, name, role, entities)


def checked_name(text: str) -> str:
    """A name as it is kept; raises Refusal for one too long or not of letters."""
    name = text.strip()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        values = told(value=shown(text), most=_LONGEST_NAME)
        raise Refusal(
            Problem("« %(value)s » n'est pas un nom : %(most)s caractères d'écriture au plus", values)
        )
    return name


def scope_problems(line: Line, role: UserRole | None, given: Sequence[str]) -> None:
    """Note what does not fit: a focal point answers for somebody, others for nobody."""
    if role is UserRole.FOCAL_POINT and not given:
        line.refuse("entity", Problem("un point focal répond pour un acteur au moins : nommez-le"))
    if role not in (None, UserRole.FOCAL_POINT) and given:
        line.refuse("entity", Problem("seul un point focal répond pour des acteurs : n'en nommez pas"))


def scoped_entities(line: Line, lookup: Lookup, given: Sequence[str]) -> list[Named]:
    """The entities that were named, each once; what names none is noted."""
    read = [line.required("entity", text, lookup.entity) for text in given if not is_blank(text)]
    return list(dict.fromkeys(entity for entity in read if entity))


def refuse_taken(transaction: Transaction, name: str) -> None:
    """Raise Conflict where somebody has this name already."""
    names = transaction.connection.execute(select(User.name)).scalars()
    # Two names that differ in case or accents only are one person for whoever reads the journal.
    taken = next((known for known in (CONSOLE.name, *names) if fold(known) == fold(name)), None)
    if taken is not None:
        raise Conflict("« %(name)s » est déjà pris : choisissez un autre nom.", name=taken)


def add_person(transaction: Transaction, name: str, role: UserRole, entities: Sequence[Named]) -> int:
    """Write a person down, and tell the journal; their id."""
    connection = transaction.connection
    row = {"name": name, "role": role, "created_at": transaction.now}
    id_ = connection.execute(insert(User).values(row).returning(User.id)).scalar_one()
    if entities:
        rows = [{"user_id": id_, "entity_id": entity.id} for entity in entities]
        connection.execute(insert(UserEntity), rows)
    detail: dict[str, object] = {"role": role.value, "entities": [entity.key for entity in entities]}
    append(transaction, [Entry("user.added", "user", name, detail)])
    return int(id_)
