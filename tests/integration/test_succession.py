"""An entity that another one follows: its figures go on under the new name, and its people with it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.entities import AddEntity
from ccm.commands.people_changes import DisablePerson
from ccm.commands.successions import RecordSuccession, WithdrawSuccession
from ccm.domain.errors import Invalid, NotFound
from ccm.domain.vocabulary import BAR_ORDER, EntityKind, UserRole
from ccm.metrics import At
from ccm.queries.answer_form import AnswerFormQuery
from ccm.queries.ask import ask, ask_as
from ccm.queries.entity import EntityTrendsQuery
from ccm.queries.explorer import BehindQuery, Selection, TrendQuery
from ccm.queries.filters import Movement, RegisterFilters
from ccm.queries.institutions import InstitutionsQuery
from ccm.queries.integrity import verify
from ccm.queries.my_space import MySpace, MySpaceQuery
from ccm.queries.overview import OverviewQuery
from ccm.queries.register import RegisterQuery
from ccm.queries.results import GroupLine, TrendPoint
from ccm.store import Store, open_store
from tests.integration.acting import events, everything
from tests.integration.people import join, signed_in
from tests.support.stores import Templates, demonstration_of_size_s

POSTGRESQL_IN_PROOF = True

OLD, NEW = "MF", "MEF"
#: The day of the succession, a day after it, and one before.
DAY, NOW, THEN = dt.date(2024, 6, 1), At(dt.date(2024, 6, 30)), At(dt.date(2023, 12, 31))
START = dt.date(2022, 8, 5)
FOCAL_POINT = "Point focal MF (démo)"


@pytest.fixture
def demonstration(engine: str, templates: Templates, tmp_path: Path) -> Iterator[Store]:
    """The demonstration in a store of the test's own, with the ministry that will follow another."""
    with templates.copied(engine, "demonstration", demonstration_of_size_s, tmp_path) as url:
        store = open_store(url)
        new = AddEntity(NEW, EntityKind.MINISTRY, NEW, "Ministère de l’Économie et des Finances", DAY)
        submit(store, CONSOLE, new)
        yield store
        store.close()


def _line(lines: tuple[GroupLine, ...], key: str) -> GroupLine:
    return next(line for line in lines if line.key == key)


def _trend(store: Store, key: str) -> tuple[TrendPoint, ...]:
    return ask(store, EntityTrendsQuery(NOW))[key]


def test_the_successor_is_compared_with_what_its_lines_were_before(demonstration: Store) -> None:
    store = demonstration
    old = _line(ask(store, InstitutionsQuery(NOW, THEN)).ministries, OLD)
    assert old.before
    assert old.before.completion != old.figures.completion
    submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    for lines in (
        ask(store, InstitutionsQuery(NOW, THEN)).ministries,
        ask(store, OverviewQuery(NOW, THEN)).ministries,
    ):
        new = _line(lines, NEW)
        assert (new.figures, new.before, new.by_axis) == (old.figures, old.before, old.by_axis)
        assert OLD not in [line.key for line in lines]
    # Before that day nothing has changed.
    early = ask(store, InstitutionsQuery(At(dt.date(2024, 5, 31)), THEN)).ministries
    assert _line(early, OLD).before == old.before


def test_the_trend_of_a_successor_has_no_gap_and_leads_to_its_rows(demonstration: Store) -> None:
    store = demonstration
    of_pages, of_explorer = _trend(store, OLD), ask(store, TrendQuery(NOW, START, entity=OLD))
    by_axis = ask(store, TrendQuery(NOW, START, "A2", OLD))
    assert any(point.figures.answered for point in of_pages)
    submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    assert _trend(store, NEW) == of_pages
    assert ask(store, TrendQuery(NOW, START, entity=NEW)) == of_explorer
    assert ask(store, TrendQuery(NOW, START, "A2", NEW)) == by_axis
    for point in of_explorer:
        behind = ask(store, BehindQuery(NOW, Selection(entities=(NEW,), on=point.on)))
        counted = {status: getattr(point.figures, status.value) for status in BAR_ORDER}
        assert dict(behind.statuses) == {status: n for status, n in counted.items() if n}


def test_what_moved_among_a_successor_s_lines_is_found(demonstration: Store) -> None:
    store = demonstration

    def moved(entity: str, movement: Movement) -> list[str]:
        filters = RegisterFilters(entity=entity, moved=(movement,))
        groups = ask(store, RegisterQuery(NOW, filters, before=THEN)).groups
        return [row.key for group in groups for row in group.rows]

    found = {movement: moved(OLD, movement) for movement in Movement}
    assert found[Movement.UP]
    submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    assert {movement: moved(NEW, movement) for movement in Movement} == found


def _space(store: Store, name: str = FOCAL_POINT) -> MySpace:
    return ask_as(store, signed_in(store, name), MySpaceQuery(NOW))


