"""Assignments: named, changed, cleared, each from a day on; natures; and what is refused."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from ccm.auth import CONSOLE
from ccm.commands import ImportAssignments, submit
from ccm.domain.errors import NotAllowed
from ccm.domain.vocabulary import AssignmentRole, ChangeField, GroupBy
from ccm.store import Store
from ccm.store.models import Assignment, AssignmentChange, RecommendationChange
from tests.integration.acting import (
    DIFFA,
    READER,
    VALIDATOR,
    assign,
    events,
    everything,
    import_assignments,
    import_reports,
    refused,
    report,
    table,
)

POSTGRESQL_ONE_IN = 4

#: A recommendation of which nobody is in charge, and an entity that could be.
UNASSIGNED = "CCM7-A3-05"

REFUSED: list[tuple[dict[str, str], str, tuple[str, ...]]] = [
    ({"recommendation": "CCM7-A1-99"}, "recommendation", ("« CCM7-A1-99 »",)),
    ({"entity": "Xyz", "weight": "2"}, "entity", ("« Xyz »",)),
    ({"entity": "", "weight": "2"}, "entity", ("vide",)),
    ({"entity": ""}, "entity", ("vide",)),
    ({"entity": "", "nature": "finite", "role": "support"}, "entity", ("vide",)),
    ({"role": "chef"}, "role", ("« chef »", "responsible", "support")),
    ({"weight": "0"}, "weight", ("« 0 »", "1 à 100")),
    ({"weight": "101"}, "weight", ("« 101 »", "1 à 100")),
    ({"weight": "-"}, "weight", ("« - »", "1 à 100")),
    ({"weight": "1,5"}, "weight", ("« 1,5 »",)),
    ({"due_date": "bientôt"}, "due_date", ("« bientôt »", "2024-03-31")),
    ({"nature": "infinie"}, "nature", ("« infinie »", "finite", "continuous")),
    ({"weight": "2", "effective_on": "2024-02-30"}, "effective_on", ("« 2024-02-30 »",)),
]


def _unassigned(store: Store) -> str:
    """The key of a recommendation that names nobody."""
    rows = table(store, GroupBy.RECOMMENDATION).rows
    return next(row.key for row in rows if row.figures.unassigned)


def _changes(store: Store, model: Any = AssignmentChange) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).order_by(model.id)))


@pytest.mark.parametrize(("cells", "column", "says"), REFUSED)
def test_a_bad_cell_is_refused_in_plain_words(
    sqlite_store: Store, cells: dict[str, str], column: str, says: tuple[str, ...]
) -> None:
    (told,) = refused(sqlite_store, ImportAssignments((assign(**cells),)))
    assert told.startswith(f"ligne 2, {column} : ")
    assert all(words in told for words in says), told


def test_a_new_pair_is_a_new_assignment_from_its_day_on(store: Store) -> None:
    key = _unassigned(store)
    line = assign(
        recommendation=key, entity="Zinder", weight="3", due_date="31/12/2024", effective_on="2024-01-01"
    )
    import_assignments(store, line, actor=VALIDATOR)
    with store.read() as connection:
        row = connection.execute(select(Assignment.__table__).order_by(Assignment.id.desc())).first()
    assert row is not None
    assert (row.key, row.initial_role) == (f"{key}/NE007", None)
    kept = [(c.field, c.value, c.number, c.day, c.effective_on, c.author) for c in _changes(store)]
    on = dt.date(2024, 1, 1)
    assert kept == [
        (ChangeField.ROLE, "responsible", None, None, on, "Secrétariat"),
        (ChangeField.WEIGHT, "3", 3, None, on, "Secrétariat"),
        (ChangeField.DUE_DATE, "2024-12-31", None, dt.date(2024, 12, 31), on, "Secrétariat"),
    ]
    assert table(store, GroupBy.AXIS, "2023-12-31").total.unassigned == 4
    assert table(store, GroupBy.AXIS, "2024-01-01").total.unassigned == 3
    (event,) = events(store, "assignment.added")
    assert event[1] == f"{key}/NE007"


def test_an_empty_cell_leaves_the_value_and_a_dash_clears_a_due_date(store: Store) -> None:
    import_assignments(store, assign(due_date="2024-01-31", weight="5", effective_on="2023-01-01"))
    assert table(store, GroupBy.AXIS).total.overdue == 1
    import_assignments(store, assign(due_date="-", effective_on="2024-03-01"))
    assert table(store, GroupBy.AXIS).total.overdue == 0
    assert table(store, GroupBy.AXIS, "2024-02-28").total.overdue == 1
    cleared = _changes(store)[-1]
    assert (cleared.field, cleared.value, cleared.day) == (ChangeField.DUE_DATE, "", None)
    assert [c.value for c in _changes(store) if c.field == ChangeField.WEIGHT] == ["5"]


def test_what_was_said_from_that_very_day_is_left_alone(store: Store) -> None:
    said = assign(role="responsible", weight="5", due_date="-", nature="finite", effective_on="2023-06-01")
    import_assignments(store, said)
    before = everything(store)
    again = assign(role="responsible", weight="5", due_date="-", nature="finite", effective_on="2023-06-01")
    done = submit(store, CONSOLE, ImportAssignments((again,)))
    assert (done.added, done.changed, done.natures) == (0, 0, 0)
    assert everything(store) == before


def test_a_value_said_again_from_a_later_day_stands_against_a_backdated_one(store: Store) -> None:
    import_assignments(store, assign(weight="5", effective_on="2023-01-01"))
    import_assignments(store, assign(weight="5", effective_on="2023-06-01"))
    import_assignments(store, assign(weight="9", effective_on="2023-03-01"))
    assert [c.value for c in _changes(store) if c.field == ChangeField.WEIGHT] == ["5", "5", "9"]


def test_effective_today_unless_told_otherwise(store: Store) -> None:
    import_assignments(store, assign(weight="2"))
    (change,) = _changes(store)
    with store.write("test") as transaction:
        assert change.effective_on == transaction.today


def test_the_lines_of_a_file_count_in_the_order_of_time(store: Store) -> None:
    key = _unassigned(store)
    later = assign(recommendation=key, weight="9", effective_on="2024-05-01", line=2)
    earlier = assign(recommendation=key, role="support", effective_on="2023-05-01", line=3)
    import_assignments(store, later, earlier)
    kept = [(c.field, c.value, c.effective_on.year) for c in _changes(store)]
    assert kept == [(ChangeField.ROLE, AssignmentRole.SUPPORT, 2023), (ChangeField.WEIGHT, "9", 2024)]


def test_a_change_to_come_waits_for_its_day(store: Store) -> None:
    import_reports(store, report(percent="60"))
    import_assignments(store, assign(role="support", effective_on="2999-01-01"))
    assert table(store, GroupBy.REGION, "2998-12-31").total.answered == 1
    assert table(store, GroupBy.REGION, "2999-01-01").total.answered == 0


def test_a_nature_goes_to_the_recommendation_whoever_is_named(store: Store) -> None:
    key = _unassigned(store)
    lines = (
        assign(recommendation=key, entity="", nature="continuous", effective_on="2023-01-01"),
        assign(nature="continuous", effective_on="2023-01-01", line=3),
        assign(entity="NE001", nature="continuous", effective_on="2023-01-01", line=4),
    )
    import_assignments(store, *lines)
    assert [c.value for c in _changes(store, RecommendationChange)] == ["continuous", "continuous"]
    assert _changes(store) == []
    total = table(store, GroupBy.AXIS).total
    assert (total.continuous, total.unassigned) == (2, 4)
    assert table(store, GroupBy.AXIS, "2022-12-31").total.continuous == 0
    assert {event[1] for event in events(store, "recommendation.changed")} == {key, "CCM7-A1-05"}


def test_what_contradicts_itself_is_refused(store: Store) -> None:
    lines = (
        assign(weight="2", effective_on="2024-01-01", line=2),
        assign(entity="Diffa", weight="3", effective_on="01/01/2024", line=3),
        assign(entity="NE001", nature="continuous", line=4),
        assign(entity="NE003", nature="finite", line=5),
    )
    told = refused(store, ImportAssignments(lines))
    assert [problem.split(" : ")[0] for problem in told] == ["ligne 3, effective_on", "ligne 5, nature"]
    assert "ligne 2" in told[0]
    assert "ligne 4" in told[1]


def test_a_dry_run_says_what_would_change_and_writes_nothing(store: Store) -> None:
    before = everything(store)
    lines = (assign(recommendation=_unassigned(store)), assign(weight="4", nature="continuous", line=3))
    done = submit(store, CONSOLE, ImportAssignments(lines, dry_run=True))
    assert (done.added, done.changed, done.natures, done.written) == (1, 1, 1, False)
    assert everything(store) == before


@pytest.mark.parametrize("actor", [DIFFA, READER])
def test_assigning_is_the_secretariats(sqlite_store: Store, actor: Any) -> None:
    with pytest.raises(NotAllowed):
        submit(sqlite_store, actor, ImportAssignments((assign(weight="2"),)))
