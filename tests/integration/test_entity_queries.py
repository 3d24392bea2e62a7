"""Regions, institutions and one entity in full: the same figures as ccm.metrics, on both engines."""

import datetime as dt
from fractions import Fraction

from sqlalchemy import Connection, select

from ccm.domain.figures import COUNTS, Figures
from ccm.domain.vocabulary import COLLECTIVE_KINDS, EntityKind, GroupBy, Nature, Status
from ccm.metrics import At, entity_reading, figures
from ccm.queries.answers import answers
from ccm.queries.comparison import by_load
from ccm.queries.entity import LISTED, LISTED_APART, EntityInFull, EntityQuery, EntityTrendsQuery, trend
from ccm.queries.explorer import ExplorerQuery
from ccm.queries.institutions import InstitutionsQuery
from ccm.queries.overview import OverviewQuery
from ccm.queries.regions import RegionsQuery, is_quiet, quietest
from ccm.queries.results import AnswerState, EntityRef, GroupLine
from ccm.store import Store
from ccm.store.models import Axis, Entity

POSTGRESQL_IN_PROOF = True

NOW = At(dt.date(2024, 6, 30))
BEFORE = At(dt.date(2023, 12, 31))
REAL = At(dt.date(2026, 11, 23))
LISTS = ("received", "missing", "dropped", "continuous", "support")


def _ids(connection: Connection) -> dict[str, int]:
    return {row.key: row.id for row in connection.execute(select(Entity.key, Entity.id))}


def test_before_anybody_answers_the_real_regions_are_ordered_by_load(store: Store) -> None:
    with store.read() as connection:
        found = RegionsQuery(REAL, None).answer(connection)
    assert not found.spoken
    assert [(line.key, line.figures.expected) for line in found.lines] == [
        ("NE002", 36),
        ("NE006", 36),
        *((key, 35) for key in ("NE001", "NE003", "NE004", "NE008", "NE005", "NE007")),
    ]
    assert found.total.figures.expected == 282
    assert [row.figures.expected for row in found.total.by_axis] == [24, 90, 112, 56]
    assert found.plan.expected == 318


def test_the_same_actors_stand_in_the_same_order_everywhere_and_classes_apart(store: Store) -> None:
    with store.read() as connection:
        listed = InstitutionsQuery(REAL, None).answer(connection)
        overview = OverviewQuery(REAL, None).answer(connection).others
        explorer = ExplorerQuery(REAL).answer(connection).institutions
    # The heaviest load first; equals by name, whatever its accents: nobody is last for being « État ».
    order = ["ANLTP-TIM", "DST", "INS", "PTF", "CT", "ETAT"]
    for lines in ((*listed.agencies, *listed.classes), overview, explorer):
        assert [line.key for line in lines] == order


def test_names_are_sorted_without_their_accents() -> None:
    lines = [
        GroupLine(name, name, Figures(expected=1), entity=EntityRef(name, name, name, EntityKind.AGENCY))
        for name in ("INS", "État", "DST")
    ]
    assert [line.key for line in by_load(lines)] == ["DST", "État", "INS"]


def test_the_real_institutions_say_what_they_stand_for_and_what_is_unassigned(store: Store) -> None:
    with store.read() as connection:
        found = InstitutionsQuery(REAL, None).answer(connection)
    assert (found.by_ministry.recommendations, found.plan.recommendations) == (10, 48)
    assert found.expected == 36
    assert [line.key for line in found.ministries] == ["MI-D", "MAEC", "MF", "MJ", "MAT-DC", "MU-H"]
    assert {line.key for line in found.agencies} == {"INS", "DST", "ANLTP-TIM"}
    assert {line.key for line in found.classes} == {"ETAT", "CT", "PTF"}
    assert [row.key for row in found.unassigned] == [f"CCM7-A3-{n}" for n in (10, 11, 12, 13)]
    assert not any(row.named for row in found.unassigned)
    assert found.plan.unassigned == 4
    assert found.aliases["MAEC"] == ("MAE/C",)
    assert "ETAT" not in found.aliases, "« Etat » is « État » without its accent"


def test_an_entity_without_answers_lists_the_first_of_those_that_are_missing(store: Store) -> None:
    with store.read() as connection:
        found = EntityQuery(REAL, "NE002").answer(connection)
    assert found is not None
    assert (len(found.missing.shown), found.missing.count, found.missing.left) == (LISTED, 36, 11)
    assert (len(found.missing.on_paper), found.missing.left_on_paper) == (11, 0)
    assert found.received.count == found.dropped.count == found.continuous.count == found.support.count == 0
    assert found.missing.shown[0].recommendation == "CCM7-G-04"
    assert found.lifters == ()


def test_nobody_has_an_unknown_key(store: Store) -> None:
    with store.read() as connection:
        assert EntityQuery(REAL, "NE999").answer(connection) is None


def test_nothing_is_there_before_follow_up(store: Store) -> None:
    at = At(dt.date(2022, 8, 4))
    with store.read() as connection:
        regions = RegionsQuery(at, None).answer(connection)
        institutions = InstitutionsQuery(at, None).answer(connection)
        trends = EntityTrendsQuery(at).answer(connection)
    assert regions.lines == institutions.lines == ()
    assert regions.total.by_axis == ()
    assert regions.total.figures.completion is None
    assert quietest(regions.lines) is None
    assert trends == {}
    assert {entity.key for entity in regions.known} == {f"NE00{n}" for n in range(1, 9)}


