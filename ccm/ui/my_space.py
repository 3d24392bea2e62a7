"""Mon espace: what is due from whoever is signed in."""

import streamlit as st

from ccm.queries.my_space import MySpace, MySpaceQuery
from ccm.render.sentences import my_space as say
from ccm.ui.answer_table import show_answer_table
from ccm.ui.context import Page
from ccm.ui.workbook import show_workbook


def show_my_space(page: Page) -> None:
    """Draw the lists of the person's answers, the most pressing first."""
    space = page.ask_private(MySpaceQuery(page.at))
    coming = [
        (session.number, session.political_date)
        for session in page.facts.sessions
        if session.political_date and session.political_date > page.as_of
    ]
    page.show(
        "my_space_head.html",
        space=space,
        title=say.title(space, page.locale),
        lead=say.lead(space, min(coming, default=None), page.as_of, page.locale),
        replaced=say.replaced(space, page.locale),
    )
    if space.due > 1:
        # A table is for a wide screen: on a telephone, where no line could be read whole, each answer has its
        # form, one touch away in the lists below.
        with st.container(key="ccm-table"):
            _several(page, space)
    page.show("my_space.html", space=space, period=page.facts.fresh_days)
    show_workbook(page, space)


def _several(page: Page, space: MySpace) -> None:
    # Behind a switch: the table's programs weigh more than the rest of the page, on a slow line.
    if st.toggle(page._("Répondre à plusieurs dans un tableau"), key="table-shown"):
        show_answer_table(page, space)
