"""What every page shares: style, head, controls, and the reader's point of view they give."""

from contextvars import ContextVar
from functools import cache

import streamlit as st

from ccm.commands.first_load import initialise
from ccm.config import settings
from ccm.domain.errors import CcmError
from ccm.queries.ask import ask
from ccm.queries.scope import store_query
from ccm.render import Links, block
from ccm.store import Store, open_store
from ccm.ui.context import Page
from ccm.ui.controls import controls, default_since, language
from ccm.ui.failures import refused
from ccm.ui.html import show, style

_prepared: ContextVar[Page | None] = ContextVar("prepared", default=None)


@cache
def store_at(url: str) -> Store:
    """The store of this process, created and loaded on first use."""
    store = open_store(url)
    initialise(store)
    return store


def prepare() -> None:
    """Draw the frame; the page that is run next takes it from `page()`."""
    _prepared.set(_frame())


def page() -> Page:
    """What the page being run was asked. A page run without the router draws its own frame."""
    prepared = _prepared.get()
    _prepared.set(None)
    return prepared or _frame()


def _frame() -> Page:
    locale = language()
    style()
    try:
        store = store_at(settings().store)
        facts = ask(store, store_query())
    except CcmError as error:
        refused(error, locale)
        st.stop()
    show(block("header.html", locale, demo=facts.demo))
    choice = controls(locale, facts)
    links = Links(
        locale=choice.locale,
        as_of=None if choice.as_of == facts.default_date else choice.as_of,
        since=None if choice.since == default_since(choice.as_of, facts) else choice.since,
        session=choice.session,
    )
    return Page(store, facts, choice.locale, choice.as_of, choice.since, choice.session, links)