def test_every_line_and_total_equals_the_figures(demo: Store) -> None:
    with demo.read() as connection:
        found = RegionsQuery(NOW, BEFORE).answer(connection)
        others = InstitutionsQuery(NOW, BEFORE).answer(connection)
        by_region = figures(connection, NOW, GroupBy.REGION)
        by_entity = figures(connection, NOW, GroupBy.ENTITY)
        earlier = figures(connection, BEFORE, GroupBy.REGION)
        ids = _ids(connection)
        axes = {row.key: row.id for row in connection.execute(select(Axis.key, Axis.id))}
        parts = entity_reading(connection, NOW).by_axis
    assert len(found.lines) == 8
    for line in (*found.lines, *others.lines):
        assert line.figures == by_entity.rows[ids[line.key]]
        for row in line.by_axis:
            assert row.figures == parts.get((ids[line.key], axes[row.key]), row.figures)
        assert sum(row.figures.expected for row in line.by_axis) == line.figures.expected
    _same_answers(found.total.figures, by_region.total)
    assert found.total.before is not None
    _same_answers(found.total.before, earlier.total)
    assert found.plan == others.plan == by_region.plan
    assert others.expected + found.total.figures.expected == by_entity.total.expected
    assert others.answered + found.total.figures.answered == by_entity.total.answered


def _same_answers(ours: Figures, theirs: Figures) -> None:
    counts = COUNTS[COUNTS.index("expected") :]
    for name in (*counts, "completion", "coverage", "realised"):
        assert getattr(ours, name) == getattr(theirs, name), name


def test_regions_that_answered_little_are_not_ranked(demo: Store) -> None:
    with demo.read() as connection:
        lines = RegionsQuery(NOW, None).answer(connection).lines
    quiet = [line for line in lines if is_quiet(line.figures)]
    heard = [line for line in lines if line not in quiet]
    assert quiet, "the demonstration has a region that answered little"
    assert heard
    assert list(lines) == [*heard, *quiet]
    means = [line.figures.completion or Fraction(0) for line in heard]
    assert means == sorted(means, reverse=True)
    shown = quietest(lines)
    assert shown is not None
    assert shown.figures.coverage == min(
        line.figures.coverage for line in lines if line.figures.coverage is not None
    )


def test_a_class_of_actors_is_looked_at_last(demo: Store) -> None:
    with demo.read() as connection:
        lines = InstitutionsQuery(NOW, None).answer(connection).lines
    shown = quietest(lines)
    assert shown is not None
    assert shown.entity is not None
    assert shown.entity.kind not in COLLECTIVE_KINDS


def test_the_lists_of_an_entity_hold_each_of_its_answers_once(demo: Store) -> None:
    with demo.read() as connection:
        ids = _ids(connection)
        by_entity = figures(connection, NOW, GroupBy.ENTITY).rows
        for key, number in ids.items():
            found = EntityQuery(NOW, key).answer(connection)
            assert found is not None
            every = answers(connection, NOW, entity=number)
            assert sum(getattr(found, name).count for name in LISTS) == len(every)
            _counts_agree(found, by_entity.get(number), every)
            _order_is_right(found)


def _counts_agree(found: EntityInFull, of: Figures | None, every: tuple[AnswerState, ...]) -> None:
    for name in LISTS:
        most = LISTED if name in ("received", "missing") else LISTED_APART
        kept = getattr(found, name)
        assert len(kept.shown) == min(kept.count, most)
        assert len(kept.shown + kept.on_paper) == min(kept.count, 2 * most)
        assert kept.left_on_paper == kept.left - len(kept.on_paper)
        assert set(kept.shown + kept.on_paper) <= set(every)
    if of is None:
        assert found.received.count == found.missing.count == 0
        return
    for name, count in (("received", "answered"), ("missing", "not_reported"), ("dropped", "dropped")):
        assert getattr(found, name).count == getattr(of, count)
    assert sum(count for _, count in found.lifters) == of.blocked


def _order_is_right(found: EntityInFull) -> None:
    states = [answer.status for answer in found.received.shown]
    order = [Status.BLOCKED, Status.IN_PROGRESS, Status.NOT_STARTED, Status.COMPLETED]
    assert [order.index(status) for status in states] == sorted(order.index(status) for status in states)
    due = [answer.due_date or dt.date.max for answer in found.missing.shown]
    assert due == sorted(due), "the most late first"
    assert all(answer.nature is Nature.CONTINUOUS for answer in found.continuous.shown)
    assert all(answer.status is Status.DROPPED for answer in found.dropped.shown)


def test_an_entity_over_time_ends_with_the_figures_of_the_page(demo: Store) -> None:
    with demo.read() as connection:
        lines = RegionsQuery(NOW, BEFORE).answer(connection).lines
        earlier = EntityTrendsQuery(NOW).answer(connection)
        ids = _ids(connection)
        for line in lines:
            points = trend(line, earlier, NOW.as_of, BEFORE.as_of)
            days = [point.on for point in points]
            assert days == sorted(set(days))
            assert days[0] == dt.date(2022, 8, 5)
            assert BEFORE.as_of in days
            assert points[-1].figures == line.figures
        point = points[2]
        then = figures(connection, At(point.on), GroupBy.ENTITY).rows[ids[line.key]]
    assert point.figures == then


def test_regions_are_the_regions_only(demo: Store) -> None:
    with demo.read() as connection:
        regions = RegionsQuery(NOW, None).answer(connection)
        institutions = InstitutionsQuery(NOW, None).answer(connection)
    kinds = {line.entity.kind for line in regions.lines if line.entity}
    assert kinds == {EntityKind.REGION}
    assert EntityKind.REGION not in {line.entity.kind for line in institutions.lines if line.entity}
