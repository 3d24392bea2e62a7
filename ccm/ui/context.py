"""What a page of Streamlit's is given beside its view: who acts, where one is, the way to show results."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from ccm.commands import Command, submit
from ccm.config import settings
from ccm.domain.hosts import is_allowed
from ccm.i18n import translator
from ccm.queries.ask import PrivateQuery, ask_as
from ccm.screens import View
from ccm.ui import identity
from ccm.ui.html import show

Result = TypeVar("Result")


def entitle(subject: str, locale: str) -> None:
    """Name the browser's tab: what it shows, then the application. The page is as wide as the window."""
    site = translator(locale).gettext("Suivi des recommandations du CCM")
    st.set_page_config(page_title=f"{subject} · {site}", layout="wide")


@dataclass(frozen=True)
class Page(View):
    """One run of one page, for one reader."""

    def ask_private(self, query: PrivateQuery[Result]) -> Result:
        """The answer to a question that depends on who asks, for the rights they have at this moment."""
        return ask_as(self.store, identity.actor(self.store), query)

    def submit(self, command: Command[Result], key: str | None = None) -> Result:
        """Carry out a command for whoever acts at this moment: in a callback, too."""
        return submit(self.store, identity.actor(self.store), command, key)

    @property
    def is_over(self) -> bool:
        """Whether whoever acts is signed in no more: the page that is drawn next will not be theirs."""
        return not identity.actor(self.store).signed_in

    @property
    def origin(self) -> str:
        """Where the application is reached, `https://host`: as the machine is told; else as the browser says.

        The browser is believed under one of the names we answer to, and no other: links are handed on.
        """
        names = [name for name in st.get_option("server.allowedHosts") if name != "*"]
        parts = urlsplit(st.context.url or "")
        ours = bool(names) and is_allowed(parts.netloc, names)
        return settings().address or (f"{parts.scheme}://{parts.netloc}" if ours else "")

    @property
    def here(self) -> str:
        """The address of the page that is open, below the host: where a detour leads back to."""
        parts = urlsplit(st.context.url or "")
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    @property
    def confirm(self) -> str:
        """Where one gives one's password again, to come back here."""
        return self.links.to("/compte", confirmer="1", next=self.here)

    def working(self) -> AbstractContextManager[object]:
        """Says that the page is at work, where it takes more than half a second."""
        message: str = self._("Lecture de l’entrepôt…")
        return st.spinner(message)

    def show(self, template: str, **context: Any) -> None:
        """Draw one template of `ccm.render` with the page's scope and links, unless `context` has its own."""
        show(self.frame.block(template, **context))

    def entitle(self, subject: str) -> None:
        """Name the browser's tab after what the page shows."""
        entitle(subject, self.locale)

    def not_understood(self, sentences: Sequence[str], href: str) -> None:
        """Say what the address asks for and nobody understands; `href` is the same page without it."""
        if sentences:
            self.show("notice.html", sentences=sentences, href=href)

    def parameter(self, name: str) -> str | None:
        """One parameter of the page's address; None where it is absent or empty."""
        value: str | None = st.query_params.get(name)
        return value or None
