"""People of a test's store, each signed in as their browser would be."""

from functools import cache

from sqlalchemy import select

from ccm.auth import CONSOLE, Actor, passwords, resolve
from ccm.commands import AddUser, submit
from ccm.commands.own_account import set_password
from ccm.commands.sign_in import open_sign_in
from ccm.domain.dates import utc_now
from ccm.domain.vocabulary import UserRole
from ccm.store import Store
from ccm.store.models import User

PASSWORD = "quatre mots sans rapport"  # noqa: S105 - the tests' own


def join(store: Store, name: str, role: UserRole, *entities: str) -> Actor:
    """Add a person; who they are once signed in."""
    submit(store, CONSOLE, AddUser(name, role.value, entities))
    return signed_in(store, name)


def signed_in(store: Store, name: str) -> Actor:
    """A person of the store in a browser of theirs."""
    token = token_of(store, name)
    with store.read() as connection:
        return resolve(connection, token, utc_now())


def token_of(store: Store, name: str) -> str:
    """The token of a new sign-in of a person, whose password is then `PASSWORD`."""
    with store.write("test") as transaction:
        user = transaction.connection.execute(select(User.id, User.role).where(User.name == name)).one()
        set_password(transaction, user.id, _hash())
        return open_sign_in(transaction, user.id, UserRole(user.role))


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD)
