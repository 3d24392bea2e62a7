"""The router: which pages there are, and which one is run."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ccm.auth import NOBODY, Action, Actor, allowed_somewhere
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.domain.errors import CcmError
from ccm.domain.vocabulary import UserRole
from ccm.i18n import Translator, translator
from ccm.ui import identity
from ccm.ui.address import language
from ccm.ui.context import entitle
from ccm.ui.failures import refused
from ccm.ui.frame import prepare


def router() -> None:
    """Run the page the address names, in the reader's language and at the reader's date."""
    locale = language()
    pages = _pages(translator(locale), _reader())
    # Streamlit's own navigation leads to addresses without parameters: the frame draws one that keeps them.
    chosen = st.navigation(pages, position="hidden")
    st.set_page_config(layout="wide")
    entitle(chosen.title, locale)
    prepare(pages, f"/{chosen.url_path}")
    try:
        chosen.run()
    except CcmError as error:
        refused(error, locale)


def _pages(t: Translator, actor: Actor) -> list[StreamlitPage]:
    """The pages of a reader: those of people who act are not even there for others."""
    _ = t.gettext
    pages = [
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
    acting = (
        (Action.SUBMIT_REPORT, UserRole.FOCAL_POINT, "my_space", _("Mon espace"), "mon-espace"),
        (Action.READ_QUEUE, None, "validation", _("Validation"), "validation"),
        (Action.READ_SILENCE, None, "silence", _("Relances"), "relances"),
        (Action.READ_JOURNAL, None, "journal", _("Journal"), "journal"),
        (Action.MANAGE_USERS, None, "administration", _("Administration"), "administration"),
    )
    for action, role, name, title, path in acting:
        if allowed_somewhere(actor, action) and role in (None, actor.role):
            pages.append(st.Page(f"pages/{name}.py", title=title, url_path=path))
            if name == "my_space":
                # A focal point comes for this, on a telephone: it stands first.
                pages.insert(0, pages.pop())
    if allowed_somewhere(actor, Action.SAVE_DRAFT):
        form = "pages/answer.py"
        pages.append(st.Page(form, title=_("Répondre"), url_path="repondre", visibility="hidden"))
    return pages


def _reader() -> Actor:
    """Who opens this run; nobody where the store cannot be asked, which the frame then says."""
    try:
        return identity.actor(process_store(settings().store))
    except CcmError:
        return NOBODY
