"""The overview: one question, one drawing."""

from dataclasses import replace

from markupsafe import Markup

from ccm.queries.overview import Overview, OverviewQuery
from ccm.render.sentences.overview import actions, headline
from ccm.screens.view import Frame, View


def overview(view: View) -> Markup:
    """The overview at the view's date."""
    return view.drawn(OverviewQuery(view.at, view.before), _draw)


def _draw(found: Overview, frame: Frame) -> Markup:
    # Nothing can have moved while nobody has answered: the page then compares with nothing.
    scope = frame.scope if found.reported else replace(frame.scope, since=None)
    return frame.block(
        "overview.html",
        scope=scope,
        overview=found,
        headline=headline(found, scope, frame.locale),
        actions=actions(found, frame.links, frame.locale),
    )
