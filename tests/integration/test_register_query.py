"""The register against the figures: every figure leads to exactly its rows, on both engines."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

import hypothesis
import pytest
from hypothesis import given, strategies
from sqlalchemy import insert, select, update

from ccm.commands import current_state
from ccm.domain.figures import Figures
from ccm.domain.folding import fold
from ccm.domain.vocabulary import (
    AssignmentRole,
    ChangeField,
    EntityKind,
    GroupBy,
    Nature,
    ReportState,
    Status,
)
from ccm.metrics import At, figures
from ccm.queries.ask import ask
from ccm.queries.changes import PastReport
from ccm.queries.filters import EVERYTHING, FilterOptionsQuery, Movement, Order, Outcome, RegisterFilters
from ccm.queries.known import PlanFiguresQuery
from ccm.queries.recommendation import RecommendationQuery, Sheet, source_lines
from ccm.queries.register import PAGE, AnswersQuery, Register, RegisterQuery
from ccm.queries.results import AnswerState
from ccm.store import Store, open_store
from ccm.store.journal import Entry, append
from ccm.store.models import (
    Assignment,
    Axis,
    Challenge,
    Entity,
    EntityAlias,
    Priority,
    ProgressReport,
    Recommendation,
    StoreState,
)
from tests.support.proof import some

POSTGRESQL_IN_PROOF = True

DAY = dt.date(2024, 6, 30)
AT = At(DAY)
BEFORE_ADOPTION = At(dt.date(2022, 8, 4))


@pytest.fixture
def changing(sqlite_store_url: str) -> Iterator[Store]:
    """The real plan in a store of the test's own, and of its own name: answers are kept under it."""
    store = open_store(sqlite_store_url)
    with store.write("test") as transaction:
        transaction.connection.execute(update(StoreState).values(store_uuid=str(uuid.uuid4())))
    yield store
    store.close()


def every_answer(store: Store, filters: RegisterFilters, order: Order = Order.SOURCE) -> list[AnswerState]:
    """The counted rows of all pages."""
    rows: list[AnswerState] = []
    known = ask(store, PlanFiguresQuery(AT))
    page, pages = 1, 1
    while page <= pages:
        found = ask(store, AnswersQuery(AT, filters, order, page, known))
        assert len(found.rows) + len(found.rows_outside) <= PAGE
        rows += found.rows
        page, pages = page + 1, found.pages
    assert len(rows) == found.counted
    assert len({row.assignment for row in rows}) == len(rows)
    return rows


def register_of(store: Store, filters: RegisterFilters, order: Order = Order.SOURCE) -> Register:
    """The first page of what the filters keep."""
    return ask(store, RegisterQuery(AT, filters, order, known=ask(store, PlanFiguresQuery(AT))))


def keys(store: Store, filters: RegisterFilters, order: Order = Order.SOURCE) -> list[str]:
    """The keys of the recommendations kept, in their order."""
    register = register_of(store, filters, order)
    assert register.pages == 1
    rows = register.ranked or [row for group in register.groups for row in group.rows]
    assert len(rows) == register.found.recommendations
    return [row.key for row in rows]


def pairs(rows: Iterable[Any]) -> dict[Any, Any]:
    """Rows of two columns as a dictionary."""
    return dict(map(tuple, rows))


def count(row: Figures, status: Status) -> int:
    """How many answers of a group are in a status."""
    found: int = getattr(row, status.value)
    return found


# Every figure leads to its rows -------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(Status))
def test_answers_of_a_status_are_its_figure(demo: Store, status: Status) -> None:
    with demo.read() as connection:
        plan = figures(connection, AT, GroupBy.AXIS).plan
        regions = figures(connection, AT, GroupBy.REGION).rows
        axes = figures(connection, AT, GroupBy.AXIS).rows
        region_keys = pairs(connection.execute(select(Entity.id, Entity.key)))
        axis_keys = pairs(connection.execute(select(Axis.id, Axis.key)))
    rows = every_answer(demo, RegisterFilters(status=status))
    assert len(rows) == count(plan, status)
    assert {row.status for row in rows} <= {status}
    for number, row in some(regions.items(), demo.engine.dialect.name):
        filters = RegisterFilters(status=status, region=region_keys[number])
        assert len(every_answer(demo, filters)) == count(row, status)
        assert register_of(demo, filters).matching == count(row, status)
    for number, row in some(axes.items(), demo.engine.dialect.name):
        filters = RegisterFilters(status=status, axis=axis_keys[number])
        assert len(every_answer(demo, filters)) == count(row, status)


