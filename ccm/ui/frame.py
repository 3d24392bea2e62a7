"""What every page shares: style, head, controls, and the reader's point of view they give."""

from collections.abc import Sequence
from contextlib import nullcontext
from contextvars import ContextVar
from dataclasses import fields
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.i18n import N_, translator
from ccm.render import Links
from ccm.screens import view
from ccm.ui.access import show_way_in
from ccm.ui.address import address, language, say_again
from ccm.ui.context import Page
from ccm.ui.controls import controls
from ccm.ui.html import show_again, style_further
from ccm.ui.identity import Reader, arrive

_HERE = N_("(page ouverte)")
#: Streamlit's own box when its server is silent: the only one there is, as we open none.
_SILENT = '[data-testid="stDialog"] [role="dialog"]'
#: What a list says in which nothing is found.
_NOTHING_FOUND = '[role="listbox"][data-empty="true"] > [role="option"] > span'
_prepared: ContextVar[Page | None] = ContextVar("prepared", default=None)


def dress(locale: str) -> None:
    """What Streamlit's elements cannot say, in the reader's language: which link is that of the open page."""
    _ = translator(locale).gettext
    style_further(
        words={
            ".st-key-ccm-nav .st-key-ccm-here a": _(_HERE),
            _NOTHING_FOUND: _("Aucun résultat"),
            f"{_SILENT} > h2": _("Connexion perdue"),
            f"{_SILENT} > div > div": _(
                "Le serveur ne répond pas. La page se reconnecte seule ; un texte en cours est gardé ici."
            ),
        }
    )


def prepare(pages: Sequence[StreamlitPage], path: str, reader: Reader, may_open: bool) -> Page:
    """Draw the frame of the page at this path, and the way to the others; its script takes it from `page()`.

    Where the page itself is shown, the frame says that a sign-in is over.
    """
    prepared = _frame(pages, path, reader, may_open)
    _prepared.set(prepared)
    return prepared


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
    seen = view(process_store(settings().store), actor, said)
    found = Page(**{field.name: getattr(seen, field.name) for field in fields(seen)})
    show_again("header.html", found.locale, demo=found.facts.demo)
    _navigation(pages, found.links, path)
    kept = {name: value for name, value in st.query_params.items() if name not in found.choice.unknown}
    href = f"{path}?{urlencode(kept)}" if kept else path
    found.not_understood(found.unread(said), href)
    if reader.over and may_open:
        show_way_in(reader, path, found.locale)
    controls(found.choice, found.facts, actor, href)
    return found


def _navigation(pages: Sequence[StreamlitPage], links: Links, path: str) -> None:
    with st.container(horizontal=True, key="ccm-nav"):
        for found in pages:
            if found.visibility == "visible":
                here = f"/{found.url_path}" == path
                with st.container(key="ccm-here", width="content") if here else nullcontext():
                    st.page_link(found, query_params=links.shared())
