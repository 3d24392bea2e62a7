"""Mon espace: what is due from whoever is signed in."""

from ccm.queries.my_space import MySpaceQuery
from ccm.render.sentences import my_space as say
from ccm.ui.context import Page


def show_my_space(page: Page) -> None:
    """Draw the lists of the person's answers, the most pressing first."""
    space = page.ask_private(MySpaceQuery(page.at))
    coming = [
        (session.number, session.political_date)
        for session in page.facts.sessions
        if session.political_date and session.political_date > page.as_of
    ]
    page.show(
        "my_space.html",
        space=space,
        title=say.title(space, page.locale),
        lead=say.lead(space, min(coming, default=None), page.as_of, page.locale),
        period=page.facts.fresh_days,
    )
