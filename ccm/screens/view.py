"""One reader's view of one page: store, language, dates, links; and what it asks and draws."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from markupsafe import Markup

from ccm.auth import Action, Actor, allowed, require
from ccm.i18n import Translator, translator
from ccm.metrics import At
from ccm.queries.ask import Derived, Query, ask
from ccm.queries.results import Scope
from ccm.queries.scope import StoreFacts, store_query
from ccm.render import Links, block
from ccm.render.sentences.address import not_understood
from ccm.screens.choice import FIRST_DAY, Choice, default_since, last_day, read_choice, shared
from ccm.store import Store

Result = TypeVar("Result")


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
class View:
    """What one reader looks at: where, in which language, at which dates, with which rights."""

    store: Store
    facts: StoreFacts
    choice: Choice
    links: Links
    #: Who asks: for menus and words. What one may do is asked anew by every command and private question.
    actor: Actor
    provisional: bool = False

    @property
    def locale(self) -> str:
        """The reader's language."""
        return self.choice.locale

    @property
    def as_of(self) -> dt.date:
        """The date of the situation."""
        return self.choice.as_of

    @property
    def since(self) -> dt.date | None:
        """The date it is compared with; None where it is not."""
        return self.choice.since

    @property
    def session(self) -> int | None:
        """The one session that is looked at; None for all."""
        return self.choice.session

    @property
    def at(self) -> At:
        """The point of view every figure of the page is taken from."""
        return self._at(self.as_of)

    @property
    def before(self) -> At | None:
        """The earlier point of view the page compares with."""
        return self._at(self.since) if self.since else None

    def _at(self, day: dt.date) -> At:
        return At(
            day,
            known_at=self.choice.known_at,
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
            known_at=self.choice.known_at,
        )

    @property
    def frame(self) -> Frame:
        """The language, scope and links of this view."""
        return Frame(self.locale, self.scope, self.links)

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
        return ask(self.store, query, self.actor.visibility, working=self.working)

    def working(self) -> AbstractContextManager[object]:
        """Stands around what takes time."""
        return nullcontext()

    def drawn(self, query: Query[Result], draw: Callable[[Result, Frame], Markup]) -> Markup:
        """What `draw`, a pure function of the module it stands in, makes of the answer; drawn once."""
        return self.ask(Derived(query, self.frame, draw))

    def unread(self, said: Mapping[str, str]) -> list[str]:
        """A sentence for each shared parameter of the address that means nothing."""
        return [
            not_understood(
                name,
                said[name],
                self.locale,
                as_of=self.as_of,
                since=self.since,
                first=FIRST_DAY,
                last=last_day(self.facts),
            )
            for name in self.choice.unknown
        ]


def view(store: Store, actor: Actor, parameters: Mapping[str, str], light: bool = False) -> View:
    """The view that the parameters of an address ask for; `light`: its links lead to light pages."""
    facts = ask(store, store_query())
    choice = read_choice(shared(parameters), facts)
    provisional = choice.provisional and allowed(actor, Action.READ_PROVISIONAL)
    return View(store, facts, choice, links_of(choice, facts, provisional, light), actor, provisional)


def links_of(choice: Choice, facts: StoreFacts, provisional: bool, light: bool = False) -> Links:
    """The addresses that keep a choice: only what differs from a page's defaults goes into them."""
    default = default_since(choice.as_of, facts)
    return Links(
        locale=choice.locale,
        as_of=None if choice.as_of == facts.default_date else choice.as_of,
        since=None if choice.since == default else choice.since,
        session=choice.session,
        compared=choice.since is not None or default is None,
        provisional=provisional,
        known_at=choice.known_at,
        light=light,
    )
