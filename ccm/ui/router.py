"""The router: what every page shares, and which page is run."""

from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ccm.commands.first_load import initialise
from ccm.config import settings
from ccm.domain.errors import CcmError
from ccm.i18n import Translator, translator
from ccm.queries.ask import ask
from ccm.queries.scope import store_query
from ccm.render import Links, block
from ccm.store import Store, open_store
from ccm.ui.context import Page, use
from ccm.ui.controls import controls, default_since, language
from ccm.ui.failures import refused
from ccm.ui.html import show, style


@cache
def store_at(url: str) -> Store:
    """The store of this process, created and loaded on first use."""
    store = open_store(url)
    initialise(store)
    return store


def router() -> None:
    """Run the page the address names, in the reader's language and at the reader's date."""
    locale = language()
    t = translator(locale)
    st.set_page_config(page_title=t.gettext("Suivi des recommandations du CCM"), layout="wide")
    style()
    chosen = st.navigation(_pages(t), position="top")
    try:
        _run(chosen, locale)
    except CcmError as error:
        refused(error, locale)


def _run(chosen: StreamlitPage, locale: str) -> None:
    store = store_at(settings().store)
    facts = ask(store, store_query())
    show(block("header.html", locale, demo=facts.demo))
    choice = controls(locale, facts)
    links = Links(
        locale=choice.locale,
        as_of=None if choice.as_of == facts.default_date else choice.as_of,
        since=None if choice.since == default_since(choice.as_of, facts) else choice.since,
        session=choice.session,
    )
    use(Page(store, facts, choice.locale, choice.as_of, choice.since, choice.session, links))
    chosen.run()


def _pages(t: Translator) -> list[StreamlitPage]:
    _ = t.gettext
    return [
        st.Page("pages/overview.py", title=_("Vue d’ensemble"), default=True),
        st.Page("pages/register.py", title=_("Recommandations"), url_path="recommandations"),
        st.Page(
            "pages/recommendation.py",
            title=_("Recommandation"),
            url_path="recommandation",
            visibility="hidden",
        ),
        st.Page("pages/regions.py", title=_("Régions"), url_path="regions"),
        st.Page("pages/institutions.py", title=_("Institutions"), url_path="institutions"),
        st.Page("pages/explorer.py", title=_("Explorer"), url_path="explorer"),
        st.Page("pages/method.py", title=_("Méthode"), url_path="methode"),
    ]
