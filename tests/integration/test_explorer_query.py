"""The Explorer's questions: crosses, trends and the answers behind them say the same, on both engines."""

import datetime as dt

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import BAR_ORDER, EntityKind, GroupBy, Status
from ccm.metrics import At, figures
from ccm.queries.ask import ask
from ccm.queries.explorer import BehindQuery, Explorer, ExplorerQuery, Selection, TrendQuery
from ccm.queries.results import GroupLine
from ccm.store import Store

POSTGRESQL_IN_PROOF = True

NOW, THEN = dt.date(2024, 6, 30), dt.date(2023, 9, 30)
START = dt.date(2022, 8, 5)


def lines(explorer: Explorer) -> list[GroupLine]:
    return [*explorer.regions, *explorer.ministries, *explorer.institutions]


def counted(store: Store, at: At, chosen: Selection) -> dict[Status, int]:
    return dict(ask(store, BehindQuery(at, chosen)).statuses)


def statuses(of: Figures) -> dict[Status, int]:
    return {status: getattr(of, status.value) for status in BAR_ORDER if getattr(of, status.value)}


def test_the_answers_behind_a_cross_are_those_its_figures_count(demo: Store) -> None:
    at = At(NOW)
    explorer = ask(demo, ExplorerQuery(at))
    assert len(explorer.regions) == 8
    crosses = 0
    for line in lines(explorer):
        assert counted(demo, at, Selection(entities=(line.key,))) == statuses(line.figures)
        for row in line.by_axis:
            chosen = Selection(axes=(row.key,), entities=(line.key,))
            assert counted(demo, at, chosen) == statuses(row.figures), chosen
            crosses += bool(row.figures.expected)
    assert crosses > 32
    for line in explorer.axes:
        assert counted(demo, at, Selection(axes=(line.key,))) == statuses(line.figures)
        dropped = Selection(axes=(line.key,), statuses=(Status.DROPPED,))
        assert ask(demo, BehindQuery(at, dropped)).count == line.figures.dropped


def test_rows_are_the_first_ones_of_what_is_counted_in_the_sources_order(demo: Store) -> None:
    behind = ask(demo, BehindQuery(At(NOW), Selection(), most=25))
    assert behind.count == ask(demo, ExplorerQuery(At(NOW))).plan.expected
    assert len(behind.rows) == 25
    keys = [row.recommendation for row in behind.rows]
    assert keys == sorted(keys, key=lambda key: (["G", "A1", "A2", "A3"].index(key.split("-")[1]), key))
    assert behind.rows[0].recommendation.startswith("CCM7-G-01")


def test_several_values_of_a_part_are_one_or_the_other_and_parts_hold_together(demo: Store) -> None:
    at = At(NOW)
    both = Selection(axes=("A1", "A2"), entities=("NE001", "NE002"))
    parts = [Selection(axes=(axis,), entities=(entity,)) for axis in both.axes for entity in both.entities]
    assert ask(demo, BehindQuery(at, both)).count == sum(
        ask(demo, BehindQuery(at, part)).count for part in parts
    )
    blocked = Selection(entities=("NE001", "NE007"), statuses=(Status.BLOCKED, Status.COMPLETED))
    assert {row.status for row in ask(demo, BehindQuery(at, blocked)).rows} <= set(blocked.statuses)


def test_a_selection_may_look_at_an_earlier_day_and_never_at_a_later_one(demo: Store) -> None:
    earlier = ask(demo, BehindQuery(At(NOW), Selection(entities=("NE001",), on=THEN)))
    assert earlier.as_of == THEN
    assert dict(earlier.statuses) == counted(demo, At(THEN), Selection(entities=("NE001",)))
    later = ask(demo, BehindQuery(At(THEN), Selection(entities=("NE001",), on=NOW)))
    assert later.as_of == THEN


def test_a_trend_ends_on_the_figures_of_its_group(demo: Store) -> None:
    at = At(NOW)
    explorer = ask(demo, ExplorerQuery(at))
    diffa = explorer.line("NE002")
    second = explorer.line("A2")
    assert diffa is not None
    assert second is not None
    crossed = next(row.figures for row in diffa.by_axis if row.key == "A2")
    for axis, entity, last in (
        (None, None, explorer.plan),
        ("A2", None, second.figures),
        (None, "NE002", diffa.figures),
        ("A2", "NE002", crossed),
    ):
        points = ask(demo, TrendQuery(at, START, axis, entity))
        assert points[-1].figures == last
        days = [point.on for point in points]
        assert days == sorted(days)
        assert (days[0], days[-1]) == (START, NOW)
        assert dt.date(2023, 12, 31) in days


def test_a_trend_of_one_day_is_one_point(demo: Store) -> None:
    (point,) = ask(demo, TrendQuery(At(START), START))
    assert point.on == START


def test_totals_stand_beside_what_they_cover(demo: Store) -> None:
    explorer = ask(demo, ExplorerQuery(At(NOW)))
    with demo.read() as connection:
        assert explorer.by_ministry == figures(connection, At(NOW), GroupBy.MINISTRY).total
        assert explorer.by_region == figures(connection, At(NOW), GroupBy.REGION).total
    kinds = {line.entity.kind for line in explorer.institutions if line.entity}
    assert kinds
    assert not kinds & {EntityKind.REGION, EntityKind.MINISTRY}


def test_nothing_is_selected_before_the_plan_is_in_follow_up(store: Store) -> None:
    before = At(START - dt.timedelta(days=1))
    explorer = ask(store, ExplorerQuery(before))
    assert not explorer.in_follow_up
    assert lines(explorer) == []
    assert ask(store, BehindQuery(before, Selection(axes=("A1",)))).count == 0


def test_silence_is_counted_as_expected(store: Store) -> None:
    behind = ask(store, BehindQuery(At(NOW), Selection(axes=("A1",))))
    assert behind.answered == 0
    assert dict(behind.statuses) == {Status.NOT_REPORTED: behind.count}


def test_keys_that_name_nothing_find_nothing(store: Store) -> None:
    assert ask(store, BehindQuery(At(NOW), Selection(entities=("NE999",)))).count == 0
    assert ask(store, ExplorerQuery(At(NOW))).line("NE999") is None
