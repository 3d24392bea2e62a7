"""What a page is given: the store, the reader's language and dates, and the way to show results."""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from ccm.auth import Action, Actor, require
from ccm.commands import Command, submit
from ccm.config import settings
from ccm.domain.hosts import is_allowed
from ccm.i18n import Translator, translator
from ccm.metrics import At
from ccm.queries.ask import Derived, PrivateQuery, Query, ask, ask_as
from ccm.queries.results import Scope
from ccm.queries.scope import StoreFacts
from ccm.render import Links, block
from ccm.store import Store
from ccm.ui import identity
from ccm.ui.html import show

Result = TypeVar("Result")


def entitle(subject: str, locale: str) -> None:
    """Name the browser's tab: what it shows, then the application. The page is as wide as the window."""
    site = translator(locale).gettext("Suivi des recommandations du CCM")
    st.set_page_config(page_title=f"{subject} · {site}", layout="wide")


@dataclass(frozen=True)
class Frame:
    """What a drawing depends on beside its results: language, scope and links."""

    locale: str
    scope: Scope
    links: Links

    def block(self, template: str, **context: Any) -> Markup:
        """One template of `ccm.render` with the frame's scope and links, unless `context` has its own."""
        return block(template, self.locale, **{"scope": self.scope, "links": self.links, **context})


@dataclass(frozen=True)
class Page:
    """One run of one page, for one reader."""

    store: Store
    facts: StoreFacts
    locale: str
    as_of: dt.date
    since: dt.date | None
    session: int | None
    links: Links
    #: Who opened this run: for menus and words. What one may do is asked anew by `submit` and `ask_private`.
    actor: Actor
    provisional: bool = False

    @property
    def at(self) -> At:
        """The point of view every figure of the page is taken from."""
        return At(
            self.as_of,
            session=self.session,
            provisional=self.provisional,
            fresh_days=self.facts.fresh_days,
        )

    @property
    def before(self) -> At | None:
        """The earlier point of view the page compares with."""
        if self.since is None:
            return None
        return At(
            self.since,
            session=self.session,
            provisional=self.provisional,
            fresh_days=self.facts.fresh_days,
        )

    @property
    def scope(self) -> Scope:
        """What the page speaks of, for the line that says so."""
        numbers = [
            s.number for s in self.facts.sessions if s.political_date and s.political_date <= self.as_of
        ]
        shown = self.session or (numbers[0] if len(numbers) == 1 else None)
        dates = {s.number: s.political_date for s in self.facts.sessions}
        return Scope(
            session=shown,
            session_date=dates.get(shown) if shown else None,
            as_of=self.as_of,
            since=self.since,
            today=self.facts.today,
            demo=self.facts.demo,
            provisional=self.provisional,
        )

    @property
    def translator(self) -> Translator:
        """The reader's language."""
        return translator(self.locale)

    def _(self, message: str) -> str:
        """A message in the reader's language."""
        return self.translator.gettext(message)

    def ask(self, query: Query[Result]) -> Result:
        """The answer to a question, as this reader may see it."""
        require(self.actor, Action.READ_VALIDATED)
        return ask(self.store, query, self.actor.visibility, working=self._working)

    def ask_private(self, query: PrivateQuery[Result]) -> Result:
        """The answer to a question that depends on who asks, for the rights they have at this moment."""
        return ask_as(self.store, identity.actor(self.store), query)

    def submit(self, command: Command[Result], key: str | None = None) -> Result:
        """Carry out a command for whoever acts at this moment: in a callback, too."""
        return submit(self.store, identity.actor(self.store), command, key)

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

    def _working(self) -> AbstractContextManager[object]:
        """Says that the page is at work, where it takes more than half a second."""
        message: str = self._("Lecture de l’entrepôt…")
        return st.spinner(message)

    def show(self, template: str, **context: Any) -> None:
        """Draw one template of `ccm.render` with the page's scope and links, unless `context` has its own."""
        show(self.frame.block(template, **context))

    def show_drawn(self, query: Query[Result], draw: Callable[[Result, Frame], Markup]) -> None:
        """Show what `draw`, a pure function of the module it stands in, makes of the answer; drawn once."""
        show(self.ask(Derived(query, self.frame, draw)))

    @property
    def frame(self) -> Frame:
        """The language, scope and links of this run."""
        return Frame(self.locale, self.scope, self.links)

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