NARROWING: tuple[dict[str, Any], ...] = (
    {"status": Status.BLOCKED},
    {"overdue": True},
    {"fresh": True, "q": "formation"},
    {"outcome": Outcome.REALISED},
    {"continuous": True},
)


def test_every_filter_names_a_part_or_narrows_it() -> None:
    whole = RegisterFilters(
        "mots", "A2", "CCM7-D05", "CCM7-P09", "NE002", "MF", Status.BLOCKED, *[True] * 6,
        ("NE002",), (EntityKind.REGION,), Outcome.REALISED, (Movement.UP,), "CCM7-A2-01",
    )  # fmt: skip
    assert all(getattr(whole, name.name) for name in fields(whole))
    assert whole.group == RegisterFilters(
        axis="A2", challenge="CCM7-D05", priority="CCM7-P09", region="NE002", entity="MF",
        among=("NE002",), kinds=(EntityKind.REGION,), recommendation="CCM7-A2-01",
    )  # fmt: skip
    assert whole.group.group == whole.group


@pytest.mark.parametrize(
    "narrowing", [NARROWING[0], *(pytest.param(one, marks=pytest.mark.long) for one in NARROWING[1:])]
)
def test_a_count_stands_against_what_its_part_of_the_plan_expects(
    demo: Store, narrowing: dict[str, Any]
) -> None:
    known = ask(demo, PlanFiguresQuery(AT))
    with demo.read() as connection:
        parts: list[tuple[dict[str, Any], Figures]] = [({}, known.plan)]
        for name, by, table in (
            ("axis", GroupBy.AXIS, Axis),
            ("challenge", GroupBy.CHALLENGE, Challenge),
            ("priority", GroupBy.PRIORITY, Priority),
            ("region", GroupBy.REGION, Entity),
        ):
            keys_of = pairs(connection.execute(select(table.id, table.key)))
            rows = figures(connection, AT, by).rows
            parts += [({name: keys_of[number]}, row) for number, row in rows.items()]
    for part, row in some(parts, "parts", one_in=3):
        filters = RegisterFilters(**part, **narrowing)
        assert ask(demo, AnswersQuery(AT, filters, known=known)).expected == row.expected
        assert ask(demo, AnswersQuery(AT, RegisterFilters(**part), known=known)).expected == row.expected
        assert register_of(demo, filters).of == row.recommendations
        assert register_of(demo, RegisterFilters(**part)).of == known.plan.recommendations


@pytest.mark.parametrize(
    "by", [GroupBy.REGION, GroupBy.ENTITY, GroupBy.AXIS, GroupBy.CHALLENGE, GroupBy.PRIORITY]
)
def test_rows_of_a_group_are_its_figures(demo: Store, by: GroupBy) -> None:
    table, name = {
        GroupBy.REGION: (Entity, "region"),
        GroupBy.ENTITY: (Entity, "entity"),
        GroupBy.AXIS: (Axis, "axis"),
        GroupBy.CHALLENGE: (Challenge, "challenge"),
        GroupBy.PRIORITY: (Priority, "priority"),
    }[by]
    with demo.read() as connection:
        grouped = figures(connection, AT, by)
        named = pairs(connection.execute(select(table.id, table.key)))
    assert grouped.rows
    for number, row in some(grouped.rows.items(), demo.engine.dialect.name):
        filters = replace(EVERYTHING, **{name: named[number]})
        register = register_of(demo, filters)
        assert register.found.recommendations == row.recommendations
        assert len(every_answer(demo, filters)) == row.expected
        overdue = every_answer(demo, replace(filters, overdue=True))
        assert len(overdue) == row.overdue
        assert all(answer.overdue for answer in overdue)
        if by in (GroupBy.AXIS, GroupBy.CHALLENGE, GroupBy.PRIORITY):
            assert replace(register.found, completion=row.completion) == row
            unassigned = register_of(demo, replace(filters, unassigned=True))
            assert unassigned.found.recommendations == row.unassigned
            continuous = register_of(demo, replace(filters, continuous=True))
            assert continuous.found.recommendations == row.continuous


