"""Permanent links of every grouping: each leads to as many rows as its figure counts."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from ccm.domain.vocabulary import GroupBy
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.figures import FiguresQuery
from ccm.queries.filters import FilterOptionsQuery
from ccm.queries.register import AnswerList, AnswersQuery, Register, RegisterQuery
from ccm.queries.scope import store_query
from ccm.render import REGISTER, Links
from ccm.render.pages import is_page
from ccm.screens.asked import read
from ccm.store import Store

#: Figures that count rows, and the rates, whose rows are those of their numerators.
COUNTED = {
    name: name for name in ("expected", "answered", "fresh", "overdue", "dropped", "blocked", "not_reported")
}
COUNTED |= {"realised": "completed", "coverage": "answered", "completed": "completed"}
OF_RECOMMENDATIONS = (
    "recommendations",
    "recommendations_realised",
    "recommendations_dropped",
    "unassigned",
    "continuous",
    "continuous_active",
    "continuous_silent",
)
COUNTED |= {name: name for name in OF_RECOMMENDATIONS}
#: One group in so many is looked at, the first always.
EVERY = {
    GroupBy.RECOMMENDATION: 16,
    GroupBy.CHALLENGE: 8,
    GroupBy.PRIORITY: 6,
    GroupBy.ENTITY: 9,
    GroupBy.REGION: 4,
}


def found_at(store: Store, href: str, at: At) -> AnswerList | Register:
    """What the register shows at this address; fails where it says that it does not understand."""
    place = urlsplit(href)
    said = dict(parse_qsl(place.query))
    asked = read(said, ask(store, FilterOptionsQuery(at.as_of)))
    assert (place.path, asked.unknown) == (REGISTER, ()), href
    at = replace(at, session=int(said["session"])) if "session" in said else at
    if asked.answers:
        return ask(store, AnswersQuery(at, asked.filters))
    return ask(store, RegisterQuery(at, asked.filters))


def rows_behind(store: Store, href: str, at: At) -> int:
    """How many rows the register has at this address."""
    found = found_at(store, href, at)
    return found.counted if isinstance(found, AnswerList) else found.found.recommendations


@pytest.mark.parametrize("by", list(GroupBy))
def test_a_permanent_link_leads_to_what_it_counts(sqlite_demo: Store, by: GroupBy) -> None:
    facts = ask(sqlite_demo, store_query())
    at = At(facts.default_date, fresh_days=facts.fresh_days)
    rows = ask(sqlite_demo, FiguresQuery(at, by)).rows
    # Nobody's money is in the store yet.
    assert bool(rows) == (by is not GroupBy.DONOR)
    for row in rows[:: EVERY.get(by, 1)]:
        group = Links().group(by, row.key)
        assert group is not None
        assert is_page(urlsplit(group).path)
        for metric, counted in COUNTED.items():
            href = Links().figure(by, row.key, metric)
            if href is None:
                assert (by, getattr(row.figures, counted)) == (GroupBy.STATUS, 0), (row.key, metric)
            else:
                assert rows_behind(sqlite_demo, href, at) == getattr(row.figures, counted), href
        if href := Links().figure(by, row.key, "completion"):
            assert bool(rows_behind(sqlite_demo, href, at)) == (row.figures.completion is not None)
            if by in (GroupBy.REGION, GroupBy.MINISTRY, GroupBy.ENTITY):
                assert found_at(sqlite_demo, href, at).completion == row.figures.completion


def test_every_priority_can_be_asked_for(sqlite_demo: Store) -> None:
    facts = ask(sqlite_demo, store_query())
    at = At(facts.default_date)
    options = ask(sqlite_demo, FilterOptionsQuery(at.as_of))
    assert len(options.priorities) == 31
    assert {priority.challenge for priority in options.priorities} == {c.key for c in options.challenges}
