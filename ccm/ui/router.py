"""The router: which pages there are, and which one is run."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ccm.domain.errors import CcmError
from ccm.i18n import Translator, translator
from ccm.ui.controls import language
from ccm.ui.failures import refused
from ccm.ui.frame import prepare


def router() -> None:
    """Run the page the address names, in the reader's language and at the reader's date."""
    locale = language()
    t = translator(locale)
    st.set_page_config(page_title=t.gettext("Suivi des recommandations du CCM"), layout="wide")
    chosen = st.navigation(_pages(t), position="top")
    prepare()
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