def test_what_is_counted_in_a_completion_comes_with_it(demo: Store) -> None:
    counted = RegisterFilters(outcome=Outcome.COUNTED)
    assert register_of(demo, counted).completion == ask(demo, PlanFiguresQuery(AT)).plan.completion
    for name, by, table in (
        ("axis", GroupBy.AXIS, Axis),
        ("challenge", GroupBy.CHALLENGE, Challenge),
        ("priority", GroupBy.PRIORITY, Priority),
        ("recommendation", GroupBy.RECOMMENDATION, Recommendation),
    ):
        with demo.read() as connection:
            keys_of = pairs(connection.execute(select(table.id, table.key)))
            rows = figures(connection, AT, by).rows
        assert rows
        for number, row in rows.items():
            asked = replace(counted, **{name: keys_of[number]})
            assert register_of(demo, asked).completion == row.completion
    for other in (replace(counted, q="diaspora"), replace(counted, region="NE002"), EVERYTHING):
        assert register_of(demo, other).completion is None


def test_without_a_filter_the_register_is_the_plan(demo: Store) -> None:
    register = ask(demo, RegisterQuery(AT))
    with demo.read() as connection:
        by_axis = figures(connection, AT, GroupBy.AXIS)
    assert (register.plan, register.found, register.matching) == (by_axis.plan, by_axis.plan, None)
    assert [group.figures for group in register.groups] == [by_axis.rows[g.axis.id] for g in register.groups]
    assert len(every_answer(demo, EVERYTHING)) == by_axis.plan.expected


def test_what_stands_outside_the_count_is_listed_apart(demo: Store) -> None:
    for page in range(1, 9):
        found = ask(demo, AnswersQuery(AT, page=page))
        assert all(row.role is AssignmentRole.RESPONSIBLE for row in found.rows)
        assert all(row.nature is Nature.FINITE and row.status is not Status.DROPPED for row in found.rows)
        for row in found.rows_outside:
            assert (
                row.role is AssignmentRole.SUPPORT
                or row.nature is Nature.CONTINUOUS
                or row.status is Status.DROPPED
            )


# What filters mean ---------------------------------------------------------------------------------------


def test_the_search_ignores_accents_case_and_the_kind_of_apostrophe(demo: Store) -> None:
    expected = ["CCM7-A1-05"]
    for words in ("RÉDUIRE LES COUTS d’origine", "coûts reduire d'origine", "a1-05", "CCM7-A1-05"):
        assert keys(demo, RegisterFilters(q=words)) == expected


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("migrants", "migrant"),
        ("régionaux", "régional"),
        ("RÉGIONAL", "regionaux"),
        ("nationaux", "national"),
        ("locaux", "local"),
        ("ministères", "ministère"),
        ("migrations mixtes", "migration mixte"),
    ],
)
def test_the_search_finds_a_word_in_either_number(demo: Store, typed: str, other: str) -> None:
    found = keys(demo, RegisterFilters(q=typed))
    assert found
    assert set(found) <= set(keys(demo, RegisterFilters(q=other)))


def test_the_other_number_is_looked_for_as_a_whole_word(demo: Store) -> None:
    with demo.read() as connection:
        texts = pairs(connection.execute(select(Recommendation.key, Recommendation.search_text)))
    assert any("acce" in text for text in texts.values())
    assert keys(demo, RegisterFilters(q="accès")) == [key for key, text in texts.items() if "acces" in text]


@given(data=strategies.data())
@hypothesis.settings(max_examples=60)
def test_whatever_stands_in_a_text_is_found(demo: Store, data: strategies.DataObject) -> None:
    with demo.read() as connection:
        texts = pairs(connection.execute(select(Recommendation.key, Recommendation.search_text)))
        spellings = connection.execute(select(EntityAlias.folded)).scalars()
        actors = {*spellings, *map(fold, connection.execute(select(Entity.key)).scalars())}
    text = data.draw(strategies.sampled_from(sorted(texts.values())))
    start = data.draw(strategies.integers(0, len(text) - 1))
    typed = text[start : start + data.draw(strategies.integers(1, 30))]
    # An actor's short name is looked for as a whole.
    hypothesis.assume(not actors & set(typed.split()))
    holding = {key for key, held in texts.items() if all(word in held for word in typed.split())}
    assert holding <= set(keys(demo, RegisterFilters(q=typed)))


@pytest.mark.parametrize("words", ["100%", "_", "%", "' OR 1=1 --", "\\", "zzz"])
def test_the_search_takes_signs_as_they_are(demo: Store, words: str) -> None:
    with demo.read() as connection:
        texts = pairs(connection.execute(select(Recommendation.key, Recommendation.search_text)))
    holding = [key for key, text in texts.items() if all(word in text for word in words.lower().split())]
    assert sorted(keys(demo, RegisterFilters(q=words))) == sorted(holding)


