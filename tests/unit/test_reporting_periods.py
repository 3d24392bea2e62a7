"""Which reports answer which reporting period."""

import datetime as dt

import pytest

from ccm.metrics import At
from ccm.queries.reporting_periods import Period, Phase, chosen, in_turn


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _period(key: str, *days: str) -> Period:
    return Period(key, key, *(_day(text) for text in days))


Q1 = _period("Q1", "2024-01-01", "2024-03-31", "2024-04-15")
Q2 = _period("Q2", "2024-04-01", "2024-06-30", "2024-07-15")
Q4 = _period("Q4", "2024-10-01", "2024-12-31", "2025-01-15")


def test_windows_follow_each_other_and_leave_no_day_out() -> None:
    windows = [(p.key, p.counts_from, p.counts_until) for p in in_turn([Q1, Q2, Q4])]
    assert windows == [
        ("Q1", _day("2024-01-01"), _day("2024-04-15")),
        # Nobody asked for the third quarter: what is said of it answers the second, late.
        ("Q2", _day("2024-04-16"), _day("2024-09-30")),
        ("Q4", _day("2024-10-01"), None),
    ]


@pytest.mark.parametrize(
    ("key", "on", "phase"),
    [
        ("Q1", "2023-12-31", Phase.TO_COME),
        ("Q1", "2024-01-01", Phase.OPEN),
        ("Q1", "2024-04-15", Phase.OPEN),
        ("Q1", "2024-04-16", Phase.CLOSED),
        ("Q2", "2024-07-16", Phase.LATE),
        ("Q2", "2024-09-30", Phase.LATE),
        ("Q2", "2024-10-01", Phase.CLOSED),
        ("Q4", "2030-01-01", Phase.LATE),
    ],
)
def test_where_a_period_stands(key: str, on: str, phase: Phase) -> None:
    found = {period.key: period for period in in_turn([Q1, Q2, Q4])}
    assert found[key].phase(_day(on)) is phase


@pytest.mark.parametrize(
    ("on", "asked", "key"),
    [
        ("2024-02-01", None, "Q1"),
        # The second quarter has begun, the first still waits for answers.
        ("2024-04-15", None, "Q1"),
        ("2024-04-16", None, "Q2"),
        ("2024-08-01", None, "Q2"),
        ("2024-08-01", "Q4", "Q4"),
        ("2024-08-01", "nothing", "Q2"),
        ("2023-06-30", None, ""),
    ],
)
def test_the_period_looked_at(on: str, asked: str | None, key: str) -> None:
    known = tuple(reversed(in_turn([Q1, Q2, Q4])))
    assert chosen(known, asked, At(_day(on))).key == key


def test_without_a_period_the_last_days_stand_for_one() -> None:
    at = At(_day("2024-06-30"), fresh_days=90)
    found = chosen((), None, at)
    assert (found.key, found.counts_from, found.counts_until) == ("", _day("2024-04-01"), None)
    assert found.phase(at.as_of) is Phase.OPEN
