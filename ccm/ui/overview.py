"""The overview: one question, one drawing."""

from dataclasses import replace

from ccm.queries.overview import OverviewQuery
from ccm.render.sentences.overview import actions, headline
from ccm.ui.context import Page


def show_overview(page: Page) -> None:
    """Draw the overview at the page's date."""
    overview = page.ask(OverviewQuery(page.at, page.before))
    # Nothing can have moved while nobody has answered: the page then compares with nothing.
    scope = page.scope if overview.reported else replace(page.scope, since=None)
    page.show(
        "overview.html",
        scope=scope,
        overview=overview,
        headline=headline(overview, page.as_of, page.since, page.locale),
        actions=actions(overview, page.links, page.locale),
    )
