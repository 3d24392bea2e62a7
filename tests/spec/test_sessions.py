"""Sessions: what is carried over counts once, in its last session; a cohort is one session's own."""

from tests.spec.checks import check
from tests.spec.conftest import Trial

POSTGRESQL_ONE_IN = 4

CARRIED_OVER = """
    sessions
    number  political_date
    7       2022-08-05
    8       -
    9       -

    recommendations
    key  session
    R1   7
    R2   7
    R3   8

    memberships
    recommendation  session  effective_on  recorded_at
    R1              8        2023-08-04    2023-08-10

    assignments
    recommendation  entities
    R1              MJ
    R2              MJ
    R3              MJ

    reports
    answer  as_of       status     percent
    R1/MJ   2023-01-10  completed  100

    changes
    key  field           value       effective_on  recorded_at
    8    political_date  2023-08-04  2023-06-01    2023-06-01
    9    political_date  2024-08-02  2024-06-01    2024-06-01
"""


def test_a_recommendation_carried_over_counts_once_in_its_last_session(trial: Trial) -> None:
    check(
        trial,
        CARRIED_OVER,
        """
        as_of       known_at    by       key   recs  completion
        2023-08-03  -           session  7     2     50
        2023-08-03  -           session  !8    -     -
        2023-08-04  -           session  7     1     0
        2023-08-04  -           session  8     2     50
        2023-08-04  -           session  plan  3     100/3
        2023-08-04  2023-08-09  session  7     2     50
        2023-08-04  2023-08-09  session  8     1     0
        """,
    )


def test_a_cohort_is_what_one_session_holds(trial: Trial) -> None:
    check(
        trial,
        CARRIED_OVER,
        """
        as_of       session  key    recs  completion
        2023-08-04  7        plan   2     50
        2023-08-04  7        total  2     50
        2023-08-04  8        plan   2     50
        2024-08-05  7        plan   2     50
        2024-08-05  9        plan   0     null
        """,
    )


def test_a_cohort_holds_what_is_carried_over_from_that_day_on(trial: Trial) -> None:
    check(
        trial,
        CARRIED_OVER,
        """
        as_of       known_at    session  by              key   recs
        2023-08-03  -           8        axis            plan  0
        2023-08-04  2023-08-09  8        axis            plan  1
        2023-08-04  2023-08-09  8        recommendation  !R1   -
        """,
    )


def test_by_session_a_cohort_is_one_row(trial: Trial) -> None:
    check(
        trial,
        CARRIED_OVER,
        """
        as_of       session  by       key  recs
        2023-08-04  7        session  7    2
        2023-08-04  7        session  !8   -
        2023-08-04  8        session  8    2
        """,
    )


def test_what_is_carried_over_is_due_after_the_last_session_that_holds_it(trial: Trial) -> None:
    check(
        trial,
        CARRIED_OVER.replace("R1/MJ   2023-01-10  completed  100", "R1/MJ   2023-01-10  in_progress  50"),
        """
        as_of       session  by              key  overdue
        2023-08-05  -        recommendation  R1   0
        2023-08-05  -        recommendation  R2   1
        2024-08-03  -        recommendation  R1   1
        2024-08-03  7        recommendation  R1   1
        2023-08-05  7        recommendation  R1   0
        """,
    )


def test_what_a_session_without_a_known_date_takes_over_is_still_followed(trial: Trial) -> None:
    check(
        trial,
        """
        sessions
        number  political_date
        7       2022-08-05
        8       -

        recommendations
        key
        R1

        memberships
        recommendation  session  effective_on  recorded_at
        R1              8        2023-01-01    2023-01-01
        """,
        """
        as_of       by       key  recs
        2023-01-01  axis     A1   1
        2023-01-01  session  8    1
        """,
    )
