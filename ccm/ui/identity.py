"""Who is at the other end of this run: asked of the store each time, never kept in the session."""

import logging
from dataclasses import dataclass

import streamlit as st

from ccm.auth import NOBODY, Actor, digest, resolve
from ccm.commands.sign_in import end_lapsed, touch
from ccm.config import settings
from ccm.domain.dates import utc_now
from ccm.store import Store
from ccm.ui.state import has_run, is_opened_by

_log = logging.getLogger("ccm")


@dataclass(frozen=True)
class Reader:
    """Whoever opened this run, with the rights they have now.

    `over`: they were signed in, and are no longer. `foreign`: the session is another browser's; it is
    emptied, and they may do nothing in it.
    """

    actor: Actor = NOBODY
    over: bool = False
    foreign: bool = False


def token() -> str | None:
    """The sign-in token that the browser's connection was opened with."""
    found: str | None = st.context.cookies.get(settings().session_cookie)
    return found


def csrf() -> str:
    """The token that a request of a component of ours sends along."""
    found: str = st.context.cookies.get(settings().csrf_cookie) or ""
    return found


def actor(store: Store) -> Actor:
    """Whoever acts, with the rights they have at this moment: in a callback, too."""
    if not is_opened_by(_browser()):
        return NOBODY
    with store.read() as connection:
        return resolve(connection, token(), utc_now())


def arrive(store: Store) -> Reader:
    """Whoever opened this run, noted as active.

    The first run of a session is not a person's gesture: a socket opens again by itself, and a page that
    was really opened has been noted by its own request.
    """
    ran_before = has_run()
    if not is_opened_by(_browser()):
        _log.warning("a session was asked for by another browser than the one that opened it")
        return Reader(foreign=True)
    found, held = actor(store), token()
    if held and not found.signed_in:
        end_lapsed(store, held)
    elif ran_before:
        touch(store, found)
    return Reader(found, over=bool(held) and not found.signed_in)


def _browser() -> str:
    return digest(token() or "")
