"""The overview: one question, one drawing."""

from dataclasses import replace

from markupsafe import Markup

from ccm.queries.overview import Overview, OverviewQuery
from ccm.render.sentences.overview import actions, headline
from ccm.ui.context import Frame, Page


def show_overview(page: Page) -> None:
    """Draw the overview at the page's date."""
    page.show_drawn(OverviewQuery(page.at, page.before), _draw)


def _draw(overview: Overview, frame: Frame) -> Markup:
    # Nothing can have moved while nobody has answered: the page then compares with nothing.
    scope = frame.scope if overview.reported else replace(frame.scope, since=None)
    return frame.block(
        "overview.html",
        scope=scope,
        overview=overview,
        headline=headline(overview, scope, frame.locale),
        actions=actions(overview, frame.links, frame.locale),
    )
