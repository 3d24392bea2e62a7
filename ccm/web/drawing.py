"""The reading pages as a server draws them: their parts, for the first page sent and for light ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from ccm.auth import Action, Actor, allowed_somewhere
from ccm.domain.vocabulary import UserRole
from ccm.queries.filters import Order
from ccm.render import FILTERS, render, written
from ccm.render.pages import PAGES, PageName
from ccm.render.sentences import register as say
from ccm.screens import View
from ccm.screens.asked import FLAGS, LONGEST_SEARCH, offered, titles
from ccm.screens.entities import EntitiesScreen, institutions, regions
from ccm.screens.explorer import explorer
from ccm.screens.method import method
from ccm.screens.overview import overview
from ccm.screens.recommendation import recommendation
from ccm.screens.register import RegisterScreen, register

Parameters = Mapping[str, str]
#: The pages that are read, for whoever is led from one to the others.
NAVIGATION = tuple(PAGES[name] for name in ("overview", "register", "regions", "institutions", "method"))
#: The pages of those who act, in the order of their names in the menu, each with what opens it.
_ACTING = (
    ("validation", Action.READ_QUEUE),
    ("silence", Action.READ_SILENCE),
    ("journal", Action.READ_JOURNAL),
    ("administration", Action.MANAGE_USERS),
)


def menu(actor: Actor) -> tuple[PageName, ...]:
    """The pages that the application's menu leads this reader to, in its order."""
    mine = (PAGES["my_space"],) if actor.role is UserRole.FOCAL_POINT else ()
    acting = (PAGES[name] for name, action in _ACTING if allowed_somewhere(actor, action))
    return (*mine, *NAVIGATION[:-1], PAGES["explorer"], NAVIGATION[-1], *acting)


@dataclass(frozen=True)
class Drawn:
    """The parts of a page; its title where it has one of its own; its own parameters; its HTTP status.

    `chosen`: one of its entities is what was come for.
    """

    parts: tuple[Markup, ...]
    title: str | None = None
    parameters: tuple[str, ...] = ()
    status: int = 200
    chosen: bool = False


def draw_overview(view: View, _parameters: Parameters) -> Drawn:
    """The overview."""
    return Drawn((overview(view),))


def draw_method(view: View, _parameters: Parameters) -> Drawn:
    """How the figures are made."""
    return Drawn((method(view),))


def draw_explorer(view: View, parameters: Parameters) -> Drawn:
    """The sentence at the head of the Explorer."""
    return Drawn((explorer(view, parameters.get("acteurs")),))


def draw_recommendation(view: View, parameters: Parameters) -> Drawn:
    """One recommendation; 404 where there is none of this key."""
    screen = recommendation(view, parameters.get("cle", ""))
    return Drawn((screen.drawn,), screen.key, ("cle",), 200 if screen.key else 404)


def draw_regions(view: View, parameters: Parameters) -> Drawn:
    """The regions, and one of them."""
    return _entities(view, regions(view, parameters.get("region")), "region")


def draw_institutions(view: View, parameters: Parameters) -> Drawn:
    """The institutions, and one of them."""
    return _entities(view, institutions(view, parameters.get("entite")), "entite")


def _entities(view: View, screen: EntitiesScreen, parameter: str) -> Drawn:
    """On light pages one that was chosen comes before the comparison; the application orders by its style."""
    before = screen.chosen and view.links.light
    middle = (screen.one, screen.compared) if before else (screen.compared, screen.one)
    title = screen.names[screen.chosen] if screen.chosen else None
    return Drawn((screen.head, *middle, screen.foot), title, (parameter,), chosen=bool(screen.chosen))


def draw_register(view: View, parameters: Parameters) -> Drawn:
    """The register, on light pages between its filters and the way to its other pages."""
    screen = register(view, parameters)
    between = (_filters(view, screen),) if screen.followed and view.links.light else ()
    pages = (_pager(view, screen),) if screen.pages > 1 else ()
    foot = (screen.foot,) if screen.followed else ()
    own = (*FILTERS.values(), "vue", "tri", "page")
    return Drawn((screen.head, *between, screen.rows, *pages, *foot), None, own)


def _filters(view: View, screen: RegisterScreen) -> Markup:
    asked, t = screen.asked, view.translator
    chosen = ("axis", "region", "status", "entity", "challenge", "priority")
    in_form = {FILTERS[name] for name in (*chosen, *FLAGS, "q")} | {"tri", "page"}
    rest = {name: value for name, value in asked.query().items() if name not in in_form}
    folded = (*FLAGS, "entity", "challenge", "priority")
    return render(
        "light_filters.html",
        view.locale,
        action=PAGES["register"].light_path,
        kept=view.links.shared() | rest,
        names=FILTERS,
        titles=titles(t),
        offered=offered(screen.options, t),
        present={name: written(getattr(asked.filters, name)) for name in chosen},
        flags={
            FILTERS[name]: {"text": say.flag_name(name, view.locale), "on": getattr(asked.filters, name)}
            for name in FLAGS
        },
        orders={order.value: say.order_name(order, view.locale) for order in Order},
        order=asked.order.value,
        opened=any(getattr(asked.filters, name) for name in folded) or asked.order is not Order.SOURCE,
        q=asked.filters.q,
        longest=LONGEST_SEARCH,
    )


def _pager(view: View, screen: RegisterScreen) -> Markup:
    def href(number: int) -> str:
        return replace(screen.asked, page=number).href(view.links)

    return view.frame.block("pager.html", page=screen.page, last=screen.pages, href=href)


#: How each page that is read is drawn.
DRAWN: Mapping[PageName, Callable[[View, Parameters], Drawn]] = {
    PAGES["overview"]: draw_overview,
    PAGES["register"]: draw_register,
    PAGES["recommendation"]: draw_recommendation,
    PAGES["regions"]: draw_regions,
    PAGES["institutions"]: draw_institutions,
    PAGES["method"]: draw_method,
}
#: And how each page is drawn first that has something to read before the application is there.
DRAWN_FIRST = {**DRAWN, PAGES["explorer"]: draw_explorer}
