"""The people who answer for an entity that another one follows."""

from sqlalchemy import Connection, insert, select

from ccm.auth import Action, Actor, require
from ccm.auth.confirmation import require_recent
from ccm.commands.people_changes import bump, scope_told
from ccm.domain.vocabulary import UserRole
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Entity, User, UserEntity


def answering(connection: Connection, entity: int) -> dict[int, str]:
    """The names of the active focal points of an entity, by their ids."""
    rows = connection.execute(
        select(User.id, User.name)
        .join(UserEntity, UserEntity.user_id == User.id)
        .where(
            UserEntity.entity_id == entity,
            User.role == UserRole.FOCAL_POINT,
            User.disabled_at.is_(None),
        )
        .order_by(User.name)
    )
    return {row.id: row.name for row in rows}


def follow(transaction: Transaction, actor: Actor, old: int, new: int) -> list[str]:
    """Let whoever answers for the predecessor answer for the successor too; who did not before, by name.

    It changes what people may do: raises NotAllowed, ConfirmationNeeded as any such change.
    """
    connection = transaction.connection
    already = answering(connection, new)
    joining = {id_: name for id_, name in answering(connection, old).items() if id_ not in already}
    if joining:
        require(actor, Action.MANAGE_USERS)
        require_recent(connection, actor)
    for id_, name in joining.items():
        connection.execute(insert(UserEntity).values(user_id=id_, entity_id=new))
        bump(transaction, id_)
        keys = connection.execute(
            select(Entity.key)
            .join(UserEntity, UserEntity.entity_id == Entity.id)
            .where(UserEntity.user_id == id_)
            .order_by(Entity.position)
        )
        detail = scope_told(UserRole.FOCAL_POINT, keys.scalars())
        append(transaction, [Entry("user.changed", "user", name, detail)])
    return list(joining.values())
