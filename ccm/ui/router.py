"""The router: which pages there are, and which one is run."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ccm.domain.errors import CcmError
from ccm.i18n import Translator, translator
from ccm.ui.address import language
from ccm.ui.context import entitle
from ccm.ui.failures import refused
from ccm.ui.frame import prepare


def router() -> None:
    """Run the page the address names, in the reader's language and at the reader's date."""
    locale = language()
    pages = _pages(translator(locale))
    # Streamlit's own navigation leads to addresses without parameters: the frame draws one that keeps them.
    chosen = st.navigation(pages, position="hidden")
    st.set_page_config(layout="wide")
    entitle(chosen.title, locale)
    prepare(pages, f"/{chosen.url_path}")
    try:
        chosen.run()
    except CcmError as error:
        refused(error, locale)


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
