"""What every page shares: style, head, controls, and the reader's point of view they give."""

from collections.abc import Sequence
from contextlib import nullcontext
from contextvars import ContextVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ccm.auth import Action, allowed
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.i18n import N_, translator
from ccm.queries.ask import ask
from ccm.queries.scope import StoreFacts, store_query
from ccm.render import Links
from ccm.render.sentences.address import not_understood
from ccm.ui.access import show_way_in
from ccm.ui.address import FIRST_DAY, Choice, address, default_since, language, last_day, read, say_again
from ccm.ui.context import Page
from ccm.ui.controls import controls
from ccm.ui.html import show_again, style
from ccm.ui.identity import Reader, arrive

_HERE = N_("(page ouverte)")
_SKIP = '[data-testid="stSkipToContent"]'
_prepared: ContextVar[Page | None] = ContextVar("prepared", default=None)


def dress(locale: str) -> None:
    """The style of a run, and what Streamlit's elements cannot say: which link is that of the open page."""
    _ = translator(locale).gettext
    style({".st-key-ccm-nav .st-key-ccm-here a": _(_HERE), _SKIP: _("Aller au contenu")})


def prepare(pages: Sequence[StreamlitPage], path: str, reader: Reader, may_open: bool) -> None:
    """Draw the frame of the page at this path, and the way to the others; the page takes it from `page()`.

    Where the page itself is shown, the frame says that a sign-in is over.
    """
    _prepared.set(_frame(pages, path, reader, may_open))


def page() -> Page:
    """What the page being run was asked. A page run without the router draws its own frame."""
    prepared = _prepared.get()
    _prepared.set(None)
    if prepared is None:
        dress(language())
        prepared = _frame((), "/", arrive(process_store(settings().store)), may_open=True)
    return prepared


def _frame(pages: Sequence[StreamlitPage], path: str, reader: Reader, may_open: bool) -> Page:
    said, actor = address(), reader.actor
    say_again(path)
    store = process_store(settings().store)
    facts = ask(store, store_query())
    choice = read(said, facts)
    show_again("header.html", choice.locale, demo=facts.demo)
    provisional = choice.provisional and allowed(actor, Action.READ_PROVISIONAL)
    links = _links(choice, facts, provisional)
    _navigation(pages, links, path)
    found = Page(
        store=store,
        facts=facts,
        locale=choice.locale,
        as_of=choice.as_of,
        since=choice.since,
        session=choice.session,
        links=links,
        actor=actor,
        provisional=provisional,
    )
    kept = {name: value for name, value in st.query_params.items() if name not in choice.unknown}
    href = f"{path}?{urlencode(kept)}" if kept else path
    found.not_understood(_sentences(choice, said, facts), href)
    if reader.over and may_open:
        show_way_in(reader, path, choice.locale)
    controls(choice, facts, actor, href)
    return found


def _navigation(pages: Sequence[StreamlitPage], links: Links, path: str) -> None:
    with st.container(horizontal=True, key="ccm-nav"):
        for found in pages:
            if found.visibility == "visible":
                here = f"/{found.url_path}" == path
                with st.container(key="ccm-here", width="content") if here else nullcontext():
                    st.page_link(found, query_params=links.shared())


def _links(choice: Choice, facts: StoreFacts, provisional: bool) -> Links:
    default = default_since(choice.as_of, facts)
    return Links(
        locale=choice.locale,
        as_of=None if choice.as_of == facts.default_date else choice.as_of,
        since=None if choice.since == default else choice.since,
        session=choice.session,
        compared=choice.since is not None or default is None,
        provisional=provisional,
    )


def _sentences(choice: Choice, said: dict[str, str], facts: StoreFacts) -> list[str]:
    return [
        not_understood(
            name,
            said[name],
            choice.locale,
            as_of=choice.as_of,
            since=choice.since,
            first=FIRST_DAY,
            last=last_day(facts),
        )
        for name in choice.unknown
    ]
