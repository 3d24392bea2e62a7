"""What tests of accounts do again and again: people with passwords, signing in, a clock that moves."""

import datetime as dt
from typing import Any

import pytest
from argon2 import PasswordHasher

from ccm.auth import CONSOLE, Actor, passwords, resolve
from ccm.commands import AddUser, submit
from ccm.commands.one_time_links import IssueLink, use_link
from ccm.commands.sign_in import NotSignedIn, sign_in
from ccm.domain.dates import utc_now
from ccm.store import Store

#: Strong enough for every role.
PASSWORD = "cheval agrafe pile correcte"  # noqa: S105 - of people who do not exist
DIFFA, ADMINISTRATOR, DONOR = "Point focal Diffa", "Secrétariat permanent", "Bailleur Alpha"
HERE, ELSEWHERE, FAR = "192.0.2.1", "198.51.100.7", "203.0.113.9"


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with parameters that cost nothing: what is tested is not how slow a hash is."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODYS", quick.hash("nobody's"))


def add(store: Store, name: str, role: str, *entities: str, password: str | None = PASSWORD) -> None:
    """A person, with a password unless there is none."""
    submit(store, CONSOLE, AddUser(name, role, entities))
    if password is not None:
        use_link(store, submit(store, CONSOLE, IssueLink(name)), password)


def enter(store: Store, name: str = DIFFA, password: str = PASSWORD, **given: Any) -> str:
    """The token of a new sign-in."""
    return sign_in(store, name, password, given.pop("code", ""), given.pop("address", HERE), **given)


def is_refused(store: Store, name: str = DIFFA, password: str | None = None, **given: Any) -> bool:
    """Whether the answer is that of a wrong password, which is tried where none is given."""
    try:
        enter(store, name, "wrong" if password is None else password, **given)
    except NotSignedIn:
        return True
    return False


def who(store: Store, token: str | None) -> Actor:
    """The person behind a token, as every run asks."""
    with store.read() as connection:
        return resolve(connection, token, utc_now())


def minutes(n: float) -> dt.timedelta:
    """So many minutes."""
    return dt.timedelta(minutes=n)
