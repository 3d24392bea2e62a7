"""One recommendation in full, or the way to find it."""

from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from ccm.queries.ask import Derived
from ccm.queries.known import PlanFiguresQuery
from ccm.queries.recommendation import RecommendationQuery, Sheet, WholeKeyQuery
from ccm.render.sentences import recommendation as say
from ccm.screens.asked import KEY
from ccm.screens.view import Frame, View


@dataclass(frozen=True)
class RecommendationScreen:
    """What is drawn; `key` is the whole key of what was found, None where there is no such recommendation."""

    drawn: Markup
    key: str | None


def recommendation(view: View, asked: str) -> RecommendationScreen:
    """The recommendation of a key as typed: in capitals or not, with its session or without."""
    key = asked.strip().upper()
    if KEY.fullmatch(key):
        for found in (key, view.ask(WholeKeyQuery(key))):
            drawn = _sheet(view, found) if found else None
            if drawn is not None:
                return RecommendationScreen(drawn, found)
    return RecommendationScreen(view.frame.block("recommendation_unknown.html", key=key), None)


def _sheet(view: View, key: str) -> Markup | None:
    known = view.ask(PlanFiguresQuery(view.at))
    before = view.ask(PlanFiguresQuery(view.before)) if view.before else None
    query = RecommendationQuery(key, view.at, view.before, known, before)
    return view.ask(Derived(query, view.frame, _draw))


def _draw(sheet: Sheet | None, frame: Frame) -> Markup | None:
    if sheet is None:
        return None
    locale = frame.locale
    return frame.block(
        "recommendation.html",
        sheet=sheet,
        holders=say.holders(sheet.answers, locale),
        lead=say.lead(sheet, frame.scope.as_of, locale),
        due=say.due(sheet.answers, locale),
        actions=say.actions(sheet, locale),
        texts=say.texts(sheet.texts),
        text_kind=partial(say.text_kind, locale=locale),
        history=say.history(sheet),
        changed=partial(say.changed, locale=locale),
    )
