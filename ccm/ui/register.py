"""The register and one recommendation, with what a reader may set on them."""

import streamlit as st

from ccm.screens.recommendation import recommendation
from ccm.screens.register import register
from ccm.ui.address import write
from ccm.ui.context import Page
from ccm.ui.filters import Widgets
from ccm.ui.html import show
from ccm.ui.record import show_record


def show_register(page: Page) -> None:
    """Draw the recommendations, or the answers, that the address asks for."""
    screen = register(page, st.query_params.to_dict())
    widgets = Widgets(screen.asked, screen.options, page.translator, page.locale)
    show(screen.head)
    if screen.followed:
        widgets.filters()
        widgets.view()
    show(screen.rows)
    widgets.pages(screen.page, screen.pages)
    if screen.followed:
        show(screen.foot)


def show_recommendation(page: Page) -> None:
    """Draw the recommendation whose key is in the address, or the way to find it."""
    asked = page.parameter("cle") or ""
    screen = recommendation(page, asked)
    if screen.key:
        if screen.key != asked.strip().upper():
            # The address says from then on what it means.
            write(cle=screen.key)
        page.entitle(screen.key)
        show(screen.drawn)
        show_record(page, screen.key)
        return
    show(screen.drawn)
    words = st.text_input(
        page._("Chercher"),
        placeholder=page._("mots du texte ou du défi, nom d’un acteur"),
        icon=":material/search:",
        width=420,
    )
    if words:
        st.switch_page("pages/register.py", query_params={"q": words})
