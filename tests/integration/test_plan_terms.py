"""Assigning, due dates, weights, nature: each from a day on, with what is wrong told by its field."""

import datetime as dt
from typing import Any

import pytest

from ccm.auth import Actor
from ccm.commands import submit
from ccm.commands.command import Command
from ccm.commands.plan_terms import RELIEVED, Assign, SetNature
from ccm.domain.errors import Invalid, NotAllowed, NotFound
from ccm.domain.vocabulary import AssignmentRole, ChangeField, GroupBy, Nature
from ccm.metrics import At
from ccm.queries.ask import ask_as
from ccm.queries.terms import Terms, TermsQuery
from ccm.store import Store
from tests.integration.acting import DIFFA, VALIDATOR, events, everything, table

UNASSIGNED = "CCM7-A3-10"


def _terms(store: Store, on: str, key: str = UNASSIGNED) -> Terms:
    return ask_as(store, VALIDATOR, TermsQuery(key, At(dt.date.fromisoformat(on))))


def _problems(store: Store, command: Command[Any], actor: Actor = VALIDATOR) -> dict[str | None, str]:
    before = everything(store)
    with pytest.raises(Invalid) as caught:
        submit(store, actor, command)
    assert everything(store) == before
    assert "cellule" not in str(caught.value)
    return {problem.column: problem.message % dict(problem.values) for problem in caught.value.problems}


def test_a_recommendation_that_names_nobody_is_assigned_from_a_day_on(store: Store) -> None:
    regions = tuple(f"NE00{number}" for number in range(1, 9))
    command = Assign(UNASSIGNED, regions, due_date="31/12/2024", weight="3", effective_on="01/03/2024")
    assert submit(store, VALIDATOR, command) == 8
    assert table(store, GroupBy.AXIS, "2024-02-29").plan.unassigned == 4
    assert table(store, GroupBy.AXIS, "2024-03-01").plan.unassigned == 3
    before, after = _terms(store, "2024-02-29"), _terms(store, "2024-03-01")
    assert (before.assignments, len(before.coming)) == ((), 24)
    assert {(line.role, line.weight, line.due_date) for line in after.assignments} == {
        (AssignmentRole.RESPONSIBLE, 3, dt.date(2024, 12, 31))
    }
    assert len(events(store, "assignment.added")) == 8


def test_support_due_date_weight_and_end_each_on_their_day(store: Store) -> None:
    submit(store, VALIDATOR, Assign(UNASSIGNED, ("INS", "MJ"), effective_on="2024-01-01"))
    submit(store, VALIDATOR, Assign(UNASSIGNED, ("MJ",), "support", effective_on="2024-02-01"))
    submit(store, VALIDATOR, Assign(UNASSIGNED, ("INS",), due_date="30/06/2024", effective_on="2024-03-01"))
    submit(
        store, VALIDATOR, Assign(UNASSIGNED, ("INS",), due_date="-", weight="2", effective_on="2024-04-01")
    )
    submit(store, VALIDATOR, Assign(UNASSIGNED, ("MJ",), RELIEVED, effective_on="2024-05-01"))
    submit(store, VALIDATOR, Assign(UNASSIGNED, ("MJ",), "responsible", effective_on="2024-06-01"))

    def lines(on: str) -> list[tuple[str, str, int, dt.date | None]]:
        found = _terms(store, on).assignments
        return sorted((line.entity.key, line.role.value, line.weight, line.due_date) for line in found)

    assert lines("2024-01-31") == [("INS", "responsible", 1, None), ("MJ", "responsible", 1, None)]
    assert lines("2024-02-28") == [("INS", "responsible", 1, None), ("MJ", "support", 1, None)]
    assert lines("2024-03-31")[0] == ("INS", "responsible", 1, dt.date(2024, 6, 30))
    assert lines("2024-04-30") == [("INS", "responsible", 2, None), ("MJ", "support", 1, None)]
    assert lines("2024-05-31") == [("INS", "responsible", 2, None)]
    assert lines("2024-06-30") == [("INS", "responsible", 2, None), ("MJ", "responsible", 1, None)]


def test_the_nature_is_set_from_a_day_on(store: Store) -> None:
    assert submit(store, VALIDATOR, SetNature("CCM7-A1-05", "continuous", "2024-03-01")) is True
    assert submit(store, VALIDATOR, SetNature("CCM7-A1-05", "continuous", "2024-03-01")) is False
    before = _terms(store, "2024-02-29", "CCM7-A1-05")
    assert before.nature is Nature.FINITE
    assert [(c.field, c.code, c.entity) for c in before.coming] == [
        (ChangeField.NATURE, Nature.CONTINUOUS, None)
    ]
    assert _terms(store, "2024-03-01", "CCM7-A1-05").nature is Nature.CONTINUOUS


def test_what_is_wrong_is_told_field_by_field(sqlite_store: Store) -> None:
    command = Assign(UNASSIGNED, (), "chef", "demain", "200", "05/08/2021")
    told = _problems(sqlite_store, command)
    assert told.keys() == {"entities", "role", "due_date", "weight", "effective_on"}
    assert told["entities"] == "choisissez au moins un acteur"
    assert "05/08/2022" in told["effective_on"]
    (early,) = _problems(sqlite_store, Assign(UNASSIGNED, ("INS",), due_date="04/08/2022")).items()
    assert early[0] == "due_date"
    assert "05/08/2022" in early[1]
    assert _problems(sqlite_store, Assign("CCM7-A1-05", ("NE002",))).keys() == {"role"}
    assert _problems(sqlite_store, Assign(UNASSIGNED, ("Xyz",), "support")).keys() == {"entities"}
    relieved = Assign(UNASSIGNED, ("INS",), RELIEVED)
    assert _problems(sqlite_store, relieved).keys() == {"entities"}
    with_weight = Assign("CCM7-A1-05", ("NE002",), RELIEVED, weight="2")
    assert _problems(sqlite_store, with_weight).keys() == {"role"}
    assert _problems(sqlite_store, SetNature(UNASSIGNED, "", "hier")).keys() == {"nature", "effective_on"}


def test_the_terms_are_the_secretariats(sqlite_store: Store) -> None:
    for command in (Assign("CCM7-A1-05", ("NE002",), weight="2"), SetNature("CCM7-A1-05", "continuous")):
        with pytest.raises(NotAllowed):
            submit(sqlite_store, DIFFA, command)
    with pytest.raises(NotAllowed):
        ask_as(sqlite_store, DIFFA, TermsQuery(UNASSIGNED, At(dt.date(2024, 6, 30))))
    for command in (Assign("CCM7-A9-99", ("INS",), "support"), SetNature("CCM7-A9-99", "continuous")):
        with pytest.raises(NotFound):
            submit(sqlite_store, VALIDATOR, command)