@pytest.mark.parametrize(
    ("typed", "actor"),
    [
        ("Diffa", "NE002"),
        ("région de Diffa", "NE002"),
        ("NE002", "NE002"),
        ("NE-2", "NE002"),
        ("MAEC", "MAEC"),
        ("mae/c", "MAEC"),
        ("affaires étrangères", "MAEC"),
        ("ins", "INS"),
        ("Partenaires", "PTF"),
    ],
)
def test_the_search_finds_who_answers(demo: Store, typed: str, actor: str) -> None:
    at_issue = select(Recommendation.key).join(Assignment).join(Entity).where(Entity.key == actor)
    with demo.read() as connection:
        named = set(connection.execute(at_issue).scalars())
        texts = pairs(connection.execute(select(Recommendation.key, Recommendation.search_text)))
    words = [f" {word} " for word in fold(typed).split()]
    in_text = {key for key, text in texts.items() if all(word in f" {text} " for word in words)}
    found = set(keys(demo, RegisterFilters(q=typed)))
    assert named <= found
    assert typed == "Partenaires" or found == named | in_text
    answers = every_answer(demo, RegisterFilters(q=typed))
    assert answers
    assert {a.entity.key for a in answers if a.recommendation not in in_text} <= {actor}


def test_a_short_name_is_not_looked_for_inside_words(demo: Store) -> None:
    with demo.read() as connection:
        texts = connection.execute(select(Recommendation.search_text)).scalars().all()
        held = select(Recommendation.key).join(Assignment).join(Entity).where(Entity.key == "INS")
        named = set(connection.execute(held).scalars())
    assert "CCM7-A3-15" in named
    assert any("ins" in text for text in texts)
    assert set(keys(demo, RegisterFilters(q="INS"))) == named


def test_every_word_must_match_the_text_or_an_actor(demo: Store) -> None:
    both = set(keys(demo, RegisterFilters(q="formation Diffa")))
    assert both
    formation, diffa = (set(keys(demo, RegisterFilters(q=word))) for word in ("formation", "Diffa"))
    assert both == formation & diffa
    assert {a.entity.key for a in every_answer(demo, RegisterFilters(q="formation Diffa"))} == {"NE002"}
    two = every_answer(demo, RegisterFilters(q="Diffa Maradi"))
    assert {answer.entity.key for answer in two} == {"NE002", "NE004"}


def test_the_search_finds_the_words_of_the_actors_cell(demo: Store) -> None:
    cells = select(Recommendation.key).where(Recommendation.actor_cell.contains("Toutes les régions"))
    with demo.read() as connection:
        named = set(connection.execute(cells).scalars())
    assert len(named) == 35
    assert named <= set(keys(demo, RegisterFilters(q="toutes les regions")))


def test_the_search_agrees_with_the_filters_on_answers(demo: Store) -> None:
    known = ask(demo, PlanFiguresQuery(AT))
    assert (
        ask(demo, AnswersQuery(AT, RegisterFilters(q="Diffa"), known=known)).expected == known.plan.expected
    )
    for filters in (
        RegisterFilters(q="Diffa", status=Status.COMPLETED),
        RegisterFilters(q="Maradi", region="NE002", overdue=True),
        RegisterFilters(q="Maradi", region="NE002"),
    ):
        register = register_of(demo, filters)
        assert register.found.recommendations
        found = ask(demo, AnswersQuery(AT, filters, known=known))
        assert register.matching == found.counted + sum(
            row.role is AssignmentRole.RESPONSIBLE and row.nature is Nature.CONTINUOUS
            for row in found.rows_outside
        )


def test_two_entities_must_both_be_named(demo: Store) -> None:
    both = keys(demo, RegisterFilters(region="NE002", entity="MF"))
    assert both
    assert set(both) == set(keys(demo, RegisterFilters(region="NE002"))) & set(
        keys(demo, RegisterFilters(entity="MF"))
    )
    answers = every_answer(demo, RegisterFilters(region="NE002", entity="MF"))
    assert {answer.entity.key for answer in answers} == {"NE002", "MF"}
    assert {answer.recommendation for answer in answers} <= set(both)


def test_status_and_entity_speak_of_the_same_answer(demo: Store) -> None:
    blocked = every_answer(demo, RegisterFilters(status=Status.BLOCKED))
    for answer in blocked:
        filters = RegisterFilters(status=Status.BLOCKED, entity=answer.entity.key)
        register = ask(demo, RegisterQuery(AT, filters, Order.COMPLETION))
        row = next(row for row in register.ranked if row.key == answer.recommendation)
        assert row.matching == (answer.entity.short_name,)


