"""Who is at the other end of this run: asked of the store each time, never kept in the session."""

import streamlit as st

from ccm.auth import NOBODY, Actor, digest, resolve
from ccm.commands.sign_in import touch
from ccm.config import settings
from ccm.domain.dates import utc_now
from ccm.store import Store
from ccm.ui.state import belongs_to


def token() -> str | None:
    """The sign-in token that the browser's connection was opened with."""
    found: str | None = st.context.cookies.get(settings().session_cookie)
    return found


def csrf() -> str:
    """The token that a request of a component of ours sends along."""
    found: str = st.context.cookies.get(settings().csrf_cookie) or ""
    return found


def actor(store: Store) -> Actor:
    """Whoever acts, with the rights they have at this moment."""
    with store.read() as connection:
        return resolve(connection, token(), utc_now())


def arrive(store: Store) -> Actor:
    """Whoever opened this run, noted as active.

    A session's widgets hold what its browser typed: a browser that presents another's session finds it
    emptied, and may do nothing in this run.
    """
    if not belongs_to(digest(token() or "")):
        return NOBODY
    found = actor(store)
    touch(store, found)
    return found
