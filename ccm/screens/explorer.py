"""The head of the Explorer: what its charts say in a sentence. The charts are the application's alone."""

from collections.abc import Sequence

from markupsafe import Markup

from ccm.i18n import numbers
from ccm.queries.explorer import Explorer, ExplorerQuery
from ccm.queries.results import GroupLine
from ccm.render.sentences import explorer as say
from ccm.screens.view import View

#: More actors than this make no picture: those that owe most are kept, and the others counted.
_MOST_LINES = 20


def explorer(view: View, actors: str | None) -> Markup:
    """The head, before anything is chosen on a chart."""
    plan = view.ask(ExplorerQuery(view.at))
    kind = actors if actors in say.ACTORS else next(iter(say.ACTORS))
    said = headline(view, plan, kind)
    return view.frame.block("explorer.html", explorer=plan, headline=said, selection_text="")


def headline(view: View, plan: Explorer, actors: str) -> str:
    """How far those compared are apart."""
    day = numbers.day(view.as_of, view.locale)
    return say.headline(plan, compared(plan, actors), actors, day, view.locale)


def compared(plan: Explorer, actors: str) -> Sequence[GroupLine]:
    """The actors compared, the heaviest first where there are too many to draw."""
    return of_actors(plan, actors)[:_MOST_LINES]


def of_actors(plan: Explorer, actors: str) -> Sequence[GroupLine]:
    """All the actors of a kind, as the address has its code."""
    return {"regions": plan.regions, "ministeres": plan.ministries, "institutions": plan.institutions}[actors]


def actor_parameter(actors: str) -> str:
    """The parameter of the address that chooses some of these actors."""
    return "region" if actors == "regions" else "institution"
