"""The worked example of the definitions, number by number, on both engines."""

import datetime as dt
from fractions import Fraction

from ccm.domain.vocabulary import Status
from ccm.metrics.worked_example import AXIS, MEAN_OVER_ANSWERS, RECOMMENDATIONS, REGIONS
from tests.spec.conftest import Trial
from tests.spec.readings import differences, from_sql, numbers
from tests.spec.tables import Plan
from tests.support.plan_builder import fill, raw_rows
from tests.support.recompute import Point

DAY = Point(dt.date(2023, 3, 1))
LATE = "2023-02-01"


def plan() -> Plan:
    """The example as rows of a store."""
    made: Plan = {"recommendations": [], "assignments": [], "reports": []}
    for recommendation in RECOMMENDATIONS:
        made["recommendations"].append({"key": recommendation.key, "axis": "A1"})
        for answer in recommendation.answers:
            due = LATE if answer.overdue else None
            made["assignments"].append(
                {"recommendation": recommendation.key, "entities": answer.entity, "due_date": due}
            )
            if answer.status is not Status.NOT_REPORTED:
                said = {"status": answer.status.value, "percent": str(answer.percent)}
                key = f"{recommendation.key}/{answer.entity}"
                made["reports"].append({"answer": key, "as_of": DAY.as_of.isoformat(), **said})
    return made


def test_the_axis(trial: Trial) -> None:
    with trial() as transaction:
        fill(transaction, plan())
        read = from_sql(transaction.connection, "axis", DAY)
        assert read["rows"] == {"A1": numbers(AXIS)}
        assert read["total"] == read["plan"] == numbers(AXIS)


def test_the_axis_in_the_words_of_the_definition(trial: Trial) -> None:
    with trial() as transaction:
        fill(transaction, plan())
        axis = from_sql(transaction.connection, "axis", DAY)["rows"]["A1"]
    assert axis["completion"] == Fraction("53.125")
    assert (axis["recommendations_realised"], axis["recommendations"]) == (1, 4)
    assert (axis["completed"], axis["expected"]) == (5, 12)
    assert round(float(axis["realised"]), 1) == 41.7
    assert axis["coverage"] == Fraction(10, 12) * 100
    assert round(float(axis["coverage"]), 1) == 83.3
    assert axis["overdue"] == 1


def test_its_recommendations_and_the_mean_over_answers(trial: Trial) -> None:
    with trial() as transaction:
        fill(transaction, plan())
        rows = from_sql(transaction.connection, "recommendation", DAY)["rows"]
        entities = from_sql(transaction.connection, "entity", DAY)
    assert {key: row["completion"] for key, row in rows.items()} == {
        recommendation.key: recommendation.completion for recommendation in RECOMMENDATIONS
    }
    assert entities["total"]["completion"] == MEAN_OVER_ANSWERS
    assert round(float(MEAN_OVER_ANSWERS), 1) == 58.3
    assert entities["rows"][REGIONS[0]]["completion"] == 75


def test_the_recomputation_gives_the_same(trial: Trial) -> None:
    with trial() as transaction:
        fill(transaction, plan())
        raw = raw_rows(transaction.connection)
        for by in ("recommendation", "axis", "challenge", "priority", "entity", "region", "ministry"):
            assert differences(transaction.connection, raw, by, DAY) == []


def test_the_example_is_told_as_it_is_defined() -> None:
    answers = [answer for recommendation in RECOMMENDATIONS for answer in recommendation.answers]
    assert [len(recommendation.answers) for recommendation in RECOMMENDATIONS] == [8, 1, 2, 1]
    assert len(answers) == AXIS.expected == 12
    assert sum(answer.status is not Status.NOT_REPORTED for answer in answers) == AXIS.answered == 10
