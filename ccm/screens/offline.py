"""The offline pack: one page that holds the plan and its state, and opens from a USB key."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from ccm.domain.dates import local_time, utc_now
from ccm.queries.ask import version
from ccm.queries.filters import FilterOptionsQuery
from ccm.queries.pack import PackQuery
from ccm.render import REGISTER, Links, render, stylesheet
from ccm.render.pages import PAGES
from ccm.screens.entities import regions
from ccm.screens.method import method
from ccm.screens.overview import overview
from ccm.screens.view import View

_LINK = re.compile(r'<a\b[^>]*?\bhref="(?P<href>[^"]*)"[^>]*>(?P<words>.*?)</a>', re.DOTALL)
_STYLE = re.compile(r'^<a\b[^>]*?\b(class="[^"]*" style="[^"]*")')
_ID = re.compile(r'\bid="([^"]+)"')
#: The filters whose rows stand together in the page.
_PLACES = ("axe", "region", "recommandation")


@dataclass(frozen=True)
class _Nowhere(Links):
    """Links to what the page does not have: `offline` takes them off."""

    def to(self, path: str, /, **parameters: str | int | None) -> str:
        """No place."""
        return "#"


@dataclass(frozen=True)
class _Inside(Links):
    """Links from one place of the page to another."""

    alone: ClassVar[bool] = True

    def to(self, path: str, /, **parameters: str | int | None) -> str:
        """The place that stands for a page of the application; « # » alone where there is none."""
        if path == PAGES["recommendation"].path:
            return f"#{parameters['cle']}"
        if path == PAGES["regions"].path:
            return f"#{parameters.get('region') or 'regions'}"
        if path == REGISTER:
            asked = {name: value for name, value in parameters.items() if value and name != "vue"}
            # Rows that several filters keep, or one by state, stand nowhere together.
            alone = next(iter(asked)) if len(asked) == 1 else "" if asked else "all"
            return "#recommandations" if alone == "all" else f"#{asked[alone]}" if alone in _PLACES else "#"
        return {PAGES["overview"].path: "#contenu", PAGES["method"].path: "#methode"}.get(path, "#")

    def method(self, anchor: str = "") -> str:
        """The chapter on the method, or one definition in it."""
        return f"#{anchor or 'methode'}"

    def at(self, as_of: object, since: object = None) -> Links:
        """Of another date the page has nothing."""
        return _Nowhere(locale=self.locale)


def offline(view: View) -> str:
    """The page, as this reader may see it: without a script, nothing to fetch, every link inside it."""
    seen = View(view.store, view.facts, view.choice, _Inside(view.locale), view.actor, view.provisional)
    pack = view.ask(PackQuery(view.at))
    axes = {axis.key: axis for axis in view.ask(FilterOptionsQuery(view.as_of)).axes}
    compared = regions(seen, None)
    page = render(
        "offline.html",
        view.locale,
        css=stylesheet("forms.css"),
        scope=view.scope,
        links=seen.links,
        written=local_time(utc_now()),
        revision=version(view.store)[1],
        overview=overview(seen),
        pack=pack,
        axes=[(axes[key], tuple(rows)) for key, rows in groupby(pack.rows, key=lambda row: row.axis)],
        compared=compared.compared,
        # A chapter here, not a page; and what the application scrolls to is a plain place.
        method=method(seen).replace("h1>", "h2>"),
    )
    return _leading_inside(page)


def _leading_inside(page: str) -> str:
    """The page without the links that lead to no place of it; their words stay."""
    places = {f"#{place}" for place in _ID.findall(page)}

    def led(link: re.Match[str]) -> str:
        if link["href"] in places:
            return link[0]
        # A part of a bar is drawn by its own style.
        style = _STYLE.search(link[0])
        return f"<i {style[1]}>{link['words']}</i>" if style else link["words"]

    return _LINK.sub(led, page)
