"""The router: which pages there are, who may open each, and which one is run."""

from collections.abc import Mapping
from copy import copy
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ccm.auth import Action, Actor, allowed_somewhere
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.domain.errors import CcmError
from ccm.domain.vocabulary import UserRole
from ccm.i18n import Translator, translator
from ccm.render.pages import PAGES, light_path
from ccm.screens import SHARED
from ccm.ui.access import show_way_in
from ccm.ui.address import language
from ccm.ui.context import Page, entitle
from ccm.ui.failures import refused
from ccm.ui.frame import dress, prepare
from ccm.ui.html import show_again
from ccm.ui.identity import Reader, arrive


def router() -> None:
    """Run the page the address names, in the reader's language and at the reader's date."""
    locale = language()
    reader, failure = _reader()
    pages = _pages(translator(locale), reader.actor)
    # Streamlit's own navigation leads to addresses without parameters: the frame draws one that keeps them.
    chosen = st.navigation(list(pages), position="hidden")
    entitle(chosen.title, locale)
    dress(locale)
    try:
        if failure:
            raise failure
        _run(chosen, pages, reader, locale)
    except CcmError as error:
        refused(error, locale)


def _run(chosen: StreamlitPage, pages: Mapping[StreamlitPage, Action], reader: Reader, locale: str) -> None:
    path, may_open = f"/{chosen.url_path}", allowed_somewhere(reader.actor, pages[chosen])
    if allowed_somewhere(reader.actor, Action.READ_VALIDATED):
        page = prepare(list(pages), path, reader, may_open)
        _show(chosen, reader, path, locale, may_open)
        _light(page, path)
    else:
        _show(chosen, reader, path, locale, may_open)


def _show(chosen: StreamlitPage, reader: Reader, path: str, locale: str, may_open: bool) -> None:
    """The page, or the way to be let into it."""
    if may_open:
        chosen.run()
    else:
        show_way_in(reader, path, locale, chosen.title)


def _light(page: Page, path: str) -> None:
    """The way to the same page without a script; to the overview where there is none."""
    links, same = page.links.in_light(), light_path(path) != path
    own = {name: value for name, value in st.query_params.items() if name not in SHARED}
    href = links.to(path, **own) if same else links.overview()
    show_again("light_link.html", page.locale, same=same, href=href)


def _pages(t: Translator, actor: Actor) -> Mapping[StreamlitPage, Action]:
    """Every page with what one must be allowed to open it; menus show those that this reader may open."""

    def acting(name: str, action: Action) -> StreamlitPage:
        shown = allowed_somewhere(actor, action) and (
            action is not Action.SUBMIT_REPORT or actor.role is UserRole.FOCAL_POINT
        )
        return _page(name, t, shown=shown)

    reading = [
        _page("overview", t),
        _page("register", t),
        _page("recommendation", t, shown=False),
        _page("regions", t),
        _page("institutions", t),
        _page("explorer", t),
        _page("method", t),
    ]
    form = _page("answer", t, shown=False)
    report, queue = Action.SUBMIT_REPORT, Action.READ_QUEUE
    silence, journal, people = Action.READ_SILENCE, Action.READ_JOURNAL, Action.MANAGE_USERS
    return {
        # A focal point comes for this, on a telephone: it stands first.
        acting("my_space", report): report,
        **dict.fromkeys(reading, Action.READ_VALIDATED),
        acting("validation", queue): queue,
        acting("silence", silence): silence,
        acting("journal", journal): journal,
        acting("administration", people): people,
        form: Action.SAVE_DRAFT,
    }


def _page(name: str, t: Translator, *, shown: bool = True) -> StreamlitPage:
    """A page of this run; the one at no path is the first."""
    page = PAGES[name]
    # A copy, as Streamlit notes on a page whether this run may open it; and to make one it goes to the disk.
    return copy(_made(name, t.gettext(page.title), page.path.strip("/"), shown))


@cache
def _made(script: str, title: str, url_path: str, shown: bool) -> StreamlitPage:
    return st.Page(
        f"pages/{script}.py",
        title=title,
        url_path=url_path,
        default=not url_path,
        visibility="visible" if shown else "hidden",
    )


def _reader() -> tuple[Reader, CcmError | None]:
    """Who opens this run; nobody where the store cannot be asked, and why."""
    try:
        return arrive(process_store(settings().store)), None
    except CcmError as error:
        return Reader(), error
