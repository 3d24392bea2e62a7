"""The journal, for administrators."""

import streamlit as st

from ccm.queries.journal import PAGE, JournalQuery
from ccm.render.sentences import journal as say
from ccm.ui.context import Page


def show_journal(page: Page) -> None:
    """Draw one page of it, narrowed to an action or a person."""
    number = page.parameter("page") or "1"
    asked = int(number) if number.isascii() and number.isdigit() and 0 < int(number) < 10**6 else 1
    action, actor = page.parameter("action"), page.parameter("qui")
    journal = page.ask_private(JournalQuery(asked, action, actor))
    t = page.translator
    page.show(
        "journal.html",
        journal=journal,
        narrowed=[*([say.action(action, t)] if action else []), *([actor] if actor else [])],
        words=lambda code: say.action(code, t),
        detail=lambda entry: say.detail(entry, t),
    )
    last = max(1, -(-journal.count // PAGE))
    if last > 1:
        page.show(
            "pager.html",
            page=asked,
            last=last,
            href=lambda n: page.links.to("/journal", page=n, action=action, qui=actor),
        )
    with st.expander(page._("Filtrer")):
        links = [
            (say.action(code, t), page.links.to("/journal", action=code, qui=actor))
            for code in journal.actions
        ]
        people = [(name, page.links.to("/journal", qui=name, action=action)) for name in journal.actors]
        page.show("link_list.html", title=page._("Par action"), links_given=links)
        page.show("link_list.html", title=page._("Par personne"), links_given=people)