def _answers(space: MySpace) -> list[list[str]]:
    lists = (space.to_correct, space.to_give, space.to_update, space.waiting, space.up_to_date, space.support)
    return [[due.answer.assignment for due in found] for found in lists]


def test_the_people_of_an_entity_go_with_it(demonstration: Store) -> None:
    store = demonstration
    submit(store, CONSOLE, DisablePerson(join(store, "Ancien", UserRole.FOCAL_POINT, OLD).name))
    before = _space(store)
    assert before.waiting
    told = submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    assert told == {"follow": [FOCAL_POINT], "answering": [FOCAL_POINT]}
    assert events(store, "user.changed") == [
        ("user.changed", FOCAL_POINT, {"role": "focal_point", "entities": [OLD, NEW]})
    ]
    assert [check.detail for check in verify(store) if not check.passed] == []
    after = _space(store)
    assert _answers(after) == _answers(before)
    assert [(entity.key, figures) for entity, figures in after.figures] == [(NEW, before.figures[0][1])]
    assert after.replaced == ()
    ministries = ask(store, InstitutionsQuery(NOW, None)).known
    assert next(one for one in ministries if one.key == NEW).focal_points == 1
    # The address of an answer is what it was, for whoever answers now.
    assignment = before.waiting[0].answer.assignment
    form = ask_as(store, signed_in(store, FOCAL_POINT), AnswerFormQuery(assignment, NOW))
    assert (form.answer.assignment, form.answer.entity.key) == (assignment, NEW)


def test_whoever_answers_already_is_changed_in_nothing(demonstration: Store) -> None:
    store = demonstration
    join(store, "Les deux", UserRole.FOCAL_POINT, OLD, NEW)
    told = submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    assert told == {"follow": [FOCAL_POINT], "answering": ["Les deux", FOCAL_POINT]}
    assert [event[1] for event in events(store, "user.changed")] == [FOCAL_POINT]


def test_a_succession_that_is_refused_gives_nobody_anything(demonstration: Store) -> None:
    before = everything(demonstration)
    with pytest.raises(Invalid):
        submit(demonstration, CONSOLE, RecordSuccession(OLD, OLD, DAY))
    assert everything(demonstration) == before


def test_whoever_does_not_follow_reads_who_does(demonstration: Store) -> None:
    store = demonstration
    assignment = _space(store).waiting[0].answer.assignment
    told = submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY, people_follow=False))
    assert told == {"follow": [], "answering": []}
    assert events(store, "user.changed") == []
    space = _space(store)
    assert space.figures == ()
    assert [(one.entity.key, one.successor.key, one.since) for one in space.replaced] == [(OLD, NEW, DAY)]
    with pytest.raises(NotFound, match=NEW):
        ask_as(store, signed_in(store, FOCAL_POINT), AnswerFormQuery(assignment, NOW))
    # To others it is as one that is not there.
    other = join(store, "Justice", UserRole.FOCAL_POINT, "MJ")
    with pytest.raises(NotFound, match="n'est pas connu"):
        ask_as(store, other, AnswerFormQuery(assignment, NOW))


def test_it_is_the_last_of_a_line_that_is_named(demonstration: Store) -> None:
    store = demonstration
    later = DAY + dt.timedelta(days=10)
    submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY, people_follow=False))
    submit(store, CONSOLE, RecordSuccession(NEW, "MAEC", later))
    (one,) = _space(store).replaced
    assert (one.entity.key, one.successor.key, one.since) == (OLD, "MAEC", later)
    submit(store, CONSOLE, WithdrawSuccession(NEW, "MAEC", later, later))
    submit(store, CONSOLE, WithdrawSuccession(OLD, NEW, DAY, DAY))
    assert _space(store).replaced == ()


def test_what_went_elsewhere_in_a_split_is_named(demonstration: Store) -> None:
    store = demonstration
    every = [key for found in _answers(_space(store)) for key in found]
    parted = RecordSuccession(OLD, NEW, DAY, tuple(every[:2]), people_follow=False)
    submit(store, CONSOLE, parted)
    (one,) = _space(store).replaced
    assert (one.entity.key, one.successor.key, one.engagements) == (OLD, NEW, 2)
    assert [entity.key for entity, _ in _space(store).figures] == [OLD]


def test_a_succession_undone_says_who_answers_for_both(demonstration: Store) -> None:
    store = demonstration
    submit(store, CONSOLE, RecordSuccession(OLD, NEW, DAY))
    told = submit(store, CONSOLE, WithdrawSuccession(OLD, NEW, DAY, DAY))
    assert told == [FOCAL_POINT]
    space = _space(store)
    assert [entity.key for entity, _ in space.figures] == [OLD, NEW]
