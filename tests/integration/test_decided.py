"""Decisions taken: what was recorded to hold from a day on, as the brief tells it."""

import datetime as dt

from ccm.commands import submit
from ccm.commands.plan_terms import Assign, SetNature
from ccm.domain.vocabulary import ChangeField, Nature
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.brief import Brief, BriefQuery
from ccm.queries.decided import Decided
from ccm.render.sentences.recommendation import changed
from ccm.store import Store
from tests.integration.acting import VALIDATOR

UNASSIGNED, CONTINUOUS = "CCM7-A3-10", "CCM7-A1-01"
LATER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _brief(store: Store, at: At) -> Brief:
    return ask(store, BriefQuery(at, None))


def _told(found: Decided) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        (one.key, one.change.effective_on.isoformat(), changed(one.change, "fr"), names)
        for one in found.latest
        for names in [tuple(entity.key for entity in one.entities)]
    ]


def test_decisions_are_told_from_their_day_on_one_line_for_several_answers(store: Store) -> None:
    day = dt.date(2024, 6, 30)
    assert _brief(store, At(day)).decided == Decided(None, (), False)
    submit(store, VALIDATOR, Assign(UNASSIGNED, ("INS", "MJ"), effective_on="2024-03-01"))
    submit(store, VALIDATOR, Assign(UNASSIGNED, ("INS",), due_date="31/12/2024", effective_on="2024-05-01"))
    submit(store, VALIDATOR, SetNature(CONTINUOUS, Nature.CONTINUOUS, "2024-04-01"))
    after = _brief(store, At(day)).decided
    assert _told(after)[:2] == [
        (UNASSIGNED, "2024-05-01", "échéance fixée au 31/12/2024", ("INS",)),
        (CONTINUOUS, "2024-04-01", "nature\u00a0: continue", ()),
    ]
    assert (UNASSIGNED, "2024-03-01", "rôle\u00a0: responsable", ("MJ", "INS")) in _told(after)
    # Before their day, and before they were known, there is nothing.
    assert _told(_brief(store, At(dt.date(2024, 4, 15))).decided) == _told(after)[1:]
    assert _brief(store, At(day, known_at=LATER)).decided.latest == ()


def test_a_brief_names_the_latest_and_says_that_there_are_others(store: Store) -> None:
    for month in range(1, 10):
        submit(store, VALIDATOR, SetNature(CONTINUOUS, _nature(month), f"2024-0{month}-01"))
    found = _brief(store, At(dt.date(2024, 12, 31), session=7)).decided
    assert [one.change.effective_on.month for one in found.latest] == list(range(9, 1, -1))
    assert {one.change.field for one in found.latest} == {ChangeField.NATURE}
    assert found.more


def _nature(month: int) -> Nature:
    return Nature.CONTINUOUS if month % 2 else Nature.FINITE