def test_an_unknown_entity_keeps_nothing(demo: Store) -> None:
    assert keys(demo, RegisterFilters(region="NE999")) == []
    assert every_answer(demo, RegisterFilters(entity="XX")) == []


def test_options_are_those_of_the_plan(demo: Store) -> None:
    options = ask(demo, FilterOptionsQuery(DAY))
    assert [axis.key for axis in options.axes] == ["G", "A1", "A2", "A3"]
    assert [region.key for region in options.regions] == [f"NE00{n}" for n in range(1, 9)]
    assert len(options.challenges) == 16
    assert {"MI-D", "INS", "PTF"} <= {entity.key for entity in options.institutions}


def test_orders(demo: Store) -> None:
    with demo.read() as connection:
        known = figures(connection, AT, GroupBy.RECOMMENDATION).rows
        numbers = pairs(connection.execute(select(Recommendation.key, Recommendation.id)))
        source = connection.execute(select(Recommendation.key).order_by(Recommendation.position)).scalars()
        assert keys(demo, EVERYTHING) == list(source)

    def ranked(order: Order) -> list[Figures]:
        return [known[numbers[key]] for key in keys(demo, EVERYTHING, order)]

    means = [row.completion for row in ranked(Order.COMPLETION)]
    assert means == sorted(means, key=lambda mean: (mean is None, -(mean or 0)))
    silent = [row.not_reported for row in ranked(Order.SILENCE)]
    assert silent == sorted(silent, reverse=True)
    late = [row.overdue for row in ranked(Order.LATE)]
    assert late == sorted(late, reverse=True)
    ages = [row.age for row in every_answer(demo, EVERYTHING, Order.SILENCE)]
    assert ages == sorted(ages, key=lambda age: (age is not None, -(age or 0)))
    percents = [row.percent for row in every_answer(demo, EVERYTHING, Order.COMPLETION)]
    assert percents == sorted(percents, key=lambda percent: (percent is None, -(percent or 0)))
    overdue = [row.overdue for row in every_answer(demo, EVERYTHING, Order.LATE)]
    assert overdue == sorted(overdue, reverse=True)


def test_before_the_adoption_there_is_nothing(demo: Store) -> None:
    register = ask(demo, RegisterQuery(BEFORE_ADOPTION))
    assert (register.plan, register.found) == (Figures(), Figures())
    assert (register.groups, register.starts_on) == ((), dt.date(2022, 8, 5))
    found = ask(demo, AnswersQuery(BEFORE_ADOPTION))
    assert (found.counted, found.outside, found.pages) == (0, 0, 1)


def test_a_page_beyond_the_last_is_the_last(demo: Store) -> None:
    found = ask(demo, AnswersQuery(AT, page=10_000))
    assert found.page == found.pages > 1
    assert found.rows or found.rows_outside


def test_figures_read_earlier_serve_until_the_store_changes(changing: Store) -> None:
    at = At(dt.date(2023, 1, 1))
    known = ask(changing, PlanFiguresQuery(at))
    assert ask(changing, RegisterQuery(at, known=known)).plan.answered == 0
    report(changing, "CCM7-G-01/MJ", status=Status.COMPLETED, percent=100)
    assert ask(changing, RegisterQuery(at, known=known)).plan.answered == 1
    sheet = ask(changing, RecommendationQuery("CCM7-G-01", at, known=known))
    assert sheet is not None
    assert sheet.figures.completed == 1


# One recommendation --------------------------------------------------------------------------------------


def report(store: Store, key: str, **values: object) -> None:
    """Record one report; validated on the day it speaks of unless `values` say otherwise."""
    with store.write("test") as transaction:
        answer = select(Assignment.id, Assignment.recommendation_id).where(Assignment.key == key)
        row = transaction.connection.execute(answer).one()
        official = values.get("state", ReportState.VALIDATED) is not ReportState.SUBMITTED
        given: dict[str, object] = {
            "assignment_id": row.id,
            "as_of": dt.date(2022, 12, 31),
            "status": Status.IN_PROGRESS,
            "percent": 50,
            "author": "Une personne",
            "state": ReportState.VALIDATED,
            "submitted_at": transaction.now,
            "validated_at": transaction.now if official else None,
        }
        transaction.connection.execute(insert(ProgressReport).values({**given, **values}))
        current_state.refresh(transaction, [row.recommendation_id])
        append(transaction, [Entry("test.reported", "assignment", key, {})])


