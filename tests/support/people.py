"""People of a store who are signed in, as commands, queries and pages meet them."""

from sqlalchemy import select

from ccm.auth import CONSOLE, Actor, resolve
from ccm.commands import AddUser, submit
from ccm.commands.sign_in import open_sign_in
from ccm.domain.dates import utc_now
from ccm.domain.vocabulary import UserRole
from ccm.store import Store
from ccm.store.models import User


def add(store: Store, name: str, role: UserRole = UserRole.FOCAL_POINT, *entities: str) -> Actor:
    """A new person, signed in."""
    submit(store, CONSOLE, AddUser(name, role.value, entities))
    return sign_in(store, name)[0]


def sign_in(store: Store, name: str) -> tuple[Actor, str]:
    """A new sign-in of a person: who acts by it, and the token that their browser would hold."""
    with store.write(name) as transaction:
        user = transaction.connection.execute(select(User.id, User.role).where(User.name == name)).one()
        token = open_sign_in(transaction, user.id, UserRole(user.role))
    with store.read() as connection:
        return resolve(connection, token, utc_now()), token
