"""Whoever opens a page: may they read here, and is their sign-in over."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from ccm.auth import Action, Actor, allowed
from ccm.commands.sign_in import end_lapsed, touch
from ccm.render import Links
from ccm.web import requests
from ccm.web.requests import actor_of, locale_of, token_of


@dataclass(frozen=True)
class Arrival:
    """Who opens a page; where to send whoever may not read here, None for others; is their sign-in over."""

    actor: Actor
    elsewhere: str | None
    over: bool


def arrive(connection: HTTPConnection) -> Arrival:
    """Whoever opens this page, noted as active.

    To open a page is a gesture: it keeps a sign-in alive, which a socket that opens again does not. Raises
    StoreUnavailable.
    """
    actor, token = actor_of(connection), token_of(connection)
    over = token is not None and not actor.signed_in
    if token is not None and over:
        end_lapsed(requests.store(), token)
    touch(requests.store(), actor)
    return Arrival(actor, _elsewhere(connection, actor), over)


def _elsewhere(connection: HTTPConnection, actor: Actor) -> str | None:
    if allowed(actor, Action.READ_VALIDATED):
        return None
    links = Links(locale=locale_of(connection))
    if actor.confined:
        return links.to("/compte")
    query = connection.url.query
    return links.sign_in(connection.url.path + (f"?{query}" if query else ""))