def sheet_of(store: Store, key: str, at: At = AT) -> Sheet:
    """The sheet of a recommendation that exists."""
    found = ask(store, RecommendationQuery(key, at, known=ask(store, PlanFiguresQuery(at))))
    assert found is not None
    return found


def test_sheets_agree_with_the_register(demo: Store) -> None:
    register = ask(demo, RegisterQuery(AT))
    for group in register.groups:
        for row in group.rows[::3]:
            sheet = sheet_of(demo, row.key)
            assert (sheet.figures, sheet.nature, sheet.text) == (row.figures, row.nature, row.text)
            assert sheet.axis == group.axis
            named = {answer.entity.short_name for answer in sheet.answers}
            assert named == {*row.entities, *row.regions}
            assert bool(sheet.doubt) == row.doubtful
            ages = [answer.age for answer in sheet.answers if answer.age is not None]
            assert min(ages, default=None) == row.age


def test_neighbours_follow_the_source(demo: Store) -> None:
    known = keys(demo, EVERYTHING)
    for before, here, after in zip([None, *known], known, [*known[1:], None], strict=False):
        sheet = sheet_of(demo, here)
        assert (sheet.previous, sheet.following) == (before, after)


def test_the_source_line_is_the_files_own(demo: Store) -> None:
    sheet = sheet_of(demo, "CCM7-A1-05")
    assert sheet.source is not None
    assert sheet.source.line == 84
    assert "\t".join(sheet.source.cells).split() == source_lines(7)[83].split()
    assert sheet.actor_cell.split()[-1] in sheet.source.cells[-1]


def test_unknown_key(demo: Store) -> None:
    assert ask(demo, RecommendationQuery("CCM7-Z-99", AT)) is None


def test_before_the_adoption_a_recommendation_has_no_figure(demo: Store) -> None:
    sheet = sheet_of(demo, "CCM7-A1-05", BEFORE_ADOPTION)
    assert (sheet.followed, sheet.withdrawn, sheet.starts_on) == (False, False, dt.date(2022, 8, 5))
    assert (sheet.figures, sheet.answers, sheet.reports) == (Figures(), (), ())
    # The political meeting was still to come: nothing is said of its minutes.
    assert {entry.held_on for entry in sheet.texts} <= {dt.date(2022, 7, 26), dt.date(2022, 7, 28)}


def test_only_what_was_official_is_public(changing: Store) -> None:
    at, key = At(dt.date(2023, 6, 30)), "CCM7-G-01/MJ"
    report(changing, key, note="brouillon", state=ReportState.SUBMITTED)
    report(changing, key, note="validé")
    sheet = sheet_of(changing, "CCM7-G-01", at)
    assert [found.note for found in sheet.reports] == ["validé"]
    assert [found.author for found in sheet.reports] == [""]
    assert sheet.reports[0].entity.key == "MJ"


def test_a_retracted_report_stays_in_sight_and_counts_no_more(changing: Store) -> None:
    at = At(dt.date(2023, 6, 30))
    report(changing, "CCM7-G-01/MJ", status=Status.COMPLETED, percent=100)
    with changing.write("test") as transaction:
        retracted = {"state": ReportState.RETRACTED, "retracted_at": transaction.now}
        transaction.connection.execute(update(ProgressReport).values(**retracted, retracted_reason="erreur"))
        current_state.refresh(transaction)
        append(transaction, [Entry("test.retracted", "report", "1", {})])
    sheet = sheet_of(changing, "CCM7-G-01", at)
    found: tuple[PastReport, ...] = sheet.reports
    assert [(one.retracted_at is not None, one.retracted_reason) for one in found] == [(True, "erreur")]
    assert (sheet.figures.answered, sheet.figures.expected) == (0, 2)


def test_the_history_of_the_demonstration_tells_reports_and_changes(demo: Store) -> None:
    sheets = [sheet_of(demo, key) for key in keys(demo, EVERYTHING)]
    reports = [found for sheet in sheets for found in sheet.reports]
    assert all(found.state in (ReportState.VALIDATED, ReportState.RETRACTED) for found in reports)
    assert all(found.as_of <= DAY and found.author == "" for found in reports)
    for sheet in sheets:
        days = [found.as_of for found in sheet.reports]
        assert days == sorted(days, reverse=True)
    fields = {change.field for sheet in sheets for change in sheet.changes}
    assert {ChangeField.DUE_DATE, ChangeField.NATURE} <= fields
