"""The regions and the institutions: side by side, and one of them in full."""

import streamlit as st

from ccm.screens.entities import EntitiesScreen, institutions, regions
from ccm.ui.context import Page
from ccm.ui.html import show
from ccm.ui.plain import plain_label

_REGION, _INSTITUTION = "region", "entite"


def show_regions(page: Page) -> None:
    """Draw the regions at the page's date, and the one the address names."""
    _draw(page, regions(page, page.parameter(_REGION)), _REGION)


def show_institutions(page: Page) -> None:
    """Draw the institutions at the page's date, and the one the address names."""
    _draw(page, institutions(page, page.parameter(_INSTITUTION)), _INSTITUTION)


def _draw(page: Page, screen: EntitiesScreen, parameter: str) -> None:
    """Headline, comparison, one in full, rule; on a phone the one that was chosen comes before the others."""
    # The style sheet of a phone orders them by these keys.
    head, compared = st.container(), st.container(key="ccm-compared")
    one, end = st.container(key="ccm-one"), st.container(key="ccm-end")
    with one:
        st.space("small")
        _choose(page, screen, parameter)
        if screen.one:
            show(screen.one)
    if screen.chosen:
        page.entitle(screen.names[screen.chosen])
    for place, drawn in ((head, screen.head), (compared, screen.compared), (end, screen.foot)):
        with place:
            show(drawn)


def _choose(page: Page, screen: EntitiesScreen, parameter: str) -> None:
    """Let the reader choose without a reload: the choice goes into the address, which is what is read.

    Not bound to the address by Streamlit, which writes there what an option is shown as, not its key.
    """
    if not screen.names:
        return
    chosen = _widget(page, screen, parameter)
    if chosen == screen.chosen:
        return
    if chosen is None:
        del st.query_params[parameter]
    else:
        st.query_params[parameter] = chosen
    st.rerun()


def _widget(page: Page, screen: EntitiesScreen, parameter: str) -> str | None:
    names = screen.names
    if parameter == _REGION:
        return st.pills(
            page._("Une région en détail"),
            list(names),
            default=screen.chosen,
            format_func=lambda key: plain_label(names[key]),
        )
    return st.selectbox(
        page._("Une institution en détail"),
        list(names),
        index=list(names).index(screen.chosen) if screen.chosen else None,
        format_func=names.__getitem__,
        placeholder=page._("Choisir"),
        width=360,
    )
